#!/usr/bin/env python3
"""fathom diff: traces of each form, made by hand and by the program, and how they are aligned.

usage: tests/e2e/test_diff.py --fathom PROGRAM [unittest's arguments]
"""
import json
import os
import subprocess
import sys
import tempfile
import unittest

FATHOM = None

TICK = r"""---- MODULE Tick ----
EXTENDS Naturals, Sequences
VARIABLES n, log
Init == n = 0 /\ log = [a |-> {}, q |-> <<>>]
Next == n' = n + 1 /\ log' = [a |-> log.a \cup {n}, q |-> Append(log.q, n)]
Small == n < 3
Smaller == n < 4
Spin == n' = 1 - n /\ UNCHANGED log
Rests == <>[](n = 1)
====
"""


def tlc(states, back_to=None):
    """A trace as TLC's -dumpTrace json writes it."""
    numbered = [[i + 1, state] for i, state in enumerate(states)]
    actions = [[a, {"name": "Next"}, b] for a, b in zip(numbered, numbered[1:])]
    if back_to:
        actions.append([numbered[-1], {"name": "Next"}, numbered[back_to - 1]])
    return {"counterexample": {"action": actions, "state": numbered}, "vars": list(states[0])}


def itf(states, **more):
    return {"#meta": {}, "vars": list(states[0]),
            "states": [{"#meta": {"index": i}, **state} for i, state in enumerate(states)], **more}


class Diff(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory(prefix="fathom-diff-")
        self.addCleanup(self.folder.cleanup)

    def write(self, name, content):
        with open(os.path.join(self.folder.name, name), "w", encoding="utf-8") as file:
            file.write(content if isinstance(content, str) else json.dumps(content))
        return name

    def run_fathom(self, *arguments):
        return subprocess.run([FATHOM, *arguments], cwd=self.folder.name, capture_output=True,
                              stdin=subprocess.DEVNULL, timeout=120, check=False, text=True)

    def diff(self, first, second, status, *arguments):
        result = self.run_fathom("diff", *arguments, self.write("a.json", first),
                                 self.write("b.json", second))
        self.assertEqual(result.returncode, status, result.stdout + result.stderr)
        return result.stdout

    def diff_json(self, first, second):
        return json.loads(self.diff(first, second, 1, "--json"))

    def test_equal(self):
        trace = tlc([{"x": 1, "y": {"b": [1], "a": "s"}}, {"x": 2, "y": {}}])
        self.assertEqual(self.diff(trace, json.dumps(trace, indent=4), 0), "")
        self.assertTrue(json.loads(self.diff(trace, trace, 0, "--json"))["same"])

    def test_order_of_keys_does_not_matter(self):
        self.diff(tlc([{"x": {"a": 1, "b": 2}, "y": 0}]), tlc([{"y": 0, "x": {"b": 2, "a": 1}}]), 0)

    def test_changed_variables(self):
        text = self.diff(tlc([{"x": 1, "y": 0}, {"x": 2, "y": 0}]),
                         tlc([{"x": 1, "y": 0}, {"x": 3, "y": 0}]), 1)
        self.assertEqual(text, "--- a.json: 2 states\n+++ b.json: 2 states\n"
                               "@@ state 2 | state 2\n- x = 2\n+ x = 3\n")

    def test_variable_of_one_trace_alone(self):
        (difference,) = self.diff_json(tlc([{"x": 1}]), tlc([{"x": 1, "y": "s"}]))["differences"]
        self.assertEqual(difference, {"first": 1, "second": 1,
                                      "variables": [{"name": "y", "second": "s"}]})

    def test_stuttering_is_aligned(self):
        states = [{"x": i} for i in range(5)]
        text = self.diff(tlc(states), tlc(states[:3] + states[2:]), 1)
        self.assertEqual(text.splitlines()[2:],
                         ["@@ state 4 of b.json alone: it repeats the state before"])

    def test_extra_steps_are_aligned(self):
        states = [{"x": i} for i in range(6)]
        result = self.diff_json(tlc(states[:2] + [{"x": 9}, {"x": 8}] + states[3:]),
                                tlc(states + [{"x": 6}]))
        self.assertEqual([(d.get("first"), d.get("second")) for d in result["differences"]],
                         [(3, 3), (4, None), (None, 7)])
        self.assertEqual(result["states"], [7, 7])

    def test_loops(self):
        states = [{"x": 0}, {"x": 1}, {"x": 2}]
        self.diff(tlc(states, 2), tlc(states, 2), 0)
        self.assertIn("@@ the end\n- back to state 2\n+ back to state 1\n",
                      self.diff(tlc(states, 2), tlc(states, 1), 1))
        self.assertIn("+ no way back", self.diff(tlc(states, 2), tlc(states), 1))
        self.diff(tlc(states, 2), itf(states, loop=1), 0)
        # The same place, though its number differs: the second one stutters before it.
        self.assertTrue(self.diff_json(tlc(states, 2), tlc(states[:1] + states, 3))["same_end"])

    def test_values_of_itf(self):
        plain = {"s": [1, 2], "t": [1, "a"], "n": 123456789012345678901234567890,
                 "f": {"a": 1, "b": True}, "q": [7, 8]}
        other = {"s": {"#set": [{"#bigint": "1"}, 2]}, "t": {"#tup": [1, "a"]},
                 "n": {"#bigint": "123456789012345678901234567890"},
                 "f": {"#map": [["b", True], ["a", 1]]}, "q": {"#map": [[1, 7], [2, 8]]}}
        self.diff(tlc([plain]), itf([other]), 0)

    def test_forms_that_the_program_writes(self):
        self.write("Tick.tla", TICK)
        for name in ("Small", "Smaller"):
            self.write(name + ".cfg", "INIT Init\nNEXT Next\nINVARIANT %s\n" % name)
            result = self.run_fathom("check", "--json", "-config", name + ".cfg", "-dumpTrace", "json",
                                     name + ".json", "Tick.tla")
            self.assertEqual(result.returncode, 12, result.stderr)
            self.write(name + ".result", result.stdout)
        self.assertEqual(self.run_fathom("diff", "Small.json", "Small.result").returncode, 0)
        result = self.run_fathom("diff", "--json", "Small.result", "Smaller.json")
        self.assertEqual(result.returncode, 1, result.stderr)
        result = json.loads(result.stdout)
        self.assertEqual((result["states"], result["differences"]),
                         ([4, 5], [{"second": 5, "repeats": False}]))

    def test_lasso_of_the_program(self):
        self.write("Tick.tla", TICK)
        self.write("Spin.cfg", "INIT Init\nNEXT Spin\nPROPERTY Rests\n")
        result = self.run_fathom("check", "--json", "-config", "Spin.cfg", "-dumpTrace", "json",
                                 "spin.json", "Tick.tla")
        self.assertEqual(result.returncode, 13, result.stderr)
        self.write("spin.result", result.stdout)
        found = self.run_fathom("diff", "--json", "spin.json", "spin.result")
        self.assertEqual(found.returncode, 0, found.stdout)

    def test_trouble(self):
        good = self.write("good.json", tlc([{"x": 1}]))
        for content, reason in (("", "not JSON"), ("{", "not JSON"), ("{1:2}", "key is missing"), ("[1,2", "lacks a comma"),
                                ('{"a":"b', "does not end"), ("{} x", "something follows"),
                                ('{"problems":[]}', "it has no trace"), ("[" * 600, "too deep")):
            bad = self.write("bad.json", content)
            result = self.run_fathom("diff", good, bad)
            self.assertEqual((result.returncode, result.stdout), (2, ""), content)
            self.assertIn("bad.json: ", result.stderr)
            self.assertIn(reason, result.stderr)
        for arguments in ((good,), (good, "missing.json"), (good, good, good), ("--x", good, good)):
            self.assertEqual(self.run_fathom("diff", *arguments).returncode, 2, arguments)


if __name__ == "__main__":
    if "--fathom" in sys.argv:
        at = sys.argv.index("--fathom")
        FATHOM = os.path.abspath(sys.argv[at + 1])
        del sys.argv[at:at + 2]
    unittest.main()
