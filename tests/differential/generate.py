#!/usr/bin/env python3
"""Random specifications: small, typed, finite, and as varied as the operators of TLA+.

A specification has two or three variables of random types and a next-state relation of a few actions made of
guards, assignments, memberships, quantifiers, IF, CASE and LET. Every assigned value is clamped into a small
universe of its type, so the state space is finite. Invariants and out-of-domain applications are not avoided:
runs end in violations, deadlocks and evaluation errors too. The seed determines the text. Seeds from 100000
on give the specifications of compose.py.

usage: tests/differential/generate.py SEED DIRECTORY      writes RandomSEED.tla and .cfg
"""
import os
import random
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
import compose  # noqa: E402

TYPES = ["int", "bool", "set", "tuple", "fcn", "record", "seq", "string", "setset", "model"]
UNIVERSE = {
    "int": "0..3", "bool": "BOOLEAN", "set": "SUBSET (0..2)", "tuple": "(0..2) \\X (0..1)",
    "fcn": "[{0, 1, 2} -> {0, 1}]", "record": "[a : 0..2, b : BOOLEAN]", "string": '{"a", "b", "zz"}',
    "seq": "{<<>>, <<0>>, <<1>>, <<0, 1>>, <<1, 0>>, <<2, 2>>}", "setset": "SUBSET {{}, {0}, {0, 1}}",
    "model": "Models",
}


class Maker:
    """Makes expressions of a type; `scope` maps types to the names that can be used."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.fresh = 0

    def pick(self, *choices):
        return self.random.choice(choices)

    def name(self):
        self.fresh += 1
        return f"v{self.fresh}"

    def make(self, kind, scope, depth):
        names = scope.get(kind, [])
        if names and self.random.random() < (0.75 if depth <= 0 else 0.3):
            return self.random.choice(names)
        if depth <= 0:
            return self.leaf(kind)
        if self.random.random() < 0.12:
            return self.general(kind, scope, depth - 1)
        return getattr(self, "make_" + kind)(scope, depth - 1)

    def leaf(self, kind):
        r = self.random
        return {
            "int": lambda: str(r.randint(0, 3)), "bool": lambda: r.choice(["TRUE", "FALSE"]),
            "set": lambda: r.choice(["{}", "{0}", "{1, 0}", "0..2", "{2, 1, 1}"]),
            "tuple": lambda: f"<<{r.randint(0, 2)}, {r.randint(0, 1)}>>",
            "fcn": lambda: r.choice(["[i \\in {0, 1, 2} |-> 0]", "(0 :> 1 @@ 1 :> 0 @@ 2 :> 1)"]),
            "record": lambda: f"[a |-> {r.randint(0, 2)}, b |-> {r.choice(['TRUE', 'FALSE'])}]",
            "seq": lambda: r.choice(["<<>>", "<<1>>", "<<0, 2>>"]),
            "string": lambda: r.choice(['"a"', '"b"', '"zz"']),
            "setset": lambda: r.choice(["{}", "{{}}", "{{0}, {1, 0}}", "SUBSET {0}"]),
            "model": lambda: r.choice(["m1", "m2"]),
        }[kind]()

    def bind(self, scope, kind):
        name = self.name()
        inner = {key: list(value) for key, value in scope.items()}
        inner.setdefault(kind, []).append(name)
        return name, inner

    def some_set_of(self, kind, scope, depth):
        """A set whose elements have the type."""
        if kind == "int" and self.random.random() < 0.6:
            return self.make("set", scope, depth)
        if kind == "set" and self.random.random() < 0.5:
            return self.make("setset", scope, depth)
        if self.random.random() < 0.3:
            return f"{{{self.make(kind, scope, depth)}, {self.make(kind, scope, depth)}}}"
        return UNIVERSE[kind]

    def general(self, kind, scope, depth):
        """Constructs that have any type."""
        form = self.random.randint(0, 3)
        if form == 0:
            return (f"(IF {self.make('bool', scope, depth)} THEN {self.make(kind, scope, depth)} "
                    f"ELSE {self.make(kind, scope, depth)})")
        if form == 1:
            other = self.pick(*TYPES)
            name, inner = self.bind(scope, other)
            return (f"(LET {name} == {self.make(other, scope, depth)} IN "
                    f"{self.make(kind, inner, depth)})")
        if form == 2:
            name, inner = self.bind(scope, kind)
            return (f"(CHOOSE {name} \\in {self.some_set_of(kind, scope, depth)} : "
                    f"{self.make('bool', inner, depth)})")
        return (f"(CASE {self.make('bool', scope, depth)} -> {self.make(kind, scope, depth)} "
                f"[] OTHER -> {self.make(kind, scope, depth)})")

    def make_int(self, s, d):
        m = self.make
        name = self.name()
        forms = [
            lambda: f"({m('int', s, d)} {self.pick('+', '-', '*')} {m('int', s, d)})",
            lambda: f"({m('int', s, d)} {self.pick('%', chr(92) + 'div')} {self.random.randint(1, 3)})",
            lambda: f"Cardinality({m('set', s, d)})", lambda: f"Len({m('seq', s, d)})",
            lambda: f"{m('tuple', s, d)}[{self.random.randint(1, 2)}]",
            lambda: f"{m('fcn', s, d)}[{m('int', s, d)}]", lambda: f"{m('record', s, d)}.a",
            lambda: f"Head({m('seq', s, d)})", lambda: f"Cardinality({m('setset', s, d)})",
            lambda: f"Sum({m('set', s, d)})", lambda: f"Twice(LAMBDA {name} : {name} + {m('int', s, d)}, 1)",
        ]
        return self.random.choice(forms)()

    def make_bool(self, s, d):
        m = self.make
        kind = self.pick(*TYPES)

        def quantified(symbol):
            name, inner = self.bind(s, kind)
            return (f"({symbol} {name} \\in {self.some_set_of(kind, s, d)} : "
                    f"{m('bool', inner, d)})")
        forms = [
            lambda: f"({m(kind, s, d)} {self.pick('=', '#')} {m(kind, s, d)})",
            lambda: f"({m('int', s, d)} {self.pick('<', '=<', '>', '>=')} {m('int', s, d)})",
            lambda: f"({m('bool', s, d)} {self.pick('/' + chr(92), chr(92) + '/', '=>', '<=>')} {m('bool', s, d)})",
            lambda: f"(~{m('bool', s, d)})", lambda: quantified("\\A"), lambda: quantified("\\E"),
            lambda: f"({m('int', s, d)} {self.pick(chr(92) + 'in', chr(92) + 'notin')} {m('set', s, d)})",
            lambda: f"({m('set', s, d)} \\subseteq {m('set', s, d)})",
            lambda: f"({m('set', s, d)} \\in {m('setset', s, d)})",
            lambda: f"({m(kind, s, d)} \\in {UNIVERSE[kind]})", lambda: f"{m('record', s, d)}.b",
            lambda: f"IsEven({m('int', s, d)})",
        ]
        return self.random.choice(forms)()

    def make_set(self, s, d):
        m = self.make
        name, inner = self.bind(s, "int")
        forms = [
            lambda: f"({m('set', s, d)} {self.pick(chr(92) + 'cup', chr(92) + 'cap', chr(92))} {m('set', s, d)})",
            lambda: f"{{{m('int', s, d)}, {m('int', s, d)}}}",
            lambda: f"{{{name} \\in {m('set', s, d)} : {m('bool', inner, d)}}}",
            lambda: f"{{{m('int', inner, d)} : {name} \\in {m('set', s, d)}}}",
            lambda: f"UNION {m('setset', s, d)}", lambda: f"(0..{m('int', s, d)})",
            lambda: f"DOMAIN {m('fcn', s, d)}", lambda: f"DOMAIN {m('seq', s, d)}",
            lambda: f"{{{m('seq', s, d)}[i] : i \\in DOMAIN {m('seq', s, 0)}}}",
        ]
        return self.random.choice(forms)()

    def make_setset(self, s, d):
        name, inner = self.bind(s, "set")
        forms = [
            lambda: f"SUBSET {self.make('set', s, d)}",
            lambda: f"{{{self.make('set', s, d)}, {self.make('set', s, d)}}}",
            lambda: f"({self.make('setset', s, d)} \\cup {self.make('setset', s, d)})",
            lambda: f"{{{name} \\in {self.make('setset', s, d)} : {self.make('bool', inner, d)}}}",
        ]
        return self.random.choice(forms)()

    def make_tuple(self, s, d):
        forms = [
            lambda: f"<<{self.make('int', s, d)}, {self.make('int', s, d)}>>",
            lambda: f"[{self.make('tuple', s, d)} EXCEPT ![{self.random.randint(1, 2)}] = {self.make('int', s, d)}]",
        ]
        return self.random.choice(forms)()

    def make_fcn(self, s, d):
        name, inner = self.bind(s, "int")
        forms = [
            lambda: f"[{name} \\in {{0, 1, 2}} |-> {self.make('int', inner, d)}]",
            lambda: f"[{self.make('fcn', s, d)} EXCEPT ![{self.make('int', s, d)}] = {self.make('int', s, d)}]",
            lambda: f"[{self.make('fcn', s, d)} EXCEPT ![{self.random.randint(0, 2)}] = @ + 1]",
        ]
        return self.random.choice(forms)()

    def make_record(self, s, d):
        forms = [
            lambda: f"[a |-> {self.make('int', s, d)}, b |-> {self.make('bool', s, d)}]",
            lambda: f"[{self.make('record', s, d)} EXCEPT !.a = {self.make('int', s, d)}]",
            lambda: f"[{self.make('record', s, d)} EXCEPT !.b = ~@]",
        ]
        return self.random.choice(forms)()

    def make_seq(self, s, d):
        forms = [
            lambda: f"Append({self.make('seq', s, d)}, {self.make('int', s, d)})",
            lambda: f"({self.make('seq', s, d)} \\o {self.make('seq', s, d)})",
            lambda: f"Tail({self.make('seq', s, d)})", lambda: f"<<{self.make('int', s, d)}>>",
            lambda: f"SubSeq({self.make('seq', s, d)}, 1, {self.random.randint(0, 2)})",
            lambda: f"SelectSeq({self.make('seq', s, d)}, IsEven)",
        ]
        return self.random.choice(forms)()

    def make_string(self, s, d):
        return self.general("string", s, d)

    def make_model(self, s, d):
        return self.general("model", s, d)

    def clamp(self, kind, text):
        if self.random.random() < 0.03:
            return text  # sometimes not: the state space may then be cut off by the constraint only
        return {
            "int": f"(({text}) % 4)", "set": f"(({text}) \\cap (0..2))",
            "tuple": f"Pair({text})", "fcn": f"Fcn({text})", "record": f"Rec({text})",
            "seq": f"Short({text})", "setset": f"(({text}) \\cap SUBSET (0..1))",
        }.get(kind, f"({text})")

    def assign(self, variable, kind, scope, depth):
        form = self.random.randint(0, 9)
        if form < 6:
            return f"{variable}' = {self.clamp(kind, self.make(kind, scope, depth))}"
        if form < 8:
            return f"{variable}' \\in {UNIVERSE[kind]}"
        if form == 8:
            return f"{variable}' \\in {{{self.clamp(kind, self.make(kind, scope, depth))}, {variable}}}"
        return f"UNCHANGED {variable}"

    def action(self, variables, scope, depth):
        parts = [self.make("bool", scope, depth) for _ in range(self.random.randint(0, 2))]
        inner = {key: list(value) for key, value in scope.items()}
        for variable, kind in variables:
            parts.append(self.assign(variable, kind, inner, depth))
            if self.random.random() < 0.3:
                inner.setdefault(kind, []).append(variable + "'")
        if self.random.random() < 0.15:
            parts.append(self.make("bool", inner, depth))
        body = " /\\ ".join(parts)
        form = self.random.randint(0, 7)
        if form == 0:
            other = self.action(variables, scope, depth - 1)
            return f"(IF {self.make('bool', scope, 1)} THEN ({body}) ELSE ({other}))"
        if form == 1:
            return f"({self.make('bool', scope, 1)} /\\ (({body}) \\/ {self.action(variables, scope, depth - 1)}))"
        return f"({body})"

    def quantified_action(self, variables, scope, depth):
        if self.random.random() < 0.4:
            kind = self.pick("int", "model", "set", "string")
            name, inner = self.bind(scope, kind)
            return (f"\\E {name} \\in {self.some_set_of(kind, scope, 1)} : "
                    f"{self.action(variables, inner, depth)}")
        return self.action(variables, scope, depth)


def specification(seed):
    maker = Maker(seed)
    r = maker.random
    variables = [(name, r.choice(TYPES)) for name in ["x", "y", "z"][:r.randint(2, 3)]]
    scope = {"model": ["m1", "m2"]}
    for name, kind in variables:
        scope.setdefault(kind, []).append(name)
    names = ", ".join(name for name, _ in variables)
    init = " /\\ ".join(
        f"{name} \\in {UNIVERSE[kind]}" if r.random() < 0.3 else
        f"{name} = {maker.clamp(kind, maker.make(kind, {'model': ['m1', 'm2']}, 1))}"
        for name, kind in variables)
    depth = r.randint(1, 3)
    actions = [maker.quantified_action(variables, scope, depth) for _ in range(r.randint(2, 4))]
    lines = [f"---- MODULE Random{seed} ----", "EXTENDS Integers, Sequences, FiniteSets, TLC",
             "CONSTANTS m1, m2", f"VARIABLES {names}", "Models == {m1, m2}",
             "RECURSIVE Sum(_)",
             "Sum(S) == IF S = {} THEN 0 ELSE LET e == CHOOSE e \\in S : TRUE IN e + Sum(S \\ {e})",
             "IsEven(n) == n % 2 = 0", "Twice(F(_), n) == F(F(n))",
             "Pair(p) == <<p[1] % 3, p[2] % 2>>", "Fcn(f) == [i \\in {0, 1, 2} |-> f[i] % 2]",
             "Rec(q) == [a |-> q.a % 3, b |-> q.b]",
             "Short(s) == [i \\in 1..(IF Len(s) > 2 THEN 2 ELSE Len(s)) |-> s[i] % 3]",
             f"Init == {init}"]
    for index, action in enumerate(actions):
        lines.append(f"A{index} == {action}")
    lines.append("Next == " + " \\/ ".join(f"A{index}" for index in range(len(actions))))
    lines.append(f"Inv == {maker.make('bool', scope, 2)} \\/ {maker.make('bool', scope, 1)}")
    lines.append(f"Step == [][{maker.make('bool', scope, 1)} \\/ {names.split(', ')[0]}' \\in {UNIVERSE[variables[0][1]]}]_<<{names}>>")
    lines.append(f"Bound == TLCGet(\"level\") < 6")
    lines.append("====")
    config = ["CONSTANTS m1 = m1 m2 = m2", "INIT Init", "NEXT Next", "CONSTRAINT Bound"]
    if r.random() < 0.4:
        config.append("INVARIANT Inv")
    if r.random() < 0.4:
        config.append("PROPERTY Step")
    if r.random() < 0.6:
        config.append("CHECK_DEADLOCK FALSE")
    return "\n".join(lines) + "\n", "\n".join(config) + "\n"


def write(seed, directory):
    text, config = (compose.specification if seed >= compose.FIRST else specification)(seed)
    path = os.path.join(directory, f"Random{seed}")
    with open(path + ".tla", "w", encoding="utf-8") as file:
        file.write(text)
    with open(path + ".cfg", "w", encoding="utf-8") as file:
        file.write(config)
    return path + ".tla"


if __name__ == "__main__":
    print(write(int(sys.argv[1]), sys.argv[2]))
