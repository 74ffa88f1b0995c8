"""Tests of scripts/check-style: small trees that break one rule each, and trees that break none."""
import os
import shutil
import subprocess
import sys
import tempfile
import unittest

SCRIPT = os.path.join(os.path.dirname(__file__), "..", "..", "scripts", "check-style")
# `make test` does without clang; continuous integration installs it and runs these tests too.
NEEDS_CLANG = unittest.skipUnless(shutil.which("clang"), "clang is not installed")
ESSAY = "/* What this is.\n *\n * The idea,\n * the invariants,\n * what was rejected. */\n"


def check(files, compile_too=False):
    """The findings for a tree of {path: text}, as a list of `path:line: rule`."""
    with tempfile.TemporaryDirectory() as root:
        for path, text in files.items():
            full = os.path.join(root, path)
            os.makedirs(os.path.dirname(full), exist_ok=True)
            with open(full, "w", encoding="utf-8") as file:
                file.write(text)
        arguments = [sys.executable, SCRIPT, "--root", root]
        result = subprocess.run(arguments + ([] if compile_too else ["--no-compile"]),
                                capture_output=True, text=True, check=False)
        lines = [line for line in result.stdout.splitlines() if not line.startswith("check-style")]
        assert (result.returncode != 0) == bool(lines), result.stdout + result.stderr
        assert result.stderr == "", result.stderr
        return [": ".join(line.split(": ")[:2]) for line in lines]


def function(body, head="static int f(int a)"):
    return ESSAY + head + "\n{\n" + body + "}\n"


class CheckStyle(unittest.TestCase):
    def one(self, text, rule, line, path="src/base/a.c"):
        self.assertEqual(check({path: text}), [f"{path}:{line}: {rule}"])

    def none(self, text, path="src/base/a.c"):
        self.assertEqual(check({path: text}), [])

    def test_clean(self):
        self.none(function("    return a;\n"))

    def test_file_length(self):
        self.one(ESSAY + "\n" * 996, "file-length", 1001)
        self.none(ESSAY + "\n" * 995)
        self.one("/* Purpose. */\n" + "\n" * 300, "file-length", 301, "src/base/a.h")

    def test_line_length(self):
        self.one(ESSAY + "int a" + "a" * 95 + ";\n", "line-length", 6)
        self.none(ESSAY + "int a" + "a" * 94 + ";\n")

    def test_line_length_counts_characters(self):
        self.none(ESSAY + "/* " + "\u00e9" * 90 + " */\n")

    def test_essay(self):
        self.one("/* Short. */\n", "essay", 1)
        self.one("int a;\n", "essay", 1)
        self.one("/* A\n" + " * b\n" * 60 + " */\n", "essay", 1)
        self.one("int a;\n", "essay", 1, "tests/unit/test_a.c")
        self.none("/* Short. */\n", "tests/unit/test_a.c")

    def test_function_length(self):
        self.none(function("    a++;\n" * 68))
        self.one(function("    a++;\n" * 69), "function-length", 7)

    def test_dispatch(self):
        arms = "".join(f"    case {i}:\n        return g(a);\n" for i in range(100))
        self.none(function("    switch (a) {\n" + arms + "    }\n    return 0;\n"))
        more = "".join(f"    case {i}:\n        return g(a);\n" for i in range(150))
        self.one(function("    switch (a) {\n" + more + "    }\n    return 0;\n"),
                 "function-length", 7)

    def test_switch_with_long_arms_is_no_dispatch(self):
        arms = "".join(f"    case {i}:\n" + "        a++;\n" * 20 for i in range(5))
        self.one(function("    switch (a) {\n" + arms + "    }\n"), "function-length", 7)

    def test_parameters(self):
        self.none(function("    return a;\n", "static int f(int a, int b, int c, int d, int e,\n"
                                              "             int (*g)(int, int))"))
        self.one(function("    return a;\n",
                          "static int f(int a, int b, int c, int d, int e, int f, int g)"),
                 "parameters", 7)

    def test_nesting(self):
        opening = ["if (a) {", "for (;;) {", "while (a) {", "switch (a) {", "do {"]
        self.none(function("\n".join(opening[:4]) + "\n" + "}" * 4 + "\n"))
        self.one(function("\n".join(opening) + "\n} while (a);\n" + "}" * 4 + "\n"),
                 "nesting", 12)

    def test_nesting_counts_control_statements_only(self):
        self.none(function("if (a) {\nif (a) {\nif (a) {\nif (a) {\n"
                           "struct x y = {1, {2}};\ng((struct x){{1}});\n} else if (a) {\na++;\n"
                           "}\n}\n}\n}\n"))

    def test_layers(self):
        self.one(ESSAY + '#include "syntax/ast.h"\n', "layer", 6)
        self.one(ESSAY + '#include "cli/options.h"\n', "layer", 6, "src/explore/a.c")
        self.none(ESSAY + '#include "base/arena.h"\n#include "fathom/fathom.h"\n',
                  "src/syntax/a.c")
        self.one(ESSAY, "layer", 1, "src/unknown/a.c")
        self.one(ESSAY + '#include "semantics/program.h"\n', "layer", 6, "src/modules/a.c")
        self.none(ESSAY + '#include "modules/native.h"\n', "src/semantics/a.c")
        self.none(ESSAY + '#include "modules/embedded.h"\n', "src/semantics/a.c")

    def test_include_path(self):
        self.one(ESSAY + '#include "arena.h"\n', "include-path", 6)
        self.one(ESSAY + '#include "../base/arena.h"\n', "include-path", 6)

    def test_commented_code(self):
        for code in ("x = 1;", "foo(bar);", "return x;", "if (a) {", "int a;", "#include <a.h>",
                     "p->x[i] += 2;", "struct fm_x *y = z;", "i++;"):
            self.one(ESSAY + f"/* {code} */\n", "commented-code", 6)
            self.one(ESSAY + f"// {code}\n", "commented-code", 6)
        self.one(ESSAY + "#if 0\nint a;\n#endif\n", "commented-code", 6)

    def test_prose_is_not_code(self):
        for prose in ("the result is x = 1; see below", "`foo(bar);` does it", "return the value;",
                      "if (a) then b", "x' = x + 1", "A == \\E x \\in S : P(x)", "b; then c",
                      "the caller frees it;", "free it;"):
            self.none(ESSAY + f"/* {prose} */\n")

    def test_braces(self):
        for code in ("if (a)\n        a++;\n", "for (;;)\n        a++;\n", "while (a)\n        a--;\n",
                     "while (a);\n", "if (a) {\n    }\n    else\n        a++;\n"):
            self.assertEqual([line.split(": ")[1] for line in
                              check({"src/base/a.c": function("    " + code)})], ["braces"], code)
        self.none(function("    do {\n        a++;\n    } while (a);\n"))
        self.none(function("    if (a) {\n    } else if (b) {\n    } else {\n    }\n"))

    def test_literals_and_macros_are_not_code(self):
        self.none(function('    g("{ if (a) /* x = 1; */", \'{\');\n'))
        self.none(ESSAY + "#define LOOP(x) \\\n    for (;;) \\\n        if (x)\n")

    def test_codes(self):
        table = '/* Codes. */\nFM_CODE(1001, ERROR, "a")\nFM_CODE(1002, ERROR, "b")\n'
        self.assertEqual(check({"src/diag/codes.def": table, "tests/diag/a.expected":
                                "a.tla:1:1: error[FM1001]: a\n"}),
                         ["src/diag/codes.def:3: diag-fixture"])
        self.assertEqual(check({"src/diag/codes.def": table + 'FM_CODE(1001, NOTE, "c")\n',
                                "tests/diag/a.expected": "[FM1001] [FM1002]\n"}),
                         ["src/diag/codes.def:4: diag-code"])

    @NEEDS_CLANG
    def test_self_contained(self):
        guard = "/* Purpose. */\n#ifndef A\n#define A\n%s\n#endif\n"
        self.assertEqual(check({"src/base/a.h": guard % "uint32_t f(void);"}, True),
                         ["src/base/a.h:4: self-contained"])
        self.assertEqual(check({"src/base/a.h": guard % "#include <stdint.h>\nuint32_t f(void);"},
                               True), [])

    @NEEDS_CLANG
    def test_enum_default(self):
        head = ESSAY + "enum e { A, B };\nint f(enum e x);\nint f(enum e x)\n{\n    switch (x) {\n"
        both = "    case A:\n        return 1;\n    case B:\n        return 2;\n"
        rest = "    default:\n        return 3;\n    }\n}\n"
        self.assertEqual(check({"src/base/a.c": head + both + rest}, True),
                         ["src/base/a.c:15: enum-default"])
        self.assertEqual(check({"src/base/a.c": head + "    case A:\n        return 1;\n" + rest},
                               True), ["src/base/a.c:10: enum-default"])
        self.assertEqual(check({"src/base/a.c": head + both + "    }\n    return 3;\n}\n"}, True),
                         [])
        integer = head.replace("enum e x", "int x")
        self.assertEqual(check({"src/base/a.c": integer + both + rest}, True), [])

    def test_without_clang(self):
        with tempfile.TemporaryDirectory() as empty:
            result = subprocess.run([sys.executable, SCRIPT, "--root", empty],
                                    env={**os.environ, "PATH": empty},
                                    capture_output=True, text=True, check=False)
        self.assertEqual(result.returncode, 2)
        self.assertIn("needs clang (scripts/setup --ci)", result.stderr)


if __name__ == "__main__":
    unittest.main()
