#!/usr/bin/env python3
"""Random small specifications with fairness and temporal properties.

Two processes with a program counter each and a shared variable; actions of one process and of the whole; a few
conditions of fairness, of single actions, of families of them, of disjunctions, with the whole state or a part of
it for a subscript; one property of [], <>, ~>, fairness, actions and quantifiers over the processes. Every
part is made twice, as TLA+ and as an expression of Python: what decides them here (decide.py) shares nothing
with what reads the text. The seed determines both. Reachable graphs are kept to STEPS_MAX steps, stuttering ones
included: decide.py tries all sets of steps.

usage: tests/temporal/generate.py SEED DIRECTORY      writes TemporalSEED.tla and .cfg
"""
import itertools
import os
import random
import sys

STEPS_MAX = 13
STATES_MIN = 3
PROCESSES = (0, 1)
PLACES = (0, 1, 2)
SHARED = (0, 1, 2)
# A state is (x, pc); pc is a pair.
UNIVERSE = [(x, pc) for x in SHARED for pc in itertools.product(PLACES, PLACES)]

HEADER = """---- MODULE {name} ----
EXTENDS Naturals
VARIABLES x, pc
vars == <<x, pc>>
P == {{0, 1}}
"""


class Text:
    """An expression twice: `tla`, and `code` over x, pc, X, PC (the primed ones)."""

    def __init__(self, tla, code):
        self.tla, self.code = tla, code


def both(template_tla, template_code, *parts):
    return Text(template_tla.format(*[part.tla for part in parts]),
                template_code.format(*[part.code for part in parts]))


class Action:
    """A named action; `of_process`: with one argument."""

    def __init__(self, name, body, of_process):
        self.name, self.body, self.of_process = name, body, of_process


class Maker:
    def __init__(self, seed):
        self.random = random.Random(seed)

    def pick(self, *choices):
        return self.random.choice(choices)

    def chance(self, share):
        return self.random.random() < share

    # --- states and steps ---

    def place(self, process):
        """pc of a process, which is a number or the name of a bound variable."""
        return Text(f"pc[{process}]", f"pc[{process}]")

    def predicate(self, processes):
        """Of one state; `processes`: what can stand for one."""
        kind = self.random.randrange(6)
        if kind <= 1:
            value = self.pick(*SHARED)
            return self.pick(Text(f"x = {value}", f"(x == {value})"), Text(f"x # {value}", f"(x != {value})"),
                             Text(f"x <= {value}", f"(x <= {value})"))
        if kind <= 3:
            process, value = self.pick(*processes), self.pick(*PLACES)
            return self.pick(Text(f"pc[{process}] = {value}", f"(pc[{process}] == {value})"),
                             Text(f"pc[{process}] # {value}", f"(pc[{process}] != {value})"))
        if kind == 4:
            return self.pick(Text("pc[0] = pc[1]", "(pc[0] == pc[1])"),
                             Text("pc[0] < pc[1]", "(pc[0] < pc[1])"),
                             Text(f"x = pc[{processes[0]}]", f"(x == pc[{processes[0]}])"))
        return self.pair(processes)

    def pair(self, processes):
        left, right = self.predicate(processes), self.predicate(processes)
        if self.chance(0.5):
            return both("({0} /\\ {1})", "({0} and {1})", left, right)
        return both("({0} \\/ {1})", "({0} or {1})", left, right)

    def shared_next(self, process):
        """x' as an assignment."""
        kind = self.random.randrange(6)
        if kind <= 1:
            return Text("x' = x", "(X == x)")
        if kind == 2:
            return Text("x' = (x + 1) % 3", "(X == (x + 1) % 3)")
        if kind == 3:
            value = self.pick(*SHARED)
            return Text(f"x' = {value}", f"(X == {value})")
        if kind == 4 and process is not None:
            return Text(f"x' = pc[{process}]", f"(X == pc[{process}])")
        return Text("x' \\in {0, x}", "(X in (0, x))")

    def places_next(self, process):
        if process is None:
            return self.pick(Text("pc' = pc", "(PC == pc)"), Text("UNCHANGED pc", "(PC == pc)"),
                             Text("pc' = [p \\in P |-> 0]", "(PC == (0, 0))"))
        value, code = self.pick((f"(pc[{process}] + 1) % 3", f"(pc[{process}] + 1) % 3"), ("0", "0"), ("1", "1"),
                                ("2", "2"), ("x", "x"))
        return Text(f"pc' = [pc EXCEPT ![{process}] = {value}]", f"(PC == put(pc, {process}, {code}))")

    def action(self, name, of_process):
        process = "p" if of_process else None
        parts = [self.predicate(("p", "1 - p") if of_process else PROCESSES)]
        if self.chance(0.2):
            parts = []
        parts += [self.shared_next(process), self.places_next(process)]
        tla = "\n".join("    /\\ " + part.tla for part in parts)
        return Action(name, Text(tla, "(" + " and ".join(part.code for part in parts) + ")"), of_process)

    # --- uses of actions ---

    def instance(self, actions, processes):
        """An action in a formula, perhaps of one of these processes."""
        action = self.pick(*actions)
        if not action.of_process:
            return Text(action.name, f"{action.name}(x, pc, X, PC)")
        if self.chance(0.2):
            return Text(f"(\\E q \\in P : {action.name}(q))",
                        f"any({action.name}(q, x, pc, X, PC) for q in (0, 1))")
        process = self.pick(*processes)
        return Text(f"{action.name}({process})", f"{action.name}({process}, x, pc, X, PC)")

    def some_action(self, actions, processes):
        if self.chance(0.15):
            return Text("Next", "Next(x, pc, X, PC)")
        if self.chance(0.2):
            return both("({0} \\/ {1})", "({0} or {1})", self.instance(actions, processes),
                        self.instance(actions, processes))
        return self.instance(actions, processes)

    def subscript(self):
        if self.chance(0.7):
            return Text("vars", "((x, pc) != (X, PC))")
        return self.pick(Text("x", "(x != X)"), Text("pc", "(pc != PC)"))

    def fairness(self, actions, processes):
        """WF or SF as a tree over atoms."""
        action, changed = self.some_action(actions, processes), self.subscript()
        taken = ("step", f"({action.code} and {changed.code})")
        enabled = ("enabled", f"({action.code} and {changed.code})")
        if self.chance(0.5):
            tree = ("always", ("eventually", ("or", ("not", enabled), taken)))
            return f"WF_{changed.tla}({action.tla})", tree
        tree = ("or", ("eventually", ("always", ("not", enabled))), ("always", ("eventually", taken)))
        return f"SF_{changed.tla}({action.tla})", tree

    def fair_conjunct(self, actions):
        families = [action for action in actions if action.of_process]
        if families and self.chance(0.4):
            return self.quantified("\\A", lambda processes: self.fairness(families, processes))
        if self.chance(0.1):
            predicate = self.predicate(PROCESSES)
            return f"[]<>({predicate.tla})", ("always", ("eventually", ("state", predicate.code)))
        return self.fairness(actions, PROCESSES)

    def quantified(self, quantifier, make):
        tla, tree = make(("p",))
        return f"({quantifier} p \\in P : {tla})", (quantifier, tree)

    # --- temporal formulas ---

    def leaf(self, actions, processes):
        predicate = self.predicate(processes)
        state = ("state", predicate.code)
        kind = self.random.randrange(8)
        if kind == 0:
            return f"[]<>({predicate.tla})", ("always", ("eventually", state))
        if kind == 1:
            return f"<>[]({predicate.tla})", ("eventually", ("always", state))
        if kind == 2:
            return f"<>({predicate.tla})", ("eventually", state)
        if kind == 3:
            action, changed = self.some_action(actions, processes), self.subscript()
            return (f"[]<><<{action.tla}>>_{changed.tla}",
                    ("always", ("eventually", ("step", f"({action.code} and {changed.code})"))))
        if kind == 4:
            action, changed = self.some_action(actions, processes), self.subscript()
            return (f"<>[][{action.tla}]_{changed.tla}",
                    ("eventually", ("always", ("step", f"({action.code} or not {changed.code})"))))
        if kind == 5:
            return self.fairness(actions, processes)
        other = self.predicate(processes)
        return (f"(({predicate.tla}) ~> ({other.tla}))",
                ("always", ("or", ("not", state), ("eventually", ("state", other.code)))))

    def formula(self, actions, processes, depth):
        kind = self.random.randrange(12)
        if depth == 0 or kind <= 3:
            return self.leaf(actions, processes)
        left, left_tree = self.formula(actions, processes, depth - 1)
        if kind == 4:
            return f"~({left})", ("not", left_tree)
        if kind == 5:
            return f"[]({left})", ("always", left_tree)
        if kind == 6:
            return f"<>({left})", ("eventually", left_tree)
        if kind == 7 and "p" not in processes:
            return self.quantified(self.pick("\\A", "\\E"),
                                   lambda inner: self.formula(actions, inner, depth - 1))
        right, right_tree = self.formula(actions, processes, depth - 1)
        if kind == 8:
            return f"({left} /\\ {right})", ("and", left_tree, right_tree)
        if kind == 9:
            return f"({left} \\/ {right})", ("or", left_tree, right_tree)
        if kind == 10:
            return (f"(({left}) ~> ({right}))",
                    ("always", ("or", ("not", left_tree), ("eventually", right_tree))))
        return f"({left} => {right})", ("or", ("not", left_tree), right_tree)


def put(pair, process, value):
    return tuple(value if i == process else old for i, old in enumerate(pair))


class Specification:
    """`tla`, `cfg`; and for decide.py: `initial`, `states`, `steps`, `fairness` and `formula` (trees over atoms)."""

    def __init__(self, seed):
        self.name = f"Temporal{seed}"
        for attempt in itertools.count():
            if self.draw(Maker(f"{seed}/{attempt}")):
                break

    def draw(self, maker):
        count = maker.pick(2, 2, 3, 3, 4)
        self.actions = [maker.action("ABCD"[i], maker.chance(0.6)) for i in range(count)]
        self.define()
        self.initial = self.draw_initial(maker)
        if not self.explore():
            return False
        fair = [maker.fair_conjunct(self.actions) for _ in range(maker.pick(0, 1, 1, 2, 2, 3))]
        self.fairness = [tree for _, tree in fair]
        property_tla, self.formula = maker.formula(self.actions, PROCESSES, maker.pick(0, 0, 1, 1, 2, 2, 3))
        self.write([tla for tla, _ in fair], property_tla)
        return True

    def draw_initial(self, maker):
        x = maker.pick((0,), (0,), (0, 1))
        self.init = (f"x \\in {{{', '.join(map(str, x))}}}" if len(x) > 1 else "x = 0") + \
            " /\\ pc = [p \\in P |-> 0]"
        return [(value, (0, 0)) for value in x]

    def define(self):
        """Compiles the actions to functions of Python."""
        lines = []
        for action in self.actions:
            parameters = "p, x, pc, X, PC" if action.of_process else "x, pc, X, PC"
            lines.append(f"def {action.name}({parameters}): return {action.body.code}")
        calls = [f"any({action.name}(q, x, pc, X, PC) for q in (0, 1))" if action.of_process
                 else f"{action.name}(x, pc, X, PC)" for action in self.actions]
        lines.append(f"def Next(x, pc, X, PC): return {' or '.join(calls)}")
        self.scope = {"put": put}
        exec("\n".join(lines), self.scope)  # the text is this program's own

    def explore(self):
        """States and steps that can be reached; False when there are too many or too few."""
        following = self.scope["Next"]
        self.states, self.steps = list(self.initial), []
        for source in self.states:
            self.steps.append((source, source))
            for target in UNIVERSE:
                if following(*source, *target):
                    if target != source:
                        self.steps.append((source, target))
                    if target not in self.states:
                        self.states.append(target)
            if len(self.steps) > STEPS_MAX:
                return False
        return len(self.states) >= STATES_MIN

    def write(self, fair, property_tla):
        lines = [HEADER.format(name=self.name), f"Init == {self.init}"]
        for action in self.actions:
            lines.append(f"{action.name}{'(p)' if action.of_process else ''} ==\n{action.body.tla}")
        calls = [f"(\\E p \\in P : {action.name}(p))" if action.of_process else action.name
                 for action in self.actions]
        lines.append("Next == " + " \\/ ".join(calls))
        lines.append("Spec ==\n    /\\ Init\n    /\\ [][Next]_vars" +
                     "".join(f"\n    /\\ {tla}" for tla in fair))
        lines.append(f"Property == {property_tla}")
        self.tla = "\n".join(lines) + "\n====\n"
        self.cfg = "SPECIFICATION Spec\nPROPERTY Property\nCHECK_DEADLOCK FALSE\n"

    def save(self, directory):
        """Returns the path of the module."""
        path = os.path.join(directory, self.name + ".tla")
        with open(path, "w", encoding="utf-8") as file:
            file.write(self.tla)
        with open(path[:-4] + ".cfg", "w", encoding="utf-8") as file:
            file.write(self.cfg)
        return path


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    print(Specification(int(sys.argv[1])).save(sys.argv[2]))
