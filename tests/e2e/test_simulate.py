#!/usr/bin/env python3
"""Random behaviours: fathom simulate as a shell sees it.

usage: tests/e2e/test_simulate.py --fathom PROGRAM [unittest's arguments]
"""
import json
import math
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
FATHOM = None

WALK = """
EXTENDS Naturals
VARIABLES s, n
Init == s \\in {0, 1} /\\ n = 0
Up == s < 5 /\\ s' = s + 1 /\\ n' = n + 1
Down(k) == s >= k /\\ s' = s - k /\\ n' = n
Next == Up \\/ \\E k \\in 1..2 : Down(k)
Spec == Init /\\ [][Next]_<<s, n>>
Small == n < 7
Few == n < 3
Never == n < 0
Step == [][n' <= n]_n
Begin == s = 0
"""


class Simulate(unittest.TestCase):
    def setUp(self):
        self.directory = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, self.directory)
        os.environ["XDG_CACHE_HOME"] = os.path.join(self.directory, "cache")
        self.write("Walk", WALK, "SPECIFICATION Spec")

    def path(self, name):
        return os.path.join(self.directory, name)

    def write(self, name, text, config):
        with open(self.path(name + ".tla"), "w", encoding="utf-8") as file:
            file.write(f"---- MODULE {name} ----\n{text.strip()}\n====\n")
        with open(self.path(name + ".cfg"), "w", encoding="utf-8") as file:
            file.write(config + "\n")

    def config(self, name, text):
        with open(self.path(name), "w", encoding="utf-8") as file:
            file.write(text + "\n")

    def fathom(self, *arguments, expect=0):
        done = subprocess.run([FATHOM, *arguments], cwd=self.directory, capture_output=True,
                              text=True, timeout=250)
        self.assertEqual(done.returncode, expect, done.stdout + done.stderr)
        return done.stdout

    def simulate(self, *arguments, expect=0):
        return self.fathom("simulate", *arguments, expect=expect)

    def json(self, *arguments, expect=0):
        return json.loads(self.simulate("--json", *arguments, expect=expect))

    def same_parts(self, result):
        """What neither the number of workers nor the tier may change."""
        return {key: value for key, value in result.items()
                if key not in ("seconds", "workers", "native")}

    def test_workers_and_tiers(self):
        """A behaviour is a function of the seed and its number."""
        for uniform in ("successors", "actions"):
            for rest in (["-num", "3000"], ["-inv", "n < 14"], ["-num", "200", "-continue", "-inv",
                                                                "Small"]):
                results = []
                for how in (["-workers", "1", "--no-native"], ["-workers", "3", "--no-native"],
                            ["-workers", "1", "--native-wait"], ["-workers", "2", "--native-wait"],
                            ["-workers", "2"]):
                    result = self.json("-seed", "11", "-depth", "20", "-deadlock", "--uniform",
                                       uniform, *rest, *how, "Walk.tla",
                                       expect=0 if rest[0] == "-num" and len(rest) == 2 else 12)
                    results.append(self.same_parts(result))
                for result in results[1:]:
                    self.assertEqual(result, results[0], (uniform, rest))

    def test_same_bytes(self):
        def run():
            text = self.simulate("-seed", "4", "-workers", "1", "-inv", "Small", "Walk.tla",
                                 expect=12)
            return re.sub(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d|Finished in \d+s", "", text)
        self.assertEqual(run(), run())

    def test_only(self):
        """The behaviour that failed is walked again by its number alone."""
        result = self.json("-seed", "5", "-inv", "n < 21", "-depth", "30", "Walk.tla", expect=12)
        number = result["simulation"]["first_failed"]
        self.assertGreater(number, 5)
        again = self.json("-seed", "5", "-inv", "n < 21", "-depth", "30", "--only", str(number),
                          "Walk.tla", expect=12)
        self.assertEqual(again["problems"], result["problems"])
        self.assertEqual(again["simulation"]["behaviors"], 1)
        self.assertTrue(again["problems"][0]["trace"]["executed"])
        text = self.simulate("-seed", "5", "-inv", "n < 21", "-depth", "30", "Walk.tla", expect=12)
        self.assertIn("-seed 5 --only %d walks it again" % number, text)

    def test_seeds(self):
        """Neighbouring seeds and arils share no behaviours; a drawn seed is printed."""
        def lengths(*arguments):
            self.simulate("-depth", "9", "num=40,file=" + self.path("t"), *arguments, "Walk.tla")
            texts = []
            for i in range(40):
                with open(self.path("t_0_%d" % i), encoding="utf-8") as file:
                    texts.append(file.read().split("\n", 1)[1])
            return texts
        one, two, three = lengths("-seed", "1"), lengths("-seed", "2"), lengths("-seed", "1",
                                                                                "-aril", "1")
        for shift in range(-3, 4):
            for other in (two, three):
                same = sum(one[i] == other[i + shift] for i in range(3, 37))
                self.assertLess(same, 10)
        text = self.simulate("-num", "5", "Walk.tla")
        seed = re.search(r"with seed (-?\d+) with", text).group(1)
        self.assertIn("Simulation using seed %s and aril 0" % seed, text)

    def test_trace_file(self):
        self.simulate("-seed", "3", "-depth", "2", "-workers", "2", "num=2,file=t", "Walk.tla")
        with open(self.path("t_0_1"), encoding="utf-8") as file:
            lines = file.read().splitlines()
        self.assertEqual(lines[0], "---------------- MODULE t_0_1 -----------------")
        self.assertEqual(lines[1:3], ["\\* <Initial predicate>", "STATE_1 == "])
        self.assertRegex(lines[3], r"^/\\ s = [01]$")
        self.assertEqual(lines[4], "/\\ n = 0")
        self.assertEqual([line for line in lines if line.startswith("STATE")],
                         ["STATE_1 == ", "STATE_2 == ", "STATE_3 == "])
        self.assertRegex(lines[7], r"^\\\* <(Up|Down\([12]\)) line \d, col \d+ to line")
        self.assertEqual(lines[-1], "=" * 49)
        self.assertFalse(os.path.exists(self.path("t_0_2")))
        self.simulate("num=1,file=none/t", "Walk.tla", expect=255)

    def test_chances(self):
        """Each successor, or each action, with the same chance: within five standard deviations."""
        self.write("Odds", """
EXTENDS Naturals
VARIABLE x
Init == x = 0
A == x = 0 /\\ x' \\in 1..3
B == x = 0 /\\ x' = 4
C == x = 9 /\\ x' = 4
Next == A \\/ B \\/ C
""", "INIT Init\nNEXT Next\nCHECK_DEADLOCK FALSE")
        count = 20000
        for uniform, chance in (("successors", 3 / 4), ("actions", 1 / 2)):
            result = self.json("-num", str(count), "-seed", "9", "--uniform", uniform, "Odds.tla")
            taken = {action["name"]: action["taken"] for action in result["actions"]}
            self.assertEqual(taken["A"] + taken["B"], count)
            deviation = math.sqrt(chance * (1 - chance) / count)
            self.assertLess(abs(taken["A"] / count - chance), 5 * deviation)
            self.assertEqual(result["simulation"]["ends"]["final"], count)

    def test_initial_chances(self):
        """Initial states too, however many workers there are."""
        self.write("Start", "EXTENDS Naturals\nVARIABLE x\nInit == x \\in 0..9\n"
                   "Next == x < 3 /\\ x' = 10\n", "INIT Init\nNEXT Next\nCHECK_DEADLOCK FALSE")
        result = self.json("-num", "20000", "-seed", "1", "-workers", "2", "Start.tla")
        share = result["simulation"]["steps"] / 20000
        self.assertLess(abs(share - 0.3), 5 * math.sqrt(0.21 / 20000))

    def test_depth(self):
        """As in TLC: N steps, N + 1 states, and the state behind is not looked at."""
        result = self.json("-num", "3", "-depth", "7", "Walk.tla")
        self.assertEqual(result["simulation"]["length"],
                         {"min": 8, "max": 8, "mean": 8, "variance": 0})
        result = self.json("-num", "3", "Walk.tla")
        self.assertEqual(result["simulation"]["length"]["max"], 101)
        self.write("Chain", "EXTENDS Naturals\nVARIABLE x\nInit == x = 0\n"
                   "Next == x < 4000 /\\ x' = x + 1\n", "INIT Init\nNEXT Next")
        result = self.json("-num", "2", "-depth", "-1", "Chain.tla", expect=11)
        self.assertEqual(result["simulation"]["length"]["max"], 4001)
        self.assertEqual(result["simulation"]["behaviors"], 1)
        self.simulate("-num", "1", "-depth", "4", "-inv", "x < 5", "Chain.tla")
        self.simulate("-num", "1", "-depth", "5", "-inv", "x < 5", "Chain.tla", expect=12)

    def test_constraints(self):
        """States outside are judged and never entered; only then is a behaviour at its end."""
        self.config("In.cfg", "SPECIFICATION Spec\nCONSTRAINT Few")
        result = self.json("-num", "300", "-seed", "2", "-config", "In.cfg", "Walk.tla")
        self.assertGreater(result["simulation"]["ends"]["constraint"], 0)
        self.assertEqual(result["simulation"]["ends"]["final"], 0)
        up = [action for action in result["actions"] if action["name"] == "Up"][0]
        self.assertGreater(up["generated"], up["in_model"])
        self.simulate("-num", "300", "-inv", "n < 4", "-config", "In.cfg", "Walk.tla")
        self.simulate("-num", "300", "-inv", "n < 3", "-config", "In.cfg", "Walk.tla", expect=12)
        self.simulate("-num", "300", "--as-tlc", "-config", "In.cfg", "Walk.tla", expect=11)
        self.config("In.cfg", "SPECIFICATION Spec\nCONSTRAINT Never")
        self.assertIn("There is no state satisfying the initial state predicate and the state-",
                      self.simulate("-config", "In.cfg", "Walk.tla", expect=255))

    def test_problems(self):
        """Statuses of a check; what emitted code finds the interpreter finds again."""
        self.config("Step.cfg", "SPECIFICATION Spec\nPROPERTY Step")
        for how in ("--native-wait", "--no-native"):
            result = self.json("-num", "50", how, "-config", "Step.cfg", "Walk.tla", expect=13)
            self.assertEqual(result["problems"][0]["kind"], "action_property")
            self.assertTrue(result["problems"][0]["trace"]["executed"])
        result = self.json("-inv", "s = 0", "Walk.tla", expect=12)
        self.assertEqual(result["problems"][0]["tlc_code"], 2107)
        self.config("Step.cfg", "SPECIFICATION Spec\nPROPERTY Begin")
        self.simulate("-num", "5", "-config", "Step.cfg", "Walk.tla", expect=13)
        self.simulate("-num", "5", "--as-tlc", "-config", "Step.cfg", "Walk.tla")
        self.write("Dead", "EXTENDS Naturals, TLC\nVARIABLE x\nInit == x = 0\n"
                   "Next == x < 3 /\\ x' = x + 1\nWrong == x < 2 \\/ x = {}\n"
                   "Bad == x < 2 \\/ Assert(FALSE, \"no\")\nPost == TLCGet(\"stats\").traces = 1\n"
                   "No == FALSE\n",
                   "INIT Init\nNEXT Next")
        result = self.json("-num", "5", "Dead.tla", expect=11)
        self.assertEqual(len(result["problems"][0]["trace"]["states"]), 4)
        self.assertTrue(result["problems"][0]["trace"]["executed"])
        self.assertEqual(result["problems"][0]["disabled"][0]["text"], "x < 3")
        self.assertIn("4 states", self.simulate("-num", "5", "-deadlock", "Dead.tla").replace(
            "to 4 states", "4 states"))
        self.simulate("-num", "5", "-inv", "Wrong", "Dead.tla", expect=76)
        self.simulate("-num", "5", "-deadlock", "-postCondition", "Dead!No", "Dead.tla", expect=10)
        self.simulate("-num", "1", "-deadlock", "-postCondition", "Dead!Post", "Dead.tla")
        self.write("Fails", "EXTENDS Naturals, TLC\nVARIABLE x\nInit == x = 0\n"
                   "Next == x' = x + 1 /\\ (x < 2 \\/ Assert(FALSE, \"no\"))\n",
                   "INIT Init\nNEXT Next")
        self.simulate("-num", "5", "Fails.tla", expect=14)
        self.write("None", "EXTENDS Naturals\nVARIABLE x\nInit == x \\in {}\nNext == x' = x\n"
                   "ASSUME 1 = 2\n", "INIT Init\nNEXT Next")
        self.simulate("None.tla", expect=10)
        self.write("None", "EXTENDS Naturals\nVARIABLE x\nInit == x \\in {}\nNext == x' = x\n",
                   "INIT Init\nNEXT Next")
        self.simulate("None.tla", expect=255)

    def test_temporal(self):
        """What needs behaviours without an end is not said to hold."""
        self.write("Walk", WALK + "Ever == <>(n = 99)\n", "SPECIFICATION Spec\nPROPERTY Ever")
        text = self.simulate("-num", "5", "-depth", "7", "Walk.tla", expect=2)
        self.assertIn("a simulation samples behaviors", text)

    def test_continue(self):
        result = self.json("-num", "50", "-seed", "1", "-continue", "-inv", "Small", "Walk.tla",
                           expect=12)
        self.assertEqual(result["simulation"]["behaviors"], 50)
        self.assertEqual(len(result["problems"]), result["simulation"]["ends"]["failed"])
        self.assertGreater(len(result["problems"]), 20)

    def test_stuttering(self):
        """Steps that change nothing are left out of a trace where that changes nothing."""
        self.write("Idle", "EXTENDS Naturals, TLC\nVARIABLE x\nInit == x = 0\n"
                   "Next == x' = x \\/ x' = x \\/ x' = x + 1\nLevel == TLCGet(\"level\") < 9\n",
                   "INIT Init\nNEXT Next")
        result = self.json("-inv", "x < 3", "-seed", "2", "Idle.tla", expect=12)
        self.assertEqual(len(result["problems"][0]["trace"]["states"]), 4)
        self.assertTrue(result["problems"][0]["trace"]["executed"])
        result = self.json("-inv", "Level", "-seed", "2", "Idle.tla", expect=12)
        self.assertEqual(len(result["problems"][0]["trace"]["states"]), 9)
        self.assertTrue(result["problems"][0]["trace"]["executed"])

    def test_tlcget(self):
        self.write("Get", """
EXTENDS Naturals, Sequences, TLC, TLCExt
VARIABLE x
Init == x = 0
Up == x < 4 /\\ x' = x + 1
Next == Up
Config == LET c == TLCGet("config") IN
  /\\ c.mode = "simulate" /\\ c.depth = 6 /\\ c.traces = 30 /\\ c.deadlock = FALSE
  /\\ c.seed = "7" /\\ c.aril = "2" /\\ c.worker = 1 /\\ c.sched = "Random"
ASSUME Config
Diameter == TLCGet("diameter") \\in 0..30 /\\ TLCGet("duration") < 1000
Behaviour == x = 0 \\/
  LET b == TLCGet("stats").behavior IN
  b.id = TLCGet("stats").traces /\\ b.actions.Up = TLCGet("level") - 1 /\\ b.actions.Up = x
Path == Len(Trace) = x + 1 /\\ Trace[1].x = 0
Stop == TLCSet("exit", TLCGet("diameter") > 11)
""", "INIT Init\nNEXT Next\nINVARIANTS Diameter Behaviour Path\nCHECK_DEADLOCK FALSE")
        arguments = ["-seed", "7", "-aril", "2", "-num", "30", "-depth", "6", "-workers", "1"]
        result = self.json(*arguments, "Get.tla")
        self.assertEqual(result["simulation"]["behaviors"], 30)
        self.config("Stop.cfg", "INIT Init\nNEXT Next\nCONSTRAINT Stop\nCHECK_DEADLOCK FALSE")
        result = self.json(*arguments, "-config", "Stop.cfg", "Get.tla")
        self.assertEqual((result["end"], result["simulation"]["behaviors"]), ("exit", 11))

    def test_random_values(self):
        """RandomElement too follows from the behaviour's number alone."""
        self.write("Draw", "EXTENDS Naturals, TLC\nVARIABLE x\nInit == x = 0\n"
                   "Next == x' = RandomElement(1..1000)\n", "INIT Init\nNEXT Next")
        def run(*arguments, expect=12):
            return self.same_parts(self.json("-seed", "3", "-inv", "x < 995", *arguments,
                                             "Draw.tla", expect=expect))
        result = run("-workers", "1", "-depth", "10")
        self.assertEqual(run("-workers", "3", "-depth", "10"), result)
        number = str(result["simulation"]["first_failed"])
        again = run("-depth", "10", "--only", number)
        self.assertEqual(again["problems"], result["problems"])
        self.assertIn("draws random values", result["problems"][0]["trace"]["note"])

    def test_coverage(self):
        text = self.simulate("-num", "100", "-seed", "1", "-coverage", "1", "Walk.tla")
        self.assertRegex(text, r"<Up line 5[^\n]*>: \d+:\d+")

    def start(self, *arguments):
        process = subprocess.Popen([FATHOM, "simulate", *arguments], cwd=self.directory,
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.addCleanup(lambda: process.poll() is None and process.kill())
        return process

    def await_note(self, name):
        begin = time.monotonic()
        while time.monotonic() - begin < 60:
            if os.path.exists(self.path(name)):
                with open(self.path(name), encoding="utf-8") as file:
                    text = file.read()
                if re.search(r"^behavior +[1-9]", text, re.M):
                    return text
            time.sleep(0.02)
        self.fail("no behaviour was noted")
        return None

    def test_interrupt(self):
        for arguments in ([], ["-depth", "-1", "-num", "1"]):
            process = self.start("-seed", "6", "--note", "note", *arguments, "Walk.tla")
            if arguments:
                time.sleep(1)
            else:
                self.await_note("note")
            process.send_signal(signal.SIGINT)
            out, errors = process.communicate(timeout=60)
            self.assertEqual(process.returncode, 130, out + errors)
            self.assertIn("Interrupted. This is what was checked so far:", out)
            self.assertRegex(out, r"The number of states generated: [1-9]\d*\n"
                                  r"Simulation using seed 6 and aril 0")
            self.assertFalse(os.path.exists(self.path("note")))

    def test_killed(self):
        """The note of a process that is killed says what to walk again."""
        process = self.start("-seed", "12", "-workers", "2", "--note", "note", "Walk.tla")
        self.await_note("note")
        process.kill()
        process.communicate(timeout=60)
        with open(self.path("note"), encoding="utf-8") as file:
            lines = file.read().splitlines()
        self.assertEqual(lines[0].split(), ["seed", "12"])
        self.assertEqual([line.split()[0] for line in lines[1:]], ["behavior", "behavior"])
        self.assertEqual({len(line) for line in lines[1:]}, {31})
        self.simulate("-seed", "12", "--only", lines[1].split()[1], "Walk.tla")

    def test_crash(self):
        process = self.start("-seed", "13", "-workers", "1", "--note", "note", "Walk.tla")
        self.await_note("note")
        process.send_signal(signal.SIGABRT)
        errors = process.communicate(timeout=60)[1]
        self.assertRegex(errors, r"died (in|during) behavior \d+; -seed 13 --only \d+ walks it again")
        self.assertNotEqual(process.returncode, 0)

    def test_command_line(self):
        for arguments, text in ((["--states", "Walk.tla"], "--states belongs to `fathom check`"),
                                (["--exact", "Walk.tla"], "--exact belongs to `fathom check`"),
                                (["--uniform", "all", "Walk.tla"], "takes successors or actions"),
                                (["num=x", "Walk.tla"], "num= takes a number, not `x`"),
                                (["num=1,fil=x", "Walk.tla"], "is neither num=N nor file=PREFIX"),
                                (["-num", "Walk.tla"], "-num takes a number"),
                                ([], "no specification was given")):
            done = subprocess.run([FATHOM, "simulate", *arguments], cwd=self.directory,
                                  capture_output=True, text=True, timeout=60)
            self.assertEqual(done.returncode, 1)
            self.assertIn(text, done.stderr)
        done = subprocess.run([FATHOM, "check", "-num", "3", "Walk.tla"], cwd=self.directory,
                              capture_output=True, text=True, timeout=60)
        self.assertEqual(done.returncode, 1)
        self.assertIn("-num belongs to `fathom simulate`", done.stderr)
        self.simulate("-simulate", "num=2", "Walk.tla")
        self.assertIn("--uniform", self.fathom("help", "simulate"))


if __name__ == "__main__":
    at = sys.argv.index("--fathom")
    FATHOM = os.path.abspath(sys.argv[at + 1])
    del sys.argv[at:at + 2]
    unittest.main()
