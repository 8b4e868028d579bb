"""Python processes that the project starts join the run, or are refused where they could not.

They find sitecustomize.py in pgtool's folder on PYTHONPATH, which an environment made from scratch would lack.
Nobody would see where one connects to that does not look there.
"""
import functools
import os

# What may follow the first argument of Popen without its name.
POPEN = ("bufsize executable stdin stdout stderr preexec_fn close_fds shell cwd env universal_newlines"
         " startupinfo creationflags restore_signals start_new_session pass_fds").split()


def table(config):
    """Prepares this process, and what it starts; the patches of modules that start processes."""
    joining = {"PGTOOL_BRIDGE": config["socket"], "PYTHONPATH": config["folder"]}
    _keep(joining)
    for name in "execv", "execve", "posix_spawn", "posix_spawnp":
        if hasattr(os, name):
            setattr(os, name, _guarded_exec(getattr(os, name), joining))
    os.system = _guarded_system(os.system, joining)
    return {
        "subprocess": functools.partial(_subprocess, joining),
        "multiprocessing.util": functools.partial(_multiprocessing, joining),
    }


def _joining(words, folder):
    from pgtool_bridge import isolated  # Most runs start no process and are spared its compilation.

    return isolated.joining(words, folder)


def _joined(environment, joining):
    """What has to be added to an environment so that a Python in it joins."""
    folder = joining["PYTHONPATH"]
    path = (environment.get("PYTHONPATH") or "").split(os.pathsep)
    # In front: another folder may have a sitecustomize of its own.
    if environment.get("PGTOOL_BRIDGE") == joining["PGTOOL_BRIDGE"] and path[0] == folder:
        return {}
    return {**joining, "PYTHONPATH": os.pathsep.join([folder, *(part for part in path if part not in ("", folder))])}


def _keep(joining):
    """The project may have changed or emptied its own environment, which is what its children get."""
    os.environ.update(_joined(os.environ, joining))


def _with(environment, joining):
    if environment is None:
        return _keep(joining)
    # Keys may be bytes, as a caller of exec may write them.
    known = {os.fsdecode(key): os.fsdecode(value) for key, value in environment.items()}
    added = _joined(known, joining)
    return {**known, **added} if added else environment


def _refuse_in_shell(text):
    """A line of the shell is not rewritten: only one whose Pythons join by themselves may run."""
    for words in _commands_of(os.fsdecode(text)):
        if _joining(words, "") != words:
            from pgtool_bridge import isolated

            raise isolated.Unwatched("pgtool cannot watch an isolated Python in a line of the shell: %s" % os.fsdecode(text))


def _commands_of(line):
    """The simple commands of a line, without the assignments in front of them."""
    import shlex

    words = shlex.shlex(line, posix=True, punctuation_chars=True)
    words.whitespace_split = True
    commands = [[]]
    try:
        for word in words:
            if set(word) <= set(words.punctuation_chars):
                commands.append([])
            elif commands[-1] or "=" not in word:
                commands[-1].append(word)
    except ValueError:
        pass  # A quote that is not closed: the shell will say so.
    return commands


def _guarded_exec(original, joining):
    @functools.wraps(original)
    def guarded(path, argv, *rest, **more):
        argv = [argv[0], *_joining([path, *argv[1:]], joining["PYTHONPATH"])[1:]]
        if rest:
            rest = (_with(rest[0], joining), *rest[1:])
        elif "env" in more:
            more["env"] = _with(more["env"], joining)
        else:
            _keep(joining)
        return original(path, argv, *rest, **more)

    return guarded


def _guarded_system(original, joining):
    @functools.wraps(original)
    def guarded(command):
        _refuse_in_shell(command)
        _keep(joining)
        return original(command)

    return guarded


def _subprocess(joining, module):
    original = module.Popen.__init__

    @functools.wraps(original)
    def __init__(self, args, *rest, **more):
        more.update(zip(POPEN, rest))
        if not isinstance(args, (str, bytes, os.PathLike, list, tuple)):
            args = list(args)
        words = list(args) if isinstance(args, (list, tuple)) else [args]
        if more.get("shell"):
            _refuse_in_shell(words[0] if words else "")
        elif words:
            program = more.get("executable") or words[0]
            joined = _joining([program, *words[1:]], joining["PYTHONPATH"])[1:]
            args = args if joined == words[1:] else [words[0], *joined]
        more["env"] = _with(more.get("env"), joining)
        original(self, args, **more)

    module.Popen.__init__ = __init__


def _multiprocessing(joining, module):
    original = module.spawnv_passfds

    @functools.wraps(original)
    def spawnv_passfds(path, args, passfds):
        _keep(joining)
        return original(path, [args[0], *_joining([path, *args[1:]], joining["PYTHONPATH"])[1:]], passfds)

    module.spawnv_passfds = spawnv_passfds
