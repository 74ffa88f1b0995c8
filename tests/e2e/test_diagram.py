#!/usr/bin/env python3
"""fathom replay --json, --svg, --html: what they contain, and where it stands.

usage: tests/e2e/test_diagram.py --fathom PROGRAM [unittest's arguments]
"""
import html.parser
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unicodedata
import unittest
import xml.etree.ElementTree

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
SVG = "{http://www.w3.org/2000/svg}"
CHARACTER = 6.6  # pixels of a character, as src/fuzz/layout.h has it
FATHOM = None


def text_width(text):
    return CHARACTER * sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


class Tags(html.parser.HTMLParser):
    """Tags of a page that are opened and closed in order, and what it points to."""

    def __init__(self):
        super().__init__()
        self.open, self.tags, self.links, self.ids = [], set(), [], set()

    def handle_starttag(self, tag, attributes):
        self.tags.add(tag)
        attributes = dict(attributes)
        for name in ("href", "src", "xlink:href"):
            if name in attributes:
                self.links.append(attributes[name])
        if "id" in attributes:
            self.ids.add(attributes["id"])
        if tag != "meta":
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.tags.add(tag)

    def handle_endtag(self, tag):
        if self.open.pop() != tag:
            raise AssertionError("a tag is closed that is not open: " + tag)


class Diagram(unittest.TestCase):
    def setUp(self):
        self.directory = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, self.directory)

    def path(self, name):
        return os.path.join(self.directory, name)

    def read(self, name):
        with open(self.path(name), encoding="utf-8") as file:
            return file.read()

    def fathom(self, *arguments, expect=0):
        done = subprocess.run([FATHOM, *arguments], cwd=self.directory, capture_output=True,
                              timeout=120)
        self.assertEqual(done.returncode, expect, done.stdout + done.stderr)
        return done.stdout

    def find(self, source, name, *arguments, flags=()):
        """The first finding of a campaign."""
        subprocess.run(["cc", "-shared", "-fPIC", "-O1", "-I", os.path.join(ROOT, "include"), *flags,
                        "-o", self.path(name), os.path.join(ROOT, source)], check=True)
        out = self.fathom("fuzz", "--json", "--seed", "1", "--schedules", "2000", *arguments, name,
                          expect=3)
        return json.loads(out)["findings"][0]["file"]

    def draw(self, finding):
        out = self.fathom("replay", "--svg", "out.svg", "--html", "out.html", "--json", finding)
        return json.loads(out), self.read("out.svg"), self.read("out.html")

    def check_svg(self, text):
        """Well-formed; all text inside the picture, and no two texts over each other."""
        root = xml.etree.ElementTree.fromstring(text)
        left, top, width, height = map(int, root.get("viewBox").split())
        rows = {}
        for element in root.iter(SVG + "text"):
            x, y = int(element.get("x")), int(element.get("y"))
            words = "".join(element.itertext())
            self.assertGreaterEqual(x, left)
            self.assertGreaterEqual(y - 11, top)
            self.assertLessEqual(x + text_width(words), width, words)
            self.assertLessEqual(y + 4, height)
            for row in range(y - 12, y + 13):
                for other_x, other_width, other in rows.get(row, ()):
                    apart = x >= other_x + other_width or other_x >= x + text_width(words)
                    self.assertTrue(apart, f"{words!r} at {x},{y} lies over {other!r}")
            rows.setdefault(y, []).append((x, text_width(words), words))
        for element in root.iter(SVG + "rect"):
            if element.get("x") is not None:
                self.assertGreaterEqual(int(element.get("x")), left)
                self.assertLessEqual(int(element.get("x")) + int(element.get("width")), width)
                self.assertLessEqual(int(element.get("y")) + int(element.get("height")), height)
        return root

    def check_cards(self, root):
        """No card hides another."""
        boxes = []
        for group in root.iter(SVG + "g"):
            if "card" in group.get("class", ""):
                box = group.find(SVG + "rect")
                boxes.append([int(box.get(name)) for name in ("x", "y", "width", "height")])
        for i, one in enumerate(boxes):
            for two in boxes[:i]:
                self.assertTrue(one[0] >= two[0] + two[2] or two[0] >= one[0] + one[2] or
                                one[1] >= two[1] + two[3] or two[1] >= one[1] + one[3])
        return len(boxes)

    def check_page(self, text):
        page = Tags()
        page.feed(text)
        page.close()
        self.assertEqual(page.open, [])
        self.assertNotIn("script", page.tags)
        self.assertTrue(page.links)
        for link in page.links:
            self.assertEqual(link[0], "#")
            self.assertIn(link[1:], page.ids)
        self.assertEqual(set(re.findall(r"https?://[^\"' ]*", text)),
                         {"http://www.w3.org/2000/svg"})
        self.assertNotIn("url(", text)
        self.assertNotIn("@import", text)

    def test_lease(self):
        """A real finding: every event a card, every message an arrow that points at its arrival."""
        finding = self.find("examples/lease.c", "lease.so")
        replay, svg, page = self.draw(finding)
        root = self.check_svg(svg)
        cards = self.check_cards(root)
        events = replay["events"]
        self.assertEqual(cards, len(events))
        self.assertEqual(len(events) - 3, len(replay["finding"]["choices"]))
        sends = sum(e["kind"] == "send" for event in events for e in event["effects"])
        arrows = [g for g in root.iter(SVG + "g") if g.get("class", "").startswith("m ")]
        self.assertEqual(len(arrows), sends)
        last = [g for g in root.iter(SVG + "g") if "last" in g.get("class", "").split()]
        self.assertEqual(len(last), 1)
        self.assertIn('"type": "write"', last[0].find(SVG + "title").text)
        self.assertIn("property: NoLostWrite", "".join(root.itertext()))
        self.check_page(page)
        for number in range(1, len(events) - 2):
            self.assertIn(f'id="e{number}"', page)
        self.check_json(replay)

    def check_json(self, replay):
        self.assertTrue(replay["same"])
        self.assertEqual(replay["signature"], replay["finding"]["signature"])
        self.assertEqual(replay["event_hash"], replay["finding"]["event_hash"])
        sent = {}
        time = 0
        for event in replay["events"]:
            self.assertGreaterEqual(event["time_us"], time)
            time = event["time_us"]
            if event["kind"] == "deliver":
                self.assertEqual(sent[event["number"]], (event["node"], event["peer"],
                                                         event["words"]))
            for effect in event["effects"]:
                if effect["kind"] == "send":
                    sent[effect["number"]] = (effect["node"], effect["peer"], effect["words"])
        self.assertEqual([e["choice"] for e in replay["events"] if e["step"] > 0],
                         replay["finding"]["choices"])
        self.assertGreater(replay["events"][-1]["observed"]["fields"]["highest"],
                           replay["events"][-1]["observed"]["fields"]["last"])

    def test_everything(self):
        """500 events of all kinds, with words that are no words, and one to eight nodes."""
        finding = self.find("tests/sim/chatty.c", "chatty.so", "--no-minimize", "--horizon", "1000",
                            "--no-subsets", "--nodes", "3", flags=["-DLIMIT=90"])
        replay, svg, page = self.draw(finding)
        self.assertGreater(len(replay["events"]), 400)
        kinds = {event["kind"] for event in replay["events"]}
        kinds |= {effect["kind"] for event in replay["events"] for effect in event["effects"]}
        for kind in ("send", "reply", "put", "disk", "event", "crash", "drop", "duplicate", "cut",
                     "isolate", "heal", "pause", "resume", "jump", "custom", "tick", "request"):
            self.assertIn(kind, kinds)
        event = next(effect for event in replay["events"] for effect in event["effects"]
                     if effect["kind"] == "event")
        self.assertEqual(list(event["words"]), ["what <i>"])
        root = self.check_svg(svg)
        self.check_cards(root)
        self.assertNotIn("<b>", svg)
        self.check_page(page)
        classes = {group.get("class") for group in root.iter(SVG + "g")}
        for word in ("again", "lost", "waits", "client", "last"):
            self.assertTrue(any(word in (name or "").split() for name in classes), word)
        lanes = {path.get("class") for path in root.iter(SVG + "path")}
        self.assertLessEqual({"lane", "lane down", "lane paused", "lane off"}, lanes)

    def test_many_nodes(self):
        for nodes in ("1", "5", "16"):
            finding = self.find("tests/sim/chatty.c", "chatty.so", "--no-minimize", "--horizon",
                                "2000", "--nodes", nodes, "--schedules", "200",
                                flags=["-DLIMIT=20", "-DFAILING=1"] if nodes == "1" else ["-DLIMIT=20"])
            _, svg, page = self.draw(finding)
            self.check_cards(self.check_svg(svg))
            self.check_page(page)

    def test_crash(self):
        """What the process did before it died is there."""
        finding = self.find("tests/sim/faulty.c", "faulty.so", flags=["-DMISTAKE=CRASH"])
        replay, svg, _ = self.draw(finding)
        self.assertIn("SIGSEGV", replay["reason"])
        self.assertEqual(replay["events"][-1]["kind"], "deliver")
        self.assertIn("SIGSEGV", "".join(self.check_svg(svg).itertext()))

    def test_unwritable(self):
        finding = self.find("tests/sim/faulty.c", "faulty.so", flags=["-DMISTAKE=FAILS"])
        self.fathom("replay", "--svg", "nowhere/out.svg", finding, expect=4)


if __name__ == "__main__":
    at = sys.argv.index("--fathom")
    FATHOM = os.path.abspath(sys.argv[at + 1])
    del sys.argv[at:at + 2]
    # Signals are the target's: sanitizers would turn them into exits.
    for variable in ("ASAN_OPTIONS", "TSAN_OPTIONS"):
        os.environ[variable] = os.environ.get(variable, "") + ":handle_segv=0:handle_abort=0"
    unittest.main()
