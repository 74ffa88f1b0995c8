#!/usr/bin/env python3
"""Statistical properties, held against exact answers.

usage: tests/e2e/test_statistics.py --fathom PROGRAM [unittest's arguments]

An estimate may be five standard errors away from the truth: with the fixed seeds of these tests it is not.
"""
import json
import math
import os
import shutil
import subprocess
import sys
import tempfile
import unittest
import xml.etree.ElementTree

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
FATHOM = None


class Statistics(unittest.TestCase):
    def setUp(self):
        self.directory = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, self.directory)

    def path(self, name):
        return os.path.join(self.directory, name)

    def write(self, text, statistics, config="INIT Init\nNEXT Next\nCHECK_DEADLOCK FALSE"):
        for name, content in (("M.tla", f"---- MODULE M ----\n{text.strip()}\n====\n"),
                              ("M.cfg", config + "\n"), ("S.cfg", statistics + "\n")):
            with open(self.path(name), "w", encoding="utf-8") as file:
                file.write(content)

    def simulate(self, *arguments, expect=0):
        done = subprocess.run([FATHOM, "simulate", *arguments], cwd=self.directory,
                              capture_output=True, text=True, timeout=250)
        self.assertEqual(done.returncode, expect, done.stdout + done.stderr)
        return done.stdout

    def estimates(self, *arguments, expect=0):
        result = json.loads(self.simulate("--json", "--stats", "S.cfg", "-seed", "1", *arguments,
                                          "M.tla", expect=expect))
        statistics = result["simulation"]["statistics"]
        return {estimate["name"]: estimate for estimate in statistics["estimates"]}, statistics

    def near(self, estimate, exact):
        """Within five standard errors: the interval of 95% has 1.96 on either side."""
        low, high = estimate["interval"]
        error = max((high - low) / (2 * 1.96), 1e-12)
        self.assertLess(abs(estimate["estimate"] - exact), 5 * error, (estimate["name"], exact))

    def test_knuth_yao(self):
        """The die of the examples: sides 1/6, 11/3 flips, 11/3 * 2.5 of cost."""
        for name in ("KnuthYao.tla", "KnuthYao.cfg", "KnuthYaoStats.cfg"):
            shutil.copy(os.path.join(ROOT, "examples", name), self.directory)
        # Exactly, without the constraint of the exhaustive check.
        self.write("", "")
        with open(self.path("Free.cfg"), "w", encoding="utf-8") as file:
            file.write("INIT Init\nNEXT Flip\nINVARIANT TypeOK\nCHECK_DEADLOCK FALSE\n")
        results = []
        for workers in ("1", "3"):
            result = json.loads(self.simulate(
                "--json", "-seed", "7", "-workers", workers, "--until", "2%", "--stats",
                "KnuthYaoStats.cfg", "-config", "Free.cfg", "--svg", "o.svg", "KnuthYao.tla"))
            results.append(result["simulation"])
        self.assertEqual(results[0], results[1])
        statistics = results[0]["statistics"]
        self.assertTrue(statistics["settled"])
        found = {estimate["name"]: estimate for estimate in statistics["estimates"]}
        for name, exact in (("Side = 1", 1 / 6), ("Side = 6", 1 / 6), ("Side", 3.5),
                            ("flips", 11 / 3), ("Flip", 11 / 3 * 2.5), ("steps", 11 / 3)):
            self.near(found[name], exact)
            low, high = found[name]["interval"]
            self.assertLessEqual((high - low) / 2, 0.02 * found[name]["estimate"])
        counts = [count for low, high, count in found["Side"]["histogram"]]
        self.assertEqual(len(counts), 6)
        self.assertEqual(sum(counts), statistics["behaviors"])
        chart = xml.etree.ElementTree.parse(self.path("o.svg")).getroot()
        self.assertTrue(chart.tag.endswith("svg"))
        self.assertGreater(len(list(chart)), 20)

    def test_ruin(self):
        """A gambler with 3 of 10, who wins a round with 0.4 (Feller, volume I, XIV.2 and XIV.3)."""
        self.write("""
EXTENDS Naturals
VARIABLE x
Round(lost, won) == {lost, won}
Init == x = 3
Next == x \\in 1..9 /\\ \\E won \\in Round(FALSE, TRUE) : x' = IF won THEN x + 1 ELSE x - 1
""", 'DISTRIBUTION Round = BooleanChoice(0.4)\nPROBABILITY "x = 10" "x = 0"\nMEASURE x')
        found, _ = self.estimates("-num", "20000", "-depth", "-1")
        won = (1.5 ** 3 - 1) / (1.5 ** 10 - 1)
        self.near(found["x = 10"], won)
        self.near(found["x = 0"], 1 - won)
        self.near(found["x"], 10 * won)
        self.near(found["steps"], 3 / 0.2 - 10 / 0.2 * won)

    def test_hitting_time(self):
        """A walk that is reflected at 0 comes from 0 to 4 in 16 steps on average."""
        self.write("""
EXTENDS Naturals
VARIABLE x
Way == {0, 2}
Init == x = 0
Next == \\E w \\in Way : x' = IF x = 0 THEN 1 ELSE x + w - 1
""", 'DISTRIBUTION Way = Uniform()\nREACH "x = 4"')
        found, _ = self.estimates("-num", "10000", "-depth", "-1", "-workers", "2")
        self.near(found["steps"], 16)
        result = json.loads(self.simulate("--json", "--stats", "S.cfg", "-depth", "4", "-num", "9",
                                          "M.tla"))
        ends = result["simulation"]["ends"]
        self.assertEqual(ends["reached"] + ends["depth"], 9)

    def test_ways(self):
        """What has no distribution does not change the chance of what has one; nor do constraints
        other than by leaving choices out."""
        self.write("""
EXTENDS Naturals
VARIABLES x, y
Coin(a, b) == {a, b}
Init == x = 0 /\\ y = 0
Next == x = 0 /\\ \\E k \\in 1..4 : \\E c \\in Coin(FALSE, TRUE) :
          /\\ IF k > 1 THEN c ELSE TRUE
          /\\ x' = (IF c THEN 2 ELSE 1) /\\ y' = k
""", 'DISTRIBUTION Coin = BooleanChoice(0.23)\nPROBABILITY "x = 2" "y = 4"')
        found, _ = self.estimates("-num", "20000")
        self.near(found["x = 2"], 0.23)
        self.near(found["y = 4"], 0.23 / 4)

    def test_actions_and_start(self):
        """Each action has the same chance; initial states are chosen by distributions too."""
        self.write("""
EXTENDS Naturals
VARIABLES x, y
Start == {1, 2, 5}
Init == x \\in Start /\\ y = 0
A == y = 0 /\\ y' \\in 1..3 /\\ UNCHANGED x
B == y = 0 /\\ y' = 4 /\\ UNCHANGED x
Next == A \\/ B
""", 'DISTRIBUTION Start = Histogram(1, 0.5, 2, 0.25, 5, 0.25)\nPROBABILITY "y = 4" "x = 5"\n'
     'MEASURE x\nCOST A = 3\nCOST B = Constant(5)')
        found, _ = self.estimates("-num", "20000")
        self.near(found["y = 4"], 0.5)
        self.near(found["x = 5"], 0.25)
        self.near(found["x"], 2.25)
        self.near(found["all costs"], 4)
        self.near(found["A"], 1.5)
        done = subprocess.run([FATHOM, "simulate", "--uniform", "successors", "--stats", "S.cfg", "M.tla"],
                              cwd=self.directory, capture_output=True, text=True, timeout=60)
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("actions are chosen first; leave the option out", done.stderr)

    def test_choices(self):
        """Distributions over naturals, cut to the set."""
        def weights(kind):
            if kind == "Geometric(0.3)":
                return [0.3 * 0.7 ** k for k in range(9)]
            if kind == "Poisson(2.5)":
                return [math.exp(-2.5) * 2.5 ** k / math.factorial(k) for k in range(9)]
            if kind == "Binomial(6, 0.3)":
                return [math.comb(6, k) * 0.3 ** k * 0.7 ** (6 - k) if k < 7 else 0
                        for k in range(9)]
            return [(k + 1) ** -1.5 for k in range(9)]
        for kind in ("Geometric(0.3)", "Poisson(2.5)", "Binomial(6, 0.3)", "Zipf(1.5)"):
            self.write("EXTENDS Naturals\nVARIABLE x\nSize == 0..8\nInit == x = 9\n"
                       "Next == x = 9 /\\ x' \\in Size\n",
                       f"DISTRIBUTION Size = {kind}\nMEASURE x\nPROBABILITY \"x = 0\" \"x = 8\"")
            found, _ = self.estimates("-num", "10000")
            chances = weights(kind)
            total = sum(chances)
            self.near(found["x"], sum(k * w for k, w in enumerate(chances)) / total)
            self.near(found["x = 0"], chances[0] / total)

    def test_costs(self):
        """Mean and variance of each distribution, from behaviours of one step."""
        for law, mean, variance in (("Exponential(3.17)", 3.17, 3.17 ** 2),
                                    ("Uniform(2, 5)", 3.5, 9 / 12),
                                    ("Normal(4, 0.5)", 4, 0.25),
                                    ("Erlang(4, 2)", 2, 1),
                                    ("LogNormal(0, 0.5)", math.exp(0.125),
                                     (math.exp(0.25) - 1) * math.exp(0.25)),
                                    ("Pareto(6, 2)", 2.4, 6 * 4 / (25 * 4)),
                                    ("Histogram(0.5, 3, 10, 1)", 2.875, 0.1875 * 9.5 ** 2)):
            self.write("VARIABLE x\nInit == x = 0\nGo == x = 0 /\\ x' = 1\nNext == Go\n",
                       f"COST Go = {law}")
            found, _ = self.estimates("-num", "20000")
            self.near(found["Go"], mean)
            self.assertLess(abs(found["Go"]["variance"] / variance - 1), 0.15, law)

    def test_coverage(self):
        """Intervals of 90% hold the truth in about 90% of runs with different seeds."""
        self.write("EXTENDS Naturals\nVARIABLE x\nCoin == BOOLEAN\nInit == x = 0\n"
                   "Next == x = 0 /\\ \\E c \\in Coin : x' = IF c THEN 1 ELSE 2\n",
                   'DISTRIBUTION Coin = BooleanChoice(0.3)\nPROBABILITY "x = 1"')
        runs, held = 150, 0
        for seed in range(runs):
            result = json.loads(self.simulate("--json", "--stats", "S.cfg", "-seed", str(seed),
                                              "--confidence", "90%", "-num", "200", "M.tla"))
            low, high = result["simulation"]["statistics"]["estimates"][0]["interval"]
            held += low <= 0.3 <= high
        self.assertLess(abs(held / runs - 0.9), 5 * math.sqrt(0.09 / runs))

    def test_too_rare(self):
        """What cannot settle is given up by name."""
        self.write("EXTENDS Naturals\nVARIABLE x\nCoin == BOOLEAN\nInit == x = 0\n"
                   "Next == x = 0 /\\ \\E c \\in Coin : x' = IF c THEN 1 ELSE 2\n",
                   'DISTRIBUTION Coin = BooleanChoice(0.00001)\nPROBABILITY "x = 1" "x = 2"')
        found, statistics = self.estimates("--until", "1%", expect=5)
        self.assertFalse(statistics["settled"])
        self.assertEqual(statistics["given_up"]["name"], "x = 1")
        self.assertGreater(statistics["given_up"]["needed"], 5e7)
        self.assertLess(statistics["behaviors"], 12000)
        text = self.simulate("--stats", "S.cfg", "-seed", "1", "--until", "1%", "M.tla", expect=5)
        self.assertIn("Too rare to settle: x = 1 held in ", text)
        text = self.simulate("--stats", "S.cfg", "-seed", "1", "--until", "1%", "-num", "3000",
                             "M.tla", expect=5)
        self.assertIn("Not settled within 1%.", text)

    def test_in_configuration(self):
        """DISTRIBUTION and COST stand in the configuration; a check takes every choice."""
        self.write("EXTENDS Naturals\nVARIABLE x\nMessageLossProbability(a, b) == {a, b}\n"
                   "CONSTANT COST\nInit == x = COST\nSendMessage == x = 0 /\\ "
                   "\\E d \\in MessageLossProbability(FALSE, TRUE) : x' = IF d THEN 1 ELSE 2\n"
                   "Next == SendMessage\n", 'PROBABILITY "x = 1"',
                   "INIT Init\nNEXT Next\nCONSTANT COST = 0\nCHECK_DEADLOCK FALSE\n"
                   "DISTRIBUTION MessageLossProbability = BooleanChoice(0.23)\n"
                   "COST SendMessage = Exponential(3.17)")
        found, _ = self.estimates("-num", "20000")
        self.near(found["x = 1"], 0.23)
        self.near(found["SendMessage"], 3.17)
        done = subprocess.run([FATHOM, "check", "M.tla"], cwd=self.directory, capture_output=True,
                              text=True, timeout=60)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertIn("3 states generated, 3 distinct states found", done.stdout)
        self.assertIn("DISTRIBUTION has no effect: a check takes every choice", done.stderr)

    def test_problems(self):
        """Violations are found as ever; what has no number is an error."""
        text = ("EXTENDS Naturals\nVARIABLE x\nCoin == BOOLEAN\nInit == x = 0\n"
                "Next == x < 5 /\\ \\E c \\in Coin : x' = IF c THEN x + 1 ELSE x\nSet == {x}\n"
                "Low == x < 3\n")
        law = "DISTRIBUTION Coin = BooleanChoice(0.5)\n"
        self.write(text, law + "MEASURE Set")
        out = self.simulate("--stats", "S.cfg", "-num", "5", "M.tla", expect=75)
        self.assertIn("what was to be measured has no value: Set", out)
        self.write(text, law + "MEASURE x")
        self.simulate("--stats", "S.cfg", "-num", "50", "-inv", "Low", "M.tla", expect=12)
        for statistics, expect in (("COST Nobody = 3", "no action of the next-state relation is"),
                                   ("DISTRIBUTION Coin = 3", "a choice has a distribution"),
                                   ("DISTRIBUTION Coin = Poisson(1, 2)", "takes 1 argument, not 2"),
                                   ("PROBABILITY \"x' = 1\"", "no expression of one state"),
                                   ("INVARIANT Low", "expected a statement"),
                                   ("COST Next = Histogram(1, 0)", "not all 0")):
            self.write(text, statistics)
            done = subprocess.run([FATHOM, "simulate", "--stats", "S.cfg", "-num", "5", "M.tla"],
                                  cwd=self.directory, capture_output=True, text=True, timeout=60)
            self.assertEqual(done.returncode, 151, (statistics, done.stdout + done.stderr))
            self.assertIn(expect, done.stderr)
        self.write("EXTENDS Naturals\nVARIABLE x\nCoin == {1, 2}\nInit == x = 0\n"
                   "Next == x = 0 /\\ LET S == Coin IN \\E c \\in S : x' = c\n",
                   "DISTRIBUTION Coin = Uniform()")
        out = self.simulate("--stats", "S.cfg", "-num", "5", "M.tla", expect=5)
        self.assertIn("nothing was chosen by DISTRIBUTION Coin", out)
        self.write(text, "DISTRIBUTION Coin = Poisson(2)")
        out = self.simulate("--stats", "S.cfg", "-num", "5", "M.tla", expect=75)
        self.assertIn("gives no element of", out)


if __name__ == "__main__":
    at = sys.argv.index("--fathom")
    FATHOM = os.path.abspath(sys.argv[at + 1])
    del sys.argv[at:at + 2]
    unittest.main()
