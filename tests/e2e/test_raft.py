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

    def build(self, mistake):
        subprocess.run([os.path.join(RAFT, "build-raft"), self.directory, str(mistake)], check=True)
        return f"raft-{mistake}.so" if mistake else "raft.so"

    def replay(self, mistake, choices):
        """What the model says of a schedule."""
        path = os.path.join(self.directory, "written.finding")
        lines = ["fathom finding 1", "target: raft 1",
                 "path: " + os.path.join(self.directory, self.build(mistake)),
                 "mapping: " + os.path.join(RAFT, "RaftMap.tla"),
                 "configuration: " + os.path.join(RAFT, "RaftMap.cfg"), "nodes: 3", "seed: 1",
                 "faults: reorder", "verdict: fine", "signature: fine", "reason: fine",
                 f"choices: {len(choices)}"]
        lines[3:3] = [f"{name} hash: {0:016}" for name in ("target", "world")]
        lines[6:6] = [f"{name} hash: {0:016}" for name in ("mapping", "specification")]
        lines[9:9] = [f"{name} hash: {0:016}" for name in ("configuration",)]
        lines.insert(-1, f"event hash: {0:016}")
        with open(path, "w", encoding="utf-8") as file:
            file.write("\n".join(lines + choices) + "\n")
        done = subprocess.run([FATHOM, "replay", "--force", path], cwd=self.directory,
                              capture_output=True, text=True, timeout=60)
        self.assertIn(done.returncode, (0, 3), done.stdout + done.stderr)
        return done.stdout

    def fuzz(self, mistake, schedules, expect, model=False):
        """The signatures that a campaign finds."""
        name = self.build(mistake)
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
        """Our Raft conforms to Raft.tla; figure 8, votes by length and early changes of membership
        are seen at once."""
        self.assertEqual(self.fuzz(0, 150, 0, model=True), set())
        for mistake, schedules, event in ((4, 150, "deliver AppendEntriesResponse"),
                                          (9, 150, "deliver RequestVote"),
                                          (11, 60, "custom change: TermAt(log[i], commitIndex[i])")):
            with self.subTest(mistake=mistake):
                start = "impossible event: " + event
                self.assertTrue(any(signature.startswith(start) for signature in
                                    self.fuzz(mistake, schedules, 3, model=True)))

    def test_nodes_under_a_model(self):
        """One server shows that the term is lost; two leaders take two, and are looked for among all."""
        done = subprocess.run([FATHOM, "fuzz", "--json", "--seed", "1", "--nodes", "5", "--horizon", "200",
                               "--schedules", "10", os.path.join(RAFT, "RaftMap.tla"), self.build(3)],
                              cwd=self.directory, capture_output=True, text=True, timeout=250)
        self.assertEqual(done.returncode, 3, done.stdout + done.stderr)
        nodes = {}
        for finding in json.loads(done.stdout)["findings"]:
            with open(os.path.join(self.directory, finding["file"]), encoding="utf-8") as file:
                nodes[finding["signature"]] = int(re.search(r"^nodes: (\d+)$", file.read(), re.M).group(1))
        self.assertEqual(nodes.pop("state differs: start: currentTerm differs"), 1)
        self.assertEqual(list(nodes), ["property: election safety"])
        self.assertGreaterEqual(nodes["property: election safety"], 2)

    def found(self, name, *arguments):
        """All that a campaign beside the model finds, and all that it counts but time."""
        out = tempfile.mkdtemp(dir=self.directory)
        done = subprocess.run([FATHOM, "fuzz", "--json", "--seed", "3", "--workers", "1", "--horizon", "120",
                               "--schedules", "40", "--nodes", "5", "--no-minimize", "--out", out, *arguments,
                               os.path.join(RAFT, "RaftMap.tla"), name], cwd=self.directory,
                              capture_output=True, text=True, timeout=250)
        self.assertIn(done.returncode, (0, 3), done.stderr)
        result = json.loads(done.stdout)
        for key in ("seconds", "drain_seconds"):
            del result[key]
        result["judged"].pop("remembered")
        texts = []
        for finding in result["findings"]:
            del finding["seconds"]
            with open(finding.pop("file"), encoding="utf-8") as file:
                texts.append(file.read())
        return result, texts

    def test_careful(self):
        """What the judge remembers changes no verdict, no reason and no count: with each mistake."""
        for mistake in range(13):
            with self.subTest(mistake=mistake):
                name = self.build(mistake)
                self.assertEqual(self.found(name), self.found(name, "--careful"))

    # Server 1 leads in term 2 and writes an entry, 2 in term 3 and writes another, 1 again in term 4; its
    # second entry commits both. Its snapshot of the first comes to server 2, whose entry is of term 3.
    STALE_ENTRY = """timer 1; deliver 1>2; deliver 2>1; deliver 1>2; deliver 2>1
        request 1; disk 1; disk 1
        timer 2; deliver 2>3; deliver 3>2; deliver 2>3; deliver 3>2; request 2; disk 2; disk 2
        deliver 2>1 position=3
        timer 1; deliver 1>3 position=4; deliver 3>1; deliver 1>3 position=4; deliver 3>1
        request 1; disk 1; disk 1
        deliver 1>3 position=5; deliver 3>1; deliver 1>3 position=5; deliver 3>1
        deliver 1>3 position=5; disk 3; disk 3; deliver 3>1 position=1
        custom 1 kind=2 argument=2
        deliver 1>2 position=6; deliver 2>1 position=3; deliver 1>2 position=6"""

    def test_snapshot_passed_over(self):
        """A stale entry of a higher term is no reason to pass over a snapshot (mistake 12); random
        schedules hardly ever get there."""
        choices = [choice.strip() for choice in re.split("[;\n]", self.STALE_ENTRY)]
        output = self.replay(12, choices)
        self.assertIn("after 37 choices the model did not allow what happened: impossible event: "
                      "deliver InstallSnapshot: IsStored(n, m.mindex)' is false", output)
        output = self.replay(0, choices)
        self.assertIn("deliver 1>2 position=6 {\"type\": \"InstallSnapshot\"", output)
        self.assertIn("nothing was found", output)

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
