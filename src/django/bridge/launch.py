"""Runs the project's entry point as if Python had been started with it, or joins one that runs already."""
import functools
import os
import sys

from pgtool_bridge import channel as channels
from pgtool_bridge import children, gate, hooks, interrupts, patches, rewrite

PROTOCOL = 2


def launch(fd, config, argv):
    watch = _watch(config["watched"]) if config.get("watched") else None  # Before anything of the project is read.
    channel, guard = _take_hold(fd, config, watch)
    channel.listen()
    interrupts.install()
    _show_failures()
    try:
        _run(argv)
    except BaseException as error:
        if not guard.refused:
            _report(channel, error)
        if isinstance(error, KeyboardInterrupt) and guard.holds_back:
            gate.leave(130)  # Nobody needs to see where Django stood while it was held back.
        raise
    finally:
        if guard.refused:
            # Whatever the project made of it: a refused run has failed.
            raise SystemExit(1) from None


def join(fd, config):
    """For a Python that runs its own program, whatever that is: it behaves as ever until it uses Django."""
    channel, _ = _take_hold(fd, config)
    _show_failures(channel)


def _show_failures(channel=None):
    """A hook that the project installs later calls this one, or replaces it; one that is there stays.

    With a channel it also reports, for a process whose end nobody else sees.
    """
    if sys.excepthook is sys.__excepthook__:
        sys.excepthook = functools.partial(_failed, channel)


def _failed(channel, kind, error, traceback):
    from pgtool_bridge import failures  # Here and below: runs that go well are spared its compilation.

    failures.show(kind, error, traceback)
    if channel:
        failures.report(channel, error)


def _report(channel, error):
    from pgtool_bridge import failures

    failures.report(channel, error)


def _watch(told):
    from pgtool_bridge import dependencies

    return dependencies.Watch(told)


def _take_hold(fd, config, watch=None):
    channel = channels.Channel(fd, config["socket"])
    rewriter = rewrite.Rewriter()
    guard = gate.Gate(channel, config, rewriter, watch)
    watching = watch.patches() if watch else {}
    hooks.install({**patches.table(channel, guard, rewriter), **children.table(config), **watching})
    version = "%d.%d.%d" % sys.version_info[:3]
    channel.tell("hello", protocol=PROTOCOL, python=version, executable=sys.executable, pid=os.getpid())
    return channel, guard


def _run(argv):
    if hasattr(sys, "orig_argv"):
        sys.orig_argv = [sys.executable, *argv]
    if argv[0] == "-m":
        _run_module(argv[1], argv[2:])
    else:
        _run_script(argv[0], argv[1:])


def _run_module(name, arguments):
    import runpy

    sys.argv = ["-m", *arguments]
    _set_first_path(os.getcwd())
    _fresh_main()
    # What `python -m` itself calls: same frames, same messages.
    runpy._run_module_as_main(name)


def _run_script(path, arguments):
    sys.argv = [path, *arguments]
    shown = os.path.abspath(path) if sys.version_info >= (3, 9) else path
    if os.path.isdir(path):
        return _run_folder(path)
    try:
        with open(path, "rb") as script:
            source = script.read()
    except OSError as error:
        sys.stderr.write("%s: can't open file %r: [Errno %d] %s\n" % (sys.executable, shown, error.errno, error.strerror))
        raise SystemExit(2)
    if b"\0" in source:  # No text, but maybe an archive with a __main__: .pyz, .pex
        return _run_folder(path)
    from importlib.machinery import SourceFileLoader

    _set_first_path(os.path.dirname(os.path.realpath(path)))
    namespace = _fresh_main()
    namespace.update(__file__=shown, __cached__=None, __loader__=SourceFileLoader("__main__", shown))
    try:
        exec(compile(source, shown, "exec", dont_inherit=True), namespace)
    finally:
        gate.flush()  # As Python does when a script has ended: what atexit prints comes after it.


def _run_folder(path):
    import runpy

    _set_first_path(path)
    _fresh_main()
    runpy._run_module_as_main("__main__", False)


def _set_first_path(folder):
    if not (sys.flags.isolated or getattr(sys.flags, "safe_path", False)):
        sys.path[0] = folder


def _fresh_main():
    # A new module: boot.py's functions go on using the namespace of the one that python -c made.
    sys.modules["__main__"] = main = type(sys)("__main__")
    namespace = vars(main)
    namespace["__builtins__"] = sys.modules["builtins"]
    if sys.version_info < (3, 14):
        namespace["__annotations__"] = {}
    return namespace
