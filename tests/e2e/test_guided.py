#!/usr/bin/env python3
"""fathom fuzz --guide: what guides find replays, campaigns repeat, and Cover is what is looked at.

usage: tests/e2e/test_guided.py --fathom PROGRAM [unittest's arguments]
"""
import json
import os
import shutil
import subprocess
import sys
import tempfile
import unittest

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
RAFT = os.path.join(ROOT, "protocols", "raft")
FATHOM = None


class Guided(unittest.TestCase):
    def setUp(self):
        self.directory = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, self.directory)

    def path(self, name):
        return os.path.join(self.directory, name)

    def run_fathom(self, *arguments, expect):
        done = subprocess.run([FATHOM, *arguments], cwd=self.directory, capture_output=True,
                              text=True, timeout=250)
        self.assertEqual(done.returncode, expect, done.stdout + done.stderr)
        return done.stdout, done.stderr

    def fuzz(self, *arguments, expect):
        shutil.rmtree(self.path("findings"), ignore_errors=True)
        out, _ = self.run_fathom("fuzz", "--json", "--seed", "1", "--workers", "1", *arguments,
                                 expect=expect)
        return json.loads(out)

    def compile(self, source, name, *flags):
        subprocess.run(["cc", "-shared", "-fPIC", "-O1", "-I", os.path.join(ROOT, "include"),
                        *flags, "-o", self.path(name), os.path.join(ROOT, source)], check=True)
        return name

    def raft(self, mistake):
        subprocess.run([os.path.join(RAFT, "build-raft"), self.directory, str(mistake)], check=True)
        return f"raft-{mistake}.so" if mistake else "raft.so"

    def check_replays(self, result):
        """Each finding runs again without corpus and campaign."""
        self.assertGreater(len(result["findings"]), 0)
        for finding in result["findings"]:
            out, _ = self.run_fathom("replay", "--json", finding["file"], expect=0)
            last = json.loads(out.splitlines()[-1])
            self.assertTrue(last["same"], finding)
            self.assertEqual(last["signature"], finding["signature"])

    def test_finds(self):
        """A mistake that mutants reach, not the random arm alone."""
        result = self.fuzz("--guide", "trace", "--schedules", "600", "--no-minimize",
                           self.raft(1), expect=3)
        self.assertIn("property: election safety", [f["signature"] for f in result["findings"]])
        self.assertGreater(result["hits"], result["random"]["hits"])
        self.check_replays(result)
        result = self.fuzz("--guide", "model+transition", "--schedules", "100",
                           os.path.join(RAFT, "RaftMap.tla"), self.raft(4), expect=3)
        self.assertGreater(result["hits"], result["random"]["hits"])
        self.check_replays(result)

    def test_finds_nothing(self):
        """Mutants of our Raft conform, too."""
        for guide in ("model", "transition", "action", "model+transition+action+trace"):
            result = self.fuzz("--guide", guide, "--schedules", "150",
                               os.path.join(RAFT, "RaftMap.tla"), self.raft(0), expect=0)
            self.assertEqual(result["guide"], guide)
            self.assertEqual(result["unstable"], 0)
            self.assertGreater(result["corpus"]["entries"], 1)

    def test_repeats(self):
        """One worker and one seed make the same campaign, dying workers and all."""
        self.compile("tests/sim/faulty.c", "faulty.so", "-DMISTAKE=CRASH")
        arguments = ("--guide", "trace", "--schedules", "300", "--horizon", "15", "--no-minimize",
                     "faulty.so")
        first, again = (self.fuzz(*arguments, expect=3) for _ in range(2))
        self.assertGreater(first["restarts"], first["random"]["hits"])
        self.assertGreater(first["corpus"]["entries"], 5)
        for name in ("schedules", "choices", "applied", "hits", "restarts", "corpus", "random"):
            self.assertEqual(first[name], again[name], name)
        self.assertEqual([f["schedule"] for f in first["findings"]],
                         [f["schedule"] for f in again["findings"]])
        self.assertEqual(first["random"]["schedules"], 30)
        self.check_replays(first)

    def test_random_arm(self):
        """Its schedules are those of the campaign without a guide."""
        self.compile("examples/lease.c", "lease.so")
        arguments = ("--schedules", "500", "--findings", "1", "--no-minimize", "lease.so")
        plain = self.fuzz(*arguments, expect=3)
        self.assertNotIn("random", plain)
        guided = self.fuzz("--guide", "trace", *arguments, expect=3)
        index = guided["findings"][0]["schedule"] - 1
        if index % 10 == 0:
            self.assertEqual(guided["random"]["hits"], 1)
        self.assertEqual(guided["random"]["schedules"], index // 10 + 1)

    def test_workers(self):
        """Several workers share the corpus, and one that hangs is replaced."""
        self.compile("tests/sim/faulty.c", "faulty.so", "-DMISTAKE=HANG")
        result = self.fuzz("--guide", "trace", "--workers", "3", "--hang", "1", "--schedules", "40",
                           "--horizon", "12", "--no-minimize", "faulty.so", expect=3)
        self.assertIn("hang", result["findings"][0]["signature"])
        self.assertEqual(result["schedules"], 40)

    def lease_map(self, more):
        """The mapping of the lock service, with something added."""
        with open(os.path.join(ROOT, "examples", "LeaseMap.tla"), encoding="utf-8") as file:
            text = file.read().split("\n=====")[0] + "\n"
        with open(self.path("LeaseMap.tla"), "w", encoding="utf-8") as file:
            file.write(text + more + "\n====\n")
        shutil.copy(os.path.join(ROOT, "examples", "LeaseSystem.tla"), self.directory)
        shutil.copy(os.path.join(ROOT, "examples", "LeaseMapFenced.cfg"), self.path("LeaseMap.cfg"))
        return "LeaseMap.tla"

    def test_cover(self):
        self.compile("examples/lease.c", "fenced.so", "-DFENCING")
        arguments = ("--guide", "model", "--schedules", "100")
        counts = []
        for more in ("", "Cover == 0", "Cover == fathom_nothing"):
            mapping = self.lease_map(more)
            if "nothing" in more:
                _, stderr = self.run_fathom("fuzz", *arguments, mapping, "fenced.so", expect=4)
                self.assertIn("fathom_nothing", stderr)
            else:
                counts.append(self.fuzz(*arguments, mapping, "fenced.so",
                                        expect=0)["corpus"]["features"])
        self.assertGreater(counts[0], 50)
        self.assertEqual(counts[1], 1)
        result = self.fuzz(*arguments, self.lease_map("Cover == <<>>[1]"), "fenced.so", expect=4)
        self.assertIn("mapping error", result["findings"][0]["signature"])
        _, stderr = self.run_fathom("fuzz", *arguments, self.lease_map("Cover(n) == n"),
                                    "fenced.so", expect=4)
        self.assertIn("Cover", stderr)

    def test_text(self):
        self.compile("examples/lease.c", "fenced.so", "-DFENCING")
        out, _ = self.run_fathom("fuzz", "--guide", "trace", "--schedules", "50", "--seed", "1",
                                 "fenced.so", expect=0)
        self.assertRegex(out, r"guide trace: \d+ schedules kept, with \d+ features between them\.")
        self.assertIn("random arm: 5 of the schedules, 0 of the hits.", out)

    def test_refused(self):
        self.compile("examples/lease.c", "lease.so")
        for guide, said in (("modle", "--guide modle: a guide is random, or of model, transition"),
                            ("model+", "a guide is random"),
                            ("random+trace", "a guide is random"),
                            ("model", "there is no SPEC"),
                            ("trace+action", "there is no SPEC")):
            _, stderr = self.run_fathom("fuzz", "--guide", guide, "lease.so", expect=1)
            self.assertIn(said, stderr)


if __name__ == "__main__":
    FATHOM = os.path.abspath(sys.argv[sys.argv.index("--fathom") + 1])
    del sys.argv[1:3]
    unittest.main()
