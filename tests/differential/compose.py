#!/usr/bin/env python3
"""Composed specifications: like those that people write, and with every operator of the catalogue.

A specification consists of machines (a program counter per process, a set of messages, a queue, votes, ...),
which give the state space its size, of variables of random types with actions of random expressions, at
most `tick` of which happen on one behaviour, and of formulas to check. Each seed must use seven keys of
catalogue.py, taken in turn, so that all are used about equally often; the rest is drawn. Every third seed gets a
planted error of one of KINDS, which shows some steps into the behaviour. The seed determines the text: what is
added to the catalogue is for seeds from LATER on, which must use two keys of LATER_KEYS besides.

Each conjunct stands on a line of its own: tiers.py reduces a failure by leaving lines away.

usage: tests/differential/compose.py SEED DIRECTORY      writes RandomSEED.tla and .cfg
"""
import os
import random
import re
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
import catalogue  # noqa: E402

FIRST = 100000  # seeds from here on are ours, those below generate.py's
LATER = 201500
KINDS = ["invariant", "assert", "deadlock", "evaluation", "type", "domain", "overflow", "property"]
PART = re.compile(r"\$([a-z]+)(?:<([a-z:,]*)>)?|%([a-z])")

UNIVERSE = {
    "int": "0..2", "bool": "BOOLEAN", "str": '{"a", "b"}', "mv": "Proc", "set": "SUBSET {0, 1}",
    "ps": "SUBSET Proc", "setset": "SUBSET {{0}, {}}", "seq": "{<<>>, <<1>>, <<0, 2>>}",
    "tup": r"({0, 1} \X {0, 2})", "tups": r"SUBSET ({0} \X {0, 1})",
    "rec": "[a : {0, 1}, b : BOOLEAN]", "fcn": "[0..2 -> {0, 1}]", "pf": "[Proc -> {0, 1}]",
    "part": "{0 :> 1, 1 :> 0 @@ 2 :> 1}", "mix": "{NoVal, 0, 1}",
    "bag": r"{0 :> 1, [i \in {0, 1} |-> 2]}", "nest": "[Proc -> [a : {0, 1}, s : {{}, {1}}]]",
    "msgs": r'SUBSET {[type |-> "req", from |-> p] : p \in Proc}',
}
LATER_UNIVERSE = {
    "grid": r"{[i \in 0..1, p \in Proc |-> 0], [i \in 0..1, p \in Proc |-> i]}",
    "deep": r"{[p \in Proc |-> [q |-> [i \in 0..1 |-> S], n |-> <<0, 1>>]] : S \in SUBSET {1}}",
}
LEAVES = {
    "grid": [r"[i \in 0..1, p \in Proc |-> 0]", r"[i \in 0..1, p \in Proc |-> IF p = p1 THEN i ELSE 1]"],
    "deep": [r"[p \in Proc |-> [q |-> [i \in 0..1 |-> {}], n |-> <<0, 0>>]]"],
    "int": ["0", "1", "2", "3"],
    "bool": ["TRUE", "TRUE", "FALSE", "(tick < 2)", "(tick # 1)", "(tick \\in {0, 2})"],
    "str": ['"a"', '"b"', '"zz"'],
    "mv": ["p1", "p2"], "set": ["{}", "{0}", "{1, 0}", "(0..2)", "{2, 1, 1}"],
    "ps": ["{}", "Proc", "{p1}"], "setset": ["{}", "{{}, {0}}", "{{1, 0}}", "SUBSET {1}"],
    "seq": ["<<>>", "<<1>>", "<<0, 2>>"], "tup": ["<<0, 1>>", "<<2, 0>>"],
    "tups": ["{}", "{<<0, 1>>}", "{<<0, 1>>, <<1, 0>>}"],
    "rec": ["[a |-> 0, b |-> TRUE]", "[a |-> 2, b |-> FALSE]"],
    "fcn": [r"[i \in 0..2 |-> 0]", r"[i \in 0..2 |-> i]"],
    "pf": [r"[p \in Proc |-> 0]", r"[p \in Proc |-> IF p = p1 THEN 1 ELSE 0]"],
    "part": ["(1 :> 0)", r"[i \in {} |-> 0]", "(0 :> 1 @@ 2 :> 0)"],
    "bag": ["(0 :> 1)", "(0 :> 2 @@ 1 :> 1)", r"[i \in {} |-> 0]"],
    "nest": [r"[p \in Proc |-> [a |-> 0, s |-> {}]]"], "mix": ["NoVal", "0", "2"],
    "msgs": ["{}", '{[type |-> "req", from |-> p1]}', '{[type |-> "ack", from |-> p2, val |-> 1]}'],
}
# What keeps the values of a variable few.
CLAMPS = {
    "int": "(({}) % 4)", "set": r"(({}) \cap 0..2)", "setset": r"(({}) \cap SUBSET {{0, 1}})",
    "tups": r"(({}) \cap ({{0, 1}} \X {{0, 1}}))", "seq": "Short({})", "tup": "Pair({})",
    "rec": "Rec({})", "fcn": "Fcn({})", "pf": "Pf({})", "part": "Part({})", "bag": "SmallBag({})",
    "nest": "Nest({})", "mix": "Mix({})", "msgs": "Msgs({})", "grid": "Grid({})", "deep": "Deep({})",
}
HELPERS = {
    "Short": r"Short(s) == [i \in 1..(IF Len(s) > 2 THEN 2 ELSE Len(s)) |-> s[i] % 3]",
    "Pair": "Pair(p) == <<p[1] % 3, p[2] % 2>>", "Rec": "Rec(q) == [a |-> q.a % 3, b |-> q.b]",
    "Fcn": r"Fcn(f) == [i \in 0..2 |-> f[i] % 2]", "Pf": r"Pf(f) == [p \in Proc |-> f[p] % 3]",
    "Part": r"Part(f) == [i \in DOMAIN f \cap 0..2 |-> f[i] % 2]",
    "SmallBag": "SmallBag(B) ==\n  [i \\in DOMAIN B \\cap 0..2 |-> IF B[i] > 2 THEN 2 ELSE B[i]]",
    "Nest": r"Nest(f) == [p \in Proc |-> [a |-> f[p].a % 2, s |-> f[p].s \cap 0..1]]",
    "Mix": "Mix(m) == IF m = NoVal THEN NoVal ELSE m % 3",
    "Msgs": "Msgs(M) == {m \\in M : IF m.type = \"ack\" THEN m.val \\in 0..1 ELSE TRUE}",
    "Sum": "RECURSIVE Sum(_)\nSum(S) == IF S = {} THEN 0\n"
           "          ELSE LET e == CHOOSE e \\in S : TRUE IN e + Sum(S \\ {e})",
    "Down": "RECURSIVE Down(_)\nDown(n) == IF n <= 0 THEN 0 ELSE 1 + Down(n - 1)",
    "Fact": r"Fact[n \in 0..3] == IF n = 0 THEN 1 ELSE n * Fact[n - 1]",
    "IsEven": "IsEven(n) == n % 2 = 0", "Inc": "Inc(n) == n + 1",
    "Twice": "Twice(F(_), n) == F(F(n))", "Both": "Both(F(_, _), a, b) == F(a, b)",
    "Every": r"Every(P(_), S) == \A s \in S : P(s)", "++": "a ++ b == a + b + 1",
    "Abs": "Abs(n) == (IF n < 0 THEN -n ELSE n) % 16",
    "In": "---- MODULE Inner ----\nVARIABLES k, v\nUp == v + k\nIs(n) == n = k\n====\n"
          "In(k) == INSTANCE Inner WITH v <- tick",
    "FS": "FS == INSTANCE FiniteSets", "SQ": "SQ == INSTANCE Sequences",
    "Grid": r"Grid(f) == [i \in 0..1, p \in Proc |-> f[i, p] % 2]",
    "Deep": "Deep(f) == [p \\in Proc |-> [q |-> [i \\in 0..1 |-> f[p].q[i] \\cap 0..1],\n"
            "                            n |-> <<f[p].n[1] % 2, f[p].n[2] % 2>>]]",
    "IsEv|IsOd": "RECURSIVE IsEv(_), IsOd(_)\nIsEv(n) == IF n = 0 THEN TRUE ELSE IsOd(n - 1)\n"
                 "IsOd(n) == IF n = 0 THEN FALSE ELSE IsEv(n - 1)",
    "Ping|Pong": "RECURSIVE Ping(_), Pong(_)\n"
                 "Ping(S) == IF S = {} THEN {}\n"
                 "           ELSE LET e == CHOOSE e \\in S : TRUE IN {e} \\cup Pong(S \\ {e})\n"
                 "Pong(S) == IF S = {} THEN {}\n"
                 "           ELSE Ping(S \\ {CHOOSE e \\in S : \\A f \\in S : e >= f})",
    "Plus": "RECURSIVE Plus(_, _)\nPlus(m, n) == IF n = 0 THEN m ELSE Plus(m + 1, n - 1)",
    "Total": "RECURSIVE Total(_)\nTotal(s) == IF s = <<>> THEN 0 ELSE Head(s) + Total(Tail(s))",
}
# Their output or side effect is in the way elsewhere: used only where a seed must.
RARE = {"Print", "PrintT", "Trace", "TLCSet", "TLCGetAndSet", "JavaTime", "TLCDefer", "AssertError",
        "RandomElement", "TLCFP", "TLCModelValue"}
# What they are applied to is a state function.
STATE_ONLY = {"ENABLED", "ENABLED \\E", "nested module"}


class Machine:
    """Variables with actions of their own: `steps` are (name, parameter or None, conjuncts, changed)."""

    def __init__(self, variables, steps, facts, lies):
        self.variables, self.steps, self.facts, self.lies = variables, steps, facts, lies


# Variables: (name, type for expressions or None, initial value). Facts are invariant, lies are not, for long.
MACHINES = {
    "pc": Machine(
        [("pc", None, r'[p \in Proc |-> "idle"]')],
        [("Ask", "p", ['pc[p] = "idle"', 'pc\' = [pc EXCEPT ![p] = "wait"]'], ["pc"]),
         ("Enter", "p", ['pc[p] = "wait"', r'\A q \in Proc : pc[q] # "busy"',
                         'pc\' = [pc EXCEPT ![p] = "busy"]'], ["pc"]),
         ("Leave", "p", ['pc[p] = "busy"', 'pc\' = [pc EXCEPT ![p] = "done"]'], ["pc"])],
        [r'\A p, q \in Proc : p # q => ~(pc[p] = "busy" /\ pc[q] = "busy")',
         r'pc \in [Proc -> {"idle", "wait", "busy", "done"}]'],
        [r'\E p \in Proc : pc[p] # "done"', r'Cardinality({p \in Proc : pc[p] = "wait"}) < 2']),
    "cnt": Machine(
        [("cnt", "pf", r"[p \in Proc |-> 0]")],
        [("Bump", "p", ["cnt[p] < 3", "cnt' = [cnt EXCEPT ![p] = @ + 1]"], ["cnt"])],
        ["cnt \\in [Proc -> 0..3]"],
        [r"\E p \in Proc : cnt[p] < 3", "cnt[p1] + cnt[p2] < 5", "cnt[p1] <= cnt[p2] + 2"]),
    "net": Machine(
        [("net", "msgs", "{}")],
        [("Send", "p", [r"""\E k \in 0..1 : net' = net \cup {[type |-> "ack", from |-> p, val |-> k]}"""],
          ["net"]),
         ("Request", "p", ['[type |-> "req", from |-> p] \\notin net',
                           'net\' = net \\cup {[type |-> "req", from |-> p]}'], ["net"]),
         ("Receive", None, [r"""\E m \in net : m.type = "req" /\ net' = net \ {m}"""], ["net"])],
        [r"\A m \in net : m.from \in Proc"],
        ["Cardinality(net) < 4", r'~\A p \in Proc : [type |-> "req", from |-> p] \in net']),
    "queue": Machine(
        [("queue", "seq", "<<>>")],
        [("Put", None, ["Len(queue) < 3", r"\E e \in 0..1 : queue' = Append(queue, e)"], ["queue"]),
         ("Get", None, ["queue # <<>>", "queue' = Tail(queue)"], ["queue"])],
        ["Len(queue) <= 3", r"\A i \in DOMAIN queue : queue[i] \in 0..1"],
        ["queue # <<1, 0, 1>>", "Len(queue) < 3"]),
    "votes": Machine(
        [("votes", None, r"[p \in Proc |-> {}]")],
        [("Vote", "p", [r"\E q \in Proc : votes' = [votes EXCEPT ![p] = @ \cup {q}]"], ["votes"])],
        [r"votes \in [Proc -> SUBSET Proc]"],
        [r"\E p \in Proc : votes[p] # Proc", r"\A p \in Proc : Cardinality(votes[p]) < 2"]),
    "lock": Machine(
        [("owner", None, "NoVal"), ("waiting", "ps", "{}")],
        [("Wait", "p", [r"p \notin waiting", "owner # p", r"waiting' = waiting \cup {p}"], ["waiting"]),
         ("Take", "p", ["owner = NoVal", r"p \in waiting", "owner' = p", r"waiting' = waiting \ {p}"],
          ["owner", "waiting"]),
         ("Release", None, ["owner # NoVal", "owner' = NoVal"], ["owner"])],
        [r"owner \in Proc => owner \notin waiting"],
        [r"waiting # Proc", r"owner = NoVal \/ waiting = {}"]),
    "log": Machine(
        [("log", None, r"[p \in Proc |-> <<>>]")],
        [("Write", "p", ["Len(log[p]) < 2", r"\E e \in 0..1 : log' = [log EXCEPT ![p] = Append(@, e)]"],
          ["log"])],
        [r"\A p \in Proc : Len(log[p]) <= 2"],
        [r"\A p \in Proc : Len(log[p]) < 2", "log[p1] # <<1, 1>>"]),
    "reg": Machine(
        [("reg", None, r"[n |-> 0, by |-> NoVal, seen |-> {}]")],
        [("Store", "p", ["reg.n < 3", r"reg' = [n |-> reg.n + 1, by |-> p, seen |-> {p}]"], ["reg"]),
         ("Look", "p", [r"p \notin reg.seen", r"reg' = [reg EXCEPT !.seen = @ \cup {p}]"], ["reg"])],
        [r"reg.by \in Proc \cup {NoVal}", r"reg.seen \subseteq Proc"],
        ["reg.n < 3", "reg.seen # Proc"]),
    "edges": Machine(
        [("edges", "tups", "{}")],
        [("Link", None, [r"\E a, b \in 0..1 : a # b /\ edges' = edges \cup {<<a, b>>}"], ["edges"]),
         ("Cut", None, [r"\E e \in edges : edges' = edges \ {e}"], ["edges"])],
        [r"\A e \in edges : e[1] # e[2]"],
        [r"~\E <<a, b>> \in edges : <<b, a>> \in edges"]),
}

BAD = {
    "evaluation": [r"(CHOOSE e \in {} : TRUE) = tick", "Head(<<>>) = tick", "(CASE tick < 0 -> TRUE)",
                   "(tick \\div 0) = 1", "(tick % 0) = 1", "Tail(<<>>) = <<tick>>",
                   "SubSeq(<<1>>, 0, 3) = <<tick>>", r"(CHOOSE e \in 0..2 : e > 5) = tick",
                   r"\A e \in Nat : e >= tick", "(2 ^ (0 - 1 - tick)) = 1"],
    "type": ['tick = "a"', '(tick + "a") = 1', "(TRUE < tick)", "(IF tick THEN TRUE ELSE FALSE)",
             r'"a" \in 0..2', "Cardinality(tick) = 1", "Len(tick) = 1", "tick[1] = 0",
             r"(<<1>> \cup {1}) = {}", "UNION {tick} = {}", r"tick \in tick", "(~tick)", "(tick /\\ TRUE)",
             "DOMAIN tick = {}", r'{1, "a"} = {tick, 2}', r"\E e \in tick : TRUE", "tick.a = 1"],
    "domain": [r"[i \in 0..2 |-> i][tick + 7] = 0", "<<1, 2>>[0] = tick", "<<tick>>[tick + 2] = 1",
               "[a |-> tick].c = 1", r"[p \in Proc |-> 1][NoVal] = tick",
               r"[i, j \in 0..1 |-> i][tick + 5, 0] = 1", '[a |-> 1]["b"] = 1'],
    "overflow": ["(2 ^ (10000000 + tick)) > 0"],
}


class Composer:
    def __init__(self, seed):
        self.random = random.Random(seed)
        self.seed = seed
        self.fresh = 0
        self.used = set()
        self.state_only = 0  # inside of what takes no primed variables
        self.variables = True  # may be read
        r = self.random
        keys = catalogue.KEYS
        base = (seed - FIRST) * 7
        self.must = [keys[(base + i) % len(keys)] for i in range(4)]
        self.must += [keys[(base * 37 + 150 * i) % len(keys)] for i in range(1, 4)]
        self.later = seed >= LATER
        self.rows, self.universe = catalogue.ROWS, UNIVERSE
        if self.later:
            self.rows = catalogue.ROWS + catalogue.LATER_ROWS
            self.universe = {**UNIVERSE, **LATER_UNIVERSE}
            keys = catalogue.LATER_KEYS
            self.must = [keys[(seed * 2 + i) % len(keys)] for i in range(2)] + self.must
        modules = {row.module for row in self.rows if row.key in self.must}
        self.modules = [module for module in catalogue.INSTANCES
                        if module in modules or module in catalogue.BASE + ["Language"]]
        self.pool = {}
        for row in self.rows:
            if row.module in self.modules and row.key not in RARE:
                self.pool.setdefault(row.kind, []).append(row)
        self.procs = r.choice([2, 2, 3])

    # --- expressions ---

    def name(self):
        self.fresh += 1
        return f"v{self.fresh}"

    def use(self, key):
        self.used.add(key)

    def expand(self, row_text, scope, depth):
        """The text of a template: parts replaced, names made fresh."""
        names = {}

        def named(letter):
            if letter not in names:
                names[letter] = self.name()
            return names[letter]

        def part(match):
            if match[3]:
                return named(match[3])
            inner = scope
            if match[2]:
                inner = {kind: list(found) for kind, found in scope.items()}
                for binding in match[2].split(","):
                    letter, kind = binding.split(":")
                    inner.setdefault(kind, []).append(named(letter))
            return self.make(match[1], inner, depth)
        return PART.sub(part, row_text)

    def apply(self, row, scope, depth):
        self.use(row.key)
        if row.key in STATE_ONLY:
            scope = {kind: [name for name in names if not name.endswith("'")]
                     for kind, names in scope.items()}
        return self.expand(row.text, scope, depth)

    def make(self, kind, scope, depth):
        r = self.random
        if kind in catalogue.INLINE:
            return self.expand(catalogue.INLINE[kind], scope, depth - 1)
        names = scope.get(kind, [])
        if names and r.random() < (0.8 if depth <= 0 else 0.3):
            return r.choice(names)
        rows = self.pool.get(kind, [])
        if depth <= 0 or not rows:
            return r.choice(LEAVES[kind] if self.variables else LEAVES[kind][:3])
        row = r.choice(rows)
        if self.state_only and row.key in STATE_ONLY:
            return r.choice(LEAVES[kind])
        return self.apply(row, scope, depth - 1)

    def clamp(self, kind, text):
        return CLAMPS[kind].format(text) if kind in CLAMPS else f"({text})"

    def obliged(self, scope, kinds):
        """One expression of the next key that must be used, of a kind of `kinds` if a row has one; as a
        (kind, text)."""
        key = self.must.pop(0)
        rows = [row for row in self.rows if row.key == key and row.module in self.modules]
        fitting = [row for row in rows if row.kind in kinds] or rows
        row = self.random.choice(fitting)
        return row.kind, self.apply(row, scope, self.random.randint(0, 1))

    def obliged_bool(self, scope):
        """The same as a formula, of which we do not want to know whether it is true."""
        kind, text = self.obliged(scope, {"bool"})
        if kind == "bool":
            return text
        return f"({text} {self.random.choice(['=', '#'])} {self.make(kind, scope, 0)})"

    # --- actions ---

    def assign(self, variable, kind, scope, depth):
        """Lines that give the next value; more than one for some forms."""
        r = self.random
        value = lambda: self.clamp(kind, self.make(kind, scope, depth))  # noqa: E731
        form = r.randint(0, 15)
        if form <= 6:
            return f"{variable}' = {value()}"
        if form == 7:
            self.use("x' \\in S")
            return f"{variable}' \\in {self.universe[kind]}"
        if form == 8:
            self.use("x' \\in S")
            return f"{variable}' \\in {{{value()}, {variable}}}"
        if form == 9:
            self.use("action IF")
            return (f"IF {self.make('bool', scope, 1)} THEN {variable}' = {value()} "
                    f"ELSE {variable}' = {value()}")
        if form == 10:
            self.use("action CASE")
            return (f"CASE {self.make('bool', scope, 1)} -> {variable}' = {value()} "
                    f"[] OTHER -> UNCHANGED {variable}")
        if form == 11:
            self.use("action LET")
            name = self.name()
            return f"LET {name} == {value()} IN {variable}' = {name}"
        if form == 12:
            self.use("action disjunction")
            return f"({variable}' = {value()} \\/ {variable}' = {value()})"
        if form == 13:
            self.use("[A]_v")
            return f"[{variable}' = {value()}]_{variable}"
        if form == 14:
            self.use("<<A>>_v")
            return f"<<{variable}' = {value()}>>_{variable}"
        return self.assign_some(variable, kind, scope, depth)

    def assign_some(self, variable, kind, scope, depth):
        """\\E over something, or membership in a lazy union (which repeats common elements)."""
        r = self.random
        if kind in ("set", "ps", "int", "msgs") and r.random() < 0.5:
            self.use("x' \\in lazy union")
            part = {"int": "set", "set": "setset", "ps": None, "msgs": None}[kind]
            if part is None:
                return f"{variable}' \\in SUBSET {self.clamp(kind, self.make(kind, scope, 1))}"
            first, second = (self.clamp(part, self.make(part, scope, 1)) for _ in range(2))
            return f"{variable}' \\in {first} \\cup {second}"
        self.use("action \\E")
        other = r.choice(["set", "ps", "setset"])
        name = self.name()
        inner = {key: list(names) for key, names in scope.items()}
        inner.setdefault({"set": "int", "ps": "mv", "setset": "set"}[other], []).append(name)
        return (f"\\E {name} \\in {self.make(other, scope, 1)} : "
                f"{variable}' = {self.clamp(kind, self.make(kind, inner, depth))}")

    def action(self, typed, scope, depth):
        """Conjuncts of an action that changes one or two of the typed variables, and takes a tick."""
        r = self.random
        inner = {kind: list(names) for kind, names in scope.items()}
        lines = [f"tick < {self.ticks}", "tick' = tick + 1"]
        for _ in range(r.randint(0, 2)):
            lines.insert(1, self.make("bool", inner, depth))
        changed = r.sample(typed, min(len(typed), r.randint(1, 2)))
        for variable, kind in changed:
            if self.must and r.random() < 0.6:
                found, text = self.obliged(inner, {kind})
                if found == kind:
                    lines.append(f"{variable}' = {self.clamp(kind, text)}")
                else:
                    lines.append(f"{variable}' = IF {text} = {self.make(found, inner, 0)} THEN "
                                 f"{self.clamp(kind, self.make(kind, inner, 0))} ELSE {variable}")
            else:
                lines.append(self.assign(variable, kind, inner, depth))
            if r.random() < 0.25:
                inner.setdefault(kind, []).append(variable + "'")
        if r.random() < 0.15:
            self.use("guard after assignment")
            lines.append(self.make("bool", inner, depth))
        if r.random() < 0.1:
            self.use("prime of expression")
            self.state_only += 1
            now = {kind: [name for name in [variable] if kind == its] for variable, its in changed
                   for kind in [its]}
            lines.append(f"({self.make('bool', now, 1)})' \\/ TRUE")
            self.state_only -= 1
        return lines, [variable for variable, _ in changed] + ["tick"]

    def unchanged(self, names):
        self.use("UNCHANGED")
        if len(names) == 1:
            return f"UNCHANGED {names[0]}"
        return f"UNCHANGED <<{', '.join(names)}>>"


def definition(head, lines):
    return [f"{head} =="] + [f"  /\\ {line}" for line in lines]


def pick_variables(maker):
    """Machines, and typed variables as (name, kind)."""
    r = maker.random
    large = r.random() < 0.85
    machines = r.sample(sorted(MACHINES), r.choice([1, 1, 2])) if large else []
    kinds = [kind for key in maker.must for row in maker.rows if row.key == key
             for kind in [row.kind] + [match[0] for match in PART.findall(row.text)]
             if kind in maker.universe and kind != "bool"]
    typed = []
    for name in ["x", "y", "z"][:r.choice([1, 2, 2, 3])]:
        typed.append((name, r.choice(kinds) if r.random() < 0.6 else r.choice(sorted(maker.universe))))
    return machines, typed


def machine_actions(machines, everything, maker):
    """Lines of definitions, and disjuncts of Next."""
    lines, disjuncts = [], []
    for machine in machines:
        for name, parameter, conjuncts, changed in MACHINES[machine].steps:
            rest = [other for other in everything if other not in changed]
            head = f"{name}({parameter})" if parameter else name
            lines += definition(head, conjuncts + [maker.unchanged(rest)])
            disjuncts.append(f"\\E p \\in Proc : {name}(p)" if parameter else name)
    return lines, disjuncts


def trigger(maker, machines):
    """A condition that holds some steps into some behaviours."""
    r = maker.random
    tick = f"tick = {r.randint(1, maker.ticks)}"
    if machines and r.random() < 0.8:
        lie = f"~({r.choice(MACHINES[machines[0]].lies)})"
        return lie if r.random() < 0.3 else f"{lie} /\\ {tick}"
    return tick


class Plan:
    """The formulas of the module, filled in by what is planted."""

    def __init__(self):
        self.invariants, self.properties, self.constraints = [], [], []
        self.others = []  # properties with subscripts of their own
        self.actions = []  # lists of conjuncts, to change nothing
        self.deadlock = False


def plant(maker, kind, machines, plan):
    """Adds the error to the plan; says where it is."""
    r = maker.random
    when = trigger(maker, machines)
    if kind == "invariant":
        plan.invariants.append(f"~({when})")
    elif kind == "deadlock":
        plan.deadlock = True
    elif kind == "property":
        plan.properties.append(f"~({when}) \\/ tick' = tick + 7")
    elif kind == "assert":
        maker.use("Assert")
        plan.actions.append([when, 'Assert(tick > 100, <<"planted", tick>>)'])
    elif kind == "overflow" and r.random() < 0.7:
        plan.invariants.append(f"big < 2 ^ {r.choice([31, 40, 62, 63, 64, 70])}")
    else:
        bad = r.choice(BAD[kind])
        form = r.randint(0, 7)
        if form == 0:
            plan.constraints.append(f"({when}) => {bad}")
            return kind + " in constraint"
        if form <= 2:
            plan.invariants.append(f"({when}) => {bad}")
        elif form <= 4:
            plan.properties.append(f"({when}) => {bad}")
        else:
            plan.actions.append([when, bad])
    return kind


def formulas(maker, machines, scope, plan):
    """What is checked and holds, or may well: drawn after what is planted."""
    r = maker.random
    for machine in machines:
        if r.random() < 0.5:
            plan.invariants.append(r.choice(MACHINES[machine].facts))
    while maker.must:
        text = maker.obliged_bool(scope)
        if r.random() < 0.5:
            plan.invariants.append(f"{text} \\/ tick >= 0")
        else:
            plan.actions.append([f"tick < {maker.ticks}", text, "tick' = tick + 1"])
    if r.random() < 0.04:
        plan.invariants.append(f"tick >= 0 /\\ {maker.make('bool', scope, 2)}")
    if r.random() < 0.15:
        plan.properties.append("tick' >= tick")
    if r.random() < 0.1:
        plan.constraints.append(f"tick < {maker.ticks} \\/ {maker.make('bool', scope, 1)}")
    if maker.later:
        later_formulas(maker, scope, plan)


def later_formulas(maker, scope, plan):
    r = maker.random
    if r.random() < 0.15:
        maker.use("ENABLED Next")
        plan.invariants.append(r.choice(["(ENABLED Next) \\/ tick >= 0", "~ENABLED <<Next>>_tick \\/ tick < 7"]))
    if r.random() < 0.2:
        maker.use("[A]_v of some")
        typed = [name for names in scope.values() for name in names if name not in ("p1", "p2")]
        primed = {kind: names + [name + "'" for name in names if name in typed]
                  for kind, names in scope.items()}
        plan.others.append(f"[][{maker.make('bool', primed, 2)} \\/ tick' >= tick]_<<{r.choice(typed)}, tick>>")
    if r.random() < 0.15:
        plan.constraints.append(f"({maker.make('bool', scope, 2)}) \\/ tick < {maker.ticks}")


def next_lines(maker, disjuncts):
    r = maker.random
    lines = ["Next =="] + [f"  \\/ {disjunct}" for disjunct in disjuncts]
    if r.random() < 0.03:
        maker.use("\\cdot")
        lines.append(f"  \\/ (({r.choice(disjuncts)}) \\cdot ({r.choice(disjuncts)}))")
    return lines


def init_lines(maker, machines, typed, big):
    r = maker.random
    lines = ["tick = 0"] + (["big = 1"] if big else [])
    for machine in machines:
        lines += [f"{name} = {value}" for name, _, value in MACHINES[machine].variables]
    maker.state_only, maker.variables = 1, False
    for name, kind in typed:
        if r.random() < 0.3:
            lines.append(f"{name} \\in {maker.universe[kind]}")
        else:
            lines.append(f"{name} = {maker.clamp(kind, maker.make(kind, {}, 1))}")
    maker.state_only, maker.variables = 0, True
    return definition("Init", lines)


def configuration(maker, plan, lines, names):
    """Lines of the configuration; adds definitions that it names."""
    r = maker.random
    procs = ", ".join(f"p{i}" for i in range(1, maker.procs + 1))
    config = [f"CONSTANTS p1 = p1 p2 = p2{' p3 = p3' if maker.procs == 3 else ''} NoVal = NoVal"]
    if r.random() < 0.5:
        fair = r.choice(["", "", " /\\ WF_vars(Next)", " /\\ SF_vars(Next)"])
        lines.append(f"Spec == Init /\\ [][Next]_vars{fair}")
        config.append("SPECIFICATION Spec")
    else:
        config += ["INIT Init", "NEXT Next"]
    for i, text in enumerate(plan.invariants):
        lines.append(f"Inv{i} == {text}")
        config.append(f"INVARIANT Inv{i}")
    for i, text in enumerate(plan.properties):
        lines.append(f"Prop{i} == [][{text}]_vars")
        config.append(f"PROPERTY Prop{i}")
    for i, text in enumerate(plan.others):
        lines.append(f"Other{i} == {text}")
        config.append(f"PROPERTY Other{i}")
    for key, formulas_of_it in (("CONSTRAINT", plan.constraints), ("[][A]_v", plan.properties)):
        if formulas_of_it:
            maker.use(key)
    for i, text in enumerate(plan.constraints):
        lines.append(f"Con{i} == {text}")
        config.append(f"CONSTRAINT Con{i}")
    extras = [("VIEW", "View", f"<<{', '.join(names[:-1] or names)}>>", 0.04),
              ("ACTION_CONSTRAINT", "Acon", f"tick' # tick \\/ tick < {maker.ticks}", 0.05),
              ("SYMMETRY", "Sym", "Permutations(Proc)", 0.05),
              ("ALIAS", "Ali", f"[shown |-> tick, {names[0]} |-> {names[0]}]", 0.03)]
    both = maker.later and r.random() < 0.1
    if both:
        maker.use("VIEW with SYMMETRY")
    for statement, name, text, chance in extras:
        if r.random() < chance or both and statement in ("VIEW", "SYMMETRY"):
            maker.use(statement)
            lines.append(f"{name} == {text}")
            config.append(f"{statement} {name}")
    if not plan.deadlock:
        config.append("CHECK_DEADLOCK FALSE")
    return config, procs


def header(maker, body, procs, names):
    """EXTENDS, declarations, and the helpers that the body uses."""
    extended = [module for module in maker.modules
                if module in catalogue.BASE
                or module != "Language" and catalogue.INSTANCES[module] is None]
    lines = [f"---- MODULE Random{maker.seed} ----", f"EXTENDS {', '.join(extended)}",
             f"CONSTANTS {procs}, NoVal", f"VARIABLES {', '.join(names)}",
             f"vars == <<{', '.join(names)}>>", f"Proc == {{{procs}}}"]
    lines += [f"{catalogue.INSTANCES[module]} == INSTANCE {module}" for module in maker.modules
              if catalogue.INSTANCES.get(module)]
    for name, text in HELPERS.items():
        either = "|".join(re.escape(one) for one in name.split("|"))
        if re.search(rf"(?<![A-Za-z0-9_])(?:{either})(?![A-Za-z0-9_])", body):
            lines.append(text)
    return lines


def compose(seed):
    """Text, configuration, the keys used, and the kind of planted error or None."""
    maker = Composer(seed)
    r = maker.random
    maker.ticks = r.randint(1, 4)
    kind = KINDS[seed // 5 % len(KINDS)] if seed % 5 < 2 else None
    machines, typed = pick_variables(maker)
    big = kind == "overflow"
    machine_variables = [(name, its) for machine in machines
                         for name, its, _ in MACHINES[machine].variables]
    names = [name for name, _ in machine_variables + typed] + ["tick"] + (["big"] if big else [])
    scope = {"int": ["tick"], "mv": ["p1", "p2"]}
    for name, its in machine_variables + typed:
        if its:
            scope.setdefault(its, []).append(name)
    plan = Plan()
    if kind:
        kind = plant(maker, kind, machines, plan)
    body = init_lines(maker, machines, typed, big)
    lines, disjuncts = machine_actions(machines, names, maker)
    body += lines
    if big:
        grow = ["big < 2 ^ 80", f"big' = big * {r.choice([2 ** 11, 40000, 2 ** 16])}"]
        body += definition("Grow", grow + [maker.unchanged([n for n in names if n != "big"])])
        disjuncts.append("Grow")
    depth = r.randint(0, 2)
    for index in range(r.randint(1, 3)):
        parameter = r.choice([None, None, ("n", "int", "0..1"), ("who", "mv", "Proc")])
        inner = {key: list(found) for key, found in scope.items()}
        if parameter:
            inner.setdefault(parameter[1], []).append(parameter[0])
        conjuncts, changed = maker.action(typed, inner, depth)
        rest = [name for name in names if name not in changed]
        head = f"A{index}({parameter[0]})" if parameter else f"A{index}"
        body += definition(head, conjuncts + ([maker.unchanged(rest)] if rest else []))
        disjuncts.append(f"\\E {parameter[0]} \\in {parameter[2]} : {head}" if parameter else head)
    formulas(maker, machines, scope, plan)
    for index, conjuncts in enumerate(plan.actions):
        stays = [name for name in names
                 if not any(line.startswith(name + "'") for line in conjuncts)]
        body += definition(f"P{index}", conjuncts + [maker.unchanged(stays)])
        disjuncts.append(f"P{index}")
    body += next_lines(maker, disjuncts)
    config, procs = configuration(maker, plan, body, names)
    text = "\n".join(header(maker, "\n".join(body), procs, names) + body + ["===="]) + "\n"
    return text, "\n".join(config) + "\n", maker.used, kind


def specification(seed):
    return compose(seed)[:2]


if __name__ == "__main__":
    path = os.path.join(sys.argv[2], f"Random{sys.argv[1]}")
    for ending, text in zip((".tla", ".cfg"), specification(int(sys.argv[1]))):
        with open(path + ending, "w", encoding="utf-8") as file:
            file.write(text)
