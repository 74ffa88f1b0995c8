#!/usr/bin/env python3
"""Emitted code from the outside: compilers and caches that are missing, broken or full.

usage: tests/e2e/test_native.py --fathom PROGRAM [unittest's arguments]

The result of the check must be the same in each case; what differs is what the summary says of
emitted code.
"""
import glob
import json
import os
import re
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
import unittest

FATHOM = None

SPEC = """---- MODULE Walk ----
EXTENDS Naturals
VARIABLES x, y
TypeOK == x \\in 0..40 /\\ y \\in 0..120
Init == x = 0 /\\ y = 0
Next == \\/ x < 40 /\\ x' = x + 1 /\\ y' = y
        \\/ y < 120 /\\ y' = y + 1 /\\ x' = x
        \\/ x = 40 /\\ y = 120 /\\ UNCHANGED <<x, y>>
====
"""
CONFIG = "INIT Init\nNEXT Next\nINVARIANT TypeOK\n"
DISTINCT, GENERATED = 41 * 121, 1 + 40 * 121 + 120 * 41 + 1
COMPILER = shutil.which(os.environ.get("FATHOM_CC", "cc"))


class Native(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="fathom-native-")
        self.addCleanup(folder.cleanup)
        self.folder = folder.name
        self.cache = os.path.join(self.folder, "cache")
        self.write("Walk.tla", SPEC)
        self.write("Walk.cfg", CONFIG)

    def write(self, name, text, mode=0o644):
        path = os.path.join(self.folder, name)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        os.chmod(path, mode)
        return path

    def environment(self, **more):
        return {**os.environ, "FATHOM_CACHE": self.cache, **more}

    def check(self, *options, **more):
        """Exit status and result of one check with --json."""
        run = subprocess.run([FATHOM, "check", "--json", *options, "Walk.tla"], cwd=self.folder,
                             env=self.environment(**more), stdin=subprocess.DEVNULL,
                             stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
        result = json.loads(run.stdout)
        self.assertEqual((result["distinct"], result["generated"]), (DISTINCT, GENERATED))
        self.assertEqual(result["verdict"], "ok")
        return run.returncode, result["native"]

    def need_compiler(self):
        if COMPILER is None:
            self.skipTest("no C compiler")

    def test_compiles_and_caches(self):
        self.need_compiler()
        kept = os.path.join(self.folder, "walk.c")
        status, native = self.check("--native-wait", "--keep-native", kept)
        self.assertEqual(status, 0)
        self.assertTrue(native["active"], native)
        self.assertGreater(native["native_successors"], GENERATED * 0.9)
        with open(kept, encoding="utf-8") as file:
            self.assertIn("fathom_native_code", file.read())
        self.assertEqual(stat.S_IMODE(os.stat(self.cache).st_mode), 0o700)
        entries = os.listdir(self.cache)
        self.assertEqual(len(entries), 1)
        status, native = self.check("--native-wait")
        self.assertEqual((status, native["state"]), (0, "from the cache"))
        self.assertEqual(os.listdir(self.cache), entries)

    def test_not_asked_for(self):
        status, native = self.check("--no-native")
        self.assertEqual((status, native["active"]), (0, False))
        self.assertFalse(os.path.exists(self.cache))

    def test_no_compiler(self):
        status, native = self.check("--native-wait", FATHOM_CC="no-such-compiler")
        self.assertEqual((status, native["active"]), (0, False))
        self.assertIn("`no-such-compiler` was not found", native["state"])
        text = subprocess.run([FATHOM, "check", "--native-wait", "Walk.tla"], cwd=self.folder,
                              env=self.environment(FATHOM_CC="no-such-compiler"),
                              stdout=subprocess.PIPE, check=False).stdout.decode()
        self.assertEqual(text.count("no-such-compiler"), 1)

    def test_broken_compiler(self):
        broken = self.write("broken", "#!/bin/sh\necho it is broken >&2\nexit 1\n", 0o755)
        status, native = self.check("--native-wait", FATHOM_CC=broken)
        self.assertEqual((status, native["active"]), (0, False))
        self.assertIn("does not work", native["state"])
        self.assertEqual(glob.glob(self.cache + "/build-*"), [])

    def test_refused_text_fails_tests_only(self):
        self.need_compiler()
        picky = self.write("picky", f"""#!/bin/sh
case "$*" in *unit*) echo "unit0.c:1: error: not like this" >&2; exit 1;; esac
exec {COMPILER} "$@"
""", 0o755)
        status, native = self.check("--native-wait", FATHOM_CC=picky)
        self.assertEqual((status, native["active"]), (255, False))
        self.assertIn("not like this", native["state"])
        kept = glob.glob(self.cache + "/build-*/unit0.c")
        self.assertEqual(len(kept), 1)
        self.assertIn(os.path.dirname(kept[0]), native["state"])

    def test_cache_that_cannot_be_used(self):
        self.need_compiler()
        os.mkdir(self.cache, 0o755)
        status, native = self.check("--native-wait")
        self.assertEqual((status, native["active"]), (0, True))
        self.assertIn("not private", native["state"])
        self.assertEqual(os.listdir(self.cache), [])
        status, native = self.check("--native-wait", FATHOM_CACHE="/dev/null/cache")
        self.assertEqual((status, native["active"]), (0, True))
        self.assertIn("no cache", native["state"])

    def test_altered_entry(self):
        self.need_compiler()
        self.check("--native-wait")
        path = glob.glob(self.cache + "/*.so")[0]
        with open(path, "r+b") as file:
            file.seek(200)
            file.write(b"altered")
        status, native = self.check("--native-wait")
        self.assertEqual((status, native["active"]), (0, True))
        self.assertIn("compiled in", native["state"])

    def test_instances(self):
        """Many actions of one formula are one function, a few are one each; both are one note."""
        self.need_compiler()
        self.write("Walk.tla", SPEC.replace("x < 40", "\\E i \\in 0..699 : i = x /\\ x < 40")
                   .replace("y < 120", "\\E k \\in 1..4 : k = 2 /\\ y < 120"))
        kept = os.path.join(self.folder, "walk.c")
        status, native = self.check("--native-wait", "--explain-native", "--keep-native", kept)
        self.assertEqual((status, native["redone_states"]), (0, 0))
        names = [part["name"] for part in native["parts"] if part["name"].startswith("action")]
        self.assertEqual([name.split(" (")[0] for name in names],
                         ["action Next, 700 instances", "action Next, 4 instances", "action Next"])
        with open(kept, encoding="utf-8") as file:
            heads = [line for line in file if re.match(r"SHARED void Next_\d+\(.*\)$", line)]
        self.assertEqual(len(heads), 1 + 4 + 1)

    def test_search_that_ends_first(self):
        """The compiler is ended with the search, and nothing is left."""
        mark = os.path.join(self.folder, "mark")
        slow = self.write("slow", f"#!/bin/sh\necho $$ > {mark}\nexec sleep 100\n", 0o755)
        begin = time.monotonic()
        status, native = self.check("--explain-native", FATHOM_CC=slow)
        self.assertLess(time.monotonic() - begin, 60)
        self.assertEqual((status, native["active"]), (0, False))
        self.assertEqual(glob.glob(self.cache + "/*"), [])
        if os.path.exists(mark):
            with open(mark, encoding="ascii") as file:
                number = file.read().strip()
            self.assertFalse(number and os.path.exists(f"/proc/{number}"), "it still runs")

    def test_interrupt(self):
        slow = self.write("slow", "#!/bin/sh\nexec sleep 100\n", 0o755)
        self.write("Walk.tla", SPEC.replace("40", "4000").replace("120", "12000"))
        process = subprocess.Popen([FATHOM, "check", "Walk.tla"], cwd=self.folder,
                                   env=self.environment(FATHOM_CC=slow),
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for _ in range(600):
            if glob.glob(self.cache + "/build-*"):
                break
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        self.assertEqual(process.wait(60), 130)
        self.assertEqual(glob.glob(self.cache + "/*"), [])


def main():
    global FATHOM
    if len(sys.argv) < 3 or sys.argv[1] != "--fathom":
        sys.exit(__doc__)
    FATHOM = os.path.abspath(sys.argv[2])
    unittest.main(argv=[sys.argv[0], *sys.argv[3:]])


if __name__ == "__main__":
    main()
