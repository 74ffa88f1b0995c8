#!/usr/bin/env python3
"""Our Raft (protocols/raft) under fathom fuzz: nothing is found in it, and its mistakes are.

usage: tests/e2e/test_raft.py --fathom PROGRAM [unittest's arguments]
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
RAFT = os.path.join(ROOT, "protocols", "raft")
FATHOM = None


class Raft(unittest.TestCase):
    def setUp(self):
        self.directory = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, self.directory)

    def fuzz(self, mistake, schedules, expect, model=False):
        """The signatures that a campaign finds; with the model what it has no words for is left
        out."""
        subprocess.run([os.path.join(RAFT, "build-raft"), self.directory, str(mistake)], check=True,
                       env=dict(os.environ, CFLAGS="-DRAFT_WHOLE=0" if model else ""))
        name = f"raft-{mistake}.so" if mistake else "raft.so"
        done = subprocess.run([FATHOM, "fuzz", "--json", "--seed", "1", "--horizon", "200",
                               "--schedules", str(schedules), "--no-minimize",
                               *([os.path.join(RAFT, "RaftMap.tla")] if model else []), name], cwd=self.directory,
                              capture_output=True, text=True, timeout=250)
        self.assertEqual(done.returncode, expect, done.stdout + done.stderr)
        result = json.loads(done.stdout)
        self.assertEqual(result["unstable"], 0)
        return {finding["signature"] for finding in result["findings"]}

    def test_correct(self):
        self.assertEqual(self.fuzz(0, 3000, 0), set())

    def test_common_mistakes(self):
        """Those that random schedules find at once, by a property of all servers."""
        for mistake, signature in ((1, "property: election safety"),
                                   (2, "property: election safety"),
                                   (3, "property: election safety"),
                                   (6, "property: durability"),
                                   (7, "property: durability")):
            with self.subTest(mistake=mistake):
                self.assertIn(signature, self.fuzz(mistake, 2000, 3))

    def test_model(self):
        """Our Raft conforms to Raft.tla; figure 8 and votes by length are seen at once."""
        self.assertEqual(self.fuzz(0, 150, 0, model=True), set())
        for mistake, schedules, message in ((4, 100, "AppendEntriesResponse"),
                                            (9, 150, "RequestVote")):
            with self.subTest(mistake=mistake):
                start = "impossible event: deliver " + message
                self.assertTrue(any(signature.startswith(start) for signature in
                                    self.fuzz(mistake, schedules, 3, model=True)))

    def test_each_mistake_is_one_place(self):
        asked = []
        for name in os.listdir(RAFT):
            if re.match(r"raft(_\w+)?\.c$", name):
                with open(os.path.join(RAFT, name), encoding="utf-8") as file:
                    asked += re.findall(r"\bMISTAKE [!=]= (\d+)", file.read())
        self.assertEqual(sorted(map(int, asked)), list(range(1, 13)))


if __name__ == "__main__":
    place = sys.argv.index("--fathom")
    FATHOM = os.path.abspath(sys.argv[place + 1])
    del sys.argv[place:place + 2]
    unittest.main()
