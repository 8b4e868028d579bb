"""The conversation with pgtool: one JSON object per line, over one socket, from any thread.

A thread of its own reads. It is what ends the process when pgtool is gone, and what tells pgtool of
a signal while the main thread is inside libpq and cannot run a handler.
"""
import json
import os
import select
import signal
from _thread import allocate_lock, start_new_thread  # By name: before gevent replaces them.

import pgtool_bridge

GONE = "the supervising pgtool process is gone"
REPORTED_SIGNALS = (signal.SIGINT, signal.SIGTERM)


def end_at_once(reason):
    """Leave without clean-up: the server frees our locks as soon as our connections are gone."""
    try:
        os.write(2, ("pgtool: %s, stopping\n" % reason).encode("utf-8", "replace"))
    finally:
        os._exit(4)


class Pending:
    """An answer that may not have come yet."""

    def __init__(self):
        self._arrived = allocate_lock()
        self._arrived.acquire()
        self._reply = None

    def settle(self, reply):
        self._reply = reply
        self._arrived.release()

    def wait(self):
        self._arrived.acquire()
        self._arrived.release()
        return self._reply


class Channel:
    """Of this process. A forked child gets one of its own when it first has something to say."""

    def __init__(self, fd, path):
        self.is_forked = False
        self._fd = fd
        self._path = path
        self._listening = False
        self._sending = allocate_lock()
        self._pending = {}
        self._last_id = 0
        self._open_wakeup()
        try:
            signal.set_wakeup_fd(self._wakeup_in, warn_on_full_buffer=False)
        except ValueError:
            pass  # Only the main thread may: in a process that joins later signals are not told.
        os.register_at_fork(after_in_child=self._detach)

    def listen(self):
        if not self._listening:
            self._listening = True
            started = allocate_lock()
            started.acquire()
            start_new_thread(self._listen, (started,))
            # A thread that first runs while Python ends uses memory that is freed by then (CPython before 3.13).
            started.acquire()

    def tell(self, event, **fields):
        with self._sending:
            self._send(dict(fields, event=event))

    def ask(self, event, **fields):
        pending = Pending()
        with self._sending:
            self._join_again()
            self.listen()
            self._last_id += 1
            self._pending[self._last_id] = pending
            self._send(dict(fields, event=event, id=self._last_id))
        return pending

    def _send(self, message):
        self._join_again()
        data = json.dumps(message, ensure_ascii=False).encode("utf-8", "replace") + b"\n"
        try:
            while data:
                data = data[os.write(self._fd, data) :]
        except OSError:
            end_at_once(GONE)

    def _listen(self, started):
        started.release()
        poll = select.poll()
        poll.register(self._fd, select.POLLIN)
        poll.register(self._wakeup, select.POLLIN)
        unfinished = b""
        while True:
            ready = [fd for fd, _ in poll.poll()]
            if self._wakeup in ready:
                self._report_signals(os.read(self._wakeup, 64))
            if self._fd in ready:
                unfinished = self._receive(unfinished)

    def _receive(self, unfinished):
        try:
            data = os.read(self._fd, 65536)
        except OSError:
            data = b""
        if not data:
            end_at_once(GONE)
        *lines, unfinished = (unfinished + data).split(b"\n")
        for line in lines:
            self._dispatch(line)
        return unfinished

    def _dispatch(self, line):
        try:
            message = json.loads(line)
        except ValueError:
            end_at_once("pgtool sent a line that is not JSON")
        if message.get("abort"):
            end_at_once(message.get("reason") or "pgtool ended the run")
        pending = self._pending.pop(message.get("reply_to"), None)
        if pending is not None:
            pending.settle(message)

    def _report_signals(self, numbers):
        for number in numbers:
            if number in REPORTED_SIGNALS:
                self.tell("signal", number=number)

    def _detach(self):
        """In a forked child: the socket and the signals on it stay the parent's."""
        self.is_forked = True
        if self._fd is not None:
            os.close(self._fd)
        self._fd = None
        self._listening = False
        self._sending = allocate_lock()
        self._pending = {}
        signal.set_wakeup_fd(-1)

    def _join_again(self):
        if self._fd is None:
            try:
                self._fd, _ = pgtool_bridge.meet(self._path)
            except OSError:
                end_at_once(GONE)
            self._open_wakeup()

    def _open_wakeup(self):
        self._wakeup, self._wakeup_in = os.pipe()
        os.set_blocking(self._wakeup_in, False)
