#!/usr/bin/env python3
"""fathom coverage: the listing, the page and the JSON, held against counts that were made by hand.

usage: tests/e2e/test_coverage.py --fathom PROGRAM [unittest's arguments]
"""
import html.parser
import json
import os
import re
import subprocess
import sys
import tempfile
import unittest

FATHOM = None

# x runs from 0 to 3; Up is tried in each of 4 states and taken in 3, Reset in 1, Never in none.
STEPS = r"""---- MODULE Steps ----
EXTENDS Naturals
CONSTANT Max
VARIABLES x, y
vars == <<x, y>>
Limit == IF Max > 2 THEN Max ELSE 2
Twice(n) == n + n
Init == x = 0 /\ y = {}
Up == /\ x < Limit
      /\ x' = x + 1
      /\ UNCHANGED y
Reset == x = Limit /\ x' = 0 /\ UNCHANGED y
Never == x > Limit /\ x' = Twice(x) /\ UNCHANGED y
Next == Up \/ (\E i \in {1} : Reset) \/ Never
Spec == Init /\ [][Next]_vars
Small == \/ x <= Max
         \/ y = {1} \cup {2}
Unused == x = 7 <=> y = 8
Forever == <>(x = 3)
====
"""
CONFIG = "CONSTANT Max = 3\nSPECIFICATION Spec\nINVARIANT Small\n"

PLUSCAL = r"""---- MODULE Alg ----
EXTENDS Naturals
(* --algorithm Alg {
variables n = 0;
{
a: while (n < 2) { n := n + 1 };
b: if (n = 7) { n := n * 8 }
} } *)
====
"""


class Page(html.parser.HTMLParser):
    """The elements must be closed in order; collects rows of the tables."""

    def __init__(self):
        super().__init__()
        self.open, self.rows, self.marked = [], [], []

    def handle_starttag(self, tag, attributes):
        if tag == "meta":
            return
        self.open.append(tag)
        attributes = dict(attributes)
        if tag == "tr":
            self.rows.append({"class": attributes.get("class"), "id": attributes.get("id"),
                              "text": ""})
        self.marked.append(attributes.get("class") == "z")

    def handle_endtag(self, tag):
        assert self.open.pop() == tag, tag
        self.marked.pop()

    def handle_data(self, data):
        if self.rows:
            self.rows[-1]["text"] += ("[%s]" % data) if True in self.marked else data


class Coverage(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory(prefix="fathom-coverage-")
        self.addCleanup(self.folder.cleanup)
        self.write("Steps.tla", STEPS)
        self.write("Steps.cfg", CONFIG)

    def write(self, name, text):
        with open(os.path.join(self.folder.name, name), "w", encoding="utf-8") as file:
            file.write(text)

    def run_fathom(self, *arguments):
        return subprocess.run([FATHOM, *arguments], cwd=self.folder.name, capture_output=True,
                              stdin=subprocess.DEVNULL, timeout=120, check=False, text=True)

    def coverage(self, *arguments, status=0):
        result = self.run_fathom("coverage", *arguments)
        self.assertEqual(result.returncode, status, result.stdout + result.stderr)
        return result

    def lines(self, text):
        """Line number to (count, cost, mark below)."""
        found, last = {}, None
        for line in text.splitlines():
            match = re.fullmatch(r"(.{12})(.) (.{10})  (.{5})  (.*)|(.{12})(.) (.{10})  (.{5})", line)
            if match and (match[4] or match[9]).strip().isdigit():
                last = int((match[4] or match[9]).strip())
                groups = match.groups()[:3] if match[4] else match.groups()[5:8]
                found[last] = [(groups[0] + groups[1]).strip(), groups[2].strip(), match[5] or ""]
            elif last and "^" in line:
                found[last].append(line)
        return found

    def test_counts(self):
        lines = self.lines(self.coverage("Steps.tla", "-workers", "1").stdout)
        self.assertEqual(lines[2][:2], ["", ""])
        self.assertEqual(lines[6][0], "1", "a constant")
        self.assertEqual(lines[8][0], "1")
        self.assertEqual(lines[9][0], "4", "Up is tried in each state")
        self.assertEqual(lines[10][0], "3")
        self.assertEqual(lines[11][0], "3")
        self.assertEqual(lines[12][0], "4")
        self.assertEqual(lines[14][:2], ["", ""], "the split has no counter")
        self.assertEqual(lines[16][0], "4")
        self.assertEqual(lines[18][:2], ["-", "-"])
        self.assertEqual(lines[19][:2], ["-", "-"])

    def test_never_stands_out(self):
        lines = self.lines(self.coverage("Steps.tla").stdout)
        self.assertEqual(lines[7][:2], ["#####", "0"])
        self.assertEqual(lines[17][:2], ["#####", "0"])
        self.assertEqual(lines[13][0], "4*")
        marks = lines[13][3]
        text = " " * 33 + lines[13][2]
        begins = [match.start() for match in re.finditer(r"\^+", marks)]
        self.assertEqual([text[begin:begin + 4] for begin in begins], ["x' =", "UNCH"])
        self.assertIn("never evaluated", marks)

    def test_actions(self):
        text = self.coverage("Steps.tla").stdout
        self.assertRegex(text, r"\n +1 +1  \(initial states\)\n +3 +3  Up line 9, col 1 to line 9, "
                               r"col 2 of module Steps\n +0 +1  Reset line 12.*\n +0 +#####  Never ")
        self.assertIn("1 of 3 actions never taken", text)
        self.assertIn("was interpreted: emitted code does not count", text)
        self.assertIn("4 distinct states found", text)

    def test_workers_do_not_matter(self):
        one, two = (json.loads(self.coverage("--json", "-workers", count, "Steps.tla").stdout)
                    for count in "12")
        self.assertEqual(one, two)

    def test_json(self):
        result = json.loads(self.coverage("--json", "Steps.tla").stdout)
        self.assertEqual((result["distinct"], result["exit_status"], result["complete"]),
                         (4, 0, True))
        self.assertEqual([action["name"] for action in result["actions"]], ["Up", "Reset", "Never"])
        self.assertEqual(result["actions"][0]["location"],
                         {"line": 9, "column": 1, "end_line": 9, "end_column": 2})
        (file,) = result["files"]
        self.assertEqual(file["module"], "Steps")
        reach = {line["line"]: line["reach"] for line in file["lines"]}
        self.assertEqual((reach[7], reach[9], reach[13], reach[18]),
                         ("never", "whole", "partly", "unused"))
        never = sum(not expression["count"] and expression["used"]
                    for expression in file["expressions"])
        self.assertEqual(never, result["never_evaluated"])
        self.assertEqual(sum(expression["count"] for expression in file["expressions"]),
                         result["cost"])

    def test_page(self):
        self.coverage("--html", "page.html", "Steps.tla")
        with open(os.path.join(self.folder.name, "page.html"), encoding="utf-8") as file:
            text = file.read()
        self.assertNotRegex(text, r"<script|https?:|src=|@import")
        page = Page()
        page.feed(text)
        page.close()
        self.assertEqual(page.open, [])
        rows = {row["id"]: row for row in page.rows if row["id"]}
        self.assertEqual(rows["Steps-17"]["class"], "never")
        self.assertEqual(rows["Steps-18"]["class"], "unused")
        self.assertIn("[x' = ][Twice(x)]", rows["Steps-13"]["text"])
        self.assertIn("Small == \\/ x <= Max", rows["Steps-16"]["text"])
        self.assertEqual(len(rows), len(STEPS.splitlines()) + 1)

    def test_page_that_cannot_be_written(self):
        result = self.coverage("--html", "missing/page.html", "Steps.tla", status=255)
        self.assertIn("missing/page.html was not written", result.stderr)

    def test_pluscal_shows_the_algorithm(self):
        self.write("Alg.tla", PLUSCAL)
        self.write("Alg.cfg", "SPECIFICATION Spec\n")
        lines = self.lines(self.coverage("Alg.tla").stdout)
        self.assertEqual(len(lines), len(PLUSCAL.splitlines()))
        self.assertRegex(lines[6][0], r"^\d+$")
        self.assertRegex(lines[7][0], r"^\d+\*$")
        self.assertIn("^", lines[7][3])

    def test_violation_keeps_its_status(self):
        self.write("Steps.cfg", CONFIG + "INVARIANT Twice\n")
        self.assertEqual(self.run_fathom("coverage", "Steps.tla").returncode, 151)
        self.write("Steps.cfg", CONFIG.replace("INVARIANT Small", "PROPERTY Forever"))
        self.assertEqual(self.run_fathom("coverage", "Steps.tla").returncode, 13)

    def test_belongs_to_coverage(self):
        result = self.run_fathom("check", "--html", "a", "Steps.tla")
        self.assertEqual(result.returncode, 1)
        self.assertIn("--html belongs to `fathom coverage`", result.stderr)


if __name__ == "__main__":
    if "--fathom" in sys.argv:
        at = sys.argv.index("--fathom")
        FATHOM = os.path.abspath(sys.argv[at + 1])
        del sys.argv[at:at + 2]
    unittest.main()
