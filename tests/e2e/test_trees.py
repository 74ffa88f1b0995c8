#!/usr/bin/env python3
"""fathom parse --ast json: the tree of small modules, node by node, and what names in them mean.

usage: tests/e2e/test_trees.py --fathom PROGRAM [unittest's arguments]
"""
import copy
import json
import os
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tools"))

import trees  # noqa: E402  (found by the path above)

FATHOM = None

SMALL = r"""---- MODULE Small ----
EXTENDS Naturals
VARIABLE x
Add(a, b) == a + b
LOCAL Step == x' = Add(x, 1)
Live == <>(x = 3)
THEOREM T == \A i \in Nat : i >= 0
  <1>1. QED OBVIOUS
====
"""


def find(node, kind, name=None):
    if node["kind"] == kind and (name is None or node.get("name") == name):
        return node
    for kid in node.get("kids", ()):
        found = find(kid, kind, name)
        if found:
            return found
    return None


class Trees(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory(prefix="fathom-trees-")
        self.addCleanup(self.folder.cleanup)

    def parse(self, text, *arguments, status=0):
        with open(os.path.join(self.folder.name, "Small.tla"), "w", encoding="utf-8") as file:
            file.write(text)
        result = subprocess.run([FATHOM, "parse", "--ast", "json", *arguments, "Small.tla"],
                                cwd=self.folder.name, capture_output=True, text=True, timeout=60,
                                check=False)
        self.assertEqual(result.returncode, status, result.stdout + result.stderr)
        return result.stdout

    def module(self, *arguments, text=SMALL):
        (line,) = self.parse(text, *arguments).splitlines()
        tree = json.loads(line)
        self.assertEqual((tree["path"], tree["analyzed"]), ("Small.tla", "--semantics" in arguments))
        (module,) = tree["modules"]
        self.assertIsNone(trees.wrong_node(module, None, ""))
        return module

    def test_places(self):
        module = self.module()
        self.assertEqual((module["kind"], module["name"], module["location"]),
                         ("module", "Small", [1, 1, 9, 4]))
        add = find(module, "def", "Add")
        self.assertEqual((add["location"], add["name_location"]), ([4, 1, 4, 18], [4, 1, 4, 3]))
        plus = find(add, "infix", "+")
        self.assertEqual((plus["location"], plus["name_location"]), ([4, 14, 4, 18], [4, 16, 4, 16]))
        self.assertEqual([kid["location"] for kid in plus["kids"]], [[4, 14, 4, 14], [4, 18, 4, 18]])

    def test_flags(self):
        self.assertIn("local", json.dumps(self.module()))

    def test_theorem_holds_its_proof(self):
        theorem = find(self.module(), "theorem")
        self.assertEqual(theorem["location"], [7, 1, 8, 19])

    def test_nothing_is_known_without_semantics(self):
        self.assertNotIn("means", json.dumps(self.module()))

    def test_meaning(self):
        module = self.module("--semantics")
        call = find(module, "apply", "Add")
        self.assertEqual(call["means"], {"kind": "definition", "module": "Small",
                                         "location": [4, 1, 4, 3], "level": "constant"})
        self.assertEqual(call["kids"][0]["means"]["kind"], "variable")
        self.assertEqual(call["kids"][0]["means"]["level"], "state")
        plus = find(module, "infix", "+")
        self.assertEqual(plus["means"]["module"], "Naturals")
        self.assertEqual(plus["kids"][0]["means"], {"kind": "parameter", "module": "Small",
                                                    "location": [4, 5, 4, 5]})
        levels = [node.get("level") for node in module["kids"] if node.get("name") in
                  ("Add", "Step", "Live")]
        self.assertEqual(levels, ["constant", "action", "temporal"])

    def test_unicode_and_tabs(self):
        module = self.module(text="---- MODULE Small ----\n\tA == \"é∈\" # 1\n====\n")
        self.assertEqual(find(module, "infix")["location"], [2, 14, 2, 21])

    def test_large_module_is_written_in_parts(self):
        lines = "".join("A%d == {%s}\n" % (i, ", ".join(map(str, range(60)))) for i in range(200))
        module = self.module(text="---- MODULE Small ----\n%s====\n" % lines)
        self.assertEqual(trees.count(module), 2 + 200 * 63)

    def test_errors_go_to_standard_error(self):
        self.assertEqual(self.parse("---- MODULE Small ----\nA == B\n====\n", "--semantics",
                                    status=150), "")

    def test_the_judge_sees_mistakes(self):
        module = self.module()
        outside = copy.deepcopy(module)
        find(outside, "infix", "+")["kids"][0]["location"] = [3, 1, 3, 1]
        self.assertIn("is not inside of", trees.wrong_node(outside, None, ""))
        nowhere = copy.deepcopy(module)
        del find(nowhere, "infix", "+")["location"]
        self.assertIn("no place", trees.wrong_node(nowhere, None, ""))


if __name__ == "__main__":
    if "--fathom" in sys.argv:
        at = sys.argv.index("--fathom")
        FATHOM = os.path.abspath(sys.argv[at + 1])
        del sys.argv[at:at + 2]
    unittest.main()
