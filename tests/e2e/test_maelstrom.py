#!/usr/bin/env python3
"""fathom fuzz --maelstrom: nodes of Maelstrom's for every workload, right ones and wrong ones.

usage: tests/e2e/test_maelstrom.py --fathom PROGRAM [unittest's arguments]
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
WORKLOADS = ("echo", "broadcast", "g-set", "g-counter", "pn-counter", "unique-ids", "lin-kv")


class Maelstrom(unittest.TestCase):
    def setUp(self):
        self.directory = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, self.directory)
        with open(os.path.join(ROOT, "tests/sim/maelstrom.py"), encoding="utf-8") as file:
            self.write("node.py", f"#!{sys.executable}\n" + file.read())

    def write(self, name, text):
        path = os.path.join(self.directory, name)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        os.chmod(path, 0o755)

    def fathom(self, *arguments, expect=0, **environment):
        done = subprocess.run([FATHOM, *arguments], cwd=self.directory, capture_output=True,
                              text=True, timeout=200, env={**os.environ, **environment})
        self.assertEqual(done.returncode, expect, done.stdout + done.stderr)
        return done.stdout, done.stderr

    def fuzz(self, workload, *arguments, target="node.py", mistake="", expect=3):
        stdout, _ = self.fathom("fuzz", "--json", "--seed", "1", "--maelstrom", workload,
                                *arguments, target, expect=expect, WORKLOAD=workload,
                                MISTAKE=mistake)
        return json.loads(stdout)

    def signatures(self, workload, mistake, *arguments):
        result = self.fuzz(workload, "--no-minimize", "--findings", "1", "--schedules", "30",
                           *arguments, mistake=mistake)
        return {finding["signature"] for finding in result["findings"]}

    def test_right(self):
        """Nothing is found in nodes that do what their workload asks for."""
        for workload in WORKLOADS:
            with self.subTest(workload):
                result = self.fuzz(workload, "--schedules", "8", expect=0)
                self.assertEqual(result["hits"], 0)
                self.assertEqual(result["unstable"], 0)
                self.assertEqual(result["drained"] > 0,
                                 workload not in ("echo", "unique-ids", "lin-kv"))
        # Indefinite errors in place of definite ones say less, and nothing wrong.
        self.assertEqual(self.fuzz("lin-kv", "--schedules", "5", mistake="VAGUE", expect=0)["hits"],
                         0)

    def test_wrong(self):
        said = {
            ("echo", "SHOUTS"): 'property: echo: the answer is not what was sent: "PLEASE ECHO #"',
            ("unique-ids", "OWN"): "property: unique-ids: given twice: [#]",
            ("broadcast", "KEEPS"): "property: broadcast: node # lost #, acknowledged by node #",
            ("broadcast", "INVENTS"): "property: broadcast: a read shows -#, which nobody added",
            ("g-set", "FORGETS"): "property: g-set: node # lost #, acknowledged by node #",
            ("g-counter", "OVERWRITES"):
                "property: g-counter: the sum that node # shows is off by #",
            ("pn-counter", "OVERWRITES"):
                "property: pn-counter: the sum that node # shows is off by #",
            ("lin-kv", "STALE"):
                "property: lin-kv: what the clients saw is not linearizable",
            ("lin-kv", "LATEST"):
                "property: lin-kv: what the clients saw is not linearizable",
            ("echo", "EXITS"): "exit: node # in echo exited with status #: no echo here",
            ("echo", "STRANGER"): "garbled answer: node # wrote to n#, which does not exist",
        }
        for (workload, mistake), signature in said.items():
            with self.subTest(workload + " " + mistake):
                self.assertIn(signature, self.signatures(workload, mistake))
        signature, = self.signatures("echo", "PRINTS")
        self.assertIn('garbled answer: node # wrote "echoing", which is no line of JSON', signature)

    def test_late(self):
        self.assertEqual(self.signatures("echo", "SPINS", "--hang", "1", "--schedules", "2"),
                         {"late answer: node # was not at rest # ms after echo"})

    def test_own_time(self):
        """A node that gossips by the clock of the machine is waited for, and repeats less."""
        result = self.fuzz("broadcast", "--schedules", "4", "--workers", "1", mistake="GOSSIP",
                           expect=0)
        self.assertEqual(result["hits"], 0)

    def test_finding(self):
        """It is shrunk and replayed, with the workload that stands in it."""
        finding, = self.fuzz("unique-ids", "--schedules", "20", "--findings", "1",
                             mistake="OWN")["findings"]
        self.assertEqual(finding["choices"], 2)
        with open(os.path.join(self.directory, finding["file"]), encoding="utf-8") as file:
            self.assertIn("\nmaelstrom: unique-ids\n", file.read())
        out, _ = self.fathom("replay", finding["file"], WORKLOAD="unique-ids", MISTAKE="OWN")
        self.assertIn('client {"type": "generate"}', out)
        self.assertIn("It repeats", out)

    def test_javascript(self):
        """Several threads, and a shell around it; scripts/setup installs the interpreter."""
        self.write("echo.js", """#!/usr/bin/env node
let id;
require("readline").createInterface({input: process.stdin}).on("line", (line) => {
  const {src, body} = JSON.parse(line);
  id = body.node_id ?? id;
  const reply = {...body, type: body.type + "_ok", in_reply_to: body.msg_id};
  setImmediate(() => console.log(JSON.stringify({src: id, dest: src, body: reply})));
});
""")
        self.write("echo.sh", '#!/bin/sh\n"$(dirname "$0")/echo.js"\necho bye >&2\n')
        for target in ("echo.js", "echo.sh"):
            result = self.fuzz("echo", "--schedules", "3", target=target, expect=0)
            self.assertEqual(result["hits"], 0)

    def test_refused(self):
        _, stderr = self.fathom("fuzz", "--maelstrom", "kafka", "node.py", expect=4)
        self.assertIn("there is no workload `kafka`", stderr)
        _, stderr = self.fathom("fuzz", "--maelstrom", "echo", "Spec.tla", "node.py", expect=1)
        self.assertIn("takes no SPEC", stderr)
        _, stderr = self.fathom("fuzz", "--maelstrom", "echo", "--nodes", "16", "node.py", expect=1)
        self.assertIn("at most 15 nodes", stderr)
        self.write("mute.py", f"#!{sys.executable}\nimport sys\nfor line in sys.stdin:\n    pass\n")
        result = self.fuzz("echo", "--schedules", "1", "--workers", "1", "--hang", "1",
                           "--no-minimize", target="mute.py")
        self.assertEqual([finding["signature"] for finding in result["findings"]],
                         ["late answer: node # did not answer init with init_ok within # ms"])


if __name__ == "__main__":
    place = sys.argv.index("--fathom")
    FATHOM = os.path.abspath(sys.argv[place + 1])
    del sys.argv[place:place + 2]
    unittest.main(verbosity=2)
