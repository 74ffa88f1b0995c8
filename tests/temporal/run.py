#!/usr/bin/env python3
"""Holds `fathom check` against a brute-force decision, and that against TLC, on random temporal properties.

usage: tests/temporal/run.py check  --fathom PROGRAM [--first N] [--count N] [--decide N] [--workers N] [-- OPTIONS]
       tests/temporal/run.py record [--tlc CLASSPATH] [--first N] [--count N]

`record` decides the specifications of the seeds (generate.py, decide.py) and, where CLASSPATH is given, runs TLC with
one worker on them; rows are appended to recorded.tsv beside this file, and what is there is not done again. A
formula that TLC does not handle is recorded as such. `check` runs fathom on every recorded seed and compares the
verdicts; it decides the first --decide of them anew. Exit status 1 on a difference, or when the recorded
verdicts of TLC and decide.py differ.
"""
import argparse
import csv
import os
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
import decide  # noqa: E402
import generate  # noqa: E402

RECORDED = os.path.join(HERE, "recorded.tsv")
FIELDS = ["seed", "decided", "tlc"]
HOLDS, VIOLATED, REFUSED = "holds", "violated", "refused"
VERDICTS = {0: HOLDS, 13: VIOLATED}
# What TLC says of formulas that its liveness checker does not take; the last: it takes no tautologies.
UNHANDLED = ("Temporal formulas containing actions must be of forms", "TLC cannot handle the temporal formula",
             "Temporal formula is a tautology")

# Where TLC is wrong. 229: its counterexample satisfies the property, (F ~> G) => H with a temporal F: F holds all
# along, G never, so the left side of => is false.
TLC_WRONG = {229}


def decided(seed):
    return VIOLATED if decide.is_violated(generate.Specification(seed)) else HOLDS


def run_tlc(classpath, seed, directory):
    path = generate.Specification(seed).save(directory)
    command = ["java", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xss16m", "-cp", classpath, "tlc2.TLC",
               "-workers", "1", "-noTE", "-metadir", os.path.join(directory, "states"), os.path.basename(path)]
    done = subprocess.run(command, cwd=directory, capture_output=True, text=True, timeout=120)
    if done.returncode in VERDICTS:
        return VERDICTS[done.returncode]
    if any(mark in done.stdout for mark in UNHANDLED):
        return REFUSED
    sys.exit(f"seed {seed}: TLC ended with {done.returncode}:\n{done.stdout}")


def read_recorded():
    if not os.path.exists(RECORDED):
        return {}
    with open(RECORDED, newline="", encoding="utf-8") as file:
        return {int(row["seed"]): row for row in csv.DictReader(file, delimiter="\t")}


def record(options):
    rows = read_recorded()
    for seed in range(options.first, options.first + options.count):
        row = rows.setdefault(seed, {"seed": str(seed), "decided": "", "tlc": ""})
        row["decided"] = row["decided"] or decided(seed)
        if options.tlc and not row["tlc"]:
            with tempfile.TemporaryDirectory() as directory:
                row["tlc"] = run_tlc(options.tlc, seed, directory)
            if row["tlc"] not in (REFUSED, row["decided"]):
                print(f"seed {seed}: TLC says {row['tlc']}, decided: {row['decided']}", flush=True)
        if seed % 20 == 0:
            write(rows)
    write(rows)


def write(rows):
    """The file is replaced as a whole: what a killed run leaves is complete."""
    with open(RECORDED + ".new", "w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, FIELDS, delimiter="\t", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows[seed] for seed in sorted(rows))
    os.replace(RECORDED + ".new", RECORDED)


def run_fathom(options, seed, directory):
    path = generate.Specification(seed).save(directory)
    command = [options.fathom, "check", "-workers", str(options.workers), *options.rest, os.path.basename(path)]
    done = subprocess.run(command, cwd=directory, capture_output=True, text=True, timeout=120)
    return VERDICTS.get(done.returncode, f"status {done.returncode}"), done.stdout + done.stderr


def check(options):
    rows = read_recorded()
    seeds = [seed for seed in sorted(rows) if seed >= options.first][:options.count]
    wrong, violated, judged = 0, 0, 0
    for number, seed in enumerate(seeds):
        row = rows[seed]
        if number < options.decide and decided(seed) != row["decided"]:
            print(f"seed {seed}: recorded {row['decided']}, which decide.py does not say any more")
            wrong += 1
        if row["tlc"] not in ("", REFUSED):
            judged += 1
            if (row["tlc"] != row["decided"]) != (seed in TLC_WRONG):
                print(f"seed {seed}: TLC says {row['tlc']}, decided: {row['decided']}")
                wrong += 1
        with tempfile.TemporaryDirectory() as directory:
            verdict, output = run_fathom(options, seed, directory)
        violated += verdict == VIOLATED
        if verdict != row["decided"]:
            print(f"seed {seed}: fathom says {verdict}, decided: {row['decided']}\n{output}")
            wrong += 1
    print(f"{len(seeds)} specifications, {violated} violated, {judged} judged by TLC too, {wrong} wrong")
    return 1 if wrong > 0 or not seeds else 0


def main():
    arguments = sys.argv[1:]
    rest = []
    if "--" in arguments:
        at = arguments.index("--")
        arguments, rest = arguments[:at], arguments[at + 1:]
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["check", "record"])
    parser.add_argument("--fathom")
    parser.add_argument("--tlc")
    parser.add_argument("--first", type=int, default=1)
    parser.add_argument("--count", type=int, default=2000)
    parser.add_argument("--decide", type=int, default=50)
    parser.add_argument("--workers", type=int, default=1)
    options = parser.parse_args(arguments)
    options.rest = rest
    if options.what == "record":
        record(options)
        return 0
    return check(options)


if __name__ == "__main__":
    sys.exit(main())
