#!/usr/bin/env python3
"""Runs pgtool once for each folder beside this file and compares what it says.

A case is a folder with
  args     one argument a line (an empty file: none)
  stdout   what must be printed (missing: nothing)
  stderr   the same for stderr
  status   the exit status
  env      optional, NAME=VALUE lines
and any input files; pgtool runs in a copy of the folder. Versions are masked as <version>.
`run.py --accept BINARY` writes what was seen instead of comparing it.
"""
import difflib
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

CASES = Path(__file__).resolve().parent
SECONDS = 20


def lines(path):
    return path.read_text(encoding="utf-8").splitlines() if path.exists() else []


def masked(output):
    text = output.decode("utf-8", errors="backslashreplace")
    return re.sub(r"\b\d+\.\d+(\.\d+)?\b|(?<=grammar )\d+", "<version>", text)


def run(binary, case):
    """(stdout, stderr, status) of one case, run where nothing of the caller's shows through."""
    with tempfile.TemporaryDirectory(prefix="pgtool-golden-") as scratch:
        folder = Path(scratch) / "case"
        shutil.copytree(case, folder)
        (folder / ".git").mkdir()  # the search for pgtool.yaml ends here
        environment = {"PATH": os.environ["PATH"], "HOME": scratch, "LC_ALL": "C.UTF-8"}
        environment.update(line.split("=", 1) for line in lines(case / "env"))
        done = subprocess.run([binary, *lines(case / "args")], cwd=folder, env=environment,
                              stdin=subprocess.DEVNULL, capture_output=True, timeout=SECONDS)
    return {"stdout": masked(done.stdout), "stderr": masked(done.stderr),
            "status": f"{done.returncode}\n"}


def accept(case, seen):
    for name, text in seen.items():
        if text:
            (case / name).write_text(text, encoding="utf-8")
        else:
            (case / name).unlink(missing_ok=True)


def differences(case, seen):
    for name, text in seen.items():
        expected = [line + "\n" for line in lines(case / name)]
        found = text.splitlines(keepends=True)
        if expected != found:
            label = f"{case.name}/{name}"
            yield from difflib.unified_diff(expected, found, label, f"{label} (seen)")


def main(arguments):
    accepting = "--accept" in arguments
    binary = next((word for word in arguments if not word.startswith("--")), None)
    if binary is None or not Path(binary).is_file():
        sys.exit("usage: run.py [--accept] BINARY")
    cases = sorted(path.parent for path in CASES.glob("*/args"))
    if not cases:
        sys.exit(f"no cases in {CASES}")
    failed = 0
    for case in cases:
        seen = run(str(Path(binary).resolve()), case)
        if accepting:
            accept(case, seen)
            continue
        diff = list(differences(case, seen))
        failed += bool(diff)
        sys.stdout.writelines(diff)
    print(f"golden: {len(cases) - failed} of {len(cases)} cases as expected")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
