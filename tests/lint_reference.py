#!/usr/bin/env python3
"""Has the committed man pages and completions read by the programs that they are for.

`lint_reference.py ROOT`
"""
import shutil
import subprocess
import sys
from pathlib import Path

# How a file is checked; nothing may be said about it.
LINTERS = {
    "man/*.[157]": ["mandoc", "-Tlint", "-Wwarning"],
    "man/*.json": [sys.executable, "-c", "import json, sys; json.load(open(sys.argv[1]))"],
    "completions/*.bash": ["bash", "-n"],
    "completions/_*": ["zsh", "-n"],
    "completions/*.fish": ["fish", "--no-execute"],
}


def complaints(root, pattern, command):
    if not shutil.which(command[0]):
        yield f"{command[0]} is not installed: run tests/setup"
        return
    paths = sorted(root.glob(pattern))
    if not paths:
        yield f"no {pattern} in {root}"
    for path in paths:
        done = subprocess.run([*command, str(path)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        if done.returncode or done.stdout:
            yield f"{path}: {' '.join(command)} ended with status {done.returncode}\n{done.stdout}"


def main(root):
    said = [complaint for pattern, command in LINTERS.items() for complaint in complaints(root, pattern, command)]
    sys.exit("\n".join(said) if said else 0)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
