#!/usr/bin/env python3
"""Holds Fathom's PlusCal against pcal.trans and TLC on random algorithms (generate.py).

usage: tests/pluscal/run.py record --jar CLASSPATH [--first N] [--count N]
       tests/pluscal/run.py check  --fathom PROGRAM [--first N] [--count N] [--sample N]

`record` has pcal.trans translate the algorithms of the seeds and TLC check them, with one worker, and appends
to recorded.tsv beside this file what they said: the checksums of algorithm and translation, or `refused`, and
exit status, counts and length of the trace. Seeds already recorded are skipped, so it can be interrupted; an
algorithm that TLC does not finish in 60 seconds is recorded as such.
`check` translates every recorded one with `fathom pcal` and compares the checksums, of which the second is
that of every byte of the translation; and it runs `fathom check` on the file without a translation and compares
the rest. Where pcal.trans's translation is no TLA+ (status 150) ours has to be. --sample N takes every one of about N seeds, spread evenly. Exits non-zero on a difference.
"""
import argparse
import csv
import os
import re
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
import generate  # noqa: E402

RECORDED = os.path.join(HERE, "recorded.tsv")
FIELDS = ["seed", "pcal", "tla", "exit", "generated", "distinct", "trace"]
CHECKSUMS = re.compile(r'chksum\(pcal\) = "([0-9a-f]+)" /\\ chksum\(tla\) = "([0-9a-f]+)"')
COUNTS = re.compile(r"^([\d,]+) states generated, ([\d,]+) distinct states found", re.M)
STATE = re.compile(r"^State (\d+):", re.M)
# TLC's statuses of evaluation errors: 255 where the error arose in one of its Java modules.
EVALUATION = {75: "evaluation", 76: "evaluation", 77: "evaluation", 255: "evaluation"}


def execute(command, directory, timeout):
    """(status, output); status None: it did not end in time."""
    try:
        done = subprocess.run(command, cwd=directory, capture_output=True, text=True, timeout=timeout,
                              check=False, errors="replace")
    except subprocess.TimeoutExpired:
        return None, ""
    return done.returncode, done.stdout + done.stderr


def outcome(code, output):
    """Exit status, counts, and the length of the trace."""
    counts = COUNTS.findall(output)
    generated, distinct = (number.replace(",", "") for number in counts[-1]) if counts else ("", "")
    states = STATE.findall(output)
    return {"exit": EVALUATION.get(code, str(code)), "generated": generated, "distinct": distinct,
            "trace": states[-1] if states else ""}


def checksums(path):
    with open(path, encoding="utf-8") as file:
        found = CHECKSUMS.search(file.read())
    return {"pcal": found.group(1), "tla": found.group(2)} if found else {"pcal": "refused", "tla": ""}


def record_one(seed, jar):
    row = dict.fromkeys(FIELDS, "")
    with tempfile.TemporaryDirectory() as directory:
        name = generate.write(seed, directory)
        path = os.path.join(directory, name + ".tla")
        java = ["java", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xss16m", "-cp", jar]
        execute([*java, "pcal.trans", "-nocfg", name + ".tla"], directory, 60)
        row.update(checksums(path))
        if row["pcal"] != "refused":
            code, output = execute([*java, "tlc2.TLC", "-workers", "1", "-noTE", "-metadir",
                                    os.path.join(directory, "states"), name + ".tla"], directory, 60)
            row.update({"exit": "unfinished"} if code is None else outcome(code, output))
    return {**row, "seed": seed}


def record(options):
    seen = {int(row["seed"]) for row in read()}
    with open(RECORDED, "a", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, FIELDS, delimiter="\t", lineterminator="\n")
        if not seen:
            writer.writeheader()
        for seed in range(options.first, options.first + options.count):
            if seed not in seen:
                writer.writerow(record_one(seed, options.jar))
                file.flush()
    return 0


def read():
    if not os.path.exists(RECORDED):
        return []
    with open(RECORDED, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t"))


def check_one(row, fathom):
    """What differs, or None."""
    with tempfile.TemporaryDirectory() as directory:
        name = generate.write(int(row["seed"]), directory)
        path = os.path.join(directory, name + ".tla")
        ours = {"pcal": "refused", "tla": "", "exit": row["exit"], "generated": row["generated"],
                "distinct": row["distinct"], "trace": row["trace"]}
        if row["pcal"] != "refused" and row["exit"] != "unfinished":
            ours.update(outcome(*execute([fathom, "check", "-workers", "1", path], directory, 300)))
        execute([fathom, "pcal", path], directory, 60)
        ours.update(checksums(path))
    if row["exit"] == "150":
        # pcal.trans's translation is no TLA+, ours is: docs/differences-from-tlc.md
        return f"seed {row['seed']}: no TLA+" if ours["exit"] == "150" else None
    wrong = [f"{field} {ours[field]}, recorded {row[field]}" for field in FIELDS[1:] if ours[field] != row[field]]
    return f"seed {row['seed']}: {'; '.join(wrong)}" if wrong else None


def check(options):
    rows = [row for row in read() if options.first <= int(row["seed"]) < options.first + options.count]
    step = max(1, len(rows) // options.sample) if options.sample else 1
    rows = rows[::step]
    wrong = [said for said in (check_one(row, os.path.abspath(options.fathom)) for row in rows) if said]
    for said in wrong:
        print(said)
    refused = sum(row["pcal"] == "refused" for row in rows)
    unfinished = sum(row["exit"] == "unfinished" for row in rows)
    print(f"pluscal: {len(rows)} algorithms, {refused} refused, {unfinished} not finished by TLC: "
          f"{len(rows) - len(wrong)} agree")
    return 1 if wrong or not rows else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("command", choices=["record", "check"])
    parser.add_argument("--jar")
    parser.add_argument("--fathom")
    parser.add_argument("--first", type=int, default=1)
    parser.add_argument("--count", type=int, default=1000000)
    parser.add_argument("--sample", type=int)
    options = parser.parse_args()
    if options.command == "record" and (not options.jar or options.count == 1000000):
        parser.error("record needs --jar and --count")
    if options.command == "check" and not options.fathom:
        parser.error("check needs --fathom")
    return record(options) if options.command == "record" else check(options)


if __name__ == "__main__":
    sys.exit(main())
