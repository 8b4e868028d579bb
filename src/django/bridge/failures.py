"""How a run that fails is shown and reported: Python's own traceback, without us and without secrets."""
import os
import sys

OURS = "<pgtool_bridge>/"


def show(kind, error, traceback):
    """What sys.excepthook would print."""
    try:
        text = _shown(kind, error, traceback)
    except Exception:
        text = "%s: (pgtool could not make sure that its text holds no secret)\n" % kind.__name__
    if sys.stderr is not None:
        sys.stderr.write(text)
        sys.stderr.flush()


def _shown(kind, error, traceback):
    from pgtool_bridge import redact

    namespaces = _settings_namespaces(traceback)
    traceback = _without_bridge(error, traceback, set())
    return redact.text(_as_python_prints(kind, error, traceback), namespaces)


class _Capture:
    """Stands in for stderr while Python prints, and looks like it (colours, encoding)."""

    def __init__(self, stream):
        self._stream = stream
        self.parts = []

    def write(self, text):
        self.parts.append(text)
        return len(text)

    def flush(self):
        pass

    def __getattr__(self, name):
        return getattr(self._stream, name)


def _as_python_prints(kind, error, traceback):
    stream = sys.stderr
    sys.stderr = capture = _Capture(stream)
    try:
        sys.__excepthook__(kind, error, traceback)
    finally:
        sys.stderr = stream
    return "".join(capture.parts)


def _settings_namespaces(traceback):
    """A settings module that raised is nowhere but in the frames of the traceback."""
    found = []
    while traceback is not None:
        namespace = traceback.tb_frame.f_globals
        if "DATABASES" in namespace or namespace.get("__name__") == os.environ.get("DJANGO_SETTINGS_MODULE"):
            found.append(namespace)
        traceback = traceback.tb_next
    return found


def _without_bridge(error, traceback, seen):
    """Take our frames out of an exception and of those it is chained to; returns its traceback."""
    seen.add(id(error))
    traceback = _strip(error, traceback)
    error.__traceback__ = traceback
    for other in (error.__cause__, error.__context__, *(getattr(error, "exceptions", None) or ())):
        if isinstance(other, BaseException) and id(other) not in seen:
            _without_bridge(other, other.__traceback__, seen)
    return traceback


def _strip(error, traceback):
    entries = []
    while traceback is not None:
        entries.append(traceback)
        traceback = traceback.tb_next
    if not entries or _is_bridge_bug(error, entries[-1]):
        return entries[0] if entries else None
    kept = []
    for entry in _after_boot(entries):
        if not _is_ours(entry):
            kept.append(entry)
            continue
        # Python hides the machinery of an import by itself, but not where we stand in between.
        while kept and _file(kept[-1]).startswith("<frozen importlib"):
            kept.pop()
    for entry, following in zip(kept, kept[1:] + [None]):
        entry.tb_next = following
    return kept[0] if kept else None


def _after_boot(entries):
    """boot.py runs as the text of `python -c`, and so do other things: only what leads to us is boot."""
    first = next((at for at, entry in enumerate(entries) if _is_ours(entry)), 0)
    return entries[first:] if all(_file(entry) == "<string>" for entry in entries[:first]) else entries


def _is_bridge_bug(error, last):
    """A script that does not compile, a denial and Ctrl-C may come out of our frames, and are no bugs."""
    meant = isinstance(error, SyntaxError) or getattr(error, "raised_by_pgtool", False)
    return _is_ours(last) and isinstance(error, Exception) and not meant


def _is_ours(entry):
    return _file(entry).startswith(OURS)


def _file(entry):
    return entry.tb_frame.f_code.co_filename


def report(channel, error):
    """Tell pgtool what ends the process; called while the exception is on its way out."""
    from pgtool_bridge import redact

    shown = not isinstance(error, SystemExit)
    cause = error
    namespaces = _settings_namespaces(error.__traceback__)
    if not shown:
        if error.code in (None, 0):
            return
        if not isinstance(error.code, int):
            error.code = redact.text(str(error.code), namespaces)
        cause = error.__context__ if isinstance(error.__context__, Exception) else error
    alias, migration = _place()
    tell(channel, type(cause).__name__, redact.text(str(cause), namespaces), alias, migration, sqlstate(cause), shown)


def tell(channel, kind, message, alias=None, migration=None, sqlstate=None, traceback_shown=False):
    retries = sys.modules.get("pgtool_bridge.retries")
    channel.tell("failed", type=kind, message=message, sqlstate=sqlstate, alias=alias, migration=migration,
                 traceback_shown=traceback_shown, **(retries.described() if retries else {}))


def _place():
    progress = sys.modules.get("pgtool_bridge.progress")
    return progress.current[-1] if progress and progress.current else (None, None)


def sqlstate(error):
    for _ in range(20):
        if error is None:
            break
        found = getattr(error, "pgcode", None) or getattr(error, "sqlstate", None)
        if isinstance(found, str):
            return found
        error = error.__cause__ or error.__context__
    return None
