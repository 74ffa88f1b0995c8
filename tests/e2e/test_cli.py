#!/usr/bin/env python3
"""The program from the outside: exit statuses, streams, signals, files that are not there.

usage: tests/e2e/test_cli.py --fathom PROGRAM [unittest's arguments]

What a specification means is tested elsewhere (tests/spec); here it is what a shell sees.
"""
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
import unittest

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
FATHOM = None

COUNTER = """---- MODULE Counter ----
EXTENDS Naturals, TLC
CONSTANT Max
VARIABLES x, y
vars == <<x, y>>
Init == x = 0 /\\ y = 0
Up(d) == x + d <= Max /\\ x' = x + d /\\ UNCHANGED y
Turn == y' = 1 - y /\\ UNCHANGED x
Next == (\\E d \\in 1..2 : Up(d)) \\/ Turn
Spec == Init /\\ [][Next]_vars
Small == x < 3
Always == x <= Max
Grows == [][x' >= x]_vars
Shrinks == [][x' <= x]_vars
Live == <>(x = Max)
Fair == Spec /\\ WF_vars(\\E d \\in 1..2 : Up(d)) /\\ WF_vars(Turn)
Rests == <>[](y = 0)
Turns == []<>(y = 1)
Near == x <= 3
Seen == x
Stuck == x < Max /\\ x' = x + 1 /\\ UNCHANGED y
Odd == x # 2 \\/ x = "two"
Broken == []<>Odd
Refuses == Assert(x < 3, "three") /\\ Next
Started == x > 0
Unvisited == TLCGet("distinct") = 0
Said == PrintT("said")
====
"""

WIDE = """---- MODULE Wide ----
EXTENDS Naturals
VARIABLES x, y
Init == x \\in 1..300 /\\ y = 0
Next == \\/ y < 33 /\\ y' = y + 1 /\\ x' = x
        \\/ y = 33 /\\ UNCHANGED <<x, y>>
====
"""
ENDLESS = """---- MODULE Endless ----
EXTENDS Naturals
VARIABLES a, b, c
Init == a = 0 /\\ b = 0 /\\ c = 0
Next == \\/ a' = a + 1 /\\ UNCHANGED <<b, c>>
        \\/ b' = b + 1 /\\ UNCHANGED <<a, c>>
        \\/ c' = c + 1 /\\ UNCHANGED <<a, b>>
====
"""

BASE = "CONSTANT Max = 5\nSPECIFICATION Spec\n"


class Program(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory(prefix="fathom-cli-")
        self.addCleanup(self.folder.cleanup)
        self.write("Counter.tla", COUNTER)
        self.write("Counter.cfg", BASE)

    def write(self, name, text):
        path = os.path.join(self.folder.name, name)
        with open(path, "wb") as file:
            file.write(text if isinstance(text, bytes) else text.encode())
        return path

    def environment(self, **more):
        environment = {key: value for key, value in os.environ.items() if key != "FATHOM_PATH"}
        environment.update({"TZ": "UTC", "LC_ALL": "C.UTF-8", "TERM": "xterm"}, **more)
        return environment

    def run_fathom(self, *arguments, **more):
        return subprocess.run([FATHOM, *arguments], cwd=self.folder.name, stdin=subprocess.DEVNULL,
                              capture_output=True, env=self.environment(), timeout=120,
                              check=False, text=True, errors="replace", **more)

    def check(self, config=None, *arguments):
        if config is not None:
            self.write("Counter.cfg", config)
        return self.run_fathom("check", *arguments, "Counter.tla")

    def start(self, *arguments, **more):
        process = subprocess.Popen([FATHOM, *arguments], cwd=self.folder.name,
                                   stdin=subprocess.DEVNULL, env=self.environment(), text=True,
                                   **more)

        def end():
            if process.poll() is None:
                process.kill()
            process.wait()
            for stream in (process.stdout, process.stderr):
                if stream is not None:
                    stream.close()
        self.addCleanup(end)
        return process


class Statuses(Program):
    def expect(self, status, config, *arguments):
        result = self.check(config, *arguments)
        self.assertEqual(result.returncode, status, result.stdout + result.stderr)
        return result

    def test_all_holds(self):
        result = self.expect(0, BASE + "INVARIANT Always\n")
        self.assertIn("Model checking completed. No error has been found.\n", result.stdout)
        self.assertIn("12 distinct states found, 0 states left on queue.\n", result.stdout)
        self.assertEqual(result.stderr, "")

    def test_invariant(self):
        result = self.expect(12, BASE + "INVARIANT Small\n", "-workers", "1")
        self.assertIn("Error: Invariant Small is violated.\n", result.stdout)
        self.assertIn("State 1: <Initial predicate>\n/\\ x = 0\n/\\ y = 0\n", result.stdout)
        self.assertIn("State 2: <Up(", result.stdout)
        self.assertIn("(at stop)", result.stdout)

    def test_every_number_of_workers(self):
        lines = set()
        for workers in ("1", "2", "4", "auto"):
            result = self.expect(0, BASE, "-workers", workers)
            lines.add(re.search(r"^\d+ states generated.*$", result.stdout, re.M).group())
        self.assertEqual(len(lines), 1, lines)

    def test_action_property(self):
        result = self.expect(13, BASE + "PROPERTY Shrinks\n")
        self.assertIn("Error: Action property Shrinks is violated.\n", result.stdout)
        self.expect(0, BASE + "PROPERTY Grows\n")

    def test_initial_violation(self):
        result = self.expect(12, BASE + "INVARIANT Started\n")
        self.assertIn("Error: Invariant Started is violated by the initial state:\n/\\ x = 0\n",
                      result.stdout)

    def test_deadlock(self):
        config = "CONSTANT Max = 2\nINIT Init\nNEXT Stuck\n"
        result = self.expect(11, config)
        self.assertIn("Error: Deadlock reached.\n", result.stdout)
        self.expect(0, config, "-deadlock")
        self.expect(0, config + "CHECK_DEADLOCK FALSE\n")

    def test_assert(self):
        config = "CONSTANT Max = 5\nINIT Init\nNEXT Refuses\n"
        result = self.expect(14, config)
        self.assertIn("three", result.stdout)

    def test_evaluation_errors(self):
        result = self.expect(76, BASE + "INVARIANT Odd\n")
        self.assertIn("Error: Evaluating invariant Odd failed.\n", result.stdout)
        self.assertRegex(result.stdout, r"Counter\.tla:\d+:\d+: error\[FM\d{4}\]: ")

    def test_postcondition(self):
        result = self.expect(10, BASE + "POSTCONDITION Unvisited\n")
        self.assertIn("Error: Postcondition Unvisited", result.stdout)

    def test_assumption(self):
        self.write("Counter.tla", COUNTER.replace("VARIABLES", "ASSUME Max > 7\nVARIABLES"))
        result = self.expect(10, BASE)
        self.assertRegex(result.stdout, r"Error: Assumption line 4, col 8 to line 4, col 14 of "
                                        r"module Counter is false\.\n")

    def test_temporal_property_is_violated(self):
        result = self.expect(13, BASE + "PROPERTY Live\n")
        self.assertIn("Error: Temporal property Live was violated.\n", result.stdout)
        self.assertRegex(result.stdout, r"State 1: <Initial predicate>\n/\\ x = 0\n/\\ y = 0\n\n"
                                        r"State 2: Stuttering\n")
        self.assertIn("hint: the specification has no fairness", result.stdout)
        self.assertNotIn("Model checking completed. No error has been found.", result.stdout)
        self.expect(12, BASE + "PROPERTY Live\nINVARIANT Small\n")

    def test_temporal_property_holds(self):
        result = self.expect(0, BASE.replace("Spec", "Fair") + "PROPERTY Live\n")
        self.assertIn("Model checking completed. No error has been found.", result.stdout)
        self.assertIn("1 property decided in ", result.stdout)

    def test_temporal_properties_that_are_not_decided(self):
        result = self.expect(2, BASE + "PROPERTY Live\nVIEW Seen\n")
        self.assertIn("The temporal part was NOT checked: Live.", result.stdout)
        self.assertIn("That is because with a VIEW different states", result.stdout)
        self.assertNotIn("Model checking completed. No error has been found.", result.stdout)
        result = self.expect(0, BASE + "PROPERTY Live\n", "-lncheck", "off")
        self.assertIn("The temporal part was NOT checked: Live.", result.stdout)
        self.expect(13, BASE + "PROPERTY Live\n", "-lncheck", "final")

    def test_several_temporal_properties(self):
        config = BASE.replace("Spec", "Fair") + "PROPERTY Live Rests Turns\n"
        result = self.expect(13, config)
        self.assertIn("Error: Temporal property Rests was violated.\n", result.stdout)
        self.assertIn("Not decided: Turns.\n", result.stdout)
        self.assertRegex(result.stdout, r"\nBack to state \d+: <Turn line 8, col 9 to line 8, ")
        result = self.expect(13, config, "-continue")
        self.assertNotIn("Not decided", result.stdout)
        self.assertIn("3 properties decided", result.stdout)

    def test_steps_do_not_depend_on_the_number_of_workers(self):
        self.write("Wide.tla", WIDE.replace("====", "Spec == Init /\\ [][Next]_<<x, y>> /\\ WF_<<x, y>>(Next)\n"
                                            "Ends == <>(y = 33)\nRests == <>(x > 299 \\/ y = 34)\n===="))
        self.write("Wide.cfg", "SPECIFICATION Spec\nPROPERTY Ends Rests\n")
        shown = set()
        for workers in ("1", "2", "4"):
            result = self.run_fathom("check", "-workers", workers, "--json", "Wide.tla")
            self.assertEqual(result.returncode, 13, result.stdout + result.stderr)
            report = json.loads(result.stdout)
            temporal = report["temporal"]
            self.assertEqual([temporal["states"], temporal["steps"]], [10200, 20100])
            self.assertEqual([entry["verdict"] for entry in temporal["properties"]],
                             ["holds", "violated"])
            shown.add(json.dumps([temporal["letters"], report["problems"]]))
        self.assertEqual(len(shown), 1)

    def test_atom_without_a_value(self):
        result = self.expect(255, BASE + "PROPERTY Broken\n")
        self.assertIn("Error: Evaluating Odd, a part of", result.stdout)
        self.assertRegex(result.stdout, r"State 2: <Up\(2\) .*\n/\\ x = 2 ")
        self.assertNotIn("State 3", result.stdout)

    def test_temporal_part_beside_constraints(self):
        result = self.expect(13, BASE + "PROPERTY Live\nCONSTRAINT Near\n")
        self.assertIn("Temporal properties were decided without 6 steps that lead out", result.stdout)

    def test_syntax_error(self):
        self.write("Counter.tla", COUNTER.replace("Small ==", "Small =="  " /\\ )"))
        result = self.expect(150, BASE)
        self.assertRegex(result.stderr, r"^Counter\.tla:11:\d+: error\[FM1\d{3}\]: ")

    def test_configuration(self):
        self.expect(151, BASE + "INVARIANT Smal\n")
        self.expect(255, BASE + "INVARIAN Small\n")
        os.remove(os.path.join(self.folder.name, "Counter.cfg"))
        result = self.expect(255, None)
        self.assertIn("Counter.cfg", result.stderr)

    def test_configuration_of_another_name(self):
        self.write("Other.cfg", BASE + "INVARIANT Small\n")
        self.expect(12, None, "-config", "Other.cfg")
        self.expect(12, None, "-config", "Other")

    def test_continue_counts_on(self):
        result = self.expect(12, BASE + "INVARIANT Small\n", "-continue")
        self.assertGreater(result.stdout.count("Error: Invariant Small is violated.\n"), 1)
        self.assertIn("12 distinct states found, 0 states left on queue.\n", result.stdout)

    def test_depth(self):
        result = self.expect(0, BASE, "-depth", "2")
        self.assertIn("No error has been found in behaviors of at most 2 states", result.stdout)

    def test_more_invariants(self):
        self.expect(12, BASE, "-inv", "x # 4")
        result = self.run_fathom("check", "-inv", "x #", "Counter.tla")
        self.assertNotEqual(result.returncode, 0)

    def test_diff_trace(self):
        result = self.expect(12, BASE + "INVARIANT Small\n", "-difftrace")
        self.assertEqual(result.stdout.count("/\\ y = 0\n"), 1)


class Streams(Program):
    def read(self, *arguments, config=None):
        result = self.check(config, "--json", *arguments)
        self.assertEqual(result.stdout.count("\n"), 1, result.stdout)
        return json.loads(result.stdout), result

    def test_json_of_a_violation(self):
        found, result = self.read(config=BASE + "INVARIANT Small\n")
        self.assertEqual(found["verdict"], "violated")
        self.assertEqual(found["exit_status"], 12)
        self.assertEqual(result.returncode, 12)
        states = found["problems"][0]["trace"]["states"]
        self.assertEqual(states[0]["values"], {"x": 0, "y": 0})
        self.assertGreaterEqual(states[-1]["values"]["x"], 3)
        self.assertTrue(found["problems"][0]["trace"]["executed"])
        self.assertEqual(found["problems"][0]["explanation"]["text"], "x < 3")

    def test_json_of_success(self):
        found, _ = self.read(config=BASE)
        self.assertEqual((found["verdict"], found["distinct"], found["queue"]), ("ok", 12, 0))
        self.assertEqual(found["problems"], [])
        self.assertGreater(found["memory"]["state_bytes_mean"], 0)

    def test_json_of_mistakes(self):
        found, result = self.read(config=BASE + "INVARIANT Smal\n")
        self.assertEqual((found["exit_status"], result.returncode), (151, 151))
        self.assertRegex(found["diagnostics"][0]["code"], r"^FM\d{4}$")
        self.assertEqual(result.stderr, "")

    def test_own_output_stays_out_of_json(self):
        found, result = self.read(config=BASE + "POSTCONDITION Said\n")
        self.assertEqual(found["verdict"], "ok")
        self.assertIn("said", result.stderr)

    def test_user_file(self):
        result = self.check(BASE + "POSTCONDITION Said\n", "-userFile", "out.txt")
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertNotIn("said", result.stdout)
        with open(os.path.join(self.folder.name, "out.txt"), encoding="utf-8") as file:
            self.assertIn("said", file.read())

    def test_dumped_traces(self):
        self.check(BASE + "INVARIANT Small\n", "-workers", "1", "-dumpTrace", "json", "t.json",
                   "-dumpTrace", "tla", "Found.tla")
        with open(os.path.join(self.folder.name, "t.json"), encoding="utf-8") as file:
            found = json.load(file)
        self.assertEqual(found["vars"], ["x", "y"])
        self.assertEqual(found["counterexample"]["state"][0], [1, {"x": 0, "y": 0}])
        step = found["counterexample"]["action"][0]
        self.assertEqual((step[0][0], step[2][0], step[1]["name"]), (1, 2, "Up"))
        self.assertEqual(step[1]["parameters"], ["d"])
        result = self.run_fathom("parse", "Found.tla")
        self.assertEqual(result.returncode, 0, result.stderr)

    def test_trace_that_cannot_be_written(self):
        result = self.check(BASE + "INVARIANT Small\n", "-dumpTrace", "json", "no/such/t.json")
        self.assertEqual(result.returncode, 12)
        self.assertIn("no/such/t.json", result.stderr)

    def test_reader_that_goes_away(self):
        self.write("Endless.tla", ENDLESS)
        self.write("Endless.cfg", "INIT Init\nNEXT Next\n")
        process = self.start("check", "--states", "-workers", "1", "Endless.tla",
                             stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        process.stdout.readline()
        process.stdout.close()
        self.assertEqual(process.wait(60), -signal.SIGPIPE)

    @unittest.skipUnless(os.path.exists("/dev/full"), "no /dev/full")
    def test_full_disk(self):
        with open("/dev/full", "w", encoding="utf-8") as full:
            process = self.start("check", "Counter.tla", stdout=full, stderr=subprocess.PIPE)
            errors = process.stderr.read()
            self.assertEqual(process.wait(60), 255, errors)
        self.assertIn("not written", errors)
        self.write("Printing.tla", COUNTER.replace("Counter", "Printing")
                   .replace("====", "ASSUME PrintT(1)\n===="))
        self.write("Printing.cfg", BASE)
        for arguments in (["-userFile", "/dev/full", "Printing.tla"],
                          ["-dumpTrace", "json", "/dev/full", "Counter.tla"]):
            self.write("Counter.cfg", BASE + "INVARIANT Small\n")
            result = self.run_fathom("check", *arguments)
            self.assertIn("/dev/full", result.stderr)
            self.assertNotEqual(result.returncode, 0)
        self.assertFalse(os.path.isfile("/dev/full"))

    def test_no_escapes_in_a_pipe(self):
        result = self.check(BASE + "INVARIANT Small\n")
        self.assertNotIn("\033", result.stdout + result.stderr)

    def test_coverage(self):
        result = self.check(BASE, "-coverage", "1")
        self.assertIn("The coverage statistics at ", result.stdout)
        self.assertRegex(result.stdout, r"<Turn line 8, col 1 to line 8, col 4 of module Counter>: "
                                        r"\d+:12\n")
        self.assertIn("End of statistics.\n", result.stdout)


class Signals(Program):
    def interrupt(self, number, *arguments):
        self.write("Endless.tla", ENDLESS)
        self.write("Endless.cfg", "INIT Init\nNEXT Next\n")
        process = self.start("check", *arguments, "Endless.tla", stdout=subprocess.PIPE,
                             stderr=subprocess.PIPE)
        time.sleep(1.5)
        self.assertIsNone(process.poll(), "the search ended by itself")
        process.send_signal(number)
        output, errors = process.communicate(timeout=60)
        self.assertEqual(process.returncode, 130, output + errors)
        return output

    def test_interrupt(self):
        for number in (signal.SIGINT, signal.SIGTERM):
            output = self.interrupt(number)
            self.assertIn("Interrupted.", output)
            self.assertRegex(output, r"\d+ states generated, \d+ distinct states found, \d+ "
                                     r"states left on queue\. \(at stop\)\n")

    def test_interrupt_with_json(self):
        found = json.loads(self.interrupt(signal.SIGINT, "--json"))
        self.assertEqual((found["verdict"], found["end"]), ("unfinished", "interrupted"))
        self.assertGreater(found["generated"], 0)

    def test_table(self):
        self.write("Wide.tla", WIDE)
        self.write("Wide.cfg", "INIT Init\nNEXT Next\n")
        small = json.loads(self.run_fathom("check", "--json", "-workers", "2", "Wide.tla").stdout)
        self.assertGreater(small["table"]["growths"], 0)
        self.assertEqual(small["table"]["entries"], small["distinct"])
        self.assertEqual(small["table"]["growth_bytes_max"], 8 << small["table"]["slots_log2"])
        self.assertEqual(small["table"]["kept_bits"], 59 + small["table"]["slots_log2"])
        self.assertGreater(small["contention"]["shared_levels"], 0)
        self.assertGreater(small["contention"]["parts"], 0)
        # Room for 7 of 10 slots.
        sized = json.loads(self.run_fathom("check", "--json", "--table", "200K", "Wide.tla").stdout)
        self.assertEqual((sized["table"]["growths"], sized["table"]["slots_log2"]), (0, 14))
        self.assertEqual(sized["distinct"], small["distinct"])
        self.assertLess(sized["memory"]["table_max"] / sized["distinct"], 24)
        result = self.run_fathom("check", "--verbose", "-workers", "2", "Wide.tla")
        self.assertRegex(result.stdout, r"Table: \d+ bits of each state in 2\^14 slots, \d+% of them "
                                        r"taken; doubled \d times in place")
        self.assertRegex(result.stdout, r"Table: 9\d\.\d% of 10200 entries")
        self.assertRegex(result.stdout, r"Workers: \d+ levels shared")

    def test_memory_limit(self):
        self.write("Endless.tla", ENDLESS)
        self.write("Endless.cfg", "INIT Init\nNEXT Next\n")
        result = self.run_fathom("check", "--memory", "100M", "Endless.tla")
        self.assertEqual(result.returncode, 255, result.stdout + result.stderr)
        self.assertIn("Out of memory", result.stdout)
        self.assertRegex(result.stdout, r"\d+ distinct states found")


class BadInput(Program):
    def expect(self, status, *arguments):
        begin = time.monotonic()
        result = self.run_fathom("check", *arguments)
        self.assertEqual(result.returncode, status, result.stdout + result.stderr)
        self.assertLess(time.monotonic() - begin, 30)
        self.assertRegex(result.stderr, r"error\[FM\d{4}\]")
        return result.stderr

    def test_missing_specification(self):
        self.write("Nope.cfg", BASE)
        self.assertIn("Nope", self.expect(150, "Nope.tla"))

    def test_missing_module(self):
        self.write("Counter.tla", COUNTER.replace("Naturals", "Naturalz"))
        self.assertIn("Naturalz", self.expect(150, "Counter.tla"))

    def test_folder(self):
        os.mkdir(os.path.join(self.folder.name, "Folder.tla"))
        self.write("Folder.cfg", BASE)
        self.expect(150, "Folder.tla")

    @unittest.skipIf(os.geteuid() == 0, "root may read everything")
    def test_unreadable(self):
        os.chmod(os.path.join(self.folder.name, "Counter.tla"), 0)
        self.expect(150, "Counter.tla")

    def test_junk(self):
        self.write("Junk.tla", bytes(range(256)) * 4096)
        self.write("Junk.cfg", BASE)
        self.expect(150, "Junk.tla")

    def test_too_large(self):
        with open(os.path.join(self.folder.name, "Large.tla"), "wb") as file:
            file.truncate(100 << 20)
        self.write("Large.cfg", BASE)
        self.expect(150, "Large.tla")

    def test_junk_for_a_configuration(self):
        self.write("Counter.cfg", bytes(range(256)) * 4096)
        self.expect(255, "Counter.tla")

    def test_no_configuration(self):
        os.remove(os.path.join(self.folder.name, "Counter.cfg"))
        self.assertIn("Counter.cfg", self.expect(255, "Counter.tla"))

    def test_cycle_of_operators(self):
        self.write("Cycle.tla", "---- MODULE Cycle ----\nEXTENDS Naturals\nVARIABLE n\n"
                                "RECURSIVE Even(_), Odd(_)\n"
                                "Even(k) == k = 0 \\/ Odd(k + 1)\nOdd(k) == k # 0 /\\ Even(k + 1)\n"
                                "Init == n = 3\nNext == Even(n) /\\ n' = n\n====\n")
        self.write("Cycle.cfg", "INIT Init\nNEXT Next\n")
        result = self.run_fathom("check", "Cycle.tla")
        self.assertEqual(result.returncode, 255, result.stdout + result.stderr)
        self.assertRegex(result.stdout, "Even -> Odd -> Even|Odd -> Even -> Odd")
        self.assertIn("1 distinct states found", result.stdout)


class Parse(Program):
    def test_alone_and_with_modules(self):
        self.write("Uses.tla", "---- MODULE Uses ----\nEXTENDS Counter\nTwo == Twice(x)\n====\n")
        result = self.run_fathom("parse", "Counter.tla", "Uses.tla")
        self.assertEqual((result.returncode, result.stdout),
                         (0, "Counter.tla: ok\nUses.tla: ok\n"))
        result = self.run_fathom("parse", "--semantics", "Counter.tla", "Uses.tla")
        self.assertEqual((result.returncode, result.stdout),
                         (150, "Counter.tla: ok\nUses.tla: 1 error\n"))
        self.assertRegex(result.stderr, r"^Uses\.tla:3:8: error\[FM2\d{3}\]")

    def test_json(self):
        self.write("Bad.tla", "---- MODULE Bad ----\nA == 1 +\nB == )\n====\n")
        result = self.run_fathom("parse", "--json", "Bad.tla")
        rows = [json.loads(line) for line in result.stdout.splitlines()]
        self.assertEqual((result.returncode, result.stderr), (150, ""))
        self.assertEqual({row["path"] for row in rows}, {"Bad.tla"})
        self.assertGreaterEqual(len(rows), 2)

    def test_trees(self):
        result = self.run_fathom("parse", "--ast", "Counter.tla")
        self.assertEqual(result.returncode, 0)
        self.assertIn("Small", result.stdout)

    def test_folder_of_modules(self):
        os.mkdir(os.path.join(self.folder.name, "lib"))
        self.write("lib/Helper.tla", "---- MODULE Helper ----\nTwice(n) == n\n====\n")
        self.write("Uses.tla", "---- MODULE Uses ----\nEXTENDS Helper\nTwo == Twice(2)\n====\n")
        self.assertEqual(self.run_fathom("parse", "--semantics", "Uses.tla").returncode, 150)
        result = self.run_fathom("parse", "--semantics", "-I", "lib", "Uses.tla")
        self.assertEqual(result.returncode, 0, result.stderr)


class Pluscal(Program):
    ALGORITHM = """---- MODULE Twice ----
EXTENDS Naturals
(* --algorithm Twice
  variables x = 0;
  process p \\in {1, 2}
  begin
    a: x := x + 1;
    b: x := x * 2;
  end process
end algorithm *)
Small == x < 9
====
"""

    def setUp(self):
        super().setUp()
        self.path = self.write("Twice.tla", self.ALGORITHM)
        self.write("Twice.cfg", "SPECIFICATION Spec\nINVARIANT Small\n")

    def read(self, name):
        with open(os.path.join(self.folder.name, name), encoding="utf-8", newline="") as file:
            return file.read()

    def test_translation_in_the_file(self):
        result = self.run_fathom("pcal", "Twice")
        self.assertEqual((result.returncode, result.stderr), (0, ""))
        self.assertEqual(result.stdout, "Twice.tla: Twice translated, 31 lines\n")
        self.assertEqual(self.read("Twice.old"), self.ALGORITHM)
        text = self.read("Twice.tla")
        self.assertRegex(text, r'BEGIN TRANSLATION \(chksum\(pcal\) = "[0-9a-f]+" /\\ chksum\(tla\) = "[0-9a-f]+"')
        self.assertIn("\na(self) == /\\ pc[self] = \"a\"\n           /\\ x' = x + 1\n", text)
        self.assertTrue(text.startswith(self.ALGORITHM[:self.ALGORITHM.index("Small")]))
        self.assertTrue(text.endswith(self.ALGORITHM[self.ALGORITHM.index("Small"):]))
        os.remove(os.path.join(self.folder.name, "Twice.old"))
        result = self.run_fathom("pcal", "Twice.tla")
        self.assertEqual(result.stdout, "Twice.tla: unchanged\n")
        self.assertFalse(os.path.exists(os.path.join(self.folder.name, "Twice.old")))
        result = self.run_fathom("parse", "--semantics", "Twice.tla")
        self.assertEqual((result.returncode, result.stderr), (0, ""))

    def test_nothing_else_changes(self):
        text = self.ALGORITHM.replace("\n", "\r\n")
        with open(self.path, "w", encoding="utf-8", newline="") as file:
            file.write(text)
        printed = subprocess.run([FATHOM, "pcal", "--stdout", "Twice.tla"], cwd=self.folder.name,
                                 capture_output=True, check=True).stdout.decode()
        self.assertEqual(self.read("Twice.tla"), text)
        self.assertFalse(os.path.exists(os.path.join(self.folder.name, "Twice.old")))
        self.assertEqual(printed.count("\n"), printed.count("\r\n"))
        self.assertEqual(re.sub(r"(?s)\\\* BEGIN.*END TRANSLATION \r\n", "", printed), text)

    def test_check_without_translation(self):
        result = self.run_fathom("check", "Twice.tla")
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertIn(" 12 distinct states found", result.stdout)
        self.assertEqual(self.read("Twice.tla"), self.ALGORITHM)

    def test_stale_and_renewed(self):
        self.run_fathom("pcal", "-noold", "Twice.tla")
        self.write("Twice.tla", self.read("Twice.tla").replace("x := x * 2", "x := x * 3"))
        result = self.run_fathom("check", "Twice.tla")
        self.assertEqual(result.returncode, 0)
        self.assertIn("FM1041", result.stdout + result.stderr)
        result = self.run_fathom("check", "--retranslate", "Twice.tla")
        self.assertEqual(result.returncode, 12)
        self.assertNotIn("FM1041", result.stdout + result.stderr)
        self.assertIn("<b(1) line 8, col 8 to line 8, col 17 of module Twice>", result.stdout)

    def test_failures(self):
        self.assertEqual(self.run_fathom("pcal", "None.tla").returncode, 255)
        self.write("Twice.tla", self.ALGORITHM.replace("b: ", "b: goto c; "))
        before = self.read("Twice.tla")
        result = self.run_fathom("pcal", "Twice.tla")
        self.assertEqual((result.returncode, result.stdout), (150, "Twice.tla: 1 error\n"))
        self.assertIn("Twice.tla:8:16: error[FM1045]", result.stderr)
        self.assertEqual(self.read("Twice.tla"), before)


    def test_added_labels_are_told(self):
        text = "---- MODULE Two ----\nEXTENDS Naturals\n(* --algorithm Two\nvariable x = 0;\nbegin\n" \
               "  a: x := 1;\n  x := 2;\n    while x < 4 do x := x + 1; end while;\nend algorithm *)\n====\n"
        self.write("Two.tla", text)
        result = self.run_fathom("pcal", "-reportLabels", "Two.tla")
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertTrue(result.stdout.startswith("The following labels were added:\n"
                                                 "  Lbl_1 at line 7, column 3\n"
                                                 "  Lbl_2 at line 8, column 5\n"
                                                 "Two.tla: Two translated"), result.stdout)
        again = self.run_fathom("pcal", "--stdout", "-reportLabels", "Two.tla")
        self.assertIn("Lbl_2 at line 8, column 5", again.stderr)
        self.assertEqual(again.stdout, self.read("Two.tla"))

    def test_an_old_version(self):
        self.write("Self.tla", "---- MODULE Self ----\n(* --algorithm Self\nprocess P \\in {1}\nbegin a: skip;\n"
                               "end process\nend algorithm *)\n====\n")
        new = self.run_fathom("pcal", "--stdout", "Self.tla").stdout
        old = self.run_fathom("pcal", "--stdout", "-version", "1.4", "Self.tla").stdout
        self.assertNotEqual(new, old)


class Words(Program):
    def test_command_line(self):
        for words, message in ((["chek"], "did you mean `check`?"),
                               (["check"], "no specification was given"),
                               (["check", "--jsno", "A"], "did you mean `--json`?"),
                               (["check", "-simulate", "A"], "-simulate is not supported"),
                               (["parse", "--semantic", "A"], "did you mean `--semantics`?"),
                               (["parse"], "usage: fathom parse"),
                               (["pcal"], "usage: fathom pcal"),
                               (["pcal", "-wfnext", "A"], "did you mean `-wfNext`?"),
                               (["pcal", "-wf", "-sf", "A"], "only one of"),
                               (["pcal", "-lineWidth", "12", "A"], "60"),
                               (["pcal", "-version", "1.9031", "A"], "has to follow -version"),
                               (["pcal", "-version", "2", "A"], "at most 1.903"),
                               (["pcal", "-version", "1.x", "A"], "has to follow -version"),
                               (["pcal", "A", "-version"], "has to follow -version"),
                               (["help", "nothing"], "nothing")):
            result = self.run_fathom(*words)
            self.assertEqual(result.returncode, 1, words)
            self.assertIn(message, result.stderr)

    def test_version(self):
        for word in ("version", "--version"):
            result = self.run_fathom(word)
            self.assertRegex(result.stdout, r"^fathom \d+\.\d+\.\d+\n$")
            self.assertEqual(result.returncode, 0)

    def test_help(self):
        for words in (["help"], ["--help"], ["help", "check"], ["check", "-h"], ["help", "parse"],
                      ["help", "pcal"], ["pcal", "-h"], ["help", "codes"]):
            result = self.run_fathom(*words)
            self.assertEqual((result.returncode, result.stderr), (0, ""), words)
            self.assertGreater(len(result.stdout), 50)

    def test_manual_page_has_every_option(self):
        """And help has every option of the manual page."""
        help_text = (self.run_fathom("help", "check").stdout +
                     self.run_fathom("help", "simulate").stdout +
                     self.run_fathom("help", "coverage").stdout)
        options, section = set(), ""
        for line in help_text.splitlines():
            section = line if line and not line.startswith(" ") else section
            match = re.match(r"  (--?[A-Za-z-]+)", line)
            if match and not section.startswith(("Exit", "Options of TLC", "Accepted")):
                options.add(re.sub(r"^-DKEY$", "-D", match.group(1)))
        with open(os.path.join(ROOT, "docs", "fathom.1"), encoding="utf-8") as file:
            page = file.read()
        page = page[page.index(".SH OPTIONS"):page.index(".SH EXIT STATUS")]
        documented = set()
        for line in re.findall(r"^\.(?:B|BI|BR) (.*\\-.*)$", page, re.M):
            words = line.replace('"', " ").replace("\\-", "-")
            documented |= set(re.findall(r"(?:^|[ ,(])(--?[A-Za-z][A-Za-z-]*)", words))
        self.assertEqual(options - documented, set(), "missing in docs/fathom.1")
        documented -= {"-h", "--help", "-DTLA-Library"}
        self.assertEqual(documented - options, set(), "missing in help")


def main():
    global FATHOM
    arguments = sys.argv[1:]
    if len(arguments) < 2 or arguments[0] != "--fathom":
        sys.exit(__doc__)
    FATHOM = os.path.abspath(arguments[1])
    unittest.main(argv=[sys.argv[0], *arguments[2:]])


if __name__ == "__main__":
    main()
