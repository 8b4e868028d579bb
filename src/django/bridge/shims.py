"""A program that chooses the interpreter (pyenv, asdf, mise, a script of the project): what its choice depends on."""
import os
import sys

CHOICES = (".python-version", ".tool-versions", "mise.toml", ".mise.toml", "mise/config.toml", ".mise/config.toml", ".config/mise.toml",
           ".config/mise/config.toml", ".pyenv/version")
# What such programs set, besides what follows from these files.
SET = {"PATH", "PWD", "OLDPWD", "SHLVL", "_", "LC_CTYPE", "PS1", "__PYVENV_LAUNCHER__"}
SET_PREFIXES = "PYENV_", "ASDF_", "MISE_", "__MISE_", "VIRTUAL_ENV"


class Shim:
    """`told` is the program, and each variable that pgtool gave it."""

    def __init__(self, told):
        self._is_there = os.path.realpath(told["program"]) != os.path.realpath(sys.executable)
        self._changed = sorted(_differing(told["variables"])) if self._is_there else []

    def files(self):
        if not self._is_there:
            return
        folder = os.getcwd()
        while True:
            for name in CHOICES:
                yield os.path.join(folder, name)
            if folder == os.path.dirname(folder):
                break
            folder = os.path.dirname(folder)
        for home in os.environ.get("HOME"), os.environ.get("XDG_CONFIG_HOME"):
            for name in CHOICES if home else ():
                yield os.path.join(home, name)
        if os.environ.get("PYENV_ROOT"):
            yield os.path.join(os.environ["PYENV_ROOT"], "version")

    def doubts(self):
        """Where the program has set variables nobody knows from what."""
        return ["the program that starts Python sets %s" % name for name in self._changed[:1]]


def _differing(given):
    for name in set(given) | set(os.environ):
        if name not in SET and not name.startswith(SET_PREFIXES) and given.get(name) != os.environ.get(name):
            yield name
