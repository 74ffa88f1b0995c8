#!/usr/bin/env python3
"""What fathom fuzz says of systems that get stuck, and of those that do not.

usage: tests/e2e/test_progress.py --fathom PROGRAM [unittest's arguments]
"""
import json
import os
import shutil
import subprocess
import sys
import tempfile
import unittest

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
FATHOM = None
SANITIZED = False
NOBODY = "no progress: no request is answered within # rounds after all faults healed"
SOME = ("no progress: not all clients are served within # rounds after all faults healed: "
        "client # of #")


class Progress(unittest.TestCase):
    def setUp(self):
        self.directory = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, self.directory)

    def path(self, name):
        return os.path.join(self.directory, name)

    def fathom(self, *arguments, expect=0):
        done = subprocess.run([FATHOM, *arguments], cwd=self.directory, capture_output=True,
                              text=True, timeout=250)
        self.assertEqual(done.returncode, expect, done.stdout + done.stderr)
        return done.stdout

    def fuzz(self, mistake, *arguments, expect=3):
        subprocess.run(["cc", "-shared", "-fPIC", "-O1", "-I", os.path.join(ROOT, "include"),
                        "-DMISTAKE=" + mistake, "-o", self.path("relay.so"),
                        os.path.join(ROOT, "tests/sim/relay.c")], check=True)
        return json.loads(self.fathom("fuzz", "--json", "--seed", "1", "--horizon", "60", "--hang",
                                      "1", *arguments, "relay.so", expect=expect))

    def check_replay(self, finding):
        """It repeats, with the events behind the schedule, and it is 1-minimal."""
        replay = json.loads(self.fathom("replay", "--json", "--svg", "out.svg", finding))
        self.assertTrue(replay["same"])
        self.assertEqual(replay["finding"]["rounds"], 10)
        drain = [event for event in replay["events"] if event["drain"]]
        self.assertGreater(len(drain), 3)
        self.assertEqual([e for e in replay["events"] if e["drain"]], replay["events"][-len(drain):])
        for event in drain:
            self.assertNotIn(event["kind"], ("crash", "drop", "cut", "isolate", "pause", "jump"))
        with open(self.path("out.svg"), encoding="utf-8") as file:
            self.assertIn("all faults heal", file.read())
        self.assertIn("all faults heal", self.fathom("replay", finding))
        with open(self.path(finding), encoding="utf-8") as file:
            head, _, choices = file.read().partition("choices: ")
        lines = choices.splitlines(keepends=True)[1:]
        for i in range(len(lines)):
            with open(self.path("less"), "w", encoding="utf-8") as file:
                file.write(f"{head}choices: {len(lines) - 1}\n" + "".join(lines[:i] + lines[i + 1:]))
            out = self.fathom("replay", "--json", "less", expect=3)
            self.assertNotEqual(json.loads(out)["signature"], replay["signature"])

    def test_correct(self):
        """Not once in 20,000 schedules."""
        schedules = 2000 if SANITIZED else 20000
        result = self.fuzz("NONE", "--schedules", str(schedules), expect=0)
        self.assertEqual(result["schedules"], schedules)
        self.assertEqual((result["hits"], result["undecided"], result["unstable"]), (0, 0, 0))
        self.assertGreater(result["drained"], 10 * schedules)
        result = self.fuzz("NONE", "--schedules", "500", "--nodes", "7", expect=0)
        self.assertEqual((result["hits"], result["undecided"]), (0, 0))

    def test_stuck(self):
        result = self.fuzz("ASKS_ONCE", "--schedules", "3000")
        self.assertEqual([finding["signature"] for finding in result["findings"]], [NOBODY])
        self.check_replay(result["findings"][0]["file"])
        result = self.fuzz("KEEPS", "--schedules", "3000")
        signatures = sorted(finding["signature"] for finding in result["findings"])
        self.assertEqual(signatures, [NOBODY, SOME])
        for finding in result["findings"]:
            self.check_replay(finding["file"])

    def test_off(self):
        result = self.fuzz("KEEPS", "--schedules", "500", "--rounds", "0", expect=0)
        self.assertEqual((result["hits"], result["drained"]), (0, 0))

    def test_few_rounds(self):
        """The finding says how many there were."""
        result = self.fuzz("KEEPS", "--schedules", "500", "--rounds", "1", "--no-minimize")
        with open(self.path(result["findings"][0]["file"]), encoding="utf-8") as file:
            self.assertIn("\nrounds: 1\n", file.read())

    def test_undecided(self):
        """A system that floods the network is neither found stuck nor said to get on."""
        result = self.fuzz("STORM", "--schedules", "20", expect=0)
        self.assertGreater(result["undecided"], 10)

    def test_crash_and_hang(self):
        """The process dies behind the schedule, or never comes back from there."""
        result = self.fuzz("DIES", "--schedules", "20", "--horizon", "1")
        self.assertRegex(result["findings"][0]["signature"], "^crash: SIGABRT")
        self.assertEqual(result["findings"][0]["choices"], 0)
        self.assertIn("in the drain", self.fathom("replay", result["findings"][0]["file"]))
        result = self.fuzz("HANGS", "--schedules", "1", "--horizon", "1", "--no-minimize")
        self.assertEqual(result["findings"][0]["signature"],
                         "hang: the drain did not return within # ms")


if __name__ == "__main__":
    at = sys.argv.index("--fathom")
    FATHOM = os.path.abspath(sys.argv[at + 1])
    del sys.argv[at:at + 2]
    with open(FATHOM, "rb") as program:
        text = program.read()
    SANITIZED = b"__asan_init" in text or b"__tsan_init" in text
    # Signals are the target's: sanitizers would turn them into exits.
    for variable in ("ASAN_OPTIONS", "TSAN_OPTIONS"):
        os.environ[variable] = os.environ.get(variable, "") + ":handle_segv=0:handle_abort=0"
    unittest.main()
