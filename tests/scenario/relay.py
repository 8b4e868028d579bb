"""A relay of plain bytes that reads along, and does something before or after the k-th statement goes through it."""
import re
import socket
import struct
import threading

from waiting import until

_STARTUPS = 80877103, 80877104  # TLS and GSS are asked for, in messages that have no type
_READY = re.compile(rb"Z\x00\x00\x00\x05[ITE]\Z")
_CHANGES = re.compile(r"(?:\s|--[^\n]*\n|/\*.*?\*/)*(?!(?:select|show|set|reset|values|with|explain|table|discard)\b)\w", re.I | re.S)

DROP = "drop"


class Steps:
    """The statements that passed several relays, counted together. Before or after the one with the number `at`, or the
    first for which `at(text)` is true, `action` is called once. When it says DROP, the statement goes no further."""

    def __init__(self, at=None, after=False, action=None):
        self.texts, self.after, self._at, self._action, self._result = [], after, at, action, None
        self._lock, self._reached, self._acted = threading.Lock(), threading.Event(), threading.Event()

    def pass_on(self, text):
        """Whether this is the statement."""
        if not _CHANGES.match(text):
            return False
        with self._lock:
            self.texts.append(text)
            wanted = not self._reached.is_set() and (self._at(text) if callable(self._at) else len(self.texts) - 1 == self._at)
            if wanted and not self.after:
                self._reached.set()
            return wanted

    def act(self):
        """Called by a relay, whose thread waits for the one that attends."""
        self._reached.set()
        assert self._acted.wait(60)
        return self._result

    def attend(self, over):
        """Does what is to be done in the caller's thread, for a server that is started ends with the thread that did it."""
        until(lambda: self._reached.is_set() or over(), "the statement is reached", 120)
        if self._reached.is_set() and self._action:
            try:
                self._result = self._action()
            finally:
                self._acted.set()


class Relay:
    """In front of one port of this machine."""

    def __init__(self, port, steps):
        self._target, self._steps = port, steps
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=[client], daemon=True).start()

    def _serve(self, client):
        try:
            server = socket.create_connection(("127.0.0.1", self._target), 5)
        except OSError:
            client.close()
            return
        server.settimeout(None)
        _Conversation(client, server, self._steps).hold()

    def close(self):
        self._listener.close()


class _Conversation:
    def __init__(self, client, server, steps):
        self._client, self._server, self._steps = client, server, steps
        self._acting = False  # once the answer is complete

    def hold(self):
        threading.Thread(target=self._answers, daemon=True).start()
        try:
            self._start()
            self._messages()
        except (OSError, EOFError):
            pass
        self._end()

    def _end(self):
        for one in self._client, self._server:
            try:
                one.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def _take(self, size):
        data = b""
        while len(data) < size:
            piece = self._client.recv(size - len(data))
            if not piece:
                raise EOFError
            data += piece
        return data

    def _start(self):
        while True:
            head = self._take(8)
            length, code = struct.unpack("!II", head)
            self._server.sendall(head + self._take(length - 8))
            if code not in _STARTUPS:
                return

    def _messages(self):
        """A statement is a Q, or all up to the next S."""
        batch, text = b"", None
        while True:
            head = self._take(5)
            body = self._take(struct.unpack("!I", head[1:])[0] - 4)
            batch += head + body
            if head[:1] == b"Q":
                text = body[:-1].decode(errors="replace")
            elif head[:1] == b"P":
                text = body.split(b"\0")[1].decode(errors="replace")
            if head[:1] in b"PBDECHF":
                continue
            self._pass_on(batch, text)
            batch, text = b"", None

    def _pass_on(self, batch, text):
        chosen = text is not None and self._steps.pass_on(text)
        if chosen and not self._steps.after and self._steps.act() == DROP:
            raise EOFError
        self._acting = chosen and self._steps.after
        self._server.sendall(batch)

    def _answers(self):
        held = b""
        try:
            while True:
                piece = self._server.recv(65536)
                if not piece:
                    break
                held += piece
                if self._acting:
                    if not _READY.search(held):
                        continue
                    self._acting = False
                    self._steps.act()
                self._client.sendall(held)
                held = b""
        except OSError:
            pass
        self._end()
