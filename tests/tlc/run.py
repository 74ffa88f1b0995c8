#!/usr/bin/env python3
"""Compares `fathom tlc` with what TLC printed.

usage: run.py --fathom PROGRAM [NAME ...]
"""
import argparse
import difflib
import os
import subprocess
import sys
import tempfile

import transcript


def differences(fathom, name, arguments, folder):
    before = transcript.copied_to(folder)
    result = subprocess.run([fathom, "tlc"] + arguments, cwd=folder, stdout=subprocess.PIPE,
                            stderr=subprocess.DEVNULL, check=False, timeout=100)
    ours = transcript.normalized(result.stdout.decode(), result.returncode,
                                 transcript.written_files(folder, before))
    with open(transcript.path_of(name), encoding="utf-8") as file:
        expected = file.read()
    return list(difflib.unified_diff(expected.splitlines(), ours.splitlines(), "TLC", "fathom tlc",
                                     lineterm="", n=2))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--fathom", required=True)
    parser.add_argument("names", nargs="*")
    options = parser.parse_args()
    wrong = compared = 0
    for name, arguments in transcript.runs():
        if options.names and name not in options.names:
            continue
        compared += 1
        with tempfile.TemporaryDirectory() as folder:
            lines = differences(os.path.abspath(options.fathom), name, arguments, folder)
        if lines:
            wrong += 1
            print("%s: differs from TLC" % name)
            print("\n".join(lines))
    print("%d transcripts compared, %d differ" % (compared, wrong))
    return 1 if wrong or compared == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
