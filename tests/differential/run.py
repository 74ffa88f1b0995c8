#!/usr/bin/env python3
"""Holds fathom against TLC on random specifications (generate.py).

usage: tests/differential/run.py check  --fathom PROGRAM [--first N] [--count N]
       tests/differential/run.py record --tlc CLASSPATH [--first N] [--count N] [--composed N]

`record` runs TLC with one worker on the specifications of the seeds and appends what it said to recorded.tsv
beside this file; seeds already recorded are skipped. `check` runs fathom on every recorded seed and compares
exit status, generated and distinct states, and the length of the trace; it exits non-zero on a difference that
is not listed in DIFFERENT, and on one listed there that is gone.
`record --composed N` takes N of the composed specifications (compose.py) that chosen.tsv names instead, seeds from
--first on, spread evenly over those in which TLC and fathom are meant to agree (see COMPOSED_DIFFERENT).
"""
import argparse
import csv
import os
import re
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
import compose  # noqa: E402
import generate  # noqa: E402

CHOSEN = os.path.join(HERE, "chosen.tsv")
RECORDED = os.path.join(HERE, "recorded.tsv")
FIELDS = ["seed", "exit", "generated", "distinct", "trace"]
COUNTS = re.compile(r"^([\d,]+) states generated, ([\d,]+) distinct states found", re.M)
STATE = re.compile(r"^State (\d+):", re.M)


# TLC's statuses of evaluation errors: 255 where the error arose in one of its Java modules.
EVALUATION = {75: "evaluation", 76: "evaluation", 77: "evaluation", 255: "evaluation"}


# Recorded specifications on which we are known to differ from TLC. One that agrees must be struck off here.
ON_PURPOSE = "an operator argument that ignores its parameter: docs/differences-from-tlc.md"
DIFFERENT = {100319: ON_PURPOSE}


def outcome(code, output):
    counts = COUNTS.findall(output)
    generated, distinct = (number.replace(",", "") for number in counts[-1]) if counts else ("", "")
    states = STATE.findall(output)
    return {"exit": EVALUATION.get(code, str(code)), "generated": generated, "distinct": distinct,
            "trace": states[-1] if states else ""}


def run_tlc(classpath, spec, directory):
    command = ["java", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xss16m",
               "-Dtlc2.tool.impl.Tool.cdot=true", "-cp", classpath, "tlc2.TLC", "-workers", "1", "-noTE", "-metadir", os.path.join(directory, "states"),
               os.path.basename(spec)]
    done = subprocess.run(command, cwd=directory, capture_output=True, text=True, timeout=120)
    shutil.rmtree(os.path.join(directory, "states"), ignore_errors=True)
    return outcome(done.returncode, done.stdout)


def run_fathom(options, spec, directory):
    command = [options.fathom, "check", "-workers", str(options.workers)] + options.argument
    done = subprocess.run(command + [os.path.basename(spec)], cwd=directory, capture_output=True,
                          text=True, timeout=120)
    return outcome(done.returncode, done.stdout), done.stderr


def read_recorded():
    if not os.path.exists(RECORDED):
        return {}
    with open(RECORDED, newline="", encoding="utf-8") as file:
        return {int(row["seed"]): row for row in csv.DictReader(file, delimiter="\t")}


# Planted errors of which TLC says something else, by the end of their name: its integers have 32 bits. And after
# an evaluation error in an invariant it goes through the successors once more, which adds distinct states.
COMPOSED_DIFFERENT = ("overflow", "overflow in constraint")


def seeds_to_record(options):
    if not options.composed:
        return range(options.first, options.first + options.count)
    with open(CHOSEN, newline="", encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file, delimiter="\t")
                if row["kind"] != "invariant_evaluation" and int(row["seed"]) >= options.first]
    seeds = [seed for seed in (int(row["seed"]) for row in rows)
             if compose.compose(seed)[3] not in COMPOSED_DIFFERENT]
    return [seeds[i * len(seeds) // options.composed] for i in range(options.composed)]


def record(options):
    recorded = read_recorded()
    with open(RECORDED, "a", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, FIELDS, delimiter="\t", lineterminator="\n")
        if not recorded:
            writer.writeheader()
        for seed in seeds_to_record(options):
            if seed in recorded:
                continue
            with tempfile.TemporaryDirectory() as directory:
                spec = generate.write(seed, directory)
                try:
                    row = run_tlc(options.tlc, spec, directory)
                except subprocess.TimeoutExpired:
                    continue
            if row["exit"] == "151":  # a formula that is constant: TLC refuses, we check it
                continue
            if row["exit"] == "150":
                print(f"Random{seed} does not parse: mend the generator", file=sys.stderr)
                return 1
            writer.writerow({"seed": seed, **row})
            file.flush()
    return 0


def check(options):
    different = []
    recorded = read_recorded()
    seeds = [seed for seed in sorted(recorded)
             if options.first <= seed < options.first + options.count]
    for seed in seeds:
        expected = {key: recorded[seed][key] for key in FIELDS[1:]}
        with tempfile.TemporaryDirectory() as directory:
            spec = generate.write(seed, directory)
            try:
                ours, errors = run_fathom(options, spec, directory)
            except subprocess.TimeoutExpired:
                ours, errors = {"exit": "timeout"}, ""
        # What TLC did not print, as at a violation in an initial state, is not compared.
        agrees = not any(expected[key] and ours.get(key) != expected[key] for key in expected)
        if agrees and seed in DIFFERENT:
            different.append(seed)
            print(f"Random{seed} agrees now: strike it off DIFFERENT")
        elif not agrees and seed not in DIFFERENT:
            different.append(seed)
            print(f"Random{seed}: TLC {expected}, fathom {ours} {errors[:300]}")
    known = sum(seed in DIFFERENT for seed in seeds)
    print(f"{len(seeds) - len(different) - known} of {len(seeds)} random specifications agree with TLC, "
          f"{known} are known to differ")
    return 1 if different or not seeds else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("mode", choices=["check", "record"])
    parser.add_argument("--fathom", default="build/release/fathom")
    parser.add_argument("--tlc", default="tla2tools.jar")
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--argument", action="append", default=[], help="more arguments of fathom")
    parser.add_argument("--first", type=int, default=1)
    parser.add_argument("--count", type=int, default=1000000)
    parser.add_argument("--composed", type=int, default=0)
    options = parser.parse_args()
    options.fathom = os.path.abspath(options.fathom)
    return record(options) if options.mode == "record" else check(options)


if __name__ == "__main__":
    sys.exit(main())
