"""Runs of TLC and of `fathom tlc` as texts that can be compared.

runs.tsv lists the runs. scripts/record-tlc writes what TLC prints of each to NAME.expected, run.py compares
ours with it. What no two runs share is replaced in both: times, durations and rates, the process's number,
paths, versions, sizes of memory, the number of processors, and the estimate of collisions. The files that a run
writes follow its output; in them fingerprints are numbered in the order of their occurrence, and what TLC writes
in the order of a hash table is sorted. TLC reads modules of its own for -dumpTrace, and takes trace
specifications apart into files: the lines about modules are left out then. Value streams are written out as text.
"""
import gzip
import os
import re
import shutil
import struct

FOLDER = os.path.dirname(os.path.abspath(__file__))
FIXED = ("-workers", "1", "-fp", "0", "-seed", "1")

REPLACED = (
    # The size of a normal form that Fathom does not make.
    (r"@!@!@STARTMSG 2212:0 @!@!@\nImplied-temporal .*\n@!@!@ENDMSG 2212 @!@!@\n", ""),
    (r"Implied-temporal checking--satisfiability problem has .*\n", ""),
    (r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", "TIME"),
    (r"TLC2 Version .*", "TLC2 Version VERSION"),
    (r"on \d+ cores", "on N cores"),
    (r"with \d+MB heap and \d+MB offheap memory \[pid: \d+\] \(.*?(, \w+FPSet|\))", r"with MEMORY (SYSTEM\1"),
    (r"Finished in (\d+ms|[\da-z ]*s) at", "Finished in DURATION at"),
    (r"temporal properties in [\da-z ]*s at", "temporal properties in DURATION at"),
    (r"\([\d,]+ (d?s/min)\)", r"(RATE \1)"),
    (r"val = \S+", "val = ESTIMATE"),
    (r"Parsing file .*?([^/\s]*\.tla).*", r"Parsing file \1"),
    (r"Usage: .* inputfile", "Usage: PROGRAM [-help] [-option] inputfile"),
)


# Of the modules that were read.
MODULES = r"(?m)^(Parsing file|Semantic processing of module|Linting of module) .*\n"
# What it says of fields that are called like variables, as those of states are.
FIELDS = r"line \d+, col .* of module \S+\n\nThe field name (.*\n){5}\n+"
STREAM_ENDINGS = (".tlc", ".bin")


class Stream:
    """A value stream of TLC's (docs/formats.md), as text: sets and records sorted."""

    def __init__(self, data):
        self.data, self.at, self.handles = data, 0, []

    def take(self, form):
        values = struct.unpack_from(">" + form, self.data, self.at)
        self.at += struct.calcsize(">" + form)
        return values[0]

    def nat(self):
        short = self.take("h")
        if short >= 0:
            return short
        self.at -= 2
        return -self.take("i")

    def string(self):
        self.take("q")
        length = self.take("i")
        self.at += length
        self.handles.append('"%s"' % self.data[self.at - length:self.at].decode())
        return self.handles[-1]

    def composite(self, kind):
        place = len(self.handles)
        self.handles.append(None)
        if kind == 4:
            fields = [(self.value(), self.value()) for _ in range(abs(self.take("i")))]
            text = "[%s]" % ", ".join("%s |-> %s" % field for field in sorted(fields))
        elif kind == 5:
            text = "{%s}" % ", ".join(sorted(self.value() for _ in range(abs(self.take("i")))))
        elif kind == 7:
            text = "<<%s>>" % ", ".join([self.value() for _ in range(self.nat())])
        else:
            count, form = self.nat(), self.take("b")
            low = self.take("q") >> 32 if form == 0 else 0
            pairs = [(str(low + i) if form == 0 else self.value(), self.value()) for i in range(count)]
            text = "(%s)" % " @@ ".join("%s :> %s" % pair for pair in sorted(pairs))
        self.handles[place] = text
        return text

    def value(self):
        kind = self.take("b")
        if kind == 0:
            return "TRUE" if self.take("b") else "FALSE"
        if kind == 1:
            return str(self.take("i"))
        if kind == 3:
            return self.string()
        if kind == 21:
            return "model value %d" % self.take("h")
        if kind == 23:
            low, high = self.take("i"), self.take("i")
            return "{%s}" % ", ".join(sorted(str(i) for i in range(low, high + 1)))
        if kind == 26:
            return self.handles[self.nat()]
        return self.composite(kind)


def runs():
    """Name, specification, configuration and arguments of each run, with and without -tool."""
    with open(os.path.join(FOLDER, "runs.tsv"), encoding="utf-8") as file:
        for line in file:
            if line.startswith("#"):
                continue
            name, specification, configuration, arguments = line.rstrip("\n").split("\t")
            common = arguments.split() + list(FIXED) + [
                "-config", configuration + ("" if configuration.endswith(".tla") else ".cfg"), specification]
            yield name, ["-noTE"] + common
            yield name + "-tool", ["-tool"] + common


def normalized(output, status, files):
    """The output without what differs from run to run, the exit status, and the files."""
    for pattern, replacement in REPLACED:
        output = re.sub(pattern, replacement, output)
    if "CounterExample written" in output or "_TTrace" in output:
        output = re.sub(FIELDS, "", re.sub(MODULES, "", output))
    return "%sexit status %d\n%s" % (output, status, files)


def sorted_sets(text):
    """States of one rank, and the lines of a legend, have no order."""
    text = re.sub(r"\{rank = same; ([^}]*)\}", lambda match: "{rank = same; %s;}" % ";".join(
        sorted(match.group(1).rstrip(";").split(";"))), text)
    head, legend, tail = text.partition("subgraph cluster_legend")
    return head + legend + "\n".join(sorted(tail.split("\n")))


def normalized_file(text):
    numbers = {}
    text = re.sub(r"(?m)^\(\* .* \*\)\n", "", text)  # comments have our own words
    text = re.sub(r"-?\d{15,}", lambda match: "#%d" % numbers.setdefault(match.group(0), len(numbers)), text)
    return sorted_sets(text)


def copied_to(folder):
    """The specifications, copied; their names."""
    names = [entry for entry in os.listdir(FOLDER) if entry.endswith((".tla", ".cfg"))]
    for name in names:
        shutil.copy(os.path.join(FOLDER, name), folder)
    return names


def written_files(folder, before):
    """The texts of the files in the folder that were not there before."""
    texts = []
    for name in sorted(set(os.listdir(folder)) - set(before)):
        path = os.path.join(folder, name)
        if path.endswith(STREAM_ENDINGS):
            with gzip.open(path) as file:
                texts.append("--- %s\n%s\n" % (name, Stream(file.read()).value()))
        elif os.path.isfile(path):
            with open(path, encoding="utf-8") as file:
                texts.append("--- %s\n%s\n" % (name, normalized_file(file.read())))
    return "".join(texts)


def path_of(name):
    return os.path.join(FOLDER, name + ".expected")
