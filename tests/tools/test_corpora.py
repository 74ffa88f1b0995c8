#!/usr/bin/env python3
"""The parts of scripts/corpora that need no checkout: cases of a corpus and tokens of a module."""
import os
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "scripts"))
import corpora_cases as cases

CORPUS = """=====|||
First
=====|||

---- MODULE A ----
x == [a |-> 1]
----
====

-----|||

(tree)

=====|||
Second
:error
=====|||
y
-----|||
"""


class Corpora(unittest.TestCase):
    def test_cases(self):
        found = list(cases.file_cases("f.txt", CORPUS))
        self.assertEqual([case[1:3] for case in found], [("First", []), ("Second", [":error"])])
        self.assertEqual(found[0][3].strip().split("\n")[-1], "====")
        self.assertEqual(found[1][3], "y\n")

    def test_tokens(self):
        text = 'z ---- MODULE A ----\n(* x (* y *) *) a == "b c" \\* d\n/\\ 1..2 <1>2.\n====\ne'
        spellings = [token for _, token in cases.tokens(text)]
        self.assertEqual(spellings, ["---- MODULE", "A", "----", "a", "==", '"b c"', "/\\", "1",
                                     "..", "2", "<1>2.", "===="])
        for at, token in cases.tokens(text):
            self.assertEqual(text[at:at + len(token)], token)

    def test_no_module(self):
        self.assertEqual(list(cases.tokens("nothing")), [])


if __name__ == "__main__":
    unittest.main()
