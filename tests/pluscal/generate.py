#!/usr/bin/env python3
"""Random algorithms in PlusCal: small, finite, both syntaxes, every statement.

An algorithm has global variables (numbers, a function, a record, sometimes one without a value), sometimes
definitions, macros and procedures, and a body or one to three processes. Every number that is assigned is
clamped, so the state space is finite; procedures call those above them, or themselves while the stack is short.
Statements are made as a tree and then printed in one of the two syntaxes. Some algorithms let labels be added,
others have them all, or lack one and are refused; runs end well, in deadlocks, and in assertions that fail.
Names are reused on purpose: labels and variables of two processes, fields named like variables. The seed
determines the text.

usage: tests/pluscal/generate.py SEED DIRECTORY      writes AlgoSEED.tla and .cfg
"""
import os
import random
import sys

LIMIT = 3  # numbers stay below it
ALIGN = "\x01"  # the first of several in a text stands where those that begin a line have to


def aligned(text):
    lines, column = [], 0
    for line in text.split("\n"):
        if line.startswith(ALIGN):
            line = " " * column + line[1:]
        elif ALIGN in line:
            column = line.index(ALIGN)
            line = line.replace(ALIGN, "")
        lines.append(line)
    return "\n".join(lines)


class Scope:
    """What expressions and statements at a place can name."""

    def __init__(self, numbers, functions, records, loose=(), process=False, stack=None):
        self.numbers, self.functions, self.records = list(numbers), list(functions), list(records)
        self.loose, self.process, self.stack = list(loose), process, stack
        self.fixed = []  # bound by `with`: read only

    def within(self, name):
        inner = Scope(self.numbers, self.functions, self.records, self.loose, self.process, self.stack)
        inner.fixed = [*self.fixed, name]
        return inner


class Maker:
    def __init__(self, seed):
        self.random = random.Random(seed)
        self.braces = self.chance(0.5)
        self.many = self.chance(0.7)
        self.add_labels = self.chance(0.6)
        self.macros, self.procedures = [], []
        self.has_default = False  # a variable has no initial value
        self.fresh = 0
        self.room = 0  # statements that may still be made

    def chance(self, probability):
        return self.random.random() < probability

    def pick(self, *choices):
        return self.random.choice(choices)

    # ---- Expressions.

    def bound(self):
        self.fresh += 1
        return f"k{self.fresh}"

    def number(self, scope, depth=2):
        names = scope.numbers + scope.fixed
        kind = self.random.randrange(11) if depth > 0 else self.random.randrange(3)
        if kind < 2 and names:
            return self.random.choice(names)
        if kind < 4:
            return str(self.random.randrange(LIMIT))
        if kind == 4 and scope.functions:
            return f"{self.random.choice(scope.functions)}[{self.number(scope, depth - 1)} % 2]"
        if kind == 5 and scope.records:
            return f"{self.random.choice(scope.records)}.{self.pick('a', 'b')}"
        if kind == 6:
            return f"(IF {self.truth(scope, depth - 1)} THEN {self.number(scope, depth - 1)} " \
                   f"ELSE {self.number(scope, depth - 1)})"
        if kind == 7 and names:
            field = self.random.choice(names)
            return f"[{field} |-> {self.number(scope, depth - 1)}, z |-> 1].{field}"
        if kind == 8:
            k = self.bound()
            return f"(LET {k} == {self.number(scope, depth - 1)} IN ({k} + 1) % {LIMIT})"
        if kind == 9:
            k = self.bound()
            return f"(CHOOSE {k} \\in 0..{LIMIT - 1} : {k} >= {self.number(scope, depth - 1)} % {LIMIT})"
        return f"(({self.number(scope, depth - 1)} {self.pick('+', '*')} " \
               f"{self.number(scope, depth - 1)}) % {LIMIT})"

    def truth(self, scope, depth=2):
        kind = self.random.randrange(9) if depth > 0 else 0
        if kind <= 2:
            return f"{self.number(scope, depth - 1)} {self.pick('=', '#', '<', '>=', '/=')} " \
                   f"{self.number(scope, depth - 1)}"
        if kind == 3:
            return f"~ ({self.truth(scope, depth - 1)})"
        if kind == 4:
            k = self.bound()
            return f"(\\E {k} \\in 0..1 : {k} = {self.number(scope, depth - 1)})"
        if kind == 5 and scope.loose:
            return f"{self.random.choice(scope.loose)} # {self.number(scope, depth - 1)}"
        if kind == 6:
            return f"{self.number(scope, depth - 1)} \\in {{{self.number(scope, depth - 1)}, 1}}"
        if kind == 7:
            return f"({self.truth(scope, depth - 1)}) {self.pick('/' + chr(92), chr(92) + '/', '=>')} " \
                   f"({self.truth(scope, depth - 1)})"
        return self.number(scope, depth - 1) + " <= 1"

    def junctions(self, scope):
        """A condition, often one of several lines: ALIGN begins it, and its other lines."""
        if self.chance(0.7):
            return self.truth(scope)
        bullet = self.pick("/\\", "\\/")
        other = "\\/" if bullet == "/\\" else "/\\"
        lines = [f"{bullet} {self.truth(scope, 1)}"]
        if self.chance(0.5):
            lines.append(f"{bullet} {other} {self.truth(scope, 1)}")
            lines.append(f"{' ' * len(bullet)} {other} {self.truth(scope, 1)}")
        lines.append(f"{bullet} {self.truth(scope, 1)}")
        return ALIGN + ("\n" + ALIGN).join(lines)

    # ---- Statements.

    def assign_one(self, scope, taken):
        """(variable, left side, right side) for one not in `taken`, or None."""
        choices = [("n", name) for name in scope.numbers] + [("f", name) for name in scope.functions]
        choices += [("r", name) for name in scope.records] + [("l", name) for name in scope.loose]
        choices = [choice for choice in choices if choice[1] not in taken]
        if not choices:
            return None
        kind, name = self.random.choice(choices)
        if kind == "f" and self.chance(0.7):
            return name, f"{name}[{self.number(scope, 1)} % 2]", self.number(scope)
        if kind == "f":
            return name, name, f"[{self.bound()} \\in 0..1 |-> {self.number(scope)}]"
        if kind == "r" and self.chance(0.7):
            return name, f"{name}.{self.pick('a', 'b')}", self.number(scope)
        if kind == "r":
            return name, name, f"[a |-> {self.number(scope, 1)}, b |->\n        {self.number(scope, 1)}]"
        value = self.number(scope)
        return name, name, value if self.chance(0.8) else f"IF {self.truth(scope, 1)}\n" \
                                                          f"          THEN {value} ELSE 0"

    def assign(self, scope, taken):
        first = self.assign_one(scope, taken)
        if first is None:
            return {"kind": "skip"}
        parts = [first]
        used = {first[0]}
        while self.chance(0.2):
            more = self.assign_one(scope, taken | used)
            if more is not None:
                parts.append(more)
                used.add(more[0])
        if self.chance(0.1) and "a" in scope.records and not used & {"a"} and "a" not in taken:
            parts += [("a", "a.a", self.number(scope)), ("a", "a.b", self.number(scope))]
            used.add("a")
        taken |= used
        return {"kind": "assign", "parts": parts}

    def block(self, scope, context, depth, taken=None, count=None):
        count = self.random.randrange(1, 4) if count is None else count
        return [self.statement(scope, context, depth, taken) for _ in range(max(1, min(count, self.room)))]

    def statement(self, scope, context, depth, taken=None):
        """`taken` is a set inside of `with` and macros, where no label can stand: what was assigned to."""
        self.room -= 1
        free = taken is None
        kinds = ["assign"] * 6 + ["skip", "await", "assert", "print"]
        if depth > 0 and self.room > 0:
            kinds += ["if"] * 3 + ["either"] * 2 + ["with"] * 3 + (["while"] * 2 if free else [])
        if free and context["kind"] != "macro":
            kinds += ["macro"] * (2 if self.macros else 0) + ["goto"] + (["call"] * 3 if context["calls"] else [])
        made = getattr(self, "make_" + self.random.choice(kinds))(scope, context, depth, taken)
        if free and context["kind"] != "macro" and self.chance(0.3 if self.add_labels else 0.85):
            made["label"] = self.label(context)
        return made

    def label(self, context):
        name = f"{context['root']}{len(context['labels']) + 1}"
        context["labels"].append(name)
        return name + ":" + (self.pick("+", "-") if context["kind"] == "process" and self.chance(0.12) else "")

    def make_assign(self, scope, context, depth, taken):
        return self.assign(scope, taken if taken is not None else set())

    def make_skip(self, scope, context, depth, taken):
        return {"kind": "skip"}

    def make_await(self, scope, context, depth, taken):
        return {"kind": self.pick("await", "when"), "expr": self.junctions(scope)}

    def make_assert(self, scope, context, depth, taken):
        sure = f"{self.number(scope, 1)} < 99"
        return {"kind": "assert", "expr": sure if self.chance(0.85) else self.truth(scope)}

    def make_print(self, scope, context, depth, taken):
        return {"kind": "print", "expr": self.pick(f'<<"at", {self.number(scope, 1)}>>', '"here; \\"there\\""')}

    def make_if(self, scope, context, depth, taken):
        test = self.junctions(scope)
        branches = []
        for _ in range(2):
            inner = None if taken is None else set(taken)
            branches.append((self.block(scope, context, depth - 1, inner), inner))
        if taken is not None:
            taken |= branches[0][1] | branches[1][1]
        otherwise = branches[1][0] if self.chance(0.6) else None
        return {"kind": "if", "expr": test, "then": branches[0][0], "else": otherwise,
                "elsif": self.chance(0.3)}

    def make_either(self, scope, context, depth, taken):
        clauses = []
        for _ in range(self.random.randrange(2, 4)):
            inner = None if taken is None else set(taken)
            clauses.append((self.block(scope, context, depth - 1, inner, self.random.randrange(1, 3)), inner))
        for _, inner in clauses:
            if taken is not None:
                taken |= inner
        return {"kind": "either", "clauses": [clause for clause, _ in clauses]}

    def make_with(self, scope, context, depth, taken):
        bindings = []
        for _ in range(self.pick(1, 1, 1, 2)):
            self.fresh += 1
            name = f"w{self.fresh}"
            is_in = self.chance(0.6)
            value = f"0..{self.random.randrange(1, LIMIT)}" if is_in else self.number(scope)
            bindings.append((name, "\\in" if is_in else "=", value))
            scope = scope.within(name)
        inner = set() if taken is None else taken
        body = self.block(scope, context, depth - 1, inner)
        if taken is None and context["kind"] != "macro" and self.chance(0.15):
            body.append({"kind": "goto", "target": None})
            context["jumps"].append(body[-1])
        return {"kind": "with", "bindings": bindings, "body": body}

    def make_while(self, scope, context, depth, taken):
        return {"kind": "while", "expr": self.truth(scope, 1), "body": self.block(scope, context, depth - 1),
                "label": self.label(context)}

    def make_goto(self, scope, context, depth, taken):
        made = {"kind": "goto", "target": None}
        context["jumps"].append(made)
        return made

    def make_macro(self, scope, context, depth, taken):
        name, params = self.random.choice(self.macros)
        args = [self.random.choice(scope.numbers), self.number(scope, 1)]
        if scope.functions and self.chance(0.3):
            args[0] = f"{scope.functions[0]}[{self.number(scope, 0)} % 2]"
        return {"kind": "macro", "name": name, "args": args[:params]}

    def make_call(self, scope, context, depth, taken):
        name, params = self.random.choice(context["calls"])
        made = {"kind": "call", "name": name, "args": [self.number(scope, 1) for _ in range(params)], "then": None}
        if context["kind"] == "procedure" and self.chance(0.3):
            made["then"] = "return"
        elif self.chance(0.15):
            made["then"] = "goto"
            context["jumps"].append(made)
        if name == context.get("name"):
            return {"kind": "if", "expr": f"Len({scope.stack}) < 3", "then": [made], "else": None, "elsif": False}
        return made

    # ---- Bodies.

    def body(self, scope, context, count):
        self.room = count * 3
        made = self.block(scope, context, 2, None, count)
        if not self.add_labels or self.chance(0.7):
            made[0]["label"] = made[0].get("label") or self.label(context)
        if context["kind"] == "procedure":
            made.append({"kind": "return", **({} if self.add_labels else {"label": self.label(context)})})
        for jump in context["jumps"]:
            jump["target"] = self.random.choice([*context["labels"], "Done"]) if context["labels"] else "Done"
        return made

    def loop(self, made, context):
        """Sometimes the whole body for ever."""
        return [{"kind": "while", "expr": "TRUE", "body": made, "label": self.label(context)}]

    # ---- Printing.

    def put(self, stmts, indent):
        return "".join(self.put_one(stmt, indent) for stmt in stmts)

    def put_block(self, stmts, indent):
        if not self.braces:
            return "\n" + self.put(stmts, indent + 2) + " " * indent
        return " {\n" + self.put(stmts, indent + 2) + " " * indent + "}"

    def put_one(self, stmt, indent):
        label = stmt.get("label")
        text = " " * indent + (label + " " if label else "")
        return text + getattr(self, "put_" + stmt["kind"], self.put_simple)(stmt, indent) + ";\n"

    def put_simple(self, stmt, indent):
        return stmt["kind"] + (" " + stmt["expr"] if "expr" in stmt else "")

    def put_assign(self, stmt, indent):
        return " || ".join(f"{left} := {right}" for _, left, right in stmt["parts"])

    def put_goto(self, stmt, indent):
        return f"goto {stmt['target']}"

    def put_macro(self, stmt, indent):
        return f"{stmt['name']}({', '.join(stmt['args'])})"

    def put_call(self, stmt, indent):
        then = {None: "", "return": "; return", "goto": f"; goto {stmt.get('target')}"}[stmt["then"]]
        return f"call {stmt['name']}({', '.join(stmt['args'])}){then}"

    def put_if(self, stmt, indent):
        if self.braces:
            text = f"if ({stmt['expr']}){self.put_block(stmt['then'], indent)}"
            return text + (f" else{self.put_block(stmt['else'], indent)}" if stmt["else"] else "")
        text = f"if {stmt['expr']} then{self.put_block(stmt['then'], indent)}"
        otherwise = stmt["else"]
        if otherwise and stmt["elsif"]:
            text += f"elsif TRUE = FALSE then skip; else{self.put_block(otherwise, indent)}"
        elif otherwise:
            text += f"else{self.put_block(otherwise, indent)}"
        return text + "end if"

    def put_either(self, stmt, indent):
        text = " or".join(self.put_block(clause, indent) for clause in stmt["clauses"])
        return "either" + (text if self.braces else text.replace(" or\n", "or\n") + "end either")

    def put_while(self, stmt, indent):
        if self.braces:
            return f"while ({stmt['expr']}){self.put_block(stmt['body'], indent)}"
        return f"while {stmt['expr']} do{self.put_block(stmt['body'], indent)}end while"

    def put_with(self, stmt, indent):
        bindings = ", ".join(f"{name} {sign} {value}" for name, sign, value in stmt["bindings"])
        if self.braces:
            return f"with ({bindings}){self.put_block(stmt['body'], indent)}"
        return f"with {bindings} do{self.put_block(stmt['body'], indent)}end with"

    def put_body(self, what, stmts):
        if self.braces:
            return "  {\n" + self.put(stmts, 4) + "  }\n"
        return "  begin\n" + self.put(stmts, 4) + f"  end {what};\n"

    # ---- The algorithm.

    def make_macros(self, scope):
        text = ""
        for name, params in (("bump", 2), ("mark", 1)):
            if not self.chance(0.5):
                continue
            inner = Scope(["v"], [], [])
            inner.fixed = ["e"] if params == 2 else []
            context = {"kind": "macro", "labels": [], "jumps": [], "calls": [], "root": "M"}
            self.room = 3
            stmts = self.block(inner, context, 1, set())
            if self.macros and self.chance(0.5):
                stmts.append({"kind": "macro", "name": self.macros[0][0], "args": ["w", "v"]})
                if "w" not in scope.numbers:
                    stmts.pop()
            head = f"  macro {name}({', '.join(['v', 'e'][:params])})"
            text += head + ("\n" + self.put_body("macro", stmts) if not self.braces
                            else " {\n" + self.put(stmts, 4) + "  }\n")
            self.macros.append((name, params))
        return text

    def make_procedures(self, globals_):
        text = ""
        stack = "stack[self]" if self.many else "stack"
        for name in ("first", "second"):
            if not self.chance(0.4):
                continue
            params = self.pick(["n"], ["n", "m"], [])
            own = ["t"] if self.chance(0.5) else []
            scope = Scope([*globals_["numbers"], *params, *own], globals_["functions"], globals_["records"],
                          globals_["loose"], self.many, stack)
            context = {"kind": "procedure", "name": name, "labels": [], "jumps": [], "root": self.pick("P", name[0]),
                       "calls": [*self.procedures, (name, len(params))]}
            stmts = self.body(scope, context, self.random.randrange(1, 4))
            heads = [param + (" = 0" if self.chance(0.7) else "") for param in params]
            self.has_default |= any("=" not in head for head in heads)
            text += f"  procedure {name}({', '.join(heads)})\n"
            text += "".join(f"    variable {variable} = {self.pick('0', '1')};\n" for variable in own)
            text += self.put_body("procedure", stmts)
            self.procedures.append((name, len(params)))
        return text

    def make_process(self, index, globals_):
        single = self.chance(0.4)
        name = self.pick("worker", "p", "Q") + str(index)
        identity = str(10 + index) if single else f"{{{10 * index + 20}, {10 * index + 21}}}"
        own = [variable for variable in ("t", "c", "y") if self.chance(0.4) and variable not in globals_["numbers"]]
        scope = Scope([*globals_["numbers"], *own], globals_["functions"], globals_["records"], globals_["loose"],
                      True, None)
        context = {"kind": "process", "labels": [], "jumps": [], "calls": self.procedures,
                   "root": self.pick("L", "L", f"Proc{index}_")}
        stmts = self.body(scope, context, self.random.randrange(1, 5))
        if self.chance(0.2):
            stmts = self.loop(stmts, context)
        fair = self.pick("", "", "fair ", "fair+ ", "fair ")
        sign = "=" if single else "\\in"
        head = f"({name} {sign} {identity})" if self.braces else f" {name} {sign} {identity}"
        values = [self.pick(f"= {self.random.randrange(LIMIT)}", "\\in 0..1") for _ in own]
        if len(own) > 1 and self.chance(0.3):
            values[1] = f"= {own[0]}" if values[0][0] == "=" else values[1]
        text = f"  {fair}process {head}\n" if self.braces else f"  {fair}process{head}\n"
        if own:
            text += f"    variables {', '.join(map(' '.join, zip(own, values)))};\n"
        return text + self.put_body("process", stmts)

    def options(self):
        words = ["label"] if self.add_labels else []
        if self.chance(0.4):
            words.append(self.pick("wf", "sf", "-wfNext", "nof", "termination"))
        if self.chance(0.2):
            words.append(f"-lineWidth {self.pick(60, 64, 100)}")
        if self.chance(0.15):
            words.append(self.pick("-noDoneDisjunct", "labelRoot Step_"))
        return f"(* PlusCal options ({', '.join(words)}) *)\n" if words else ""

    def algorithm(self):
        numbers = ["x", "w"] if self.chance(0.6) else ["x"]
        globals_ = {"numbers": numbers, "functions": ["f"] if self.chance(0.6) else [],
                    "records": ["a"] if self.chance(0.4) else [], "loose": ["u"] if self.chance(0.2) else []}
        self.has_default |= bool(globals_["loose"])
        scope = Scope(numbers, globals_["functions"], globals_["records"])
        variables = [f"{name} {self.pick('= 0', '= 1', chr(92) + 'in 0..1')}" for name in numbers]
        variables += [f"{name} = [i \\in 0..1 |-> {self.pick('0', 'i')}]" for name in globals_["functions"]]
        variables += [f"{name} = [a |-> 0, b |-> 1]" for name in globals_["records"]] + globals_["loose"]
        text = f"  variables {', '.join(variables)};\n"
        if self.chance(0.35):
            definition = f"    Small == {self.truth(scope, 1)}\n    Plus(i) == (i + {numbers[0]}) % {LIMIT}\n"
            text += "  define {\n" + definition + "  }\n" if self.braces else "  define\n" + definition + "  end define;\n"
        text += self.make_macros(scope) + self.make_procedures(globals_)
        if self.many:
            for index in range(self.random.randrange(1, 3)):
                text += self.make_process(index, globals_)
            return text
        outer = Scope(numbers, globals_["functions"], globals_["records"], globals_["loose"], False, "stack")
        context = {"kind": "body", "labels": [], "jumps": [], "calls": self.procedures, "root": "L"}
        stmts = self.body(outer, context, self.random.randrange(2, 7))
        stmts = self.loop(stmts, context) if self.chance(0.2) else stmts
        return text + (self.put_body("", stmts) if self.braces else "  begin\n" + self.put(stmts, 4))

    def module(self, name):
        body = self.algorithm()
        fair = "--fair algorithm" if self.chance(0.2) else "--algorithm"
        if self.braces:
            text = f"(* {fair} {name} {{\n{body}}} *)\n"
        else:
            text = f"(* {fair} {name}\n{body}end algorithm; *)\n"
        return (f"---- MODULE {name} ----\nEXTENDS Naturals, Sequences, TLC\n{self.options()}{aligned(text)}"
                f"Bounded == x \\in 0..{LIMIT - 1}\n====\n")


def write(seed, directory):
    """The name of the module."""
    name = f"Algo{seed}"
    maker = Maker(seed)
    with open(os.path.join(directory, name + ".tla"), "w", encoding="utf-8") as file:
        file.write(maker.module(name))
    with open(os.path.join(directory, name + ".cfg"), "w", encoding="utf-8") as file:
        file.write("CONSTANT defaultInitValue = defaultInitValue\n" if maker.has_default else "")
        file.write("INIT Init\nNEXT Next\nINVARIANT Bounded\n")
    return name


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    write(int(sys.argv[1]), sys.argv[2])


if __name__ == "__main__":
    main()
