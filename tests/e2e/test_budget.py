#!/usr/bin/env python3
"""fathom budget: bounds, estimates, what is refused, and what is wrong with tables.

usage: tests/e2e/test_budget.py --fathom PROGRAM [unittest's arguments]
"""
import json
import os
import shutil
import subprocess
import sys
import tempfile
import unittest
import xml.etree.ElementTree

FATHOM = None


class Budget(unittest.TestCase):
    def setUp(self):
        self.directory = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, self.directory)
        self.path = os.path.join(self.directory, "runs.tsv")

    def run_budget(self, rows, *arguments):
        with open(self.path, "w", encoding="utf-8") as file:
            for row in rows:
                file.write("\t".join(str(field) for field in row) + "\n")
        return subprocess.run([FATHOM, "budget", *arguments, self.path], capture_output=True, text=True, timeout=60)

    def arms(self, rows, *arguments, status=0):
        done = self.run_budget(rows, "--json", *arguments)
        self.assertEqual((done.returncode, done.stderr), (status, ""))
        return json.loads(done.stdout)["arms"]

    def refused(self, rows, *arguments, status=150):
        done = self.run_budget(rows, *arguments)
        self.assertEqual((done.returncode, done.stdout), (status, ""))
        return done.stderr

    def test_no_failure(self):
        arm, = self.arms([["failed"]] + [["-"]] * 100, "--below", "0.001")
        self.assertAlmostEqual(arm["bound"]["high"], 1 - 0.05 ** 0.01, 9)
        self.assertEqual(arm["bound"]["more_runs"], 2995 - 100)
        self.assertIsNone(arm["bound"]["confirm_runs"])
        text = self.run_budget([["failed"]] + [["0"]] * 100, "--below", "0.001").stdout
        self.assertIn("2,895 more runs", text)
        self.assertIn("over the generator", text)

    def test_failures(self):
        rows = [["failed"]] + [["0"]] * 90 + [["lost write"]] * 10
        fixed = self.arms(rows, "--fixed")[0]["bound"]
        self.assertAlmostEqual(fixed["high"], 0.1637, 4)  # Clopper and Pearson, one-sided 95%
        stopped = self.arms(rows, "--stopped")[0]["bound"]
        anytime = self.arms(rows)[0]["bound"]
        self.assertLess(stopped["high"], fixed["high"])
        self.assertLess(fixed["high"], anytime["high"])
        self.assertLess(anytime["low"], fixed["low"])
        self.assertGreater(anytime["confirm_runs"], fixed["confirm_runs"])
        self.assertGreater(self.arms(rows, "--fixed", "--confidence", "99")[0]["bound"]["high"], fixed["high"])

    def test_stopped_must_end_with_a_failure(self):
        arm, = self.arms([["failed"], ["1"], ["0"]], "--stopped")
        self.assertIn("did not", arm["refused"])

    def test_repeated_seeds_add_nothing(self):
        rows = [["seed", "failed"]] + [[i % 10, 0] for i in range(100)]
        arm, = self.arms(rows)
        self.assertEqual((arm["runs"], arm["repeated"]), (10, 90))
        self.assertAlmostEqual(arm["bound"]["high"], 1 - 0.05 ** 0.1, 9)

    def test_broken_assumptions(self):
        arm, = self.arms([["seed", "failed"], ["7", "0"], ["8", "0"], ["7", "1"]], status=5)
        self.assertIn(":4: the same seed as in line 2", arm["refused"])
        self.assertNotIn("bound", arm)
        arm, = self.arms([["build", "failed"], ["a", "0"], ["b", "0"]], status=5)
        self.assertIn(":3: another build", arm["refused"])

    def test_guided_runs_get_no_bound(self):
        rows = [["arm", "failed", "shows", "from"], ["random", "0", "a b", "s"], ["model", "0", "a", "s"],
                ["model", "0", "c", "t"]]
        random, model = self.arms(rows)
        self.assertIn("bound", random)
        self.assertIn("not independent", model["refused"])
        # q = 1/2, n = 1 for each of two seeds; each run shows what no other shows.
        self.assertAlmostEqual(model["species"]["local_laplace"], 1 / 3, 9)
        self.assertAlmostEqual(model["species"]["local_good_turing"], 1, 9)

    def test_species(self):
        rows = [["failed", "shows", "choices"], ["0", "a b b", "50"], ["0", "a c", "50"], ["0", "a c d e", "50"],
                ["0", "a", "50"]]
        species = self.arms(rows)[0]["species"]
        self.assertEqual((species["seen"], species["once"], species["twice"]), (5, 3, 1))
        self.assertAlmostEqual(species["discovery"], 2 / 4, 9)  # two of four runs show something alone
        self.assertAlmostEqual(species["unseen_at_least"], 3 / 4 * 9 / 2, 9)
        self.assertAlmostEqual(species["per_1000_choices"], 3 / 4 * 1000 / 50, 9)
        exact = self.arms(rows, "--states", "8")[0]["species"]
        self.assertAlmostEqual(exact["covered"], 5 / 8, 9)
        self.assertNotIn("unseen_at_least", exact)
        self.assertIn("5 of 8: 62.5%, exactly", self.run_budget(rows, "--states", "8").stdout)
        self.assertIn("more than --states 4", self.refused(rows, "--states", "4", status=1))

    def test_guarantees(self):
        done = self.run_budget([["failed"], ["0"]], "--json", "--threads", "3", "--steps", "100", "--depth", "2",
                               "--chains", "3", "--events", "100")
        result = json.loads(done.stdout)
        self.assertAlmostEqual(result["pct"], 1 / 300, 9)
        self.assertAlmostEqual(result["pct_messages"], 1 / 900, 9)
        text = self.run_budget([["failed"], ["0"]], "--threads", "3", "--steps", "100", "--depth", "2").stdout
        self.assertIn("within 898 runs", text)

    def test_picture(self):
        path = os.path.join(self.directory, "curve.svg")
        rows = [["failed", "shows", "arm"], ["0", "a", "<x>"], ["0", "b", "<x>"]]
        self.assertEqual(self.run_budget(rows, "--svg", path).returncode, 0)
        tree = xml.etree.ElementTree.parse(path)
        self.assertEqual(len(tree.findall("{http://www.w3.org/2000/svg}polyline")), 2)
        self.assertIn("nothing to draw", self.run_budget([["failed"], ["0"]], "--svg", path).stderr)

    def test_bad_tables(self):
        self.assertIn(":1: the first line must name", self.refused([]))
        self.assertIn(":1: unknown column 'fail'; columns are failed, seed", self.refused([["fail"], ["0"]]))
        self.assertIn(":1: a second column 'failed'", self.refused([["failed", "failed"], ["0", "0"]]))
        self.assertIn(":1: no column 'failed'", self.refused([["seed"], ["0"]]))
        self.assertIn(":3: 1 fields where", self.refused([["failed", "seed"], ["0", "1"], ["0"]]))
        self.assertIn(":2: '-5' choices", self.refused([["failed", "choices"], ["0", "-5"]]))
        self.assertIn("no runs", self.refused([["failed"]]))
        self.assertIn("is no number above 50", self.refused([["failed"], ["0"]], "--confidence", "12", status=1))
        self.assertIn("exclude each other", self.refused([["failed"], ["0"]], "--fixed", "--stopped", status=1))
        done = subprocess.run([FATHOM, "budget", os.path.join(self.directory, "none")], capture_output=True, text=True,
                              timeout=60)
        self.assertEqual(done.returncode, 255)


if __name__ == "__main__":
    at = sys.argv.index("--fathom")
    FATHOM = os.path.abspath(sys.argv[at + 1])
    del sys.argv[at:at + 2]
    unittest.main()
