"""Runs of TLC and of `fathom tlc` as texts that can be compared.

runs.tsv lists the runs. scripts/record-tlc writes what TLC prints of each to NAME.expected, run.py compares
ours with it. What no two runs share is replaced in both: times, durations and rates, the process's number,
paths, versions, sizes of memory, the number of processors, and the estimate of collisions.
"""
import os
import re

FOLDER = os.path.dirname(os.path.abspath(__file__))
FIXED = ("-workers", "1", "-fp", "0", "-seed", "1")

REPLACED = (
    (r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", "TIME"),
    (r"TLC2 Version .*", "TLC2 Version VERSION"),
    (r"on \d+ cores", "on N cores"),
    (r"with \d+MB heap and \d+MB offheap memory \[pid: \d+\] \(.*?(, \w+FPSet|\))", r"with MEMORY (SYSTEM\1"),
    (r"Finished in (\d+ms|[\da-z ]*s) at", "Finished in DURATION at"),
    (r"\([\d,]+ (d?s/min)\)", r"(RATE \1)"),
    (r"val = \S+", "val = ESTIMATE"),
    (r"Parsing file .*?([^/\s]*\.tla).*", r"Parsing file \1"),
    (r"Usage: .* inputfile", "Usage: PROGRAM [-help] [-option] inputfile"),
)


def runs():
    """Name, specification, configuration and arguments of each run, with and without -tool."""
    with open(os.path.join(FOLDER, "runs.tsv"), encoding="utf-8") as file:
        for line in file:
            if line.startswith("#"):
                continue
            name, specification, configuration, arguments = line.rstrip("\n").split("\t")
            common = arguments.split() + list(FIXED) + ["-config", configuration + ".cfg", specification]
            yield name, ["-noTE"] + common
            yield name + "-tool", ["-tool"] + common


def normalized(output, status):
    """The output without what differs from run to run; the exit status is its last line."""
    for pattern, replacement in REPLACED:
        output = re.sub(pattern, replacement, output)
    return "%sexit status %d\n" % (output, status)


def path_of(name):
    return os.path.join(FOLDER, name + ".expected")
