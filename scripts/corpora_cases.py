"""What scripts/corpora and scripts/record-corpora share: the cases of the public syntax corpora, the
tokens of a module for one-token deletions, and running `fathom parse`."""
import os
import re
import subprocess
import tempfile

TOKEN = re.compile(
    r'\(\*|\\\*[^\n]*|"(?:[^"\\\n]|\\.)*"|-{4,} *MODULE|-{4,}|={4,}|<\d+>\w*\.?|\w+|<<|>>_?|\]_|\[\]'
    r'|\\[A-Za-z]+|/\\|\\/|\|->|->|<-|<=>|=>|==|=<|<=|>=|/=|\.\.|::|:>|@@|[^\s]')
ERROR = re.compile(r"^(.+?):(\d+):\d+: error\[")


def read(path):
    with open(path, encoding="utf-8", errors="surrogateescape") as file:
        return file.read()


def write(path, text):
    with open(path, "w", encoding="utf-8", errors="surrogateescape") as file:
        file.write(text)


def skip_comment(text, at):
    depth = 0
    while at < len(text):
        if text.startswith("(*", at):
            depth, at = depth + 1, at + 2
        elif text.startswith("*)", at):
            depth, at = depth - 1, at + 2
            if depth == 0:
                break
        else:
            at += 1
    return at


def tokens(text):
    """(character offset, spelling) of each token of the first module."""
    begin = re.search(r"-{4,} *MODULE", text)
    at, depth = (begin.start(), 0) if begin else (len(text), 0)
    while at < len(text):
        if text[at].isspace():
            at += 1
            continue
        spelling = TOKEN.match(text, at).group()
        if spelling == "(*":
            at = skip_comment(text, at)
            continue
        if not spelling.startswith("\\*"):
            yield at, spelling
            if spelling.startswith("-") and spelling.endswith("MODULE"):
                depth += 1
            if spelling.startswith("===="):
                depth -= 1
                if depth <= 0:
                    return
        at += len(spelling)


def corpus_cases(root):
    """(file, name, attributes, text) of each case of a corpus in tree-sitter's test format."""
    for folder, _, names in sorted(os.walk(root)):
        for name in sorted(names):
            if name.endswith(".txt"):
                path = os.path.join(folder, name)
                yield from file_cases(os.path.relpath(path, root), read(path))


def file_cases(name, text):
    suffix = re.escape(re.match(r"\s*=+([^\n=]*)\n", text).group(1))
    header = re.compile(r"^={3,}" + suffix + r"\n(.*?)^={3,}" + suffix + r"\n", re.M | re.S)
    rule = re.compile(r"^-{3,}" + suffix + r"\n", re.M)
    heads = list(header.finditer(text))
    for index, head in enumerate(heads):
        end = heads[index + 1].start() if index + 1 < len(heads) else len(text)
        body = text[head.end():end]
        lines = head.group(1).strip().split("\n")
        attributes = [line.strip() for line in lines[1:] if line.startswith(":")]
        yield name, lines[0], attributes, body[:rule.search(body).start()]


def write_texts(folder, texts):
    paths = []
    for index, text in enumerate(texts):
        paths.append(os.path.join(folder, f"case{index:04d}.tla"))
        write(paths[-1], text)
    return paths


def parse(fathom, paths):
    """path -> 0 when it is read without errors, else the line of its first error."""
    result = subprocess.run([*fathom, *paths], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                            check=False, encoding="utf-8", errors="replace")
    lines = {}
    for line in result.stderr.splitlines():
        match = ERROR.match(line)
        if match:
            lines.setdefault(match.group(1), int(match.group(2)))
    verdicts = {}
    for line in result.stdout.splitlines():
        path, _, verdict = line.rpartition(": ")
        verdicts[path] = 0 if verdict == "ok" else lines.get(path, -1)
    missing = [path for path in paths if path not in verdicts]
    if missing:
        raise SystemExit(f"{' '.join(fathom)} said nothing of {missing[0]} (exit {result.returncode})")
    return verdicts


def parse_texts(fathom, texts):
    with tempfile.TemporaryDirectory() as folder:
        paths = write_texts(folder, texts)
        verdicts = parse(fathom, paths)
        return [verdicts[path] for path in paths]
