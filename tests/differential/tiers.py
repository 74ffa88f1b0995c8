#!/usr/bin/env python3
"""Holds emitted code against the interpreter on 2,000 composed specifications (compose.py).

usage: tests/differential/tiers.py check  --fathom PROGRAM [--sample N] [--jobs N] [--results FILE]
                                          [--failures DIR] [--cc COMMAND] [--share PERCENT]
       tests/differential/tiers.py choose --fathom PROGRAM [--count N]
       tests/differential/tiers.py count
       tests/differential/tiers.py reduce --fathom PROGRAM --seed N

`check` runs each specification of chosen.tsv twice, with --no-native and with --native-wait, one worker each,
and compares everything that --json says but times, memory and the bound on collisions: verdict, counts, those
of each action, the trace, the explanation, diagnostics, and the exit status. --sample N takes N of them, evenly
spread. With --results, finished ones are appended to FILE and a later call with the same program goes on behind
them. A specification with which the tiers differ is kept in the directory --failures, and beside it the shortest
still differing one that leaving lines away gives (`reduce` does that for one seed). The exit status is 1 if any
differ, or if less than --share percent (50) of the successors came from emitted code: then this test would say
nothing. Emitted code is compiled by --cc, whose flags come last and so win over -O2 ("cc -O0"; "" for what
Fathom takes).

`choose` wrote chosen.tsv: the first seeds whose outcomes, found by the interpreter, make the mixture of QUOTAS. `count`
says how often each operator is used, how large the state spaces are, how the runs end, on how many TLC was asked
(recorded.tsv, which run.py checks), and fails if that is not what is asked for: each operator in 20 specifications,
half with more than 100 states, a third ending in an error, 200 with TLC's result.
"""
import argparse
import collections
import csv
import hashlib
import json
import os
import resource
import shlex
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
import catalogue  # noqa: E402
import compose  # noqa: E402

CHOSEN = os.path.join(HERE, "chosen.tsv")
RECORDED = os.path.join(HERE, "recorded.tsv")
COUNTED = 20000  # successors of one specification, at most, in the share of emitted code
CHOSEN_FIELDS = ["seed", "exit", "kind", "generated", "distinct"]
RESULT_FIELDS = ["program", "seed", "outcome", "native", "interpreted", "redone", "seconds"]
# First seed -> (error?, more than 100 states?) -> at most so many of 2,000
QUOTAS = {
    compose.FIRST: {(False, True): 562, (True, True): 240, (False, False): 360, (True, False): 338},
    compose.LATER: {(False, True): 188, (True, True): 80, (False, False): 120, (True, False): 112},
}
STATES_MAX, CPU_SECONDS_MAX = 4000, 1
# Of the run, not of the result. The table holds what batches ran ahead to; when it grew, which batches decide,
# changes the bound on collisions.
VOLATILE = ["seed", "seconds", "memory", "native", "table", "collision_probability", "specification",
            "configuration"]
EXTRA_KEYS = ["UNCHANGED", "x' \\in S", "action IF", "action CASE", "action LET", "action disjunction",
              "action \\E", "[A]_v", "<<A>>_v", "x' \\in lazy union", "guard after assignment",
              "prime of expression", "\\cdot", "VIEW", "ACTION_CONSTRAINT", "SYMMETRY", "ALIAS",
              "CONSTRAINT", "[][A]_v", "[A]_v of some", "ENABLED Next", "VIEW with SYMMETRY"]


def write(seed, directory):
    text, config = compose.specification(seed)
    for ending, content in ((".tla", text), (".cfg", config)):
        with open(os.path.join(directory, f"Random{seed}{ending}"), "w", encoding="utf-8") as file:
            file.write(content)
    return f"Random{seed}.tla"


def run(options, arguments, spec, directory):
    """The JSON result, or one of our own making when there is none; what was printed; the status."""
    with tempfile.TemporaryDirectory() as cache:
        environment = {**os.environ, "FATHOM_CACHE": cache}
        if options.compiler:
            environment["FATHOM_CC"] = options.compiler
        command = [options.fathom, "check", "--json", "-workers", "1", "-seed", "1"] + arguments
        try:
            done = subprocess.run(command + [spec], cwd=directory, capture_output=True, text=True,
                                  errors="replace", timeout=options.timeout, env=environment,
                                  preexec_fn=options.limit)
        except subprocess.TimeoutExpired:
            return {"verdict": "timeout"}, "", None
    before, brace, after = done.stdout.partition('{"fathom":')
    try:
        result, end = json.JSONDecoder().raw_decode(brace + after)
    except ValueError:
        return {"verdict": "no JSON", "output": done.stdout[-2000:]}, done.stderr, done.returncode
    return result, before + (brace + after)[end:] + done.stderr, done.returncode


def stable(result):
    return {key: value for key, value in result.items() if key not in VOLATILE}


def first_difference(a, b, path=""):
    if isinstance(a, dict) and isinstance(b, dict):
        for key in list(a) + [key for key in b if key not in a]:
            if a.get(key) != b.get(key):
                return first_difference(a.get(key), b.get(key), f"{path}.{key}")
    if isinstance(a, list) and isinstance(b, list) and len(a) == len(b):
        for index, (left, right) in enumerate(zip(a, b)):
            if left != right:
                return first_difference(left, right, f"{path}[{index}]")
    return f"{path[1:]}: {json.dumps(a)[:150]} and {json.dumps(b)[:150]}"


def compare(options, spec, directory):
    """None or where the tiers differ; the result of the native one."""
    plain, printed, status = run(options, ["--no-native"], spec, directory)
    native, native_printed, native_status = run(options, ["--native-wait"], spec, directory)
    if status != native_status:
        return f"exit status: {status} and {native_status} {native_printed[-300:]}", native
    if stable(plain) != stable(native):
        return first_difference(stable(plain), stable(native)), native
    if sorted(printed.split("\n")) != sorted(native_printed.split("\n")):
        return f"printed: {printed[-300:]!r} and {native_printed[-300:]!r}", native
    if status is None or status in (150, 151) or "problems" not in native:
        return f"not checked: {plain.get('verdict')}, status {status}", native
    return None, native


# --- reduction ---

def reduce_lines(lines, differs):
    """Shortest list of lines by leaving away runs of them, halves first."""
    size = len(lines) // 2
    while size >= 1:
        start = 0
        while start < len(lines):
            shorter = lines[:start] + lines[start + size:]
            if differs(shorter):
                lines = shorter
            else:
                start += size
        size //= 2
    return lines


def reduce_failure(options, seed, directory):
    """Writes Reduced.tla and .cfg into the directory, which holds RandomSEED."""
    texts = {}
    for ending in (".tla", ".cfg"):
        with open(os.path.join(directory, f"Random{seed}{ending}"), encoding="utf-8") as file:
            texts[ending] = file.read().replace(f"MODULE Random{seed} ", "MODULE Reduced ").split("\n")
    begin = time.monotonic()

    def put(place):
        for ending, lines in texts.items():
            with open(os.path.join(place, "Reduced" + ending), "w", encoding="utf-8") as file:
                file.write("\n".join(lines))

    def differs(ending):
        def test(lines):
            if time.monotonic() - begin > options.reduce_seconds:
                return False
            kept = texts[ending]
            texts[ending] = lines
            with tempfile.TemporaryDirectory() as place:
                put(place)
                difference, _ = compare(options, "Reduced.tla", place)
            texts[ending] = kept
            return difference is not None and not difference.startswith("not checked")
        return test
    for ending in (".cfg", ".tla", ".cfg", ".tla"):
        texts[ending] = reduce_lines(texts[ending], differs(ending))
    put(directory)


# --- check ---

def digest_of(path):
    with open(path, "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()[:16]


def read_table(path):
    if not os.path.exists(path):
        return []
    with open(path, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file, delimiter="\t"))


def check_seed(options, seed):
    begin = time.monotonic()
    with tempfile.TemporaryDirectory() as directory:
        spec = write(seed, directory)
        difference, result = compare(options, spec, directory)
        if difference is not None and options.failures:
            keep = os.path.join(options.failures, f"Random{seed}")
            shutil.copytree(directory, keep, dirs_exist_ok=True)
            with open(os.path.join(keep, "difference"), "w", encoding="utf-8") as file:
                file.write(difference + "\n")
            if not difference.startswith("not checked"):
                reduce_failure(options, seed, keep)
    native = result.get("native", {})
    return {"program": options.program, "seed": seed, "outcome": difference or "agree",
            "native": native.get("native_successors", 0),
            "interpreted": native.get("interpreted_successors", 0),
            "redone": native.get("redone_states", 0), "seconds": f"{time.monotonic() - begin:.3f}"}


def check(options):
    options.program = digest_of(options.fathom)
    seeds = [int(row["seed"]) for row in read_table(CHOSEN)]
    if options.sample:
        seeds = seeds[::max(1, len(seeds) // options.sample)]
    rows = [row for row in read_table(options.results) if row["program"] == options.program] \
        if options.results else []
    have = {int(row["seed"]) for row in rows}
    rows = [row for row in rows if int(row["seed"]) in set(seeds)]
    lock = threading.Lock()
    file = open(options.results or os.devnull, "a", newline="", encoding="utf-8")
    writer = csv.DictWriter(file, RESULT_FIELDS, delimiter="\t", lineterminator="\n")
    if options.results and os.path.getsize(options.results) == 0:
        writer.writeheader()

    def one(seed):
        row = check_seed(options, seed)
        with lock:
            rows.append(row)
            writer.writerow({**row, "outcome": " ".join(row["outcome"].split())})
            file.flush()
            if row["outcome"] != "agree":
                print(f"Random{seed}: {row['outcome']}", flush=True)
    with ThreadPoolExecutor(options.jobs) as pool:
        list(pool.map(one, [seed for seed in seeds if seed not in have]))
    file.close()
    return summarize(options, rows)


def share_of(rows):
    """Percent of the successors that emitted code made. A specification counts for at most COUNTED of
    them: where a guard holds in millions of ways it would decide alone."""
    native = successors = 0
    for row in rows:
        both = int(row["native"]) + int(row["interpreted"])
        scale = min(1, COUNTED / both) if both else 0
        native += int(row["native"]) * scale
        successors += both * scale
    return 100 * native / successors if successors else 0


def summarize(options, rows):
    agree = sum(row["outcome"] == "agree" for row in rows)
    share = share_of(rows)
    some = sum(int(row["native"]) > 0 for row in rows)
    print(f"{agree} of {len(rows)} composed specifications agree on both tiers; emitted code ran in "
          f"{some} and made {share:.1f}% of the successors; "
          f"{sum(int(row['redone']) for row in rows)} states were redone by the interpreter")
    return 0 if rows and agree == len(rows) and share >= options.share else 1


# --- choose and count ---

def outcome_of(options, seed):
    with tempfile.TemporaryDirectory() as directory:
        spec = write(seed, directory)
        result, printed, status = run(options, options.tier0, spec, directory)
    if status in (150, 151):
        raise SystemExit(f"Random{seed} does not parse: mend the generator\n"
                         f"{json.dumps(result.get('diagnostics'))[:600]}")
    if "problems" not in result:
        return None
    kind = result["problems"][0]["kind"] if result["problems"] else ""
    return {"seed": seed, "exit": status, "kind": kind, "generated": result["generated"],
            "distinct": result["distinct"]}


def choose_from(options, first, rows):
    left, seed = dict(QUOTAS[first]), first
    with ThreadPoolExecutor(options.jobs) as pool:
        while sum(left.values()) > 0:
            for row in pool.map(lambda one: outcome_of(options, one), range(seed, seed + 100)):
                if row is None or row["distinct"] > STATES_MAX:
                    continue
                shape = (row["kind"] != "", row["distinct"] > 100)
                if left[shape] > 0:
                    left[shape] -= 1
                    rows.append(row)
            seed += 100
            print(f"{seed - first} seeds, {len(rows)} chosen", file=sys.stderr)


def choose(options):
    options.limit = lambda: resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS_MAX, CPU_SECONDS_MAX + 1))
    rows = []
    for first in QUOTAS:
        choose_from(options, first, rows)
    with open(CHOSEN, "w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, CHOSEN_FIELDS, delimiter="\t", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    return 0


def count(_):
    rows = read_table(CHOSEN)
    uses, planted = collections.Counter(), collections.Counter()
    for row in rows:
        _, _, used, kind = compose.compose(int(row["seed"]))
        uses.update(used)
        planted[kind] += 1
    errors = collections.Counter(row["kind"] for row in rows)
    large = sum(int(row["distinct"]) > 100 for row in rows)
    failed = len(rows) - errors[""]
    print(f"{len(rows)} specifications, {large} with more than 100 states, {failed} end in an error")
    print("errors found:", ", ".join(f"{kind} {number}" for kind, number in errors.most_common() if kind))
    print("errors planted:", ", ".join(f"{kind} {number}" for kind, number in planted.items() if kind))
    keys = catalogue.KEYS + catalogue.LATER_KEYS + EXTRA_KEYS
    rare = sorted((uses[key], key) for key in keys)
    print(f"{len(keys)} operators; least used: " + ", ".join(f"{key} {n}" for n, key in rare[:12]))
    judged = len({row["seed"] for row in rows} & {row["seed"] for row in read_table(RECORDED)})
    print(f"{judged} with what TLC said of them")
    fine = (len(rows) == 2000 and large >= 1000 and 3 * failed >= len(rows) and rare[0][0] >= 20
            and judged >= 200)
    print("as asked for" if fine else "not what is asked for")
    return 0 if fine else 1


def write_compiler(command, directory):
    """A compiler for emitted code that hurries: thousands of them are run. Its path, or "" for the usual."""
    if not command:
        return ""
    path = os.path.join(directory, "hurried-cc")
    program, *flags = shlex.split(command)
    with open(path, "w", encoding="utf-8") as file:
        file.write(f'#!/bin/sh\nexec {program} "$@" {shlex.join(flags)}\n')
    os.chmod(path, 0o755)
    return path


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("mode", choices=["check", "choose", "count", "reduce"])
    parser.add_argument("--fathom", default="build/release/fathom")
    parser.add_argument("--sample", type=int, default=0)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--timeout", type=float, default=120)
    parser.add_argument("--seed", type=int)
    parser.add_argument("--results", default="")
    parser.add_argument("--failures", default="")
    parser.add_argument("--cc", default="cc -O0")
    parser.add_argument("--share", type=float, default=50)
    parser.add_argument("--reduce-seconds", type=float, default=120)
    parser.add_argument("--tier0", action="append", default=[])
    options = parser.parse_args()
    options.fathom = os.path.abspath(options.fathom)
    options.compiler, options.limit = "", None
    if options.failures:
        os.makedirs(options.failures, exist_ok=True)
    with tempfile.TemporaryDirectory() as directory:
        options.compiler = write_compiler(options.cc, directory)
        if options.mode == "reduce":
            write(options.seed, options.failures or ".")
            reduce_failure(options, options.seed, options.failures or ".")
            return 0
        return {"check": check, "choose": choose, "count": count}[options.mode](options)


if __name__ == "__main__":
    sys.exit(main())
