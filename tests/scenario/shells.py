"""Real shells on a terminal: what they offer for a line that is being typed."""
import re
from pathlib import Path

from runs import PGTOOL, Run
from waiting import until

COMPLETIONS = Path(__file__).resolve().parents[2] / "completions"
READY = "ready> "
OBEYED = "\nobeyed 2\n"
_ESCAPES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\x1b[=>]|\a|\x0f")
_SIZE = "stty cols 160 rows 200\n"
_BASH = f"""
source {COMPLETIONS}/pgtool.bash
bind 'set bell-style none'
bind 'set show-all-if-ambiguous on'
bind 'set enable-bracketed-paste off'
bind 'set completion-query-items 0'
bind 'set page-completions off'
"""
_ZSH = f"""
unsetopt always_last_prompt list_ambiguous prompt_sp beep
fpath=({COMPLETIONS} $fpath)
autoload -Uz compinit
compinit -u -D
LISTMAX=1000
"""


def _bash(folder):
    (folder / "bashrc").write_text(f"{_SIZE}{_BASH}PS1='{READY}'\n")
    return ["bash", "--noprofile", "--rcfile", folder / "bashrc", "-i"], {}


def _zsh(folder):
    (folder / ".zshrc").write_text(f"{_SIZE}{_ZSH}PS1='{READY}'\n")
    return ["zsh", "-d", "-i"], {"ZDOTDIR": str(folder)}


_KINDS = {"bash": _bash, "zsh": _zsh}
SHELLS = list(_KINDS)


class Shell:
    """An interactive shell in a project's folder that knows pgtool's completions and nothing else."""

    def __init__(self, kind, project, folder):
        (program, *arguments), environment = _KINDS[kind](folder)
        path = f"{Path(PGTOOL).parent}:{project.environment['PATH']}"
        self._run = Run(project, arguments, {"PATH": path, "TERM": "dumb", **environment}, terminal=True, program=program)
        self._await_prompt(0)

    def completed(self, line, expected):
        """Types the beginning and a tab; waits until the line has become what is expected."""
        self._type(f"{line}\t")
        self._await(lambda: self._last_line() == READY + expected, f"{expected!r} after {line!r}")

    def offered(self, line):
        """Types the beginning and asks for the list; the words in it, without descriptions."""
        before = self._screen().count(READY)
        self._type(f"{line}\t")
        self._await_prompt(before)
        listed = self._screen().split(READY)[before].splitlines()[1:]
        return {word for row in listed for word in row.split(" -- ")[0].split()}

    def obeys(self):
        """Whether what is on the line can be thrown away and another command run."""
        before = self._screen().count(OBEYED)
        self._type("\x15echo obeyed $((1 + 1))\n")
        # What is typed before the next prompt stands in front of it on the screen.
        self._await(lambda: self._screen().count(OBEYED) > before and READY in self._screen().rsplit(OBEYED, 1)[1],
                    "the command has run, and the shell is ready again")
        return True

    def end(self):
        self._run.end()

    def _type(self, keys):
        self._run.type(keys.encode())

    def _await_prompt(self, before):
        self._await(lambda: self._screen().count(READY) > before, "another prompt")

    def _await(self, condition, what):
        try:
            until(condition, what, 30)
        except AssertionError as error:
            raise AssertionError(f"{error}; on the screen: {self._screen()!r}") from None

    def _screen(self):
        return _ESCAPES.sub("", self._run.output()).replace("\r\n", "\n")

    def _last_line(self):
        return self._screen().rsplit("\n", 1)[-1].rsplit("\r", 1)[-1]
