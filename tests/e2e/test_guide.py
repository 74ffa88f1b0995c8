#!/usr/bin/env python3
"""docs/guide-fuzzing.md as it stands: its files written, its changes made, its commands run, and what
it says that they print.

usage: tests/e2e/test_guide.py --fathom PROGRAM [unittest's arguments]

A block of the page begins with ``` and what it is:
    LANGUAGE FILE   the file's content; with `diff` changes of it
    sh              commands, run one after the other
    text [status=N] lines that the commands before it print, in this order, `...` for what is between;
                    numbers may be others. N is the status of the last command but greps.
"""
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
PAGE = os.path.join(ROOT, "docs", "guide-fuzzing.md")
FATHOM = None


def plain(line):
    return re.sub(r"\d+(\.\d+)?", "#", line.rstrip())


class Guide(unittest.TestCase):
    def setUp(self):
        self.directory = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, self.directory)
        programs = os.path.join(self.directory, "bin")
        os.mkdir(programs)
        os.symlink(FATHOM, os.path.join(programs, "fathom"))
        self.work = os.path.join(self.directory, "work")
        os.mkdir(self.work)
        self.environment = dict(os.environ, FATHOM=ROOT,
                                PATH=programs + os.pathsep + os.environ["PATH"])
        self.output, self.status, self.commands = [], 0, 0

    def write(self, name, text):
        with open(os.path.join(self.work, name), "w", encoding="utf-8") as file:
            file.write(text)

    def change(self, name, diff):
        """Applies hunks: each stands once in the file, lines with - and blank, and becomes + and blank."""
        with open(os.path.join(self.work, name), encoding="utf-8") as file:
            text = file.read()
        for hunk in re.split(r"^@@.*\n", diff, flags=re.M)[1:]:
            lines = hunk.splitlines()
            old = "".join(line[1:] + "\n" for line in lines if line[:1] != "+")
            new = "".join(line[1:] + "\n" for line in lines if line[:1] != "-")
            self.assertEqual(text.count(old), 1, old)
            text = text.replace(old, new)
        self.write(name, text)

    def run_commands(self, text):
        self.output = []
        for command in text.splitlines():
            done = subprocess.run(command, shell=True, cwd=self.work, env=self.environment,
                                  stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                                  timeout=120, check=False)
            self.output += done.stdout.splitlines()
            if not command.startswith("grep"):
                self.status = done.returncode
            self.commands += 1
            if command.startswith("cc "):
                self.assertEqual(done.returncode, 0, done.stdout)

    def compare(self, text, status):
        self.assertEqual(self.status, status, "\n".join(self.output))
        printed = [plain(line) for line in self.output]
        at = 0
        for line in text.splitlines():
            if line != "...":
                self.assertIn(plain(line), printed[at:], "\n".join(self.output))
                at = printed.index(plain(line), at) + 1

    def test_guide(self):
        with open(PAGE, encoding="utf-8") as file:
            page = file.read()
        blocks = re.findall(r"^```(\w+) ?(\S*)\n(.*?)^```$", page, re.M | re.S)
        self.assertGreater(len(blocks), 20)
        self.assertEqual(page.count("```"), 2 * len(blocks))
        for kind, argument, text in blocks:
            if kind == "sh":
                self.run_commands(text)
            elif kind == "text":
                self.compare(text, int(argument.partition("=")[2] or 0))
            elif kind == "diff":
                self.change(argument, text)
            else:
                self.write(argument, text)
        self.assertGreater(self.commands, 14)
        self.check_page("tally.html", "property: CountedTwice")
        # What the model said of the last finding is in the picture and in the JSON too.
        self.run_commands("fathom replay --json --html last.html --svg last.svg "
                          "findings/tally-006.finding")
        replay = json.loads(self.output[0])
        self.assertIn("node 1: count is 2, in the model 1", replay["explanation"])
        for key in ("target", "world", "mapping", "specification", "configuration"):
            self.assertRegex(replay["finding"][key + "_hash"], "^[0-9a-f]{16}$")
        self.check_page("last.html", "node 1: count is 2, in the model 1")
        self.check_page("last.svg", "node 1: count is 2, in the model 1")

    def check_page(self, name, words):
        with open(os.path.join(self.work, name), encoding="utf-8") as file:
            text = file.read()
        self.assertIn("<svg", text)
        self.assertIn(words, text)


if __name__ == "__main__":
    at = sys.argv.index("--fathom")
    FATHOM = os.path.abspath(sys.argv[at + 1])
    del sys.argv[at:at + 2]
    unittest.main()
