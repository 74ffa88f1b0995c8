#!/usr/bin/env python3
"""Runs `fathom check` on one golden specification and compares with the expectation in its comments.

usage: tests/run_golden.py --fathom PROGRAM [--argument=ARGUMENT ...] SPEC.tla

Comment lines of SPEC.tla that begin with one of these words say what to run and what must come out:

    \\* expect: ITEM, ITEM, ...    what must come out (several lines add up)
    \\* args: ...                  more arguments for this run
    \\* workers: 1                 worker counts to run with; without it 1, 2 and 4
    \\* cfg: Other.cfg             begins a further run, with this configuration; the lines after it
                                  belong to it. Lines before the first one use SPEC.cfg, or the
                                  program's own choice where that file does not exist.
    \\* recorded: TLC REV, not recorded: REASON    for scripts/record-golden
    \\* helper: Name               this module is only extended or instantiated by Name.tla: no run

The items:

    ok | deadlock | assert | assumption | violates NAME | error CODE     the verdict, exactly one
    exit N                        the exit status, where it is not the verdict's usual one
    N distinct, N generated, depth N                                     counts
    trace N                       states in the counterexample
    prints TEXT                   a line of the output contains TEXT; takes the rest of the line

Counts, depth and trace of a run that stops early depend on the order of the search: they are compared
with one worker only. Every other item must hold with each number of workers.
"""
import argparse
import os
import re
import shlex
import subprocess
import sys

WORKERS = ["1", "2", "4"]
DIRECTIVE = re.compile(r"^\s*\\\*\s*(expect|args|workers|cfg|helper):\s*(.*?)\s*$")
# ORDER(verdict): exit statuses are TLC's; docs/fathom.1 lists them.
EXITS = {"ok": {0}, "deadlock": {11}, "violates": {12, 13}, "assert": {14}, "assumption": {10},
         "error": {10, 75, 76, 77, 150, 151, 255}}
COUNTS = {
    "distinct": re.compile(r"^.*?([\d,]+) distinct states found", re.M),
    "generated": re.compile(r"^.*?([\d,]+) states generated", re.M),
    "depth": re.compile(r"depth of the complete state graph search is ([\d,]+)"),
}
STATE = re.compile(r"^\s*State (\d+)\b", re.M)


class Malformed(Exception):
    """The expectation itself is wrong."""


class Run:
    """One configuration with what is expected of it."""

    def __init__(self, config):
        self.config = config
        self.arguments = []
        self.workers = WORKERS
        self.verdict = None  # (kind, name)
        self.exits = None
        self.counts = {}
        self.trace = None
        self.prints = []

    def add(self, text):
        while text:
            if text.startswith("prints "):
                self.prints.append(text[len("prints "):])
                return
            item, _, text = text.partition(",")
            self.add_item(item.strip())
            text = text.strip()

    def add_item(self, item):
        words = item.split()
        count = re.fullmatch(r"(\d+) (distinct|generated)", item)
        number = re.fullmatch(r"(depth|trace|exit) (\d+)", item)
        if item in ("ok", "deadlock", "assert", "assumption"):
            self.set_verdict(item, None)
        elif len(words) == 2 and words[0] in ("violates", "error"):
            self.set_verdict(words[0], words[1])
        elif count:
            self.counts[count.group(2)] = int(count.group(1))
        elif number and number.group(1) == "depth":
            self.counts["depth"] = int(number.group(2))
        elif number and number.group(1) == "trace":
            self.trace = int(number.group(2))
        elif number:
            self.exits = {int(number.group(2))}
        else:
            raise Malformed(f"unknown item `{item}`")

    def set_verdict(self, kind, name):
        if self.verdict is not None:
            raise Malformed("two verdicts for one run")
        self.verdict = (kind, name)

    def complete(self):
        return self.verdict is not None and self.verdict[0] == "ok"


def read_runs(path):
    """The runs a specification asks for; None for a helper module."""
    runs, current = [], Run(None)
    with open(path, encoding="utf-8") as file:
        lines = [match.groups() for match in map(DIRECTIVE.match, file) if match]
    for word, text in lines:
        if word == "helper":
            user = os.path.join(os.path.dirname(path), text + ".tla")
            if not os.path.exists(user) or len(lines) > 1:
                raise Malformed(f"a helper names the specification that uses it; `{text}` is none")
            return None
        if word == "cfg":
            if current.verdict is not None or current.config is not None:
                runs.append(current)
            current = Run(text)
        elif word == "args":
            current.arguments += shlex.split(text)
        elif word == "workers":
            current.workers = re.split(r"[\s,]+", text)
        else:
            current.add(text)
    runs.append(current)
    for run in runs:
        if run.verdict is None:
            raise Malformed(f"no expected verdict for {run.config or 'the default configuration'}")
    return runs


def command_of(program, path, run, workers, more):
    config = run.config
    if config is None:
        own = os.path.splitext(path)[0] + ".cfg"
        config = os.path.basename(own) if os.path.exists(own) else None
    options = ["-config", config] if config else []
    return [program, "check", "-workers", workers, *options, *run.arguments, *more,
            os.path.basename(path)]


def differences(run, workers, status, output):
    """Everything in which the output is not what was expected."""
    kind, name = run.verdict
    exits = run.exits or EXITS[kind]
    if status not in exits:
        yield f"exit status {status}, expected {' or '.join(map(str, sorted(exits)))}"
    if kind == "error" and f"[{name}]" not in output:
        yield f"the output has no [{name}]"
    if kind == "violates" and not re.search(rf"\b{re.escape(name)}\b.*\bviolated\b", output):
        yield f"the output does not say that {name} is violated"
    for text in run.prints:
        if text not in output:
            yield f"the output does not contain `{text}`"
    if not run.complete() and workers != "1":
        return
    for what, expected in run.counts.items():
        found = COUNTS[what].findall(output)
        actual = int(found[-1].replace(",", "")) if found else None
        if actual != expected:
            yield f"{what}: {actual}, expected {expected}"
    if run.trace is not None:
        numbers = [int(number) for number in STATE.findall(output)]
        states = max(numbers, default=0)
        if states != run.trace:
            yield f"trace of {states} states, expected {run.trace}"


def check(program, path, more):
    runs = read_runs(path)
    if runs is None:
        print("helper module, nothing to run")
        return True
    good = True
    for run in runs:
        for workers in run.workers:
            command = command_of(program, path, run, workers, more)
            result = subprocess.run(command, cwd=os.path.dirname(path), stdin=subprocess.DEVNULL,
                                    stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
            output = result.stdout.decode("utf-8", "replace")
            found = list(differences(run, workers, result.returncode, output))
            if found:
                good = False
                print(f"FAILED: {shlex.join(command)}")
                for line in found:
                    print(f"  {line}")
                print("  --- output\n" + output)
    return good


def main():
    parser = argparse.ArgumentParser(description="runs one golden specification")
    parser.add_argument("--fathom", required=True)
    parser.add_argument("--argument", action="append", default=[], dest="more",
                        help="one more argument for every run: --argument=--native-wait")
    parser.add_argument("spec")
    options = parser.parse_args()
    try:
        good = check(os.path.abspath(options.fathom), os.path.abspath(options.spec), options.more)
        return 0 if good else 1
    except Malformed as error:
        print(f"{options.spec}: {error}")
        return 1


if __name__ == "__main__":
    sys.exit(main())
