#!/usr/bin/env python3
"""scripts/record-golden: what TLC said, by a shell script in the place of Java; and that our own golden
specifications say of every verdict where it comes from."""
import os
import subprocess
import sys
import tempfile
import unittest

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
SCRIPT = os.path.join(ROOT, "scripts", "record-golden")
VIOLATED = """echo "Error: Invariant Inv is violated."
echo "State 2: <Next>"
echo "1234 states generated, 56 distinct states found, 0 states left on queue."
echo "The depth of the complete state graph search is 7."
exit 12
"""


class Tree:
    """A repository with one specification and a program that plays Java: it keeps its arguments."""

    def __init__(self, java, *comments):
        self.folder = tempfile.TemporaryDirectory()
        self.path = self.folder.name
        self.spec = os.path.join(self.path, "tests", "spec", "A.tla")
        for folder in ("tests/spec", "examples", "bin"):
            os.makedirs(os.path.join(self.path, folder))
        with open(self.spec, "w", encoding="utf-8") as file:
            file.write("".join(f"\\* {line}\n" for line in comments) + "---- MODULE A ----\n====\n")
        program = os.path.join(self.path, "bin", "java")
        with open(program, "w", encoding="utf-8") as file:
            file.write(f'#!/bin/sh\necho "$@" >>{self.path}/arguments\n{java}')
        os.chmod(program, 0o755)

    def run(self, *arguments):
        path = os.path.join(self.path, "bin") + os.pathsep + os.environ["PATH"]
        return subprocess.run([sys.executable, SCRIPT, "--root", self.path, *arguments],
                              env={**os.environ, "PATH": path}, capture_output=True, text=True,
                              check=False)

    def comments(self):
        with open(self.spec, encoding="utf-8") as file:
            return [line[3:].rstrip() for line in file if line.startswith("\\* ")]

    def given(self):
        with open(os.path.join(self.path, "arguments"), encoding="utf-8") as file:
            return [line.split(" -config ")[1].strip() for line in file]


class RecordGolden(unittest.TestCase):
    def tree(self, java, *comments):
        tree = Tree(java, *comments)
        self.addCleanup(tree.folder.cleanup)
        return tree

    def refused(self, *comments):
        tree = self.tree("exit 0", *comments)
        for arguments in (["--check"], ["--tlc", "x"]):
            result = tree.run(*arguments)
            self.assertEqual(result.returncode, 1)
            self.assertIn("A.tla: line", result.stderr)
        self.assertEqual(tree.comments(), list(comments))

    def test_ours(self):
        result = subprocess.run([sys.executable, SCRIPT, "--check"], capture_output=True, text=True,
                                check=False)
        self.assertEqual((result.returncode, result.stderr), (0, ""))

    def test_records(self):
        tree = self.tree(VIOLATED, "args: -deadlock --ours", "recorded: TLC old",
                         "expect: ok", "expect: prints this stays", "cfg: B.cfg",
                         "not recorded: it differs", "expect: deadlock", "cfg: C.cfg",
                         "recorded: TLC old", "expect: ok", "args: -late")
        result = tree.run("--tlc", "x", "--revision", "new")
        self.assertEqual((result.returncode, result.stderr), (0, ""))
        found = "expect: violates Inv, 56 distinct, 1234 generated, depth 7, trace 2"
        self.assertEqual(tree.comments(), [
            "args: -deadlock --ours", "recorded: TLC new", found, "expect: prints this stays",
            "cfg: B.cfg", "not recorded: it differs", "expect: deadlock", "cfg: C.cfg",
            "recorded: TLC new", found, "args: -late"])
        self.assertEqual(tree.given(), ["A.cfg -deadlock A.tla", "C.cfg -late A.tla"])
        self.assertIn("C.cfg: \\* expect: ok -> \\* " + found, result.stdout)

    def test_marker_is_needed(self):
        self.refused("expect: ok")
        self.refused("recorded: TLC r", "args: -deadlock", "expect: ok")
        self.refused("recorded:", "expect: ok")
        self.refused("not recorded:", "expect: ok")
        self.refused("recorded: TLC r", "expect: ok", "cfg: B.cfg", "expect: deadlock")
        self.refused("recorded: TLC r", "expect: ok", "recorded: TLC r", "expect: 3 distinct")

    def test_failures(self):
        for java, seconds, what in (("exit 150", "60", "TLC ended with 150"),
                                    ("exec sleep 60", "0.2", "not done after 0.2 s"),
                                    ("exit 12", "60", "no name of what is violated")):
            tree = self.tree(java, "recorded: TLC r", "expect: ok")
            result = tree.run("--tlc", "x", "--timeout", seconds)
            self.assertEqual(result.returncode, 1)
            self.assertIn(what, result.stderr)
            self.assertEqual(tree.comments(), ["recorded: TLC r", "expect: ok"])


if __name__ == "__main__":
    unittest.main()
