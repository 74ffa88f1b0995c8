#!/usr/bin/env python3
"""`fathom eval` and `fathom repl`: values, definitions, mistakes, lines edited on a terminal.

usage: tests/e2e/test_eval.py --fathom PROGRAM [unittest's arguments]
"""
import json
import os
import pty
import select
import signal
import subprocess
import sys
import tempfile
import termios
import time
import unittest

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
FERRY = os.path.join(ROOT, "tests", "tlc", "Ferry.tla")
FATHOM = None


def run(*arguments, given=""):
    return subprocess.run([FATHOM] + list(arguments), input=given, text=True, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, check=False, timeout=100)


class Eval(unittest.TestCase):
    def test_values(self):
        for expression, value in (("{x \\in 1..9 : x % 2 = 0}", "{2, 4, 6, 8}"),
                                  ("[i \\in 1..3 |-> i * i]", "<<1, 4, 9>>"),
                                  ("2^100", str(2 ** 100)),
                                  ("Cardinality(SUBSET {1, 2, 3})", "8"),
                                  ("LET f[n \\in 0..20] == IF n = 0 THEN 1 ELSE n * f[n - 1] IN f[20]",
                                   "2432902008176640000")):
            result = run("eval", expression)
            self.assertEqual((result.returncode, result.stdout), (0, value + "\n"))
        result = run("eval", "--json", "[a |-> <<1, 2>>, b |-> {TRUE}]")
        self.assertEqual(json.loads(result.stdout), {"a": [1, 2], "b": [True]})

    def test_statuses_of_mistakes(self):
        for expression, status, text in (("Foo + 1", 150, "unknown operator `Foo`"),
                                         ("1 +", 150, "expected an expression"),
                                         ("1 \\div 0", 75, "1 \\div 0"),
                                         ("Head(<<>>)", 75, "Head of the empty sequence")):
            result = run("eval", expression)
            self.assertEqual(result.returncode, status, expression)
            self.assertEqual(result.stdout, "")
            self.assertIn(text, result.stderr)
        self.assertEqual(run("eval").returncode, 1)
        self.assertEqual(run("eval", "1", "2").returncode, 1)

    def test_specification_in_scope(self):
        result = run("eval", "--spec", FERRY, "Sides \\X Cars")
        self.assertEqual(result.stdout, '{<<"west", a>>, <<"west", b>>, <<"east", a>>, <<"east", b>>}\n')
        config = os.path.join(ROOT, "tests", "tlc", "Ferry_Assumption.cfg")
        self.assertEqual(run("eval", "--spec", FERRY, "--config", config, "Room").stdout, "0\n")
        result = run("eval", "--spec", FERRY, "bank")
        self.assertEqual(result.returncode, 75)
        self.assertIn("the variable bank has no value here: there is no state", result.stderr)

    def test_lines_of_a_pipe(self):
        result = run("repl", given="Sq(x) == x * x\nSq(12)\nBad(x) == y\n:definitions\n"
                                   "f[n \\in 0..5] == IF n = 0 THEN 1 ELSE n * f[n-1]\nf[5]\n1 +\n"
                                   "LET a == 3 IN a + 1\nSq(2) = 4\n:quit\n9\n")
        self.assertEqual(result.returncode, 0)
        self.assertEqual(result.stdout.split("\n"), ["144", "Sq(x) == x * x", "120", "4", "TRUE", ""])
        self.assertIn("unknown operator `y`", result.stderr)

    def begin(self, history):
        process, terminal = pty.fork()
        if process == 0:
            os.environ["TERM"] = "vt100"
            os.environ["FATHOM_HISTORY"] = history
            os.execv(FATHOM, ["fathom", "repl"])
        return process, terminal, self.exchange(terminal, b"", b"> ")

    def test_terminal_completes_and_remembers(self):
        process, terminal, seen = self.begin("")
        seen += self.exchange(terminal, b"Square(n) == n * n\n", b"\n> ")
        seen += self.exchange(terminal, b"Squ\t(17)\n", b"289\n> ")
        seen += self.exchange(terminal, b"\x10\n", b"289\n> ")  # control-P: the line before
        self.assertEqual(self.leave(process, terminal), 0)
        self.assertEqual(seen.count(b"289"), 2)

    def test_lines_of_an_earlier_session(self):
        with tempfile.TemporaryDirectory(prefix="fathom-repl-") as folder:
            path = os.path.join(folder, "history")
            process, terminal, _ = self.begin(path)
            self.exchange(terminal, b"17 * 17\n", b"289\n> ")
            os.kill(process, signal.SIGKILL)  # what was entered is kept all the same
            os.waitpid(process, 0)
            with open(path, encoding="utf-8") as file:
                self.assertEqual(file.read(), "17 * 17\n")
            self.assertEqual(os.stat(path).st_mode & 0o777, 0o600)
            process, terminal, _ = self.begin(path)
            self.exchange(terminal, b"\x10\n", b"289\n> ")
            self.assertEqual(self.leave(process, terminal), 0)
            with open(path, encoding="utf-8") as file:
                self.assertEqual(file.read(), "17 * 17\n17 * 17\n")

    def test_a_long_history_is_cut(self):
        with tempfile.TemporaryDirectory(prefix="fathom-repl-") as folder:
            path = os.path.join(folder, "history")
            with open(path, "w", encoding="utf-8") as file:
                file.writelines(f"{i}\n" for i in range(2001))
            process, terminal, _ = self.begin(path)
            self.assertEqual(self.leave(process, terminal), 0)
            with open(path, encoding="utf-8") as file:
                self.assertEqual(file.read().split(), [str(i) for i in range(1001, 2001)])

    def test_a_history_that_cannot_be_used(self):
        with tempfile.TemporaryDirectory(prefix="fathom-repl-") as folder:
            process, terminal, seen = self.begin(folder)
            self.assertIn(b"lines are not kept: " + folder.encode(), seen)
            self.exchange(terminal, b"17 * 17\n", b"289\n> ")
            self.assertEqual(self.leave(process, terminal), 0)

    def leave(self, process, terminal):
        """Control-D ends the program."""
        self.await_editor(terminal)
        os.write(terminal, b"\x04")
        end = time.monotonic() + 60
        while time.monotonic() < end:
            try:
                if select.select([terminal], [], [], 0.2)[0]:
                    os.read(terminal, 4096)
            except OSError:
                pass  # it has closed the terminal
            ended, status = os.waitpid(process, os.WNOHANG)
            if ended:
                return os.waitstatus_to_exitcode(status)
        os.kill(process, signal.SIGKILL)
        os.waitpid(process, 0)
        return self.fail("it does not end")

    def await_editor(self, terminal):
        """Until keys go to the editor: before, the system takes control characters for itself."""
        end = time.monotonic() + 60
        while termios.tcgetattr(terminal)[3] & termios.ICANON:
            self.assertLess(time.monotonic(), end)
            time.sleep(0.01)

    def exchange(self, terminal, sent, awaited):
        if sent:
            self.await_editor(terminal)
            os.write(terminal, sent)
        seen = b""
        while awaited not in seen:
            ready, _, _ = select.select([terminal], [], [], 60)
            self.assertTrue(ready, seen)
            seen += os.read(terminal, 4096).replace(b"\r", b"")
        return seen


if __name__ == "__main__":
    at = sys.argv.index("--fathom")
    FATHOM = os.path.abspath(sys.argv[at + 1])
    del sys.argv[at:at + 2]
    unittest.main()
