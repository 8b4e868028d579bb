#!/usr/bin/env python3
"""Compares the committed man pages and completions with those that the binary makes.

`reference.py BINARY ROOT`
"""
import difflib
import subprocess
import sys
import tempfile
from pathlib import Path

FOLDERS = ("completions", "man")


def files(root):
    """Their texts, by path below the root."""
    return {path.relative_to(root).as_posix(): path.read_text(encoding="utf-8")
            for folder in FOLDERS for path in sorted((root / folder).rglob("*")) if path.is_file()}


def made(binary):
    with tempfile.TemporaryDirectory(prefix="pgtool-reference-") as scratch:
        subprocess.run([binary, "generate", "all", scratch], check=True, stdout=subprocess.DEVNULL)
        return files(Path(scratch))


def differences(committed, expected):
    for name in sorted(committed.keys() | expected.keys()):
        if name not in expected:
            yield f"{name}: nothing makes this file: remove it\n"
        elif name not in committed:
            yield f"{name}: is missing\n"
        else:
            yield from difflib.unified_diff(committed[name].splitlines(keepends=True), expected[name].splitlines(keepends=True),
                                            name, f"{name} (as generated)")


def main(binary, root):
    expected = made(binary)
    if {name.split("/")[0] for name in expected} != set(FOLDERS):
        sys.exit(f"expected files in {' and '.join(FOLDERS)}, {binary} made {', '.join(expected) or 'none'}")
    stale = list(differences(files(Path(root)), expected))
    sys.stdout.writelines(stale)
    if stale:
        sys.exit(f"reference: stale; refresh with: {binary} generate all {root}")
    print(f"reference: {len(expected)} files as generated")


if __name__ == "__main__":
    main(*sys.argv[1:])
