#!/usr/bin/env python3
"""The models of protocols/raft: three with their counts, and each mistake that Known allows.

usage: tests/e2e/test_raft_models.py --fathom PROGRAM [unittest's arguments]

A mistake is switched on in a model in which a property then breaks; README.md lists them.
"""
import os
import re
import shutil
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

# What is left out of Raft.tla, what stands there instead, model, what of it changes, property that breaks.
MUTANTS = [
    ("\\/ log[i][last].term = m.mlog[last].term", "\\/ FALSE", "Snapshots", {}, "Durability"),
    ("StoredKept(i) == Min(stored[i], commitIndex[i])", "StoredKept(i) == stored[i]", "Snapshots", {},
     "StoredIsDurable"),
    ("behind == Shortened(queue[i], commitIndex[i])", "behind == queue[i]", "Snapshots",
     {"SPECIFICATION": "Led", "MaxLog": "1", "Writing": "{3, 4}", "Crashes": "{}"}, "StoredIsDurable"),
    ("[queue EXCEPT ![i] = Shortened(@, first - 1)", "[queue EXCEPT ![i] = @", "Elections",
     {"Crashes": "{}"}, "StoredIsDurable"),
    ("Voters(i) == VotersOf(log[i])", "Voters(i) == VotersOf(SubSeq(log[i], 1, commitIndex[i]))",
     "Membership", {}, "Durability"),
]


class Models(unittest.TestCase):
    def check(self, model, changes, expect, left_out="", instead=""):
        with open(os.path.join(RAFT, model + ".cfg"), encoding="utf-8") as file:
            text = file.read()
        for name, value in changes.items():
            text, count = re.subn(rf"^( *{name}( =| <-|)) .*$", rf"\1 {value}", text,
                                  flags=re.MULTILINE)
            self.assertEqual(count, 1, name)
        with tempfile.TemporaryDirectory() as directory:
            with open(os.path.join(directory, "model.cfg"), "w", encoding="utf-8") as file:
                file.write(text)
            shutil.copy(os.path.join(RAFT, "RaftModel.tla"), directory)
            with open(os.path.join(RAFT, "Raft.tla"), encoding="utf-8") as file:
                text = file.read()
            self.assertTrue(not left_out or text.count(left_out) == 1, left_out)
            with open(os.path.join(directory, "Raft.tla"), "w", encoding="utf-8") as file:
                file.write(text.replace(left_out, instead) if left_out else text)
            done = subprocess.run([FATHOM, "check", "-config", "model.cfg", "RaftModel.tla"],
                                  cwd=directory, capture_output=True, text=True, timeout=250)
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

    def test_guards(self):
        """What Raft.tla says of snapshots and membership is needed."""
        for left_out, instead, model, changes, broken in MUTANTS:
            with self.subTest(left_out=left_out):
                output = self.check(model, changes, 12, left_out, instead)
                self.assertIn(f"Invariant {broken} is violated", output)


if __name__ == "__main__":
    at = sys.argv.index("--fathom")
    FATHOM = os.path.abspath(sys.argv[at + 1])
    del sys.argv[at:at + 2]
    unittest.main()
