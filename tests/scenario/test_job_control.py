"""Ctrl-Z, fg and bg under an interactive shell."""
import itertools

import pytest
from projects import SHOP
from runs import PGTOOL, Run
from waiting import until

_words = itertools.count(1)
_SLOW = """
import time
open("loading", "w").close()
time.sleep(3)
"""


class Shell(Run):
    """An interactive bash on a terminal of its own."""

    def __init__(self, project):
        super().__init__(project, ["--norc", "--noprofile", "-i"], {"PS1": "$ ", "TERM": "dumb"}, terminal=True, program="bash")

    def enter(self, line):
        self.type(line.encode() + b"\n")

    def until_said(self, words):
        until(lambda: words in self.output(), f"{words!r} is said, not only:\n{self.output()[-800:]}", 20)

    def assert_prompt_is_back(self):
        word = f"here{next(_words)}"
        self.enter(f"echo {word[0]}''{word[1:]}")  # the echo of what is typed does not count
        self.until_said(word)


@pytest.fixture
def shell_in():
    started = []

    def start(project):
        started.append(Shell(project))
        return started[-1]

    yield start
    for shell in started:
        shell.end()


@pytest.mark.parametrize("around", ["{}", "bash -c '{}; true'", "{} | cat"])
def test_ctrl_z_gives_the_terminal_back_and_fg_goes_on(article_project, bouncer, database, shell_in, around):
    article = article_project(bouncer())
    shell = shell_in(article)
    with database.closed_gate():
        shell.enter("GATE=server " + around.format(f"{PGTOOL} migrate --direct"))
        database.wait_at_gate()

        shell.type(b"\x1a")

        shell.assert_prompt_is_back()
    shell.enter("fg")
    shell.until_said("done: ")
    shell.assert_prompt_is_back()
    assert database.applied() == SHOP


def test_after_bg_the_terminal_stays_the_shell_s(article_project, bouncer, database, shell_in):
    article = article_project(bouncer())
    shell = shell_in(article)
    with database.closed_gate():
        shell.enter(f"GATE=server {PGTOOL} migrate --direct")
        database.wait_at_gate()
        shell.type(b"\x1a")
        shell.assert_prompt_is_back()

        shell.enter("bg")

        shell.assert_prompt_is_back()
    shell.until_said("done: ")
    shell.assert_prompt_is_back()
    assert database.applied() == SHOP


def test_ctrl_z_works_while_django_loads(article_project, bouncer, shell_in):
    article = article_project(bouncer(), settings=_SLOW)
    shell = shell_in(article)
    shell.enter(f"{PGTOOL} migrate --check")
    until((article.dir / "loading").exists, "the settings are being loaded")

    shell.type(b"\x1a")

    shell.assert_prompt_is_back()
