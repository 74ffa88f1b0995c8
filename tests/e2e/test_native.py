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
WIDEN = os.path.join(os.path.dirname(__file__), "..", "spec", "NativeWiden.tla")
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
        entries = sorted(os.listdir(self.cache))
        self.assertEqual([name.split(".")[1] for name in entries if name.endswith(".so")], ["so"])
        self.assertEqual(len(entries), 2, "the code and the shapes")
        status, native = self.check("--native-wait")
        self.assertEqual((status, native["state"]), (0, "from the cache"))
        self.assertEqual(sorted(os.listdir(self.cache)), entries)

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
        kept = glob.glob(self.cache + "/rejected-*/unit0.c")
        self.assertEqual(len(kept), 1)
        self.assertIn(os.path.dirname(kept[0]), native["state"])
        self.assertEqual(glob.glob(self.cache + "/build-*"), [])
        # Not in a search that does not wait for the compiler: nothing but the summary tells.
        self.write("Walk.tla", SPEC.replace("40", "1000").replace("120", "3000"))
        run = subprocess.run([FATHOM, "check", "Walk.tla"], cwd=self.folder,
                             env=self.environment(FATHOM_CC=picky), stdout=subprocess.PIPE,
                             stderr=subprocess.PIPE, check=False, text=True)
        self.assertEqual((run.returncode, run.stdout.count("not like this")), (0, 1), run.stdout)
        for _ in range(10):
            self.write("Walk.tla", SPEC)
            self.check("--native-wait", FATHOM_CC=picky)
        self.assertEqual(len(glob.glob(self.cache + "/rejected-*")), 8)

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

    def entries(self):
        return sorted(glob.glob(self.cache + "/*.so"))

    def shapes(self):
        return sorted(glob.glob(self.cache + "/*.shapes"))

    def recalls(self, *options, **more):
        """Whether a check began with shapes that an earlier one left."""
        status, native = self.check("--native-wait", *options, **more)
        self.assertEqual((status, native["active"]), (0, True))
        self.assertEqual(native["interpreted_successors"], 0)
        return native["recalled"]

    def test_shapes_are_recalled(self):
        """For the same input only: each part of it that changes makes states be looked at again."""
        self.need_compiler()
        self.write("Part.tla", "---- MODULE Part ----\nOne == 1\n====\n")
        inputs = {"Walk.tla": SPEC.replace("EXTENDS Naturals", "EXTENDS Naturals, Part\nCONSTANT C")
                  .replace("x + 1", "x + One"),
                  "Walk.cfg": CONFIG + "CONSTANT C = 1\n",
                  "Part.tla": "---- MODULE Part ----\nOne == 1\nTwo == 2\nSeen == TRUE\n====\n"}
        for name, text in inputs.items():
            self.write(name, text)
        self.assertFalse(self.recalls())
        self.assertTrue(self.recalls())
        for name, old, new in (("Walk.tla", "x + One", "x + 2 - 1"), ("Walk.cfg", "C = 1", "C = 2"),
                               ("Part.tla", "Two == 2", "Two == 3")):
            self.write(name, inputs[name].replace(old, new))
            self.assertFalse(self.recalls(), name)
            self.write(name, inputs[name])
            self.assertTrue(self.recalls(), name)
        self.assertFalse(self.recalls("-inv", "Seen"))
        self.assertFalse(self.recalls("-maxSetSize", "100000"))
        self.assertFalse(self.recalls("--exact"), "what fingerprints are depends on the input only")
        self.assertFalse(self.recalls("--exact"))
        program = shutil.copy(FATHOM, self.folder)
        run = subprocess.run([program, "check", "--json", "--native-wait", "Walk.tla"],
                             cwd=self.folder, env=self.environment(), stdout=subprocess.PIPE,
                             check=True)
        self.assertFalse(json.loads(run.stdout)["native"]["recalled"], "by another program")

    def test_shapes_that_were_altered(self):
        """Of a file that is not what was written, or not under its name, nothing is believed."""
        self.need_compiler()
        self.assertFalse(self.recalls())
        path = self.shapes()[0]
        with open(path, "rb") as file:
            whole = file.read()
        for place in (0, 4, 8, 24, len(whole) // 2, len(whole) - 24, len(whole) - 1):
            with open(path, "wb") as file:
                file.write(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1:])
            self.assertFalse(self.recalls(), place)
            self.assertTrue(self.recalls(), "written anew")
        for length in (0, 23, 24, len(whole) - 1):
            os.truncate(path, length)
            self.assertFalse(self.recalls(), length)
        self.write("Walk.tla", SPEC.replace("x' = x + 1", "x' = 1 + x"))
        self.assertFalse(self.recalls())
        other = next(name for name in self.shapes() if name != path)
        shutil.copy(path, other)
        self.assertFalse(self.recalls(), "another's name")
        os.rename(other, self.folder + "/elsewhere")
        os.symlink(self.folder + "/elsewhere", other)
        self.assertFalse(self.recalls(), "a link")
        self.assertFalse(os.path.islink(other))
        os.chmod(self.cache, 0o755)
        self.assertFalse(self.recalls(), "anybody may have written it")

    def test_wider_shapes_are_recalled(self):
        """A search that left its shapes leaves the wider ones behind: the next one has no need to."""
        self.need_compiler()
        with open(WIDEN, encoding="utf-8") as file:
            self.write("NativeWiden.tla", file.read())
        shutil.copy(WIDEN.replace(".tla", ".cfg"), self.folder)
        states = []
        for _ in range(2):
            run = subprocess.run([FATHOM, "check", "--json", "--native-wait", "NativeWiden.tla"],
                                 cwd=self.folder, env=self.environment(), stdout=subprocess.PIPE,
                                 check=True)
            result = json.loads(run.stdout)
            self.assertEqual((result["distinct"], result["generated"]), (26100, 78201))
            states.append(result["native"])
        self.assertGreater(len(states[0]["state"].split("; ")), 1)
        self.assertEqual(states[1]["state"], "from the cache")
        self.assertLess(states[1]["interpreted_successors"], states[0]["interpreted_successors"])

    def test_short_searches_stay_interpreted(self):
        """Whoever waited for code of a small model has not asked others to use it."""
        self.need_compiler()
        self.write("Walk.tla", SPEC.replace("40", "4").replace("120", "12"))
        command = [FATHOM, "check", "--json", "Walk.tla"]
        states = []
        for options in (["--native-wait"], []):
            run = subprocess.run(command + options, cwd=self.folder, env=self.environment(),
                                 stdout=subprocess.PIPE, check=True)
            states.append(json.loads(run.stdout)["native"])
        self.assertTrue(states[0]["active"])
        self.assertFalse(states[1]["active"])
        self.assertEqual(len(self.shapes()), 1)

    def test_entry_of_another(self):
        """An entry under a name that is not its own is not loaded: of other text, or another version."""
        self.need_compiler()
        self.check("--native-wait")
        own = self.entries()[0]
        self.write("Walk.tla", SPEC.replace("x' = x + 1", "x' = 1 + x"))
        self.check("--native-wait")
        other = next(path for path in self.entries() if path != own)
        shutil.copy(own, other)
        status, native = self.check("--native-wait")
        self.assertEqual((status, native["active"]), (0, True))
        self.assertIn("compiled in", native["state"])
        self.assertEqual(self.check("--native-wait")[1]["state"], "from the cache")

    def test_truncated_entry(self):
        self.need_compiler()
        self.check("--native-wait")
        size = os.path.getsize(self.entries()[0])
        for length in (0, 10, 24, size // 2, size - 1):
            os.truncate(self.entries()[0], length)
            status, native = self.check("--native-wait")
            self.assertEqual((status, native["active"]), (0, True))
            self.assertIn("compiled in", native["state"])

    def test_entry_that_is_a_link(self):
        self.need_compiler()
        self.check("--native-wait")
        path = self.entries()[0]
        os.rename(path, self.folder + "/elsewhere.so")
        os.symlink(self.folder + "/elsewhere.so", path)
        status, native = self.check("--native-wait")
        self.assertEqual((status, native["active"]), (0, True))
        self.assertIn("compiled in", native["state"])
        self.assertFalse(os.path.islink(path))

    def test_directory_that_is_a_link(self):
        self.need_compiler()
        os.mkdir(self.folder + "/elsewhere", 0o700)
        os.symlink(self.folder + "/elsewhere", self.cache)
        status, native = self.check("--native-wait")
        self.assertEqual((status, native["active"]), (0, True))
        self.assertIn("is no directory", native["state"])
        self.assertEqual(os.listdir(self.folder + "/elsewhere"), [])

    def run_as(self, command, **more):
        """The result of a check that a shell starts, as another user where root may do anything."""
        user = {"user": 65534, "group": 65534, "extra_groups": []} if os.geteuid() == 0 else {}
        run = subprocess.run(["sh", "-c", command, "sh", FATHOM], cwd=self.folder, check=False,
                             env=self.environment(TMPDIR="/tmp", **more), stdin=subprocess.DEVNULL,
                             stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **user)
        return run

    def test_read_only_cache(self):
        self.need_compiler()
        os.mkdir(self.cache, 0o500)
        os.chmod(self.folder, 0o755)
        if os.geteuid() == 0:
            os.chown(self.cache, 65534, 65534)
            if self.run_as('"$1" --version').returncode != 0:
                self.skipTest("another user cannot run the program")
        run = self.run_as('"$1" check --json --native-wait Walk.tla')
        result = json.loads(run.stdout)
        self.assertEqual((run.returncode, result["distinct"]), (0, DISTINCT))
        self.assertEqual(result["native"]["active"], True)
        self.assertIn("Permission denied", result["native"]["state"])
        run = self.run_as('"$1" check --native-wait Walk.tla')
        self.assertEqual(run.stdout.count("no cache"), 1, run.stdout)
        self.assertEqual(os.listdir(self.cache), [])

    def test_full_cache(self):
        """On a file system of a few pages: compiling goes on elsewhere, or the entry is not kept."""
        self.need_compiler()
        os.mkdir(self.cache, 0o700)
        begin = ["unshare", "-rm", "sh", "-c"]
        mount = f"mount -t tmpfs -o mode=700,size=$1 none {self.cache}"
        if subprocess.run(begin + [mount, "sh", "4096"], check=False,
                          stderr=subprocess.DEVNULL).returncode != 0:
            self.skipTest("nothing can be mounted")
        command = f'{mount} && "$2" check --json --native-wait Walk.tla && ls -A {self.cache}'
        for pages in (1, 5, 9, 13, 17, 21):
            run = subprocess.run(begin + [command, "sh", str(pages * 4096), FATHOM],
                                 cwd=self.folder, env=self.environment(TMPDIR=self.folder),
                                 check=False, text=True, stdout=subprocess.PIPE,
                                 stderr=subprocess.PIPE)
            result, end = json.JSONDecoder().raw_decode(run.stdout)
            native = result["native"]
            self.assertEqual((run.returncode, result["distinct"], native["active"]),
                             (0, DISTINCT, True), f"{pages} pages: {native} {run.stderr}")
            self.assertIn("No space left", native["state"])
            left = [name for name in run.stdout[end:].split() if not name.endswith(".shapes")]
            self.assertEqual(left, [], "there may have been room for the shapes")
        self.assertEqual(glob.glob(self.folder + "/build-*"), [])

    def test_cache_is_bounded(self):
        """What was used longest ago goes first; what was just made stays, however large."""
        self.need_compiler()
        self.check("--native-wait")
        own = self.entries()[0]
        now = time.time()
        os.utime(own, (now - 9000, now - 9000))
        others = []
        for number in range(4):
            path = os.path.join(self.cache, f"{number:032x}.so")
            with open(path, "wb") as file:
                file.truncate(1 << 20)
            os.utime(path, (now - 8000 + number, now - 8000 + number))
            others.append(path)
        self.assertEqual(self.check("--native-wait")[1]["state"], "from the cache")
        self.write("Walk.tla", SPEC.replace("x' = x + 1", "x' = 1 + x"))
        self.check("--native-wait", FATHOM_CACHE_SIZE="3")
        self.assertEqual([os.path.exists(path) for path in others], [False, False, True, True])
        self.assertTrue(os.path.exists(own), "it was used after the others")
        self.write("Walk.tla", SPEC.replace("y' = y + 1", "y' = 1 + y"))
        self.check("--native-wait", FATHOM_CACHE_SIZE="0")
        self.assertEqual(len(self.entries()), 1)
        self.assertEqual(self.check("--native-wait")[1]["state"], "from the cache")

    def start_slow(self, name):
        """A check whose compiler sleeps: the process and the compiler's directory."""
        slow = self.write("slow", "#!/bin/sh\nexec sleep 100\n", 0o755)
        self.write(name + ".tla", SPEC.replace("40", "4000").replace("120", "12000")
                   .replace("Walk", name))
        self.write(name + ".cfg", CONFIG)
        before = set(glob.glob(self.cache + "/build-*"))
        process = subprocess.Popen([FATHOM, "check", name + ".tla"], cwd=self.folder,
                                   env=self.environment(FATHOM_CC=slow),
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.addCleanup(process.kill)
        for _ in range(1200):
            made = [path for path in glob.glob(self.cache + "/build-*")
                    if path not in before and os.path.exists(path + "/unit0.c")]
            if made:
                return process, made[0]
            time.sleep(0.05)
        self.fail("no compiler was started")

    def test_leavings_of_the_dead(self):
        """Directories of killed processes go with the next compilation, those of living ones stay."""
        self.need_compiler()
        dead, left = self.start_slow("Dead")
        living, used = self.start_slow("Living")
        dead.kill()
        dead.wait()
        self.assertTrue(os.path.exists(left))
        for path in (left, used):
            os.utime(path, (1, 1))
        self.check("--native-wait")
        self.assertFalse(os.path.exists(left))
        self.assertTrue(os.path.exists(used + "/unit0.c"))
        living.send_signal(signal.SIGINT)
        self.assertEqual(living.wait(60), 130)
        self.assertEqual(len(self.entries()), 1)
        self.assertEqual(glob.glob(self.cache + "/build-*"), [])

    def test_at_once(self):
        """Processes that share a cache and tidy it all the time."""
        self.need_compiler()
        for number in range(2):
            self.write(f"Walk{number}.tla", SPEC.replace("Walk", f"Walk{number}")
                       .replace("x + 1", f"x + {number} + {1 - number}"))
            self.write(f"Walk{number}.cfg", CONFIG)
        for size in ("0", "1"):
            runs = []
            for number in range(4):
                runs.append(subprocess.Popen(
                    [FATHOM, "check", "--json", "--native-wait", f"Walk{number % 2}.tla"],
                    cwd=self.folder, env=self.environment(FATHOM_CACHE_SIZE=size),
                    stdout=subprocess.PIPE, stderr=subprocess.DEVNULL))
            for run in runs:
                result = json.loads(run.communicate()[0])
                self.assertEqual((run.returncode, result["distinct"]), (0, DISTINCT))
                self.assertTrue(result["native"]["active"], result["native"])
        self.assertEqual(len(self.entries()), 2)
        left = glob.glob(self.cache + "/*.shapes")
        self.assertEqual(len(os.listdir(self.cache)), len(self.entries()) + len(left))

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
            heads = [line for line in file if re.match(r"ACTION void Next_\d+\(.*\)$", line)]
        self.assertEqual(len(heads), 1 + 4 + 1)

    def test_formulas_that_always_return(self):
        """Whether an invariant can fail is known from what was emitted for it, whatever its source
        looks like; what cannot has no parameter by which it could."""
        self.need_compiler()
        kept = os.path.join(self.folder, "walk.c")
        lines = ["Proven == LET In(c, n) == c \\in 0..n IN In(x, 40)",
                 "Always == LET Split(c, n) == c < n \\/ c >= n IN Split(x, y)",
                 "Fails == x # 1 => (CHOOSE e \\in {x} : e # 1) = x"]
        for named, fails in (("Proven Always", False), ("Proven Always Fails", True)):
            self.write("Walk.tla", SPEC.replace("====\n", "\n".join(lines + ["====", ""])))
            self.write("Walk.cfg", CONFIG + f"INVARIANTS {named}\n")
            status, native = self.check("--native-wait", "--keep-native", kept)
            self.assertEqual((status, native["active"], native["redone_states"]), (0, True, 0))
            notes = {part["name"].split(" ")[1]: part.get("text") for part in native["parts"]
                     if part["name"].startswith("invariant")}
            self.assertIn("not evaluated", notes["Proven"])
            self.assertEqual(notes["Always"], None)
            with open(kept, encoding="utf-8") as file:
                text = file.read()
            self.assertIn(f".invariants_fail = {str(fails).lower()},", text.split("\n    "))
            heads = re.findall(r"(?m)^SHARED bool (\w+)_\d+\((.*)\)$", text)
            expected = [("Always", "const state *s")]
            expected += [("Fails", "struct fm_nrt *c, const state *s")] if fails else []
            self.assertEqual([head for head in heads if head[0] != "deliver_initial"], expected)

    def test_exact(self):
        self.need_compiler()
        for workers in ("1", "2"):
            status, native = self.check("--exact", "-workers", workers)
            self.assertEqual((status, native["active"]), (0, True))
        run = subprocess.run([FATHOM, "check", "--exact", "Walk.tla"], cwd=self.folder,
                             env=self.environment(), stdin=subprocess.DEVNULL,
                             stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
        text = run.stdout.decode()
        self.assertRegex(text, r"Exact: states were told apart by the \d+ bits of their packed form; "
                               r"0 of the generated ones")
        self.assertIn("upper bound:  val = 0.0\n", text)
        # Where it cannot be, that is said.
        self.write("Walk.cfg", CONFIG + "VIEW View\n")
        self.write("Walk.tla", SPEC.replace("====", "View == <<x, y>>\n===="))
        for options, reason in ((("--exact",), "a view or symmetry takes states together"),
                                (("--exact", "--no-native"), "there is no emitted code")):
            run = subprocess.run([FATHOM, "check", *options, "Walk.tla"], cwd=self.folder,
                                 env=self.environment(), stdin=subprocess.DEVNULL,
                                 stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
            self.assertIn("Not exact, states were told apart by fingerprints: " + reason,
                          run.stdout.decode())

    def test_search_that_ends_first(self):
        """The compiler is ended with the search, and nothing is left."""
        mark = os.path.join(self.folder, "mark")
        slow = self.write("slow", f"#!/bin/sh\necho $$ > {mark}\nexec sleep 100\n", 0o755)
        begin = time.monotonic()
        status, native = self.check("--explain-native", FATHOM_CC=slow)
        self.assertLess(time.monotonic() - begin, 60)
        self.assertEqual((status, native["active"]), (0, False))
        self.assertEqual(glob.glob(self.cache + "/*"), self.shapes())
        if os.path.exists(mark):
            with open(mark, encoding="ascii") as file:
                number = file.read().strip()
            self.assertFalse(number and os.path.exists(f"/proc/{number}"), "it still runs")

    def test_compilers_wait_for_an_outlook(self):
        """A search with few states ahead has the processors to itself; on a busy machine it may
        last so long that a compiler is started all the same, but not each time."""
        mark = os.path.join(self.folder, "mark")
        slow = self.write("slow", f"#!/bin/sh\necho $$ > {mark}\nexec sleep 100\n", 0o755)
        self.write("Walk.tla", SPEC.replace("40", "100").replace("120", "1000"))
        command = [FATHOM, "check", "--json", "Walk.tla"]
        started = 0
        for _ in range(5):
            subprocess.run(command, cwd=self.folder, env=self.environment(FATHOM_CC=slow),
                           stdout=subprocess.PIPE, check=True)
            started += os.path.exists(mark)
            if os.path.exists(mark):
                os.remove(mark)
        self.assertLess(started, 5)

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
        self.assertEqual(glob.glob(self.cache + "/*"), self.shapes())


def main():
    global FATHOM
    if len(sys.argv) < 3 or sys.argv[1] != "--fathom":
        sys.exit(__doc__)
    FATHOM = os.path.abspath(sys.argv[2])
    unittest.main(argv=[sys.argv[0], *sys.argv[3:]])


if __name__ == "__main__":
    main()
