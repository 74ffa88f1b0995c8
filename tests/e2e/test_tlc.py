#!/usr/bin/env python3
"""`fathom tlc` as scripts and editors drive it: names, options, files. What it prints of a check is compared
with TLC in tests/tlc.

usage: tests/e2e/test_tlc.py --fathom PROGRAM [unittest's arguments]
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


class Tlc(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, self.folder)
        specs = os.path.join(ROOT, "tests", "tlc")
        for entry in os.listdir(specs):
            if entry.endswith((".tla", ".cfg")):
                shutil.copy(os.path.join(specs, entry), self.folder)

    def run_tlc(self, *arguments, program=None):
        command = [program] if program else [FATHOM, "tlc"]
        return subprocess.run(command + list(arguments), cwd=self.folder, text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False,
                              timeout=100)

    def read(self, name):
        with open(os.path.join(self.folder, name), encoding="utf-8") as file:
            return file.read()

    def test_name_of_the_program(self):
        link = os.path.join(self.folder, "tlc")
        os.symlink(FATHOM, link)
        result = self.run_tlc("-tool", "Ferry", program=link)
        self.assertEqual(result.returncode, 0)
        self.assertTrue(result.stdout.startswith("@!@!@STARTMSG 2262:0 @!@!@\nTLC2 Version "))
        self.assertEqual(result.stderr, "")

    def test_wrong_options_have_the_texts_of_tlc(self):
        for arguments, text in (
                (["-foo", "Ferry"], "Error: Error: unrecognized option: -foo"),
                ([], "Error: Error: Missing input TLA+ module."),
                (["Ferry", "Relay"], "Error: Error: more than one input files: Ferry and Relay"),
                (["-workers", "x", "Ferry"],
                 "Error: Error: worker number or 'auto' required. But encountered x"),
                (["-workers", "0", "Ferry"], "Error: Error: at least one worker required."),
                (["Ferry", "-config"], "Error: Error: expect a file name for -config option."),
                (["-fp", "131", "Ferry"],
                 "Error: Error: The number for -fp must be between 0 and 130 (inclusive)."),
                (["-dumpTrace", "foo", "x", "Ferry"],
                 "Error: Error: Unknown format foo given to -dumpTrace."),
                (["-debugger", "Ferry"],
                 "Error: -debugger is not supported by Fathom: there is no debugger.")):
            result = self.run_tlc(*arguments)
            self.assertEqual(result.returncode, 1, arguments)
            self.assertEqual(result.stdout.split("\n")[1], text)

    def test_messages_can_be_suppressed(self):
        result = self.run_tlc("-tool", "-suppressMessages", "2199, 2268", "Ferry")
        self.assertNotIn("STARTMSG 2199", result.stdout)
        self.assertNotIn("STARTMSG 2268", result.stdout)
        self.assertIn("STARTMSG 2194", result.stdout)
        result = self.run_tlc("-nowarning", "-suppressMessages", "2199", "Ferry")
        self.assertEqual(result.returncode, 1)

    def test_invariant_upon_the_level_brings_its_modules(self):
        result = self.run_tlc("-invlevel", "4", "Ferry")
        self.assertEqual(result.returncode, 12)
        self.assertIn("\nState 4: ", result.stdout)
        self.assertNotIn("\nState 5: ", result.stdout)

    def test_counterexample_as_a_file(self):
        result = self.run_tlc("-dumptrace", "json", "trace.json", "-config", "Ferry_Invariant.cfg",
                              "Ferry")
        self.assertEqual(result.returncode, 12)
        self.assertIn("\"CounterExample written: trace.json\"\n", result.stdout)
        self.assertEqual(len(json.loads(self.read("trace.json"))["counterexample"]["state"]), 8)

    def test_counterexample_in_the_informal_trace_format(self):
        self.run_tlc("-dumpTrace", "ITF", "trace.itf.json", "-config", "Ferry_Invariant.cfg", "Ferry")
        trace = json.loads(self.read("trace.itf.json"))
        self.assertEqual(trace["vars"], ["bank", "deck", "side"])
        self.assertNotIn("loop", trace)
        second = trace["states"][1]
        self.assertEqual(second["#meta"]["action"]["name"], "Board")
        self.assertEqual(second["deck"], {"#set": ["a"]})
        self.assertEqual(second["bank"], {"#map": [["a", "west"], ["b", "west"]]})
        for configuration, loop in (("Pump_Loop", 0), ("Pump_Rest", 1), ("Pump_Stutter", 0)):
            self.run_tlc("-dumpTrace", "itf", "lasso.json", "-config", configuration, "Pump")
            lasso = json.loads(self.read("lasso.json"))
            self.assertEqual(lasso["loop"], loop)
            self.assertEqual(lasso["states"][0]["level"], {"#bigint": "0"})

    def test_trace_specifications_are_those_that_tlc_was_recorded_with(self):
        for configuration in ("Ferry_Invariant", "Relay_Deadlock", "Pump_Loop", "Pump_Rest", "Pump_Stutter"):
            name = configuration + "_TTrace.tla"
            with open(os.path.join(self.folder, name), encoding="utf-8") as file:
                recorded = file.read()
            os.remove(os.path.join(self.folder, name))
            result = self.run_tlc("-teSpecOutDir", name, "-workers", "1", "-config", configuration + ".cfg",
                                  configuration.split("_")[0])
            self.assertTrue(result.stdout.endswith("\nTrace exploration spec path: ./%s\n" % name))
            self.assertEqual(self.read(name), recorded)
            self.assertTrue(os.path.exists(os.path.join(self.folder, configuration + "_TTrace.bin")))

    def test_configuration_inside_of_the_module(self):
        self.assertEqual(self.run_tlc("Pump_Loop_TTrace").returncode, 13)
        with open(os.path.join(self.folder, "Pump_Loop_TTrace.tla"), encoding="utf-8") as file:
            text = file.read()
        with open(os.path.join(self.folder, "Pump_Loop_TTrace.tla"), "w", encoding="utf-8") as file:
            file.write(text.replace("---- CONFIG Pump_Loop_TTrace", "---- CONFIG Another"))
        self.assertEqual(self.run_tlc("Pump_Loop_TTrace").returncode, 255)

    def test_when_a_trace_specification_is_written(self):
        def written(*arguments):
            result = self.run_tlc(*arguments, "-config", "Ferry_Invariant.cfg", "Ferry")
            self.assertIn("NeverAllEast is violated", result.stdout)
            names = sorted(os.path.splitext(name)[1] for name in os.listdir(self.folder)
                           if name.startswith("Ferry_TTrace_"))
            for name in os.listdir(self.folder):
                if name.startswith("Ferry_TTrace_"):
                    os.remove(os.path.join(self.folder, name))
            return names
        self.assertEqual(written(), [".bin", ".tla"])
        self.assertEqual(written("-noTEBin"), [".tla"])
        self.assertEqual(written("-noTE"), [])
        self.assertEqual(written("-tool"), [])
        self.assertEqual(written("-tool", "-generateSpecTE", "nomonolith"), [".bin", ".tla"])
        self.assertEqual(written("-continue"), [])
        self.assertEqual(written("-teSpecOutDir", "a/b"), [])
        self.assertEqual(len(os.listdir(os.path.join(self.folder, "a", "b"))), 2)

    def test_trace_specification_of_states_that_alias_hides(self):
        with open(os.path.join(self.folder, "Ferry_Alias.cfg"), "w", encoding="utf-8") as file:
            file.write(self.read("Ferry_Invariant.cfg") + "ALIAS Shown\n")
        text = self.read("Ferry.tla").replace("NeverBack ==", "Shown == [side |-> side]\nNeverBack ==")
        with open(os.path.join(self.folder, "Ferry.tla"), "w", encoding="utf-8") as file:
            file.write(text)
        result = self.run_tlc("-config", "Ferry_Alias.cfg", "Ferry")
        self.assertIn("\nFailed to generate trace exploration spec; error message: the states that were shown",
                      result.stdout)

    def test_workers_do_not_change_what_is_found(self):
        one = self.run_tlc("-workers", "1", "-config", "Relay_Deadlock", "Relay")
        two = self.run_tlc("-workers", "2", "-config", "Relay_Deadlock", "Relay")
        self.assertEqual(one.returncode, 11)
        states = one.stdout[one.stdout.index("Error: "):one.stdout.index("Finished in ")]
        self.assertIn(states, two.stdout)

    def test_violated_temporal_properties_are_no_success(self):
        with open(os.path.join(self.folder, "Ferry_Live.cfg"), "w", encoding="utf-8") as file:
            file.write("CONSTANTS Cars = {a}\n  Room = 1\nSPECIFICATION Spec\nPROPERTY Arrives\n")
        with open(os.path.join(self.folder, "Ferry.tla"), encoding="utf-8") as file:
            text = file.read()
        with open(os.path.join(self.folder, "Ferry.tla"), "w", encoding="utf-8") as file:
            file.write(text.replace("NeverBack ==", "Arrives == <>(side = \"east\")\nNeverBack =="))
        result = self.run_tlc("-tool", "-config", "Ferry_Live.cfg", "Ferry")
        self.assertEqual(result.returncode, 13)
        self.assertIn("@!@!@STARTMSG 2116:1 @!@!@\nTemporal property Arrives was violated.\n", result.stdout)
        self.assertNotIn("No error has been found", result.stdout)
        for strategy, status in (("final", 13), ("seqfinal", 13), ("default", 13), ("OFF", 0)):
            result = self.run_tlc("-lncheck", strategy, "-config", "Ferry_Live.cfg", "Ferry")
            self.assertEqual(result.returncode, status, strategy)

    def test_graph_as_json_has_every_state_and_step(self):
        result = self.run_tlc("-dump", "json", "graph", "-workers", "2", "Lamp")
        self.assertEqual(result.returncode, 0)
        graph = json.loads(self.read("graph.json"))
        self.assertIn("%d states generated, %d distinct states found"
                      % (len(graph["edges"]) + 2, len(graph["states"])), result.stdout)
        values = [state["values"] for state in graph["states"]]
        self.assertEqual([state["number"] for state in graph["states"]], list(range(len(values))))
        for source, target, number in graph["edges"]:
            before, after, action = values[source], values[target], graph["actions"][number]
            if action["name"] == "Add":
                self.assertEqual(after, dict(before, n=before["n"] + action["context"]["d"]))
            elif action["name"] == "Toggle":
                self.assertEqual(after, dict(before, lit=not before["lit"]))
            elif action["name"] == "Reset":
                self.assertEqual(after, {"n": 0, "lit": False})
            else:
                self.assertEqual(after, before)

    def test_graph_of_a_search_that_stopped_has_the_violation(self):
        result = self.run_tlc("-dump", "json", "graph", "-inv", "n < 2", "Lamp")
        self.assertEqual(result.returncode, 12)
        self.assertIn(2, [state["values"]["n"] for state in json.loads(self.read("graph.json"))["states"]])

    def test_graph_of_what_cannot_be_done_again_is_refused(self):
        result = self.run_tlc("-dump", "dot", "graph", "-config", "Relay_Print.cfg", "Relay")
        self.assertEqual(result.returncode, 255)
        self.assertIn("the states were not written to graph.dot: steps of this specification are no "
                      "functions of their states", result.stderr)
        self.assertFalse(os.path.exists(os.path.join(self.folder, "graph.dot")))

    def test_simulation_with_files(self):
        result = self.run_tlc("-simulate", "num=3,file=walk", "-depth", "5", "-seed", "7", "Ferry")
        self.assertEqual(result.returncode, 0)
        self.assertIn("\nSimulation using seed 7 and aril 0\n", result.stdout)
        self.assertEqual(sum(name.startswith("walk_") for name in os.listdir(self.folder)), 3)
        again = self.run_tlc("-simulate", "num=3", "-depth", "5", "-seed", "7", "-config",
                             "Relay_Deadlock.cfg", "-deadlock", "Relay")
        self.assertEqual(again.returncode, 0)
        result = self.run_tlc("-simulate", "file=walk", "Ferry")
        self.assertEqual(result.returncode, 1)
        self.assertIn("You need to specify a 'num' argument", result.stdout)

    def test_simulation_finds_a_violation(self):
        result = self.run_tlc("-simulate", "-tool", "-seed", "1", "-config", "Ferry_Invariant.cfg",
                              "Ferry")
        self.assertEqual(result.returncode, 12)
        self.assertIn("@!@!@STARTMSG 2110:1 @!@!@\nInvariant NeverAllEast is violated.\n",
                      result.stdout)
        self.assertIn("1: <Init line 19, col 9 to line 21, col 25 of module Ferry>", result.stdout)

    def test_coverage_is_wrapped(self):
        result = self.run_tlc("-tool", "-coverage", "1", "Ferry")
        self.assertIn("@!@!@STARTMSG 2773:0 @!@!@\n<Init line 19, col 1 to line 19, col 4 of module "
                      "Ferry>: 2:2\n", result.stdout)
        self.assertIn("@!@!@STARTMSG 2772:0 @!@!@\n<Cross line 36, col 1 to line 36, col 5 of module "
                      "Ferry>: 11:24\n", result.stdout)

    def test_coverage_changes_no_count(self):
        """Code that counts has no shorter ways; constants are values all the same."""
        specs = os.path.join(ROOT, "tests", "spec")
        for name in ("ConstantWays", "Recursion", "FunctionOfFunctions", "Instances", "GuardEffects"):
            for entry in os.listdir(specs):
                if entry.startswith(name):
                    shutil.copy(os.path.join(specs, entry), self.folder)
            found = []
            for more in ([], ["-coverage", "1"]):
                result = self.run_tlc("-noTE", "-workers", "1", *more, name)
                found.append((result.returncode, [line for line in result.stdout.splitlines()
                                                  if "states left on queue" in line]))
            self.assertEqual(found[0], found[1], name)

    def test_coverage_of_workers_is_added_up(self):
        rows = []
        for workers in ("1", "3"):
            result = self.run_tlc("-workers", workers, "-coverage", "1", "Clocks")
            rows.append([line for line in result.stdout.splitlines() if " of module Clocks" in line])
        self.assertEqual(rows[0], rows[1])
        self.assertGreater(len(rows[0]), 50)


if __name__ == "__main__":
    at = sys.argv.index("--fathom")
    FATHOM = os.path.abspath(sys.argv[at + 1])
    del sys.argv[at:at + 2]
    unittest.main()
