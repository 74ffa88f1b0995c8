#!/usr/bin/env python3
"""fathom fuzz with a mapping, on the lock service of examples/lease.c and mistakes put into it.

usage: tests/e2e/test_judge.py --fathom PROGRAM [unittest's arguments]
"""
import json
import os
import shutil
import subprocess
import sys
import tempfile
import unittest

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
EXAMPLES = os.path.join(ROOT, "examples")
FATHOM = None

# Changes of examples/lease.c: what each replaces, and by what.
NOTHING = ("", "")
NO_CHECK = (".check = lease_check,", "")
NO_CANCEL = ("fathom_cancel(node->self, EXPIRE);", "")
TWO_HOLDERS = ("what == 'a' && node->holder == 0", "what == 'a'")
OTHER_GRANT = ("tell(node, from, 'g', node->granted)", "tell(node, from, 'g', node->granted + 1)")

SMALL = """---- MODULE Small ----
EXTENDS Naturals
VARIABLE x
Init == x = 0
Next == UNCHANGED x
%s
====
"""

# x and g count events, f counts them for node 2 alone.
READS = """---- MODULE Reads ----
EXTENDS Naturals, FiniteSets
VARIABLES x, f, g
Init == x = 0 /\\ f = [n \\in 1 .. 3 |-> 0] /\\ g = f
Event(e) == x' = x + 1 /\\ f' = [f EXCEPT ![2] = @ + 1] /\\ g' = [n \\in 1 .. 3 |-> g[n] + 1]
At(k) == g[k]
Other(k) == f[(k %% 3) + 1]
Plus(k) == k + x
Apply(Op(_), k) == Op(k)
Twice(Op(_), k) == Apply(LAMBDA y : Op(y) + 0, k)
RECURSIVE Down(_)
Down(k) == IF k = 0 THEN x ELSE Down(k - 1)
Count(n) == %s
Observed(n) == [holder |-> IF n = 1 /\\ Count(n) > 2 THEN 7 ELSE 0]
Few == Count(1) <= 2
====
"""
WAYS_TO_READ = ("x", "g[n]", "At(n)", "f[2]", "f[(n % 3) + 1]", "Other(n)", "LET y == x IN y",
                "LET G(k) == f[k + 1] IN G(n)", "LET G(k) == LET H(l) == f[l + k] IN H(1) IN G(n)",
                "LET G(k) == g[n] IN G(2)", "Apply(LAMBDA k : k + x, 0)", "Apply(LAMBDA k : f[k], 2)",
                "Apply(LAMBDA k : f[n + k], 1)", "Apply(Plus, 0)", "Twice(Plus, 0)", "Twice(Other, n)",
                "[[a |-> 0] EXCEPT !.a = x].a", "[[a |-> f] EXCEPT !.a[n + 1] = @ + 0].a[2]",
                "[f EXCEPT ![n] = 0][n + 1]", "Cardinality({k \\in 1 .. 9 : k <= x})",
                "Cardinality({k + 1 : k \\in 1 .. x})", "CHOOSE k \\in {x} : TRUE",
                "CHOOSE k \\in 0 .. 9 : k = x", "Down(3)", "[k \\in {n} |-> f[k + 1]][n]",
                "LET r[k \\in 0 .. 2] == IF k = 0 THEN x ELSE r[k - 1] IN r[2]",
                "IF \\E k \\in 1 .. 3 : f[k] > 2 THEN 3 ELSE 0", "CASE x > 2 -> 3 [] OTHER -> 0",
                "IF ENABLED (x = 3 /\\ x' = 4) THEN 3 ELSE 0", "<<f, g>>[1][n + 1]")


class Judge(unittest.TestCase):
    def setUp(self):
        self.directory = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, self.directory)
        for name in ("LeaseSystem.tla", "LeaseMap.tla", "LeaseMap.cfg", "LeaseMapFenced.cfg"):
            shutil.copy(os.path.join(EXAMPLES, name), self.directory)

    def path(self, name):
        return os.path.join(self.directory, name)

    def change(self, name, old, new):
        with open(self.path(name), encoding="utf-8") as file:
            text = file.read()
        self.assertIn(old, text)
        with open(self.path(name), "w", encoding="utf-8") as file:
            file.write(text.replace(old, new))

    def compile(self, change, *flags):
        shutil.copy(os.path.join(EXAMPLES, "lease.c"), self.directory)
        self.change("lease.c", *change)
        subprocess.run(["cc", "-shared", "-fPIC", "-O1", "-I", os.path.join(ROOT, "include"),
                        *flags, "-o", self.path("lease.so"), self.path("lease.c")], check=True)

    def fathom(self, *arguments, expect):
        done = subprocess.run([FATHOM, *arguments], cwd=self.directory, capture_output=True,
                              text=True, timeout=120)
        self.assertEqual(done.returncode, expect, done.stdout + done.stderr)
        return done.stdout, done.stderr

    def fuzz(self, *arguments, expect, mapping="LeaseMap.tla", schedules="300"):
        stdout, _ = self.fathom("fuzz", "--json", "--seed", "1", "--schedules", schedules,
                                *arguments, mapping, "lease.so", expect=expect)
        return json.loads(stdout)

    def signatures(self, *arguments, expect=3, **options):
        result = self.fuzz(*arguments, expect=expect, **options)
        return [finding["signature"] for finding in result["findings"]]

    def test_conforms(self):
        """A program that does what the model says, whatever happens to it."""
        self.compile(NOTHING, "-DFENCING")
        result = self.fuzz("--config", "LeaseMapFenced.cfg", expect=0)
        judged = result["judged"]
        self.assertEqual(result["hits"], 0)
        self.assertEqual(judged["candidates"], judged["events"])
        self.assertEqual(judged["candidates_max"], 1)
        self.assertEqual(judged["events"], result["applied"] + 3 * result["schedules"])
        self.assertGreater(judged["events"] - judged["ignored"], 0.5 * judged["events"])
        self.assertGreater(judged["compared"], 3 * judged["events"])
        self.assertEqual(result["unstable"], 0)

    def found(self, *arguments, expect, mapping):
        """All that a campaign finds, and all that it counts but time."""
        out = self.path("found-" + str(len(os.listdir(self.directory))))
        result = self.fuzz("--workers", "1", "--no-minimize", "--out", out, *arguments,
                           expect=expect, mapping=mapping)
        for key in ("seconds", "drain_seconds"):
            del result[key]
        remembered = result["judged"].pop("remembered")
        texts = []
        for finding in result["findings"]:
            del finding["seconds"]
            with open(self.path(finding.pop("file")), encoding="utf-8") as file:
                texts.append(file.read())
        return (result, texts), remembered

    def test_careful(self):
        """What the judge remembers changes no verdict, no reason and no count."""
        nodes = ("--nodes", "4")
        for change, fencing, expect in ((NOTHING, True, 0), (NOTHING, False, 3), (NO_CANCEL, True, 3),
                                        (NO_CHECK, True, 0), (TWO_HOLDERS, True, 3),
                                        (OTHER_GRANT, True, 3)):
            for more in ((), nodes):
                with self.subTest(change=change, fencing=fencing, more=more):
                    self.compile(change, "-DFENCING")
                    config = ("--config", "LeaseMapFenced.cfg") if fencing else ()
                    options = {"expect": expect, "mapping": "LeaseMap.tla"}
                    fast, remembered = self.found(*config, *more, **options)
                    careful, nothing = self.found("--careful", *config, *more, **options)
                    self.assertEqual(fast, careful)
                    self.assertGreater(remembered, 0)
                    self.assertEqual(nothing, 0)

    def test_reads(self):
        """However something is read of the state, the judge asks again when it has changed."""
        self.compile(NOTHING)
        for way in WAYS_TO_READ:
            for end, wanted in (("", "state differs: start: holder differs"),
                                ("INVARIANT Few\n", "invariant: start: Few is violated")):
                with self.subTest(way=way, end=end):
                    text = READS % way
                    if end:
                        text = text.replace("[holder |->", "[nothing |->")
                    with open(self.path("Reads.tla"), "w", encoding="utf-8") as file:
                        file.write(text)
                    with open(self.path("Reads.cfg"), "w", encoding="utf-8") as file:
                        file.write("INIT Init\n" + end)
                    self.assertEqual(self.signatures("--no-minimize", "--horizon", "1", mapping="Reads.tla",
                                                     schedules="1"), [wanted])

    def test_same_schedules(self):
        """The judge decides nothing of what happens."""
        self.compile(NOTHING, "-DFENCING")
        plain, _ = self.fathom("fuzz", "--json", "--seed", "1", "--schedules", "300", "lease.so",
                               expect=0)
        judged = self.fuzz("--config", "LeaseMapFenced.cfg", expect=0)
        for key in ("schedules", "choices", "applied"):
            self.assertEqual(json.loads(plain)[key], judged[key])

    def test_differs(self):
        """The store refuses old grants, the model does not."""
        self.compile(NOTHING, "-DFENCING")
        result = self.fuzz(expect=3)
        signatures = [finding["signature"] for finding in result["findings"]]
        self.assertIn("state differs: deliver write: last differs", signatures)
        finding = result["findings"][0]["file"]
        text, _ = self.fathom("replay", finding, expect=0)
        self.assertRegex(text, r"node 1: last is \d, in the model \d\n")
        self.assertIn("The model before it (candidate 1 of 1):\n  /\\ holder =", text)
        self.assertIn("It repeats", text)
        whole = json.loads(self.fathom("replay", "--json", finding, expect=0)[0])
        self.assertIn("in the model", whole["explanation"])
        self.assertTrue(whole["same"])
        self.refused(finding)

    def refused(self, finding):
        """Another model than the finding's, unless it is forced."""
        self.change("LeaseMap.cfg", "Fencing = FALSE", "Fencing = TRUE")
        _, stderr = self.fathom("replay", finding, expect=4)
        self.assertIn("another configuration", stderr)
        text, _ = self.fathom("replay", "--force", finding, expect=3)
        self.assertIn("does not repeat", text)
        self.change("LeaseSystem.tla", "Acquire(c) \\in messages", "TRUE")
        self.change("LeaseMap.cfg", "Fencing = TRUE", "Fencing = FALSE")
        _, stderr = self.fathom("minimize", finding, expect=4)
        self.assertIn("another specification", stderr)

    def test_impossible(self):
        """A timer that nobody cancelled fires when the lease is free."""
        self.compile(NO_CANCEL, "-DFENCING")
        result = self.fuzz("--config", "LeaseMapFenced.cfg", expect=3)
        self.assertEqual([f["signature"] for f in result["findings"]],
                         ["impossible event: timer: holder /= # is false"])
        text, _ = self.fathom("replay", result["findings"][0]["file"], expect=0)
        self.assertRegex(text, r"LeaseSystem.tla:\d+: holder /= 0 is false\n    holder = 0\n")
        self.assertRegex(text, r"Steps that were possible: .*Ask\(2\)")

    def header(self, finding, name):
        with open(self.path(finding), encoding="utf-8") as file:
            return next(line for line in file if line.startswith(name + ": ")).split(": ")[1].strip()

    def test_fewer_nodes(self):
        """A finding of five nodes that needs two, and a model that is told how many there are."""
        self.compile(NO_CANCEL, "-DFENCING")
        result = self.fuzz("--config", "LeaseMapFenced.cfg", "--nodes", "5", expect=3)
        file = result["findings"][0]["file"]
        self.assertEqual(result["findings"][0]["signature"],
                         "impossible event: timer: holder /= # is false")
        self.assertEqual(self.header(file, "nodes"), "2")
        text, _ = self.fathom("replay", file, expect=0)
        self.assertIn("It repeats", text)
        again, stderr = self.fathom("minimize", file, expect=0)
        self.assertIn("2 of 2 nodes", stderr)
        # The number of nodes is part of what the finding was judged by.
        self.change(file, "\nnodes: 2\n", "\nnodes: 3\n")
        _, stderr = self.fathom("replay", file, expect=4)
        self.assertIn("another configuration", stderr)

    def test_any_number_of_nodes(self):
        self.compile(NOTHING, "-DFENCING")
        # What the configuration says of Nodes does not count.
        self.change("LeaseMapFenced.cfg", "Fencing = TRUE", "Fencing = TRUE\n    Nodes = {1, 7}")
        for nodes in ("2", "3", "6"):
            result = self.fuzz("--config", "LeaseMapFenced.cfg", "--nodes", nodes, expect=0)
            self.assertGreater(result["judged"]["compared"], 0)
            self.fathom("mapping", "--seed", "1", "--nodes", nodes, "--schedules", "50", "--config",
                        "LeaseMapFenced.cfg", "LeaseMap.tla", "lease.so", expect=0)

    def test_fixed_nodes(self):
        """A mapping without Nodes, or with one of its specification, is for one number of nodes."""
        self.compile(NO_CANCEL, "-DFENCING")
        self.change("LeaseMap.tla", "Nodes == 1..3\n", "")
        for old, new in (("EXTENDS Naturals", "EXTENDS Naturals\nNodes == 1..3"),
                         ("Nodes == 1..3", "Numbers == 1..3")):
            self.change("LeaseSystem.tla", old, new)
            self.change("LeaseMap.tla", *(("Others == Nodes", "Others == Numbers")
                                          if "Numbers" in new else NOTHING))
            finding = self.fuzz("--config", "LeaseMapFenced.cfg", expect=3)["findings"][0]
            self.assertEqual(self.header(finding["file"], "nodes"), "3")
            self.assertLessEqual(finding["choices"], 10)
            signature, = self.signatures("--config", "LeaseMapFenced.cfg", "--nodes", "4", expect=4)
            self.assertRegex(signature, "^mapping error: ")

    def test_messages(self):
        """Messages that the model does not send, whatever the node shows."""
        for change in (TWO_HOLDERS, OTHER_GRANT):
            self.compile(change, "-DFENCING")
            signatures = self.signatures("--config", "LeaseMapFenced.cfg")
            self.assertEqual(len(signatures), 1)
            self.assertRegex(signatures[0], "^impossible event: deliver acquire: messages' = ")
            shutil.rmtree(self.path("findings"))

    def test_escalation(self):
        """A divergence that does no harm by itself, and the property that it leads to."""
        self.compile(OTHER_GRANT)
        result = self.fuzz("--config", "LeaseMapFenced.cfg", expect=3)
        divergence, harm = result["findings"]
        self.assertRegex(divergence["signature"], "^impossible event: deliver acquire: ")
        self.assertNotIn("divergence", divergence)
        self.assertEqual(harm["signature"], "property: NoLostWrite")
        self.assertRegex(harm["divergence"], "^impossible event: deliver acquire: ")
        self.assertLess(harm["diverged"], harm["choices"])
        self.assertLess(harm["choices"], 30)
        text, _ = self.fathom("replay", harm["file"], expect=0)
        self.assertIn(f"after {harm['diverged']} choices the model did not allow", text)
        whole = json.loads(self.fathom("replay", "--json", harm["file"], expect=0)[0])
        self.assertEqual((whole["verdict"], whole["diverged"]), ("property", harm["diverged"]))
        # The picture shows both places: the divergence is event number `diverged`, since none is idle.
        self.fathom("replay", "--svg", "harm.svg", harm["file"], expect=0)
        with open(self.path("harm.svg"), encoding="utf-8") as file:
            picture = file.read()
        self.assertEqual(picture.count('class="card last"'), 1)
        self.assertIn(f'class="card diverges" id="c{harm["diverged"]}"', picture)
        self.assertIn(f"The model disagreed before, after choice {harm['diverged']}", picture)
        again, _ = self.fathom("minimize", harm["file"], expect=0)
        with open(self.path(harm["file"]), encoding="utf-8") as file:
            self.assertEqual(again, file.read())

    def test_harmless(self):
        """Where the target has no check nothing can be broken."""
        self.compile(NO_CANCEL, "-DFENCING")
        result = self.fuzz("--config", "LeaseMapFenced.cfg", expect=3)
        self.assertEqual(len(result["findings"]), 1)

    def test_invariant(self):
        """The model finds what the program's own check found."""
        self.compile(NO_CHECK)
        result = self.fuzz(expect=3, schedules="600")
        self.assertEqual([f["signature"] for f in result["findings"]],
                         ["invariant: deliver write: NoLostWrite is violated"])
        self.assertLess(result["findings"][0]["choices"], 30)

    def test_property_comes_first(self):
        self.compile(NOTHING)
        self.assertEqual(self.signatures(schedules="600"), ["property: NoLostWrite"])

    def test_hidden(self):
        """The lease expires in a step that no event shows."""
        self.compile(NOTHING, "-DFENCING")
        self.change("LeaseMap.tla", "       /\\ Expire\n", "       /\\ UNCHANGED vars\n")
        signatures = self.signatures("--config", "LeaseMapFenced.cfg")
        self.assertEqual(signatures, ["state differs: timer: holder differs"])
        self.change("LeaseMap.tla", "Ignored ==", "Hidden == Expire\nHiddenBound == 1\nIgnored ==")
        result = self.fuzz("--config", "LeaseMapFenced.cfg", expect=0)
        self.assertGreater(result["judged"]["hidden"], 0)
        self.change("LeaseMap.tla", "HiddenBound == 1", "HiddenBound == 0")
        self.assertEqual(self.signatures("--config", "LeaseMapFenced.cfg"), signatures)

    def test_unmapped(self):
        self.compile(NOTHING, "-DFENCING")
        self.change("LeaseMap.tla", '"tick", ', "")
        self.assertIn("impossible event: tick: no disjunct of Event is about it",
                      self.signatures("--config", "LeaseMapFenced.cfg"))

    def test_errors(self):
        """Mistakes in a mapping end the campaign, and are nobody's findings."""
        self.compile(NOTHING)
        self.change("LeaseMap.tla", "Granted(c, msg.grant)", "Granted(c, msg.number)")
        signature, = self.signatures(expect=4)
        self.assertRegex(signature, "^mapping error: .*LeaseMap.tla:#: .* has no field `number`")
        self.change("LeaseMap.tla", "msg.number", "msg.grant")
        self.change("LeaseMap.tla", "[holder |-> holder,", '[holder |-> "nobody",')
        signature, = self.signatures(expect=4)
        self.assertRegex(signature, "^mapping error: ")

    def test_survey(self):
        """What `fathom mapping` says of a good mapping."""
        self.compile(NOTHING, "-DFENCING")
        arguments = ("--seed", "1", "--schedules", "100", "--config", "LeaseMapFenced.cfg",
                     "LeaseMap.tla", "lease.so")
        found = json.loads(self.fathom("mapping", "--json", *arguments, expect=0)[0])
        self.assertEqual((found["schedules"], found["found"], found["candidates_max"]), (100, 0, 1))
        self.assertGreater(found["changed"], 300)
        self.assertGreaterEqual(found["rejected"], 0.99 * found["changed"])
        self.assertEqual(len(found["by_step"]), 6)
        self.assertTrue(all(step["taken"] > 0 for step in found["by_step"]))
        self.assertEqual({row["name"] for row in found["by_variable"]},
                         {"holder", "granted", "last", "highest", "grant"})
        ignored = {row["name"] for row in found["by_event"] if row["ignored"]}
        self.assertIn("tick", ignored)
        self.assertNotIn("deliver grant", ignored)
        self.assertEqual(sum(row["count"] for row in found["by_event"]), found["events"])
        text, _ = self.fathom("mapping", *arguments, expect=0)
        self.assertRegex(text, r"LeaseMap.tla:\d+: e.ev = \"start\" /\\ UNCHANGED vars +300\n")
        self.assertIn("changed observations were rejected; 99% are wanted", text)

    def test_survey_of_nothing(self):
        """A mapping that allows everything conforms to everything; this shows it."""
        self.compile(NOTHING, "-DFENCING")
        self.small("Event(e) == UNCHANGED x \\/ (e.ev = \"never\" /\\ x' = 1)\n"
                   "Observed(n) == [holder |-> IF n = 1 THEN 7 ELSE x]")
        self.assertEqual(self.signatures(mapping="Small.tla"),
                         ["state differs: start: holder differs"])
        self.small("Event(e) == UNCHANGED x \\/ (e.ev = \"never\" /\\ x' = 1)\n"
                   "Observed(n) == [other |-> x]")
        self.assertEqual(self.fuzz(mapping="Small.tla", expect=0)["hits"], 0)
        text, _ = self.fathom("mapping", "--seed", "1", "Small.tla", "lease.so", expect=3)
        self.assertIn("0.00%  not compared?", text)
        self.assertRegex(text, r'e.ev = "never" /\\ x\' = 1 +0  never')
        self.fathom("mapping", "Small.tla", expect=1)
        self.fathom("mapping", "Small.tla", "missing.so", expect=4)

    def small(self, text, config="INIT Init\nNEXT Next\n"):
        with open(self.path("Small.tla"), "w", encoding="utf-8") as file:
            file.write(SMALL % text)
        with open(self.path("Small.cfg"), "w", encoding="utf-8") as file:
            file.write(config)

    def test_inconclusive(self):
        self.compile(NOTHING, "-DFENCING")
        self.small("Event(e) == x' \\in 1..65\nObserved(n) == [y |-> x]")
        self.assertEqual(self.signatures(mapping="Small.tla"),
                         ["inconclusive: start: more than # candidates"])
        text, _ = self.fathom("mapping", "--seed", "1", "--schedules", "5", "Small.tla", "lease.so", expect=3)
        self.assertIn("5 of them ended in a finding.\n"
                      "The first of these: inconclusive: start: more than 64 candidates\n", text)
        self.small("Event(e) == IF e.ev = \"timer\" THEN x' \\in 1..7 ELSE x' = 0\n"
                   "Observed(n) == [y |-> x]")
        text, _ = self.fathom("mapping", "--seed", "1", "--schedules", "5", "Small.tla", "lease.so", expect=3)
        self.assertRegex(text, r"\n  timer +\d+  up to 7 candidates\n")
        self.assertRegex(text, r"\n  tick +\d+\n")
        self.assertIn("7 at most: more than 4 make judging slow", text)
        self.small("Event(e) == x' \\in 1..64\nObserved(n) == [y |-> x]")
        self.assertEqual(self.fuzz(mapping="Small.tla", schedules="5", expect=0)["judged"]
                         ["candidates_max"], 64)

    def test_bad_mappings(self):
        self.compile(NOTHING)
        good = "Event(e) == UNCHANGED x\nObserved(n) == [y |-> x]\n"
        for text, message in (
                ("Observed(n) == [y |-> x]", "a mapping defines Event(e)"),
                ("Event == TRUE\nObserved(n) == [y |-> x]", "this one has other arguments"),
                ("Event(e) == UNCHANGED x", "a mapping defines Observed(n)"),
                (good + "Ignored == 7", "Ignored is a constant set of strings"),
                (good + "Ignored == {7}", "Ignored is a constant set of strings"),
                (good + "Hidden == x' = 1\nHiddenBound == 101", "HiddenBound is a number"),
                (good + "Hidden(a) == x' = a", "Hidden of a mapping has no arguments"),
                (good + "Nodes(n) == 1..n", "Nodes of a mapping has no arguments"),
                ("Event(e) == UNCHANGED y", "unknown operator `y`")):
            self.small(text)
            _, stderr = self.fathom("fuzz", "Small.tla", "lease.so", expect=4)
            self.assertIn(message, stderr)
        self.small(good, config="INVARIANT Init\n")
        _, stderr = self.fathom("fuzz", "Small.tla", "lease.so", expect=4)
        self.assertIn("neither SPECIFICATION nor INIT", stderr)
        _, stderr = self.fathom("fuzz", "Small.tla", expect=1)
        self.assertIn("behind the mapping Small.tla a target is needed", stderr)
        _, stderr = self.fathom("fuzz", "Missing.tla", "lease.so", expect=4)
        self.assertIn("there is no file Missing.tla", stderr)


if __name__ == "__main__":
    FATHOM = os.path.abspath(sys.argv[sys.argv.index("--fathom") + 1])
    at = sys.argv.index("--fathom")
    del sys.argv[at:at + 2]
    unittest.main()
