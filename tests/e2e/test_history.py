#!/usr/bin/env python3
"""fathom history: verdicts, witnesses, pictures, and what is wrong with files.

usage: tests/e2e/test_history.py --fathom PROGRAM [unittest's arguments]
"""
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import unittest
import xml.etree.ElementTree

FATHOM = None


def invoke(process, verb, value=None, **more):
    return {"process": process, "type": "invoke", "f": verb, "value": value, **more}


def ok(process, verb, value=None, **more):
    return {"process": process, "type": "ok", "f": verb, "value": value, **more}


# Process 1 reads the new value, then the old one.
STALE = [invoke(0, "write", 1), ok(0, "write", 1),
         invoke(0, "write", 2), invoke(1, "read"), ok(1, "read", 2),
         invoke(1, "read"), ok(1, "read", 1), ok(0, "write", 2)]


class History(unittest.TestCase):
    def setUp(self):
        self.directory = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, self.directory)
        self.path = os.path.join(self.directory, "history.jsonl")

    def run_history(self, lines, *arguments):
        with open(self.path, "w", encoding="utf-8") as file:
            for line in lines:
                file.write((line if isinstance(line, str) else json.dumps(line)) + "\n")
        return subprocess.run([FATHOM, "history", *arguments, self.path], capture_output=True, text=True,
                              timeout=250)

    def verdict(self, lines, *arguments):
        done = self.run_history(lines, "--json", *arguments)
        self.assertEqual(done.stderr, "")
        result = json.loads(done.stdout)
        self.assertEqual(done.returncode, {"linearizable": 0, "not linearizable": 3, "unknown": 5}[result["verdict"]])
        return result

    def refused(self, lines, *arguments):
        done = self.run_history(lines, *arguments)
        self.assertEqual(done.returncode, 150, done.stdout + done.stderr)
        return done.stderr

    def test_stale_read(self):
        result = self.verdict(STALE, "--object", "register")
        self.assertEqual([operation["operation"] for operation in result["witness"]], ["read -> 2", "read -> 1"])
        self.assertEqual([operation["operation"] for operation in result["others"]], ["write 2"])
        self.assertTrue(result["minimal"] and result["any_state"])
        self.assertEqual(result["at"]["line"], 6)
        done = self.run_history(STALE, "--object", "register")
        self.assertEqual(done.returncode, 3)
        self.assertIn("read -> 1", done.stdout)
        self.assertEqual(self.verdict(STALE[:5] + STALE[7:], "--object", "register")["verdict"], "linearizable")

    def test_picture(self):
        svg = os.path.join(self.directory, "picture.svg")
        self.verdict(STALE, "--object", "register", "--svg", svg)
        texts = [element.text for element in xml.etree.ElementTree.parse(svg).iter()
                 if element.tag.endswith("}text")]
        for text in ("process 0", "process 1", "read -> 2", "write 2"):
            self.assertIn(text, texts)

    def test_failed_and_unknown(self):
        """What failed had no effect; of what is not known both are possible."""
        fail = {"process": 0, "type": "fail", "f": "write", "value": 1}
        info = {"process": 0, "type": "info", "f": "write", "value": 1}
        for end, read, verdict in ((fail, 1, "not linearizable"), (fail, None, "linearizable"),
                                   (info, 1, "linearizable"), (info, None, "linearizable")):
            lines = [invoke(0, "write", 1), end, invoke(1, "read"), ok(1, "read", read)]
            self.assertEqual(self.verdict(lines, "--object", "register")["verdict"], verdict, (end, read))
        twice = [invoke(0, "write", 1), info, invoke(2, "write", 2), ok(2, "write", 2), invoke(1, "read"),
                 ok(1, "read", 1), invoke(1, "read"), ok(1, "read", 2)]
        self.assertEqual(self.verdict(twice, "--object", "register")["verdict"], "not linearizable")

    def test_objects(self):
        """One history of each object that has an order, and one that has none."""
        def one(verb, value, result, at):
            return {"process": 0, "f": verb, "value": value, "result": result, "call": at, "end": at + 1}
        cases = {
            "cas-register": ([one("write", 1, None, 0), one("cas", [1, 2], True, 2), one("read", None, 2, 4)],
                             [one("write", 1, None, 0), one("cas", [1, 2], False, 2)]),
            "kv": ([one("put", 1, None, 0), one("delete", None, None, 2), one("get", None, None, 4)],
                   [one("put", 1, None, 0), one("delete", None, None, 2), one("get", None, 1, 4)]),
            "set": ([one("add", 1, True, 0), one("add", 1, False, 2), one("read", None, [1], 4)],
                    [one("add", 1, True, 0), one("remove", 1, None, 2), one("contains", 1, True, 4)]),
            "queue": ([one("enqueue", 1, None, 0), one("enqueue", 2, None, 2), one("dequeue", None, 1, 4)],
                      [one("enqueue", 1, None, 0), one("enqueue", 2, None, 2), one("dequeue", None, 2, 4)]),
            "counter": ([one("add", 5, None, 0), one("subtract", 2, None, 2), one("add-and-get", 1, 4, 4)],
                        [one("add", 5, None, 0), one("read", None, 4, 2)]),
        }
        for name, (good, bad) in cases.items():
            for lines, verdict in ((good, "linearizable"), (bad, "not linearizable")):
                if name == "kv":
                    lines = [{**line, "key": "k"} for line in lines]
                self.assertEqual(self.verdict(lines, "--object", name)["verdict"], verdict, name)

    def test_keys_are_objects(self):
        lines = []
        for key in ("a", "b", 3):
            lines += [invoke(0, "write", 1, key=key), ok(0, "write", 1), invoke(0, "read", key=key),
                      ok(0, "read", 1)]
        self.assertEqual(self.verdict(lines, "--object", "kv")["objects"], 3)
        lines[-1]["value"] = 2
        result = self.verdict(lines, "--object", "kv")
        self.assertEqual([operation["operation"] for operation in result["witness"]], ["read 3 -> 2"])

    def test_initial(self):
        lines = [invoke(0, "read"), ok(0, "read", 7)]
        self.assertEqual(self.verdict(lines, "--object", "register")["verdict"], "not linearizable")
        self.assertEqual(self.verdict(lines, "--object", "register", "--initial", "7")["verdict"], "linearizable")

    def test_many_writers_of_few_values(self):
        """2,000 operations of 30 processes on a register of 5 values are decided."""
        drawn = random.Random(3)
        lines, running, value, begun = [], {}, 0, 0
        while begun < 2000 or running:
            process = drawn.randrange(30)
            if process in running:
                operation = running.pop(process)
                operation.setdefault("seen", value)
                if operation["f"] == "write" and not operation.get("done"):
                    value = operation["value"]
                lines.append(ok(process, operation["f"],
                                operation["value"] if operation["f"] == "write" else operation["seen"]))
            elif begun < 2000:
                begun += 1
                verb = drawn.choice(("read", "write"))
                running[process] = {"f": verb, "value": drawn.randrange(5) if verb == "write" else None}
                lines.append(invoke(process, verb, running[process]["value"]))
            for operation in running.values():
                if drawn.random() < 0.02 and not operation.get("done"):
                    operation["done"] = True
                    if operation["f"] == "write":
                        value = operation["value"]
                    else:
                        operation["seen"] = value
        result = self.verdict(lines, "--object", "register", "--initial", "0")
        self.assertEqual(result["verdict"], "linearizable")

    def test_limits(self):
        """A queue whose orders are too many ends undecided."""
        lines = [invoke(process, "enqueue", process // 2) for process in range(40)]
        lines += [ok(process, "enqueue", process // 2) for process in range(40)]
        lines += [part for at in range(38, -2, -2) for part in
                  (invoke(0, "dequeue"), ok(0, "dequeue", (at * 7 % 40) // 2))]
        done = self.run_history(lines, "--object", "queue", "--memory", "1", "--seconds", "5")
        self.assertEqual(done.returncode, 5, done.stdout)
        self.assertIn("Undecided: the search would take more", done.stdout)

    def test_wrong_files(self):
        cases = (
            (["{"], "1: no JSON"),
            (["[1]"], "1: a line is a JSON object"),
            ([{"f": "read"}], "1: it names no process"),
            ([{"process": 0, "f": "read"}], "1: neither `type`"),
            ([{"process": 0, "type": "begin", "f": "read"}], "1: type `begin`"),
            ([invoke(0, "swap", 1)], "1: a register has no operation `swap`; it has read, write"),
            ([invoke(0, "write", 1), invoke(0, "read")], "2: process 0 invokes again; its operation of line 1"),
            ([ok(0, "read", 1)], "1: process 0 ends an operation that it has not invoked"),
            ([invoke(0, "write", 1), ok(0, "read", 1)], "2: process 0 ends `read`; line 1 invoked `write`"),
            ([invoke(0, "read", time=5), ok(0, "read", 1, time=4)], "2: time goes backwards: 4 after 5"),
            ([invoke(0, "read"), {"process": 1, "f": "read", "result": 1, "call": 0, "end": 1}],
             "2: events and whole operations do not mix"),
            ([{"process": 1, "f": "read", "result": 1, "call": 3, "end": 1}], "1: it ends before it is called"),
            ([{"process": 0, "type": "invoke", "f": "write"}], "1: `write` without a value"),
            ([invoke(0, "read", key=1), invoke(1, "read")], "2: some operations name a key"),
        )
        for lines, message in cases:
            self.assertIn("history.jsonl:" + message, self.refused(lines, "--object", "register"))
        self.assertIn("an operation of kv names its key", self.refused([invoke(0, "read")], "--object", "kv"))
        self.assertIn("null is no element", self.refused([invoke(0, "enqueue")], "--object", "queue"))
        self.assertIn("is [expected, new]", self.refused([invoke(0, "cas", 3)], "--object", "cas-register"))

    def test_wrong_command_lines(self):
        for arguments, message in ((["--object", "queu", self.path], "did you mean `queue`?"),
                                   ([self.path], "--object is needed"),
                                   (["--object", "set"], "a file is needed")):
            open(self.path, "w", encoding="utf-8").close()
            done = subprocess.run([FATHOM, "history", *arguments], capture_output=True, text=True)
            self.assertEqual(done.returncode, 1)
            self.assertIn(message, done.stderr)
        done = subprocess.run([FATHOM, "history", "--object", "set", self.path + ".no"], capture_output=True, text=True)
        self.assertEqual(done.returncode, 255)

    def test_nothing_happened(self):
        self.assertEqual(self.verdict([], "--object", "register")["operations"], 0)


if __name__ == "__main__":
    at = sys.argv.index("--fathom")
    FATHOM = os.path.abspath(sys.argv[at + 1])
    del sys.argv[at:at + 2]
    unittest.main()
