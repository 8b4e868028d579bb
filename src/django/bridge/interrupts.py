"""SIGTERM ends the run like Ctrl-C does: the exception unwinds, a second signal kills."""
import signal


def install():
    if signal.getsignal(signal.SIGTERM) is signal.SIG_DFL:
        signal.signal(signal.SIGTERM, _terminate)


def _terminate(number, frame):
    signal.signal(number, signal.SIG_DFL)
    raise SystemExit(128 + number)
