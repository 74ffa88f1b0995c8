"""Decides temporal properties of small graphs by trying everything.

Nothing here resembles a model checker. A behaviour takes some steps infinitely often; call them I. From some
position on it takes no others, so there []F says that F holds at every step of I, and <>F that it holds at one
of them: what a formula says there depends on the step and on I alone. I can be any set of steps that is strongly
connected, and all are tried. The steps before are then put in front, one at a time: what a formula says at a
position follows from the step there and from what its parts say at the next one. The formula can be satisfied
when it comes out true at a step from an initial state.

Only [] and <> over connectives of atoms make this right ("Specifying Systems", 8.1: the others are
abbreviations)."""
from generate import UNIVERSE


class Closure:
    """The parts of a formula, each after its own parts. A part: (operator, numbers of its parts, truth at each
    step); the last only for atoms."""

    def __init__(self, specification):
        self.specification = specification
        self.parts = []
        self.numbers = {}

    def add(self, operator, kids=(), truth=None):
        key = (operator, tuple(kids), None if truth is None else tuple(truth))
        if key not in self.numbers:
            self.numbers[key] = len(self.parts)
            self.parts.append(key)
        return self.numbers[key]

    def atom(self, kind, code, process):
        function = eval(f"lambda p, x, pc, X, PC: bool({code})", self.specification.scope)
        if kind == "enabled":
            truth = [any(function(process, *source, *target) for target in UNIVERSE)
                     for source, _ in self.specification.steps]
        else:
            truth = [function(process, *source, *target) for source, target in self.specification.steps]
        return self.add("atom", (), truth)

    def tree(self, tree, process=None):
        operator = tree[0]
        if operator in ("state", "step", "enabled"):
            return self.atom(operator, tree[1], process)
        if operator in ("\\A", "\\E"):
            kids = [self.tree(tree[1], value) for value in (0, 1)]
            return self.add("and" if operator == "\\A" else "or", kids)
        return self.add(operator, [self.tree(kid, process) for kid in tree[1:]])


def value_at(part, step, now, later):
    """What a part says at a position: `now` of its parts there, `later` of itself at the next one."""
    operator, kids, truth = part
    if operator == "atom":
        return truth[step]
    if operator == "not":
        return not now[kids[0]]
    if operator == "and":
        return all(now[kid] for kid in kids)
    if operator == "or":
        return any(now[kid] for kid in kids)
    return (now[kids[0]] and later) if operator == "always" else (now[kids[0]] or later)


def in_the_end(parts, members):
    """What all parts say at each step of `members`, when these are taken for ever: {step: values}."""
    values = {step: [] for step in members}
    for operator, kids, truth in parts:
        if operator in ("always", "eventually"):
            inner = [values[step][kids[0]] for step in members]
            same = all(inner) if operator == "always" else any(inner)
            for step in members:
                values[step].append(same)
        else:
            for step in members:
                values[step].append(value_at((operator, kids, truth), step, values[step], None))
    return {step: tuple(at) for step, at in values.items()}


def strongly_connected(steps, members):
    """Whether each step of members can be followed, within members, by each other."""
    ahead, back = {}, {}
    for step in members:
        source, target = steps[step]
        ahead.setdefault(source, []).append(target)
        back.setdefault(target, []).append(source)
    nodes = {state for step in members for state in steps[step]}
    start = steps[members[0]][0]
    for edges in (ahead, back):
        seen, todo = {start}, [start]
        while todo:
            for state in edges.get(todo.pop(), ()):
                if state not in seen:
                    seen.add(state)
                    todo.append(state)
        if seen != nodes:
            return False
    return True


def is_violated(specification):
    """Whether some behaviour is fair and does not satisfy the property."""
    steps = specification.steps
    closure = Closure(specification)
    kids = [closure.tree(tree) for tree in specification.fairness]
    kids.append(closure.add("not", [closure.tree(specification.formula)]))
    goal = closure.add("and", kids)
    parts = closure.parts
    initial = set(specification.initial)

    positions = set()
    for bits in range(1, 1 << len(steps)):
        members = [step for step in range(len(steps)) if bits >> step & 1]
        if strongly_connected(steps, members):
            positions.update(in_the_end(parts, members).items())
    todo = list(positions)
    while todo:
        step, later = todo.pop()
        if later[goal] and steps[step][0] in initial:
            return True
        for before, (_, target) in enumerate(steps):
            if target != steps[step][0]:
                continue
            now = []
            for number, part in enumerate(parts):
                now.append(value_at(part, before, now, later[number]))
            position = (before, tuple(now))
            if position not in positions:
                positions.add(position)
                todo.append(position)
    return False
