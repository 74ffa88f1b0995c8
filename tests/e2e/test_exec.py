#!/usr/bin/env python3
"""fathom fuzz on executables: the examples, every mistake of a node, crashes that are kill -9.

usage: tests/e2e/test_exec.py --fathom PROGRAM [unittest's arguments]
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
FATHOM = None
# `env python3` is this interpreter, without scripts in between that choose one each time.
PATH = os.path.dirname(os.path.realpath(sys.executable)) + ":" + os.environ["PATH"]


class Exec(unittest.TestCase):
    def setUp(self):
        self.directory = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, self.directory)
        with open(os.path.join(ROOT, "tests/sim/node.py"), encoding="utf-8") as file:
            self.write("node.py", f"#!{sys.executable}\n" + file.read())

    def write(self, name, text):
        path = os.path.join(self.directory, name)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        os.chmod(path, 0o755)

    def fathom(self, *arguments, expect=0, **environment):
        done = subprocess.run([FATHOM, *arguments], cwd=self.directory, capture_output=True,
                              text=True, timeout=200, env={**os.environ, **environment, "PATH": PATH})
        self.assertEqual(done.returncode, expect, done.stdout + done.stderr)
        return done.stdout, done.stderr

    def fuzz(self, *arguments, expect, **environment):
        stdout, _ = self.fathom("fuzz", "--json", "--seed", "1", *arguments, expect=expect,
                                **environment)
        return json.loads(stdout)

    def signatures(self, mistake, *arguments, expect=3):
        result = self.fuzz("--schedules", "4", "--no-minimize", "--workers", "1", "--nodes", "2",
                           *arguments, "node.py", expect=expect, MISTAKE=mistake)
        self.assertEqual(result["schedules"], 4, "the campaign goes on")
        self.assertEqual(result["restarts"], 0, "without another worker")
        return [finding["signature"] for finding in result["findings"]]

    def test_lease(self):
        """The lease service in Python, held against the specification of the one in C."""
        spec, target = (os.path.join(ROOT, "examples", name) for name in ("LeaseMap.tla",
                                                                          "lease.py"))
        result = self.fuzz("--schedules", "400", "--findings", "1", spec, target, expect=3)
        finding, = result["findings"]
        self.assertEqual(finding["signature"],
                         "invariant: deliver write: NoLostWrite is violated")
        self.assertLess(finding["choices"], 30)
        self.assertEqual(result["unstable"], 0)
        out, _ = self.fathom("replay", "--json", finding["file"])
        self.assertTrue(json.loads(out)["same"])
        fenced = os.path.join(ROOT, "examples", "LeaseMapFenced.cfg")
        result = self.fuzz("--schedules", "100", "--config", fenced, spec, target, expect=0,
                           FENCING="1")
        self.assertGreater(result["repeated"], 0)
        self.assertEqual(result["hits"], 0)
        out, _ = self.fathom("mapping", "--json", "--schedules", "40", "--seed", "1", "--config",
                             fenced, spec, target, FENCING="1")
        self.assertGreater(json.loads(out)["rejected"], 0)

    def test_tickets(self):
        """A disk, in JavaScript: scripts/setup installs the interpreter."""
        target = os.path.join(ROOT, "examples", "tickets.js")
        finding, = self.fuzz("--schedules", "400", "--findings", "1", target, expect=3)["findings"]
        self.assertEqual(finding["signature"], "failed check: ticket # after ticket #")
        out, _ = self.fathom("replay", finding["file"])
        self.assertRegex(out, r"crashed|deliver 2>1 cut")
        self.assertIn("append to sold", out)
        self.assertEqual(self.fuzz("--schedules", "150", target, expect=0, SYNC="1")["hits"], 0)

    def test_short(self):
        """The examples stay short."""
        for name in ("lease.py", "tickets.js"):
            with open(os.path.join(ROOT, "examples", name), encoding="utf-8") as file:
                self.assertLess(len(file.readlines()), 100, name)

    def test_fine(self):
        """Every event and effect, crashes with kill -9, drains; nothing is found."""
        result = self.fuzz("--schedules", "12", "--nodes", "2", "--horizon", "60", "node.py",
                           expect=0)
        self.assertEqual(result["hits"], 0)
        self.assertGreater(result["drained"], 0)

    def test_garbled(self):
        said = {
            "NOISE": 'node # answered deliver with "counting ...", which is no line of JSON: .*',
            "LIST": r'node # answered deliver with "\[#, #\]", where an object is needed',
            "FIELD": ".* not one of `effects` and `observe`: .*effect",
            "TYPE": "node # answered deliver with `effects` that are no list",
            "EFFECT": r'.* and this is \{"do":"sing"\}',
            "MISSING": r'.*send: Object item not found: message in \{"to":#\}',
            "SUPERFLUOUS": ".*sync: .*mode in .*",
            "FAR": ".*send: there is no such node in .*",
            "REQUEST": ".*reply: nobody sent that request in .*",
            "OUTCOME": ".*reply: .*",
            "NAME": ".*sync: the name of a file has # to # bytes in .*",
            "HEX": ".*append: `hex` needs pairs of the digits .*",
            "BYTES": ".*append: either `text` or `hex` is needed in .*",
            "OBSERVE": "node # answered deliver with `observe`, which is no object",
            "TWICE": "node # wrote more than one line before .*",
        }
        for mistake, pattern in said.items():
            signatures = self.signatures(mistake)
            for signature in signatures:
                self.assertRegex(signature, "^garbled answer: " + pattern)

    def test_ends(self):
        """A node's process that ends: how, in which event, and what it said last."""
        self.assertEqual(self.signatures("RAISES"), [
            "exit: node # in deliver exited with status #: ValueError: count is #"])
        self.assertEqual(self.signatures("EXITS"),
                         ["exit: node # in deliver exited with status #: event deliver"])
        self.assertEqual(self.signatures("DIES"),
                         ["exit: node # in deliver died of SIGKILL: event deliver"])
        self.assertEqual(self.signatures("TELLS"), ["breach of contract: index #"])
        self.assertEqual(self.signatures("STOPS"), ["stopped itself: no disk"])

    def test_late(self):
        """The watchdog names node and event."""
        self.assertEqual(self.signatures("SLEEPS", "--hang", "1"),
                         ["late answer: node # did not answer deliver within # ms"])

    def test_nondeterminism(self):
        result = self.fuzz("--schedules", "2", "--no-minimize", "--workers", "1", "node.py",
                           expect=3, MISTAKE="RANDOM")
        self.assertEqual([f["signature"].split(":")[0] for f in result["findings"]],
                         ["nondeterminism"])

    def test_replay(self):
        """A finding is shrunk, replayed, and refused with another text of the script."""
        finding, = self.fuzz("--schedules", "4", "--workers", "1", "node.py", expect=3,
                             MISTAKE="RAISES")["findings"]
        out, _ = self.fathom("replay", finding["file"], MISTAKE="RAISES")
        self.assertIn('send 1>2 {"count": 0, "half": "0.5", "nothing": "null"}',
                      re.sub(r"send \d>\d", "send 1>2", out))
        self.assertLessEqual(finding["choices"], 4)
        self.fathom("replay", finding["file"], expect=3)
        self.write("node.py", "#!/bin/sh\nexit 3\n")
        _, stderr = self.fathom("replay", finding["file"], expect=4)
        self.assertIn("in hello exited with status 3", stderr)

    def test_disk(self):
        """What a crash leaves is given to the next process; bytes that are no text as digits."""
        self.write("disk.py", f"#!{sys.executable}\n" + '''
import json, os, sys
for line in sys.stdin:
    event = json.loads(line)
    effects = []
    if event["event"] == "start":
        files = event["files"]
        if not event["first"]:
            effects = [{"do": "fail", "text": json.dumps(files) + " in another process: " +
                        str(files["pid"] != str(os.getpid()))}]
        else:
            effects = [{"do": "put", "file": "pid", "text": str(os.getpid())},
                       {"do": "put", "file": "bytes", "hex": "c3"},
                       {"do": "put", "file": "text", "text": "\\u00fc"}]
    print(json.dumps({"survives": "crash"} if event["event"] == "hello" else
                     {"effects": effects}), flush=True)
''')
        result = self.fuzz("--nodes", "1", "--schedules", "20", "disk.py", "--workers", "1",
                           "--no-minimize", expect=3)
        # Another process has another number, so the effects differ as well.
        self.assertIn('failed check: {"pid": "#", "bytes": {"hex": "c#"}, "text": "\\u#fc"} '
                      'in another process: True', [f["signature"] for f in result["findings"]])

    def test_hello(self):
        said = {
            "HELLO_NOISE": 'it answered hello with "hello!", which is no line of JSON',
            "HELLO_FIELD": "it answered hello with an object that cannot be read: .*nam",
            "HELLO_NAME": "it is named `a/b`",
            "HELLO_FAULT": "`survives`, in which there is no fault `floods`",
            "HELLO_CUSTOMS": "`customs`, which is no list of strings",
            "HELLO_EXITS": "it in hello exited with status 1: RuntimeError: no licence",
        }
        for mistake, pattern in said.items():
            _, stderr = self.fathom("fuzz", "node.py", expect=4, MISTAKE=mistake)
            self.assertRegex(stderr, pattern)
        self.write("wrong", "#!/no/such/interpreter\n")
        _, stderr = self.fathom("fuzz", "wrong", expect=4)
        self.assertIn("it cannot be executed: No such file or directory", stderr)
        os.chmod(os.path.join(self.directory, "wrong"), 0o644)
        _, stderr = self.fathom("fuzz", "wrong", expect=4)
        self.assertIn("chmod +x", stderr)


if __name__ == "__main__":
    place = sys.argv.index("--fathom")
    FATHOM = os.path.abspath(sys.argv[place + 1])
    del sys.argv[place:place + 2]
    unittest.main(verbosity=2)
