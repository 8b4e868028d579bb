#!/usr/bin/env python3
"""Checks what the compiler does not: who includes whom, where heavy headers live, how long things are."""
import re
import sys
from pathlib import Path

LONGEST_FILE = 400
LONGEST_FUNCTION = 60

# A layer may include itself, base, model and what stands here.
EDGES = {
    "base": set(),
    "model": set(),
    "sql": set(),
    "report": set(),
    "pg": {"sql"},
    "pooler": {"pg", "sql"},
    "django": {"sql"},
    "connector": {"django", "pooler", "pg", "sql"},
    "rules": {"sql"},
    "plan": {"sql"},
    "commands": {"rules", "plan", "connector", "django", "pooler", "pg", "sql"},
    "cli": {"commands", "report", "rules", "pg"},
}
# base is below model.
EVERYWHERE = {"base", "model"}
NEVER = {"base": {"model"}}

# Heavy headers, and the files (under src/) that may include them.
HOMES = {
    r"CLI/.*": r"cli/arguments\.cpp",
    r"libpq-fe\.h|libpq/.*": r"pg/\w+\.cpp",
    r"nlohmann/.*": r"base/json\.cpp",
    r"yaml-cpp/.*": r"base/yaml_documents\.cpp|cli/config\.cpp|pooler/config/yaml_tree\.cpp",
    r"pg_query\.h": r"sql/\w+\.cpp|cli/version\.cpp",
    r"pg_query/.*|protobuf-c/.*": r"sql/(?:parse_tree|workpiece|alter_parts|rewritten)\.cpp|sql/workpiece\.hpp",
    r"regex|iostream": r"cli/main\.cpp",
}

INCLUDE = re.compile(r'^\s*#\s*include\s+([<"])([^>"]+)[>"]', re.MULTILINE)
LITERAL = re.compile(r'R"(\w*)\((?:.|\n)*?\)\1"|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])+\'|//[^\n]*|/\*(?:.|\n)*?\*/')
# What opens a brace without being a function's body.
NO_FUNCTION = re.compile(r"^\s*(?:inline\s+)?(?:namespace|extern\s+\"|enum|union)\b|=\s*$")
TYPE = re.compile(r"^(?:template\s*<.*>\s*)?(?:struct|class|union|enum)\b[^()]*$", re.DOTALL)


def without_literals(text):
    """The same text with literals, comments and directives blanked, line feeds kept."""
    text = re.sub(r"^[ \t]*#(?:\\\n|[^\n])*", lambda match: re.sub(r"[^\n]", " ", match.group()), text, flags=re.MULTILINE)
    return LITERAL.sub(lambda match: re.sub(r"[^\n]", " ", match.group()), text)


def include_errors(source, name, text):
    layer = name.split("/")[0]
    for bracket, header in INCLUDE.findall(text):
        for pattern, home in HOMES.items():
            if re.fullmatch(pattern, header) and not re.fullmatch(home, name):
                yield f"{name}: includes {header}, which only {home} may"
        if bracket == "<" or not (source / header).exists():
            continue
        target = header.split("/")[0]
        allowed = EDGES.get(layer, set()) | (EVERYWHERE - NEVER.get(layer, set())) | {layer}
        if target not in allowed:
            yield f"{name}: includes {header}, but {layer} may only include {', '.join(sorted(allowed))}"


def bodies(text):
    """(first line, lines) of each outermost braced block that is a function's body."""
    text = without_literals(text)
    stack = []  # for each open brace: line of its declaration, whether a function, where it begins
    start = 0  # where the declaration before the next brace begins
    parens = 0
    for at, letter in enumerate(text):
        if letter in "()":
            parens += 1 if letter == "(" else -1
        elif letter == "{":
            head = text[start:at]
            inside = any(entry[1] for entry in stack)
            is_function = not inside and parens == 0 and ")" in head and not (
                NO_FUNCTION.search(head) or TYPE.match(head.strip()))
            first = text.count("\n", 0, start + len(head) - len(head.lstrip())) + 1
            stack.append((first, is_function, start))
            start = at + 1
        elif letter == "}":
            first, is_function, declared = stack.pop() if stack else (0, False, 0)
            if is_function and re.match(r"\s*[,{]", text[at + 1:at + 200]):
                start = declared  # that was a member's initializer: the body follows
                continue
            if is_function:
                yield first, text.count("\n", 0, at) + 2 - first
            start = at + 1
        elif letter == ";" and parens == 0:
            start = at + 1


def size_errors(name, text):
    count = text.count("\n")
    if count > LONGEST_FILE:
        yield f"{name}: {count} lines, at most {LONGEST_FILE}"
    if not name.endswith((".cpp", ".hpp")):
        return
    for first, length in bodies(text):
        if length > LONGEST_FUNCTION:
            yield f"{name}:{first}: a function of {length} lines, at most {LONGEST_FUNCTION}"


def layer_errors(source):
    for folder in sorted(path.name for path in source.iterdir() if path.is_dir()):
        if folder not in EDGES:
            yield f"{folder}: no layer; the layers are {', '.join(EDGES)}"


def main(arguments):
    root = Path(arguments[0]) if arguments else Path(__file__).resolve().parent.parent
    source = root / "src"
    errors = list(layer_errors(source))
    files = [path for path in sorted(source.rglob("*")) if path.suffix in {".cpp", ".hpp", ".py", ".sql"}]
    if not files:
        sys.exit(f"no sources in {source}")
    for path in files:
        name = path.relative_to(source).as_posix()
        text = path.read_text(encoding="utf-8")
        errors += size_errors(name, text)
        if path.suffix in {".cpp", ".hpp"}:
            errors += include_errors(source, name, text)
    for path in sorted((root / "tests").rglob("*")):
        if path.suffix in {".cpp", ".hpp", ".py"}:
            errors += size_errors(f"tests/{path.relative_to(root / 'tests').as_posix()}", path.read_text(encoding="utf-8"))
    print("\n".join(errors) or f"layers: {len(files)} files as agreed")
    return 1 if errors else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
