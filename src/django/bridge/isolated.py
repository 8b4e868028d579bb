"""A Python that does not look at PYTHONPATH (-I, -E, -S) is started with a text that joins the run first."""
import os
import re

PYTHON = re.compile(r"(python|pypy)[\d.]*(-\w+)?$")
# Options of Python that are followed by a word of their own, and those after which it runs nothing.
WITH_VALUE, RUNS_NOTHING = "XW", "Vh?"
ISOLATING = "IES"
# What runs the command that follows it; a Python among the words of anything else is only a word.
LAUNCHERS = frozenset("chrt doas env exec gosu ionice nice nohup runuser setpriv setsid stdbuf su-exec sudo taskset time timeout".split())
EMPTYING = ("-", "-i", "--ignore-environment")
JOIN = "exec(compile(open({boot!r}).read(), {boot!r}, 'exec'), {{'__name__': 'pgtool_join'}}); "
# Compiled apart, so that the text may begin with what must be its first line, and its lines keep their numbers.
TEXT = "exec(compile({text!r}, '<string>', 'exec', dont_inherit=True))"
SCRIPT = ("import os, runpy, sys; sys.argv.pop(0); "
          "sys.flags.isolated or sys.path.__setitem__(0, os.path.dirname(os.path.realpath(sys.argv[0]))); "
          "runpy.run_path(sys.argv[0], run_name='__main__')")
MODULE = "import runpy, sys; sys.argv.pop(0); runpy.run_module(sys.argv[0], run_name='__main__', alter_sys=True)"


class Unwatched(RuntimeError):
    """A Python that pgtool could not watch was about to be started."""

    raised_by_pgtool = True


def joining(words, folder):
    """The words of a command, changed where that makes a Python in it join. Raises Unwatched where nothing would."""
    texts = [os.fsdecode(word) if isinstance(word, (str, bytes, os.PathLike)) else "" for word in words]
    at = _place_of_python(texts)
    if at is None:
        return list(words)
    _refuse_emptied(texts[: at + 1])
    changed = _joining_python(texts[at:], os.path.join(folder, "sitecustomize.py"))
    return [*words[:at], *changed] if changed else list(words)


def _place_of_python(words):
    """Where the Python stands that these words start, or None."""
    for at, word in enumerate(words):
        name = os.path.basename(word)
        if PYTHON.match(name):
            return at
        if at == 0 and name not in LAUNCHERS:
            return None
    return None


def _refuse_emptied(words):
    for word, following in zip(words, words[1:]):
        if os.path.basename(word) == "env" and following in EMPTYING:
            raise Unwatched("pgtool cannot watch '%s': a Python in an emptied environment does not know of pgtool" % words[-1])


def _joining_python(words, boot):
    """The words of an isolated Python that joins; None for one that is not isolated, or runs nothing."""
    flags, kind, rest = _parted(words[1:])
    letters = "".join(flag[1:2] + (flag[2:] if flag[1:2] not in WITH_VALUE else "") for flag in flags if flag.startswith("-"))
    if not set(letters) & set(ISOLATING) or set(letters) & set(RUNS_NOTHING):
        return None
    if not rest or rest[0] == "-":
        raise Unwatched("pgtool cannot watch '%s': an isolated Python (-I, -E, -S) that reads its program from stdin" % " ".join(words))
    start = JOIN.format(boot=boot)
    if kind == "c":
        return [words[0], *flags, "-c", start + TEXT.format(text=rest[0]), *rest[1:]]
    return [words[0], *flags, "-c", start + (MODULE if kind == "m" else SCRIPT), *rest]


def _parted(words):
    """(options, "c", "m" or "", the text, module or script and its arguments) of what stands behind `python`."""
    flags, rest = [], list(words)
    while rest and rest[0].startswith("-") and rest[0] != "-":
        word = rest.pop(0)
        if word.startswith("--"):
            flags.append(word)
            continue
        for place, letter in enumerate(word[1:], 1):
            if letter in "cm":
                flags += [word[:place]] if place > 1 else []
                return flags, letter, ([word[place + 1 :]] if place + 1 < len(word) else []) + rest
            if letter in WITH_VALUE:
                flags += [word] + ([rest.pop(0)] if place + 1 == len(word) and rest else [])
                break
        else:
            flags.append(word)
    return flags, "", rest
