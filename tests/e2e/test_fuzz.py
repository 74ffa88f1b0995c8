#!/usr/bin/env python3
"""fathom fuzz, replay and minimize from the outside, on targets that are compiled here.

usage: tests/e2e/test_fuzz.py --fathom PROGRAM [unittest's arguments]
"""
import json
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
SANITIZED = False


def compile_target(source, output, *flags):
    subprocess.run(["cc", "-shared", "-fPIC", "-O1", "-I", os.path.join(ROOT, "include"), *flags,
                    "-o", output, os.path.join(ROOT, source)], check=True)


class Fuzz(unittest.TestCase):
    def setUp(self):
        self.directory = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, self.directory)

    def path(self, name):
        return os.path.join(self.directory, name)

    def fathom(self, *arguments, expect=0):
        done = subprocess.run([FATHOM, *arguments], cwd=self.directory, capture_output=True,
                              text=True, timeout=120)
        self.assertEqual(done.returncode, expect, done.stdout + done.stderr)
        return done.stdout, done.stderr

    def fuzz(self, target, *arguments, expect):
        stdout, _ = self.fathom("fuzz", "--json", "--seed", "1", "--schedules", "400", "--hang", "1",
                                *arguments, target, expect=expect)
        return json.loads(stdout)

    def faulty(self, mistake, *arguments, expect=3):
        compile_target("tests/sim/faulty.c", self.path("faulty.so"), "-DMISTAKE=" + mistake)
        return self.fuzz("faulty.so", *arguments, expect=expect)

    def signatures(self, mistake, *arguments, expect=3):
        result = self.faulty(mistake, *arguments, expect=expect)
        return [finding["signature"] for finding in result["findings"]]

    def test_lease(self):
        """The bug of examples/Lease.tla, found, shrunk, replayed; and its repair."""
        compile_target("examples/lease.c", self.path("lease.so"))
        compile_target("examples/lease.c", self.path("fenced.so"), "-DFENCING")
        result = self.fuzz("lease.so", "--schedules", "2000", expect=3)
        self.assertEqual([f["signature"] for f in result["findings"]], ["property: NoLostWrite"])
        self.assertLess(result["findings"][0]["choices"], 30)
        self.assertGreater(result["repeated"], 0)
        self.assertEqual(result["unstable"], 0)
        self.assertGreater(result["applied"], 0.6 * result["choices"])
        finding = result["findings"][0]["file"]
        first, _ = self.fathom("replay", "--json", finding)
        again, _ = self.fathom("replay", "--json", finding)
        self.assertEqual(first, again)
        self.assertTrue(json.loads(first.splitlines()[-1])["same"])
        text, _ = self.fathom("replay", finding)
        self.assertIn('"type": "write"', text)
        self.assertEqual(self.fuzz("fenced.so", "--schedules", "2000", expect=0)["hits"], 0)
        self.check_minimal(finding)
        self.check_hash(finding)

    def check_minimal(self, finding):
        """Without any one choice it is no finding any more."""
        with open(self.path(finding), encoding="utf-8") as file:
            head, choices = re.fullmatch(r"(.*\n)choices: \d+\n(.*)", file.read(), re.S).groups()
        lines = choices.splitlines(keepends=True)
        for i in range(len(lines)):
            with open(self.path("less"), "w", encoding="utf-8") as file:
                file.write(f"{head}choices: {len(lines) - 1}\n" + "".join(lines[:i] + lines[i + 1:]))
            out, _ = self.fathom("replay", "--json", "less", expect=3)
            self.assertEqual(json.loads(out.splitlines()[-1])["signature"], "fine: ")

    def check_hash(self, finding):
        """Another build is refused, unless it is forced."""
        compile_target("examples/lease.c", self.path("lease.so"), "-DFENCING")
        _, stderr = self.fathom("replay", finding, expect=4)
        self.assertIn("another build", stderr)
        out, _ = self.fathom("replay", "--force", finding, expect=3)
        self.assertIn("does not repeat", out)
        self.fathom("minimize", "--force", finding, expect=3)

    def test_same_seed_same_campaign(self):
        compile_target("examples/lease.c", self.path("lease.so"))
        texts = []
        for workers in ("1", "3", "1"):
            shutil.rmtree(self.path("findings"), ignore_errors=True)
            result = self.fuzz("lease.so", "--no-minimize", "--workers", workers, expect=3)
            texts.append((result["schedules"], result["choices"], result["applied"],
                          result["hits"]))
        self.assertEqual(texts[0], texts[1])
        self.assertEqual(texts[0], texts[2])

    def test_kept(self):
        """A campaign leaves alone what an earlier one found."""
        compile_target("examples/lease.c", self.path("lease.so"))
        first, = self.fuzz("lease.so", expect=3)["findings"]
        with open(self.path(first["file"]), encoding="utf-8") as file:
            text = file.read()
        second, = self.fuzz("lease.so", "--nodes", "2", "--seed", "2", expect=3)["findings"]
        self.assertEqual(second["file"], "findings/lease-002.finding")
        with open(self.path(first["file"]), encoding="utf-8") as file:
            self.assertEqual(file.read(), text)

    def test_mistakes(self):
        """Each kind of finding, by what the target does; the campaign outlives all of them."""
        for mistake, number in (("CRASH", "SEGV"), ("ABORT", "ABRT")):
            signatures = self.signatures(mistake)
            self.assertEqual(len(signatures), 1)
            self.assertRegex(signatures[0], rf"^crash: SIG{number} at faulty.so\+0x[0-9a-f]+$")
        signatures = self.signatures("EXIT")
        self.assertEqual(len(signatures), 1)
        # A sanitizer has its last words when a process exits.
        self.assertRegex(signatures[0], "^crash: exit with status #, in deliver")
        self.assertEqual(self.signatures("BREACH"), ["breach of contract: sends to server #"])
        self.assertEqual(self.signatures("STOPS"), ["stopped itself: disk error"])
        self.assertEqual(self.signatures("FAILS"), ["failed check: index #"])
        self.assertEqual(self.signatures("REFUSES"), ["refused to start: node # did not start"])
        self.assertEqual(self.signatures("NOISE", expect=0), [])
        self.assertEqual(self.signatures("NONE", expect=0), [])

    def test_harness(self):
        self.assertEqual(self.signatures("FAR", expect=4),
                         ["harness error: a message to node #, which does not exist"])

    def test_hang(self):
        self.assertEqual(self.signatures("HANG", "--schedules", "3", "--no-minimize"),
                         ["hang: deliver did not return within # ms"])

    def check_several(self, result, signature):
        """A finding that one run does not show: its replay, and that nothing can be left out."""
        finding = next(f for f in result["findings"] if f["signature"] == signature)["file"]
        out, _ = self.fathom("replay", "--json", finding)
        self.assertEqual(json.loads(out)["signature"], signature)
        with open(self.path(finding), encoding="utf-8") as file:
            text = file.read()
        self.assertIn("\nfaults:\n", text)
        self.assertRegex(text, "\nnodes: [23]\n")
        self.check_minimal(finding)

    def test_leak(self):
        if SANITIZED:
            self.skipTest("a sanitizer's malloc does not tell its size")
        self.check_several(self.faulty("LEAK", "--schedules", "2000"),
                           "leak: the schedule leaves # bytes behind")

    def test_unstable(self):
        if SANITIZED:
            self.skipTest("a sanitizer fills memory itself")
        self.check_several(self.faulty("UNSTABLE", "--schedules", "2000"),
                           "nondeterminism: other effects with another heap")

    def test_unstable_with_time(self):
        """What differs from one process to the next, whatever their heaps are like."""
        if SANITIZED:
            self.skipTest("a sanitizer fills memory itself")
        self.check_several(self.faulty("CLOCK", "--schedules", "2000"),
                           "nondeterminism: other effects with another heap")

    def test_minimize(self):
        """Choices, nodes (not only those with the highest numbers) and faults; said in the end."""
        result = self.faulty("FAILS", "--no-minimize", "--nodes", "5", "--no-subsets",
                             "--workers", "1")
        finding = result["findings"][0]["file"]
        _, stderr = self.fathom("minimize", "--out", "small", finding)
        self.assertRegex(stderr, r"^\d+ of \d+ choices are left, [2-4] of 5 nodes, 0 of 2 faults: "
                                 r"none; \d+ runs\.$")
        self.check_minimal("small")
        # The last node hears the first: those between can go, and the last gets their numbers.
        result = self.faulty("LATE", "--no-minimize", "--nodes", "5", "--no-subsets",
                             "--workers", "1")
        _, stderr = self.fathom("minimize", "--out", "small", result["findings"][0]["file"])
        self.assertRegex(stderr, r"^\d+ of \d+ choices are left, 2 of 5 nodes, 1 of 2 faults: crash;")
        self.check_minimal("small")

    def test_crash_repeats(self):
        result = self.faulty("CRASH")
        self.assertLess(result["findings"][0]["choices"], 12)
        out, _ = self.fathom("replay", result["findings"][0]["file"])
        self.assertRegex(out, r"SIGSEGV at faulty.so\+0x[0-9a-f]+, in deliver")

    def test_bad_targets(self):
        with open(self.path("junk.so"), "wb") as file:
            file.write(os.urandom(5000))
        with open(self.path("empty.c"), "w", encoding="utf-8") as file:
            file.write("int nothing;\n")
        with open(self.path("old.c"), "w", encoding="utf-8") as file:
            file.write("#include <fathom/sut.h>\n"
                       "const struct fathom_sut *fathom_sut(void)\n"
                       "{ static const struct fathom_sut sut = {.abi = ABI}; return &sut; }\n")
        flags = ["cc", "-shared", "-fPIC", "-I", os.path.join(ROOT, "include")]
        subprocess.run(flags + ["-o", self.path("empty.so"), self.path("empty.c")], check=True)
        for abi, name in (("99", "old.so"), ("FATHOM_SUT_ABI", "bare.so")):
            subprocess.run(flags + ["-DABI=" + abi, "-o", self.path(name), self.path("old.c")],
                           check=True)
        for name, said in (("missing.so", "no such file"), ("junk.so", "does not load"),
                           ("empty.so", "does not export fathom_sut"), ("old.so", "version 99"),
                           ("bare.so", "lacks name"), (".", "no such file, or it cannot be read")):
            _, stderr = self.fathom("fuzz", name, expect=4)
            self.assertIn(said, stderr)
        self.fathom("fuzz", expect=1)
        self.fathom("fuzz", "--faults", "drop,flood", "empty.so", expect=4)
        _, stderr = self.fathom("fuzz", "--horizn", "3", "x.so", expect=1)
        self.assertIn("did you mean `--horizon`?", stderr)
        _, stderr = self.fathom("fuzz", "--nodes", "17", "x.so", expect=1)
        self.assertIn("from 1 to 16", stderr)

    def test_bad_findings(self):
        compile_target("examples/lease.c", self.path("lease.so"))
        self.fuzz("lease.so", expect=3)
        with open(self.path("findings/lease-001.finding"), encoding="utf-8") as file:
            good = file.read()
        bad = {
            "": "the first line",
            "junk\n": "the first line",
            good[:len(good) // 2]: ":",
            good + "heal\n": "more lines than the header says",
            good.replace("nodes: 3", "nodes: 99"): ":6: a number that fits",
            good.replace("seed: ", "target age: 12\nseed: "): "no line `target age: 12`",
            good.replace("verdict: property", "verdict: odd"): "no such verdict",
            good.replace("timer 2\n", "timr 2\n", 1): "no such choice",
        }
        for text, said in bad.items():
            with open(self.path("bad"), "w", encoding="utf-8") as file:
                file.write(text)
            _, stderr = self.fathom("replay", "bad", expect=1)
            self.assertIn(said, stderr)
        with open(self.path("bad"), "w", encoding="utf-8") as file:
            file.write(re.sub("world hash: ................", "world hash: 0000000000000001", good))
        _, stderr = self.fathom("replay", "bad", expect=4)
        self.assertIn("another version of Fathom's world", stderr)
        self.fathom("replay", "--force", "bad")
        self.fathom("replay", "nowhere", expect=1)
        self.fathom("replay", expect=1)

    def test_killed(self):
        """kill -9 of the parent: what was found is in its file, and no worker is left."""
        compile_target("tests/sim/faulty.c", self.path("faulty.so"), "-DMISTAKE=FAILS")
        process = subprocess.Popen([FATHOM, "fuzz", "--seed", "1", "faulty.so"], cwd=self.directory,
                                   stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        line = process.stdout.readline()
        while "Found" not in line:
            self.assertNotEqual(line, "")
            line = process.stdout.readline()
        with open(f"/proc/{process.pid}/task/{process.pid}/children", encoding="ascii") as file:
            children = file.read().split()
        self.assertGreater(len(children), 1)
        process.kill()
        process.wait()
        process.stdout.close()
        self.fathom("replay", "findings/faulty-001.finding")
        deadline = time.monotonic() + 20
        while any(os.path.exists("/proc/" + child) for child in children):
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.05)

    def test_interrupted(self):
        compile_target("tests/sim/faulty.c", self.path("faulty.so"), "-DMISTAKE=NONE")
        process = subprocess.Popen([FATHOM, "fuzz", "faulty.so"], cwd=self.directory,
                                   stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        process.stdout.readline()
        time.sleep(0.3)
        process.send_signal(signal.SIGINT)
        output, _ = process.communicate(timeout=30)
        self.assertEqual(process.returncode, 130)
        self.assertIn("schedules in", output)

    def test_interrupted_after_a_finding(self):
        """The first ^C ends the search; what was found is minimized all the same."""
        compile_target("tests/sim/faulty.c", self.path("faulty.so"), "-DMISTAKE=FAILS")
        process = subprocess.Popen([FATHOM, "fuzz", "--seed", "1", "--seconds", "600", "faulty.so"],
                                   cwd=self.directory, stdout=subprocess.PIPE,
                                   stderr=subprocess.DEVNULL, text=True)
        line = ""
        while "Found: " not in line:
            line = process.stdout.readline()
            self.assertNotEqual(line, "")
        process.send_signal(signal.SIGINT)
        output, _ = process.communicate(timeout=60)
        self.assertEqual(process.returncode, 3)
        self.assertIn("faulty-001.finding: minimal, ", output)

    def test_ends_after_findings(self):
        result = self.faulty("FAILS", "--findings", "1", "--schedules", "1000000", "--no-minimize")
        self.assertEqual(len(result["findings"]), 1)
        self.assertLess(result["schedules"], 1000000)
        finding = result["findings"][0]
        self.assertLessEqual(1, finding["schedule"])
        self.assertLessEqual(finding["schedule"], result["schedules"])
        self.assertLessEqual(finding["seconds"], result["seconds"])


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
