"""What a person sees on a terminal while migrations run: a line of pgtool's own that garbles nothing."""
import re

import pyte
import pytest
from deploys import FIRST
from runs import Run

STATUS = re.compile(r"\d+ of \d+ migrations")
# Colours, an open line, a line that is longer than the screen: what migrations print.
BUSY = """\
    import sys, time
    for number in range(14):
        print(f"row {number} of the project", flush=True)
    sys.stdout.write("\\x1b[31mred and open... ")
    sys.stdout.flush()
    time.sleep(2.5)
    print("closed\\x1b[0m", "long " * 60, "end of it", flush=True)
    time.sleep(0.6)
    print("last words", flush=True)
"""
SIZES = [(24, 60), (24, 80), (50, 200), (8, 80)]


class Terminal:
    """An emulator that is fed with what a run prints, and keeps what scrolls away."""

    def __init__(self, size):
        rows, columns = size
        self.screen = pyte.HistoryScreen(columns, rows, history=500, ratio=1)
        self._stream, self._taken = pyte.Stream(self.screen), 0

    def take(self, text):
        self._stream.feed(text[self._taken:])
        self._taken = len(text)

    def last_row(self):
        return self.screen.display[-1].rstrip()

    def lines(self):
        """All lines, those that scrolled away first."""
        width = self.screen.columns
        gone = ["".join(row[column].data for column in range(width)) for row in self.screen.history.top]
        return [line.rstrip() for line in [*gone, *self.screen.display]]


def of_the_project(lines):
    """What Django and the migrations print, in one string, since lines break where the screen ends."""
    text = "\n".join(lines)
    found = re.search(r"Operations to perform:.*OK(?=\s)", text, re.S)
    assert found, text
    return re.sub(r"\s+", "", found.group())


@pytest.fixture
def busy(noted):
    def make():
        return noted("migrations.RunPython(stand)", before="def stand(apps, schema_editor):\n" + BUSY)

    return make


def watched(project, arguments, size, program=None):
    """The emulator after the run, and the status lines that were seen on the way, each at the bottom of the screen."""
    terminal, seen = Terminal(size), set()
    run = Run(project, arguments, {"TERM": "xterm"}, terminal=size, **({"program": program} if program else {}))
    try:
        while run.process.poll() is None:
            terminal.take(run.output())
            if STATUS.match(terminal.last_row()):
                seen.add(terminal.last_row())
            try:
                run.process.wait(0.05)
            except Exception:
                continue
        outcome = run.finish()
        terminal.take(run.output())
    finally:
        run.end()
    assert outcome.status == 0, terminal.lines()
    return terminal, seen


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_it_is_at_the_bottom_and_garbles_nothing(busy, database, size):
    project = busy()
    plain, _ = watched(project, ["manage.py", "migrate"], size, project.python)
    database.sql("drop schema public cascade; create schema public authorization app")

    terminal, seen = watched(project, ["migrate"], size)

    assert seen and all(len(line) < size[1] for line in seen), seen
    assert any(FIRST in line for line in seen), seen
    assert of_the_project(terminal.lines()) == of_the_project(plain.lines())
    assert not any(STATUS.match(line) for line in terminal.lines()), "nothing of it is left"
    assert terminal.screen.margins is None, "all of the screen scrolls again"
    assert any("done: " in line for line in terminal.lines())


@pytest.mark.parametrize("environment", [{"TERM": "dumb"}, {"TERM": ""}], ids=str)
def test_no_terminal_that_could_not_do_it_is_sent_any_of_it(busy, environment):
    run = Run(busy(), ["migrate"], environment, terminal=True)
    outcome = run.finish()

    assert outcome.status == 0 and "\x1b[1;" not in run.output() and "\x1b7" not in run.output()


def test_a_quick_run_shows_none(noted):
    run = Run(noted(), ["migrate"], {"TERM": "xterm"}, terminal=True)
    outcome = run.finish()

    assert outcome.status == 0 and "\x1b7" not in run.output()
