#!/usr/bin/env python3
"""Compares the rendered diagnostics of one fixture with what was recorded.

usage: tests/run_diag.py --fathom PROGRAM [--update] tests/diag/NAME.expected

NAME.expected holds everything the program prints, standard output and error together, and a last line
`exit N`. The command is `fathom check NAME.tla`; NAME.args, where it exists, has the arguments instead,
one command line in the shell's quoting. It runs in the folder of the fixture, within the address space
that NAME.memory says, where it exists (KiB). What differs between runs and machines is replaced by a
word in angle brackets before comparing: <time>, <date>, <seed>, <version>, <workers>, <bytes>, <sizes>,
<folder>; <place> is where stack or memory ended, whose operators are left out. So are lines of progress,
which only a slow run has, and that of emitted code, which tells of the cache. --update records what
comes out now: read the difference before you keep it.
"""
import argparse
import difflib
import os
import re
import resource
import shlex
import subprocess
import sys

VOLATILE = [
    (re.compile(r"^\S+:\d+:\d+: (error\[FM433[123]\].*\n)(?: .*\n)*", re.M), r"<place>: \1"),
    (re.compile(r"^Progress\(.*\n", re.M), ""),
    (re.compile(r"^Emitted code: .*\n", re.M), ""),
    (re.compile(r"\b\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\b"), "<date>"),
    (re.compile(r"\bwith \d+ workers? on \d+ cores?\b"), "with <workers>"),
    (re.compile(r"\b\d+(\.\d+)? ?(ms|s|min|h)\b"), "<time>"),
    (re.compile(r"\bseed -?\d+\b"), "seed <seed>"),
    (re.compile(r"\b\d+(\.\d+)? ?(kB|MB|GB|KiB|MiB|GiB)\b"), "<bytes>"),
    (re.compile(r"(?m)^(Memory: .* distinct state) has .*$"), r"\1 has <sizes>"),
    (re.compile(r"\bFathom (version )?\d+\.\d+\.\d+"), "Fathom <version>"),
]


def normalized(output, folder):
    output = output.replace(folder, "<folder>")
    for pattern, word in VOLATILE:
        output = pattern.sub(word, output)
    return output


def run(program, expected_path):
    folder, name = os.path.split(expected_path)
    name = name[:-len(".expected")]
    arguments = ["check", name + ".tla"]
    try:
        with open(os.path.join(folder, name + ".args"), encoding="utf-8") as file:
            arguments = shlex.split(file.read())
    except FileNotFoundError:
        pass
    limit = None
    try:
        with open(os.path.join(folder, name + ".memory"), encoding="utf-8") as file:
            limit = int(file.read()) << 10
    except FileNotFoundError:
        pass

    def confine():
        if limit is not None:
            resource.setrlimit(resource.RLIMIT_AS, (limit, limit))

    environment = {key: value for key, value in os.environ.items() if key != "FATHOM_PATH"}
    environment["TZ"], environment["LC_ALL"] = "UTC", "C.UTF-8"
    result = subprocess.run([program, *arguments], cwd=folder, env=environment,
                            stdin=subprocess.DEVNULL, preexec_fn=confine, stdout=subprocess.PIPE,
                            stderr=subprocess.STDOUT, check=False)
    output = normalized(result.stdout.decode("utf-8", "replace"), folder)
    if output and not output.endswith("\n"):
        output += "\n"
    return output + f"exit {result.returncode}\n"


def main():
    parser = argparse.ArgumentParser(description="compares rendered diagnostics")
    parser.add_argument("--fathom", required=True)
    parser.add_argument("--update", action="store_true")
    parser.add_argument("expected", nargs="+")
    options = parser.parse_args()
    good = True
    for path in options.expected:
        if not path.endswith(".expected"):
            parser.error(f"{path} does not end in .expected")
        actual = run(os.path.abspath(options.fathom), os.path.abspath(path))
        if options.update:
            with open(path, "w", encoding="utf-8") as file:
                file.write(actual)
            continue
        with open(path, encoding="utf-8") as file:
            expected = file.read()
        if actual != expected:
            good = False
            sys.stdout.writelines(difflib.unified_diff(
                expected.splitlines(True), actual.splitlines(True), path, "what came out"))
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
