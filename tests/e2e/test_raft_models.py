#!/usr/bin/env python3
"""The models of protocols/raft: three with their counts, and each mistake that Known allows.

usage: tests/e2e/test_raft_models.py --fathom PROGRAM [unittest's arguments]

A mistake is switched on in a model in which a property then breaks; README.md lists them.
"""
import os
import re
import subprocess
import sys
import tempfile
import unittest

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
RAFT = os.path.join(ROOT, "protocols", "raft")
FATHOM = None

# Name, model, what of it changes, property that breaks.
MISTAKES = [
    ("SmallQuorum", "PreVote", {"Server": "{s1, s2, s3, s4}", "MaxLog": "0", "PreVote": "FALSE"},
     "ElectionSafety"),
    ("VoteLost", "PreVote", {"MaxLog": "0", "PreVote": "FALSE"}, "ElectionSafety"),
    ("TermLost", "PreVote", {"MaxLog": "0", "PreVote": "FALSE"}, "ElectionSafety"),
    ("SecondVote", "PreVote", {"MaxLog": "0", "CheckQuorum": "FALSE"}, "ElectionSafety"),
    ("CommitOldTerm", "Figure8", {}, "LeaderCompleteness"),
    ("IndexOnly", "Figure8", {}, "LeaderCompleteness"),
    ("CommitUnsent", "Elections", {"Unasked": "AllSaid", "Crashes": "{}"}, "StateMachineSafety"),
    ("AckUnmatched", "Elections", {"Unasked": "AllSaid", "Crashes": "{}"}, "Durability"),
    ("NoPrevTerm", "Elections", {"Unasked": "AllSaid", "Crashes": "{}"}, "Durability"),
    ("TruncateAlways", "Disks", {"Unasked": "AllSaid", "MaxLog": "1"}, "Durability"),
    ("AckUnwritten", "Disks", {"MaxLog": "1", "Fails": "{}"}, "Durability"),
    ("TruncateLeading", "Disks", {"Value": "{v, w}"}, "LogMatching"),
    ("StoredOverGap", "Disks", {}, "StoredIsDurable"),
    ("SnapshotEarly", "Snapshots", {}, "Durability"),
    ("SnapshotSkipped", "Snapshots", {}, "StateMachineSafety"),
    ("ChangeMany", "Membership", {"Changes": "{{s3}}"}, "LeaderCompleteness"),
    ("ChangeOpen", "Membership", {"Changes": "{{s2, s3}, {s3}}", "MaxLog": "3"},
     "LeaderCompleteness"),
    ("ChangeEarly", "Membership", {"Server": "{s1, s2, s3, s4}", "MaxLog": "1", "Writing": "{}",
                                   "Changes": "{{s1, s2, s3}, {s2, s3, s4}}",
                                   "SPECIFICATION": "Both"}, "LeaderCompleteness"),
]


class Models(unittest.TestCase):
    def check(self, model, changes, expect):
        with open(os.path.join(RAFT, model + ".cfg"), encoding="utf-8") as file:
            text = file.read()
        for name, value in changes.items():
            text, count = re.subn(rf"^( *{name}( =| <-|)) .*$", rf"\1 {value}", text,
                                  flags=re.MULTILINE)
            self.assertEqual(count, 1, name)
        with tempfile.TemporaryDirectory() as directory:
            path = os.path.join(directory, "model.cfg")
            with open(path, "w", encoding="utf-8") as file:
                file.write(text)
            done = subprocess.run([FATHOM, "check", "-config", path, "RaftModel.tla"], cwd=RAFT,
                                  capture_output=True, text=True, timeout=250)
        self.assertEqual(done.returncode, expect, done.stdout + done.stderr)
        return done.stdout

    def count(self, model):
        output = self.check(model, {}, 0)
        found = re.search(r"^(\d+) states generated, (\d+) distinct", output, re.MULTILINE)
        return int(found.group(1)), int(found.group(2))

    def test_prevote(self):
        self.assertEqual(self.count("PreVote"), (512901, 29002))

    def test_disks(self):
        self.assertEqual(self.count("Disks"), (665184, 41448))

    def test_snapshots(self):
        self.assertEqual(self.count("Snapshots"), (1855347, 83400))

    def test_mistakes(self):
        for name, model, changes, broken in MISTAKES:
            with self.subTest(mistake=name):
                output = self.check(model, {"Known": '{"' + name + '"}', **changes}, 12)
                self.assertIn(f"Invariant {broken} is violated", output)


if __name__ == "__main__":
    at = sys.argv.index("--fathom")
    FATHOM = os.path.abspath(sys.argv[at + 1])
    del sys.argv[at:at + 2]
    unittest.main()
