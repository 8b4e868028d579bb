"""Python processes that the project starts join the run, or are refused where they could not.

They find sitecustomize.py in pgtool's folder on PYTHONPATH. An environment made from scratch would
lack it, and an isolated Python (-I, -E) does not look there: nobody would see where those connect to.
"""
import functools
import os
import re

PYTHON = re.compile(r"(python|pypy)[\d.]*(-\w+)?$")
# Options of Python that are followed by a word of their own.
WITH_VALUE = "XW"
RESOURCE_TRACKER = "from multiprocessing.resource_tracker import main"


class Unwatched(RuntimeError):
    """A Python that pgtool could not watch was about to be started."""

    raised_by_pgtool = True


def table(config):
    """Prepares this process, and what it starts; the patches of modules that start processes."""
    joining = {"PGTOOL_BRIDGE": config["socket"], "PYTHONPATH": config["folder"]}
    os.environ.update(_joined(os.environ, joining))
    for name in "execv", "execve", "posix_spawn", "posix_spawnp":
        if hasattr(os, name):
            setattr(os, name, _guarded_exec(getattr(os, name), joining))
    return {
        "subprocess": functools.partial(_subprocess, joining),
        "multiprocessing.util": _multiprocessing,
    }


def _joined(environment, joining):
    """What has to be added to an environment so that a Python in it joins."""
    if environment.get("PGTOOL_BRIDGE") == joining["PGTOOL_BRIDGE"]:
        return {}
    path = environment.get("PYTHONPATH")
    return {**joining, "PYTHONPATH": os.pathsep.join(filter(None, [joining["PYTHONPATH"], path]))}


def refuse_isolated(arguments):
    """Raise Unwatched for a Python that would not join. The tracker of shared memory never uses Django."""
    words = [os.fsdecode(word) for word in arguments]
    if not words or not PYTHON.match(os.path.basename(words[0])) or RESOURCE_TRACKER in words[-1]:
        return
    skip = False
    for word in words[1:]:
        if skip:
            skip = False
            continue
        if not word.startswith("-") or word.startswith("--") or word == "-":
            return
        for at, letter in enumerate(word[1:], 1):
            if letter in "IE":
                raise Unwatched(
                    "pgtool cannot watch '%s': an isolated Python (-I, -E) does not look at PYTHONPATH" % " ".join(words[:3]))
            if letter in "cm":
                return
            if letter in WITH_VALUE:
                skip = at + 1 == len(word)
                break


def _guarded_exec(original, joining):
    @functools.wraps(original)
    def guarded(path, argv, *rest, **more):
        refuse_isolated([path, *argv[1:]])
        if rest and rest[0] is not None:
            rest = (_with(rest[0], joining), *rest[1:])
        return original(path, argv, *rest, **more)

    return guarded


def _with(environment, joining):
    # Keys may be bytes, as a caller of exec may write them.
    known = {os.fsdecode(key): os.fsdecode(value) for key, value in environment.items()}
    added = _joined(known, joining)
    return {**known, **added} if added else environment


def _subprocess(joining, module):
    original = module.Popen.__init__

    @functools.wraps(original)
    def __init__(self, args, *rest, **more):
        words = [args] if isinstance(args, (str, bytes, os.PathLike)) else list(args)
        if not more.get("shell"):
            refuse_isolated(words)
        if more.get("env") is not None:
            more["env"] = _with(more["env"], joining)
        original(self, args, *rest, **more)

    module.Popen.__init__ = __init__


def _multiprocessing(module):
    original = module.spawnv_passfds

    @functools.wraps(original)
    def spawnv_passfds(path, args, passfds):
        refuse_isolated([path, *args[1:]])
        return original(path, args, passfds)

    module.spawnv_passfds = spawnv_passfds
