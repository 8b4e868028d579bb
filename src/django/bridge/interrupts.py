"""SIGTERM ends the run like Ctrl-C does: the exception unwinds, a second signal kills."""
import os
import signal
import threading


def install():
    """Again changes nothing, nor does a thread that may not: only the main one handles signals."""
    if threading.current_thread() is threading.main_thread() and signal.getsignal(signal.SIGTERM) is signal.SIG_DFL:
        signal.signal(signal.SIGTERM, _terminate)
        os.register_at_fork(after_in_child=_restore)


def _terminate(number, frame):
    signal.signal(number, signal.SIG_DFL)
    raise SystemExit(128 + number)


def _restore():
    """A pool of processes ends its workers with SIGTERM, and counts on what it does by default."""
    if signal.getsignal(signal.SIGTERM) is _terminate:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
