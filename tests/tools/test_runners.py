"""Tests of the test runners: each must fail where it is meant to. A shell script plays the checker."""
import os
import subprocess
import sys
import tempfile
import unittest

TESTS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..")
OPERATORS = os.path.join(TESTS, "..", "scripts", "check-operators")

DEADLOCK = """echo 'Deadlock reached.'
echo 'State 1: <Initial predicate>'
echo 'State 2: <Next line 1, col 1 to line 1, col 2 of module M>'
echo '1,234 states generated, 56 distinct states found, 0 states left on queue.'
echo 'The depth of the complete state graph search is 7.'
exit 11
"""


class Tree:
    """A temporary folder with files and a fake program."""

    def __init__(self, program, files):
        self.folder = tempfile.TemporaryDirectory()
        self.path = self.folder.name
        for name, text in {**files, "fathom": "#!/bin/sh\n" + program}.items():
            full = os.path.join(self.path, name)
            os.makedirs(os.path.dirname(full), exist_ok=True)
            with open(full, "w", encoding="utf-8") as file:
                file.write(text)
        os.chmod(os.path.join(self.path, "fathom"), 0o755)

    def run(self, runner, *arguments):
        result = subprocess.run(
            [sys.executable, os.path.join(TESTS, runner), "--fathom",
             os.path.join(self.path, "fathom"), *arguments],
            cwd=self.path, capture_output=True, text=True, check=False)
        assert result.stderr == "", result.stderr
        return result


def golden(program, comments, **files):
    text = "---- MODULE A ----\n" + "".join(f"\\* {line}\n" for line in comments) + "====\n"
    return Tree(program, {"A.tla": text, **files}).run("run_golden.py", "A.tla")


class Golden(unittest.TestCase):
    def passes(self, program, *comments):
        result = golden(program, comments)
        self.assertEqual(result.returncode, 0, result.stdout)

    def fails(self, program, what, *comments):
        result = golden(program, comments)
        self.assertEqual(result.returncode, 1)
        self.assertIn(what, result.stdout)

    def test_everything_right(self):
        self.passes(DEADLOCK, "expect: deadlock, 56 distinct, 1234 generated, depth 7, trace 2",
                    "expect: exit 11, prints Deadlock reached.")

    def test_each_item_can_fail(self):
        self.fails(DEADLOCK, "exit status 11, expected 0", "expect: ok")
        self.fails(DEADLOCK, "distinct: 56, expected 57", "expect: deadlock, 57 distinct")
        self.fails(DEADLOCK, "generated: 1234", "expect: deadlock, 1 generated")
        self.fails(DEADLOCK, "depth: 7", "expect: deadlock, depth 8")
        self.fails(DEADLOCK, "trace of 2 states", "expect: deadlock, trace 3")
        self.fails(DEADLOCK, "does not contain", "expect: deadlock, prints nothing, at all")
        self.fails(DEADLOCK, "exit status 11, expected 12", "expect: deadlock, exit 12")
        self.fails("exit 0", "distinct: None", "expect: ok, 1 distinct")

    def test_violation_and_error_need_their_name(self):
        self.passes("echo Invariant Inv is violated.; exit 12", "expect: violates Inv")
        self.fails("echo Invariant In is violated.; exit 12", "Inv", "expect: violates Inv")
        self.passes("echo 'error[FM4001]: x'; exit 75", "expect: error FM4001")
        self.fails("echo 'error[FM4002]: x'; exit 75", "[FM4001]", "expect: error FM4001")

    def test_all_worker_counts_run(self):
        self.fails('[ "$3" = 4 ] && exit 1; exit 0', "-workers 4", "expect: ok")
        self.passes('[ "$3" = 1 ] || exit 1; exit 0', "expect: ok", "workers: 1")

    def test_early_stop_compares_counts_with_one_worker_only(self):
        self.passes('[ "$3" = 1 ] && echo 5 distinct states found; exit 11',
                    "expect: deadlock, 5 distinct")
        self.fails('[ "$3" = 1 ] && echo 5 distinct states found; exit 0', "-workers 2",
                   "expect: ok, 5 distinct")

    def test_configurations(self):
        program = 'case "$*" in *B.cfg*-x*) exit 11;; *A.cfg*) exit 0;; *) exit 3;; esac'
        comments = ["expect: ok", "cfg: B.cfg", "args: -x", "expect: deadlock"]
        self.assertEqual(golden(program, comments, **{"A.cfg": ""}).returncode, 0)
        self.assertEqual(golden(program, comments).returncode, 1)

    def test_malformed(self):
        self.fails("exit 0", "no expected verdict", "Nothing.")
        self.fails("exit 0", "no expected verdict", "expect: 5 distinct")
        self.fails("exit 0", "unknown item", "expect: fine")
        self.fails("exit 0", "two verdicts", "expect: ok, deadlock")
        self.fails("exit 0", "a helper names", "helper: Missing")


class Diagnostics(unittest.TestCase):
    def run_one(self, program, expected, *flags, **files):
        tree = Tree(program, {"x.expected": expected, **files})
        result = tree.run("run_diag.py", *flags, "x.expected")
        with open(os.path.join(tree.path, "x.expected"), encoding="utf-8") as file:
            return result.returncode, file.read()

    def test_compares(self):
        self.assertEqual(self.run_one("echo $*; exit 3", "check x.tla\nexit 3\n")[0], 0)
        self.assertEqual(self.run_one("echo $*; exit 4", "check x.tla\nexit 3\n")[0], 1)
        self.assertEqual(self.run_one("echo a >&2", "b\nexit 0\n")[0], 1)

    def test_arguments(self):
        code, _ = self.run_one('echo "$2"', "a b\nexit 0\n", **{"x.args": "check 'a b'\n"})
        self.assertEqual(code, 0)

    def test_volatile(self):
        self.assertEqual(self.run_one('echo "in $PWD: 1.5 s, 20 MB"',
                                      "in <folder>: <time>, <bytes>\nexit 0\n")[0], 0)

    def test_update(self):
        self.assertEqual(self.run_one("echo new", "old\n", "--update"), (0, "new\nexit 0\n"))


class Operators(unittest.TestCase):
    def listed(self, module, spec):
        tree = Tree("", {"modules/M.tla": module, "tests/spec/A.tla": spec})
        result = subprocess.run([sys.executable, OPERATORS, "--root", tree.path],
                                capture_output=True, text=True, check=False)
        lines = [line.split(":")[0] for line in result.stdout.splitlines()[:-1]]
        self.assertEqual(result.returncode, 1 if lines else 0, result.stdout)
        return lines

    MODULE = ("---- MODULE M ----\nA == 1\nLOCAL L == 1\nF(Op(_, _),\n  x) == x\n"
              "G[x \\in S] == x\na \\oplus b == 1\na ^^ b == 1\n-. a == 1\na .. b == LET z == 1 IN z\n"
              "\\* C == 1\n====\n")

    def test_all_missing(self):
        self.assertEqual(self.listed(self.MODULE, "---- MODULE A ----\nEXTENDS M\n====\n"),
                         ["M!A", "M!F", "M!G", "M!\\oplus", "M!^^", "M!-.", "M!.."])

    def test_used(self):
        body = "X == A + F(B, 1) + G[1] \\oplus 3 ^^ -4\nY == 1..2\n====\n"
        self.assertEqual(self.listed(self.MODULE, "---- MODULE A ----\nEXTENDS M\n" + body), [])
        self.assertEqual(len(self.listed(self.MODULE, "---- MODULE A ----\n" + body)), 7)

    def test_comments_and_strings_do_not_count(self):
        self.assertEqual(self.listed("---- MODULE M ----\nA == 1\n====\n",
                                     "---- MODULE A ----\nEXTENDS M\n\\* A\n(* A (* A *) A *)\n"
                                     "X == \"A\"\n====\n"), ["M!A"])


if __name__ == "__main__":
    unittest.main()
