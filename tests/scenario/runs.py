"""Runs of pgtool: each in a process group of its own, ended by its id whatever happens."""
import fcntl
import json
import os
import pty
import signal
import struct
import subprocess
import termios
import threading
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from jsonschema import Draft202012Validator

from servers import SECRET

PGTOOL = os.environ.get("PGTOOL") or str(Path(__file__).resolve().parents[2] / "build/pgtool")

_SCHEMA = Path(__file__).resolve().parents[2] / "man/pgtool-report.schema.json"
_REPORT = Draft202012Validator(json.loads(_SCHEMA.read_text(encoding="utf-8")))
SIZE = 50, 200  # of the terminal, rows and columns: messages are not broken there


@dataclass(frozen=True)
class Outcome:
    status: int
    stdout: str
    stderr: str

    @property
    def text(self):
        return self.stdout + self.stderr

    @property
    def json(self):
        """What was printed; a report of pgtool is as its published schema says."""
        printed = json.loads(self.stdout)
        if "command" in printed:
            _REPORT.validate(printed)
        return printed


class Run:
    """A pgtool (or another program) that is under way. On a terminal of its own when `terminal` is set, perhaps to its
    rows and columns: `type()` presses keys there. With both streams in one pipe when `merged` is set."""

    def __init__(self, project, arguments, environment, terminal=False, program=PGTOOL, merged=False):
        self._output, self._terminal = {}, None
        streams = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT if merged else subprocess.PIPE}
        prepare = None
        if terminal:
            self._terminal, inner = pty.openpty()
            fcntl.ioctl(inner, termios.TIOCSWINSZ, struct.pack("4H", *(SIZE if terminal is True else terminal), 0, 0))
            streams = {name: inner for name in streams}
            prepare = _take_terminal
        self.process = subprocess.Popen([program, *map(str, arguments)], cwd=project.dir,
                                        env={**project.environment, **environment}, start_new_session=True, preexec_fn=prepare,
                                        **streams)
        if terminal:
            os.close(inner)
        readers = {"stdout": self._terminal} if terminal else {name: stream.fileno() for name, stream in (
            ("stdout", self.process.stdout), ("stderr", self.process.stderr)) if stream}
        self._readers = [threading.Thread(target=self._read, args=item, daemon=True) for item in readers.items()]
        for reader in self._readers:
            reader.start()

    def _read(self, name, descriptor):
        self._output[name] = b""
        while True:
            try:
                piece = os.read(descriptor, 65536)
            except OSError:  # a terminal without anybody left on its other side
                piece = b""
            if not piece:
                return
            self._output[name] += piece

    def bytes(self, name="stdout"):
        return self._output.get(name, b"")

    def output(self, name="stdout"):
        return self.bytes(name).decode(errors="replace")

    def type(self, keys):
        os.write(self._terminal, keys)

    def send(self, number):
        self.process.send_signal(number)

    def wait(self, seconds=60):
        """Until it has ended and all that it printed is here."""
        self.process.wait(seconds)
        for reader in self._readers:
            reader.join(10)

    def finish(self, seconds=60):
        self.wait(seconds)
        outcome = Outcome(_status(self.process.returncode), self.output(), self.output("stderr"))
        assert_no_secret(outcome.text)
        return outcome

    def tree(self):
        """Ids of pgtool and of all that descends from it."""
        found, parents = [self.process.pid], _parents()
        for parent in found:
            found += [child for child, of in parents.items() if of == parent]
        return found

    def end(self):
        """Whatever is left of the run's session, which is ours alone, is killed."""
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        for pid in self._left_over():
            os.kill(pid, signal.SIGKILL)
        self.process.wait(10)
        for stream in (self.process.stdout, self.process.stderr):
            if stream:
                stream.close()
        if self._terminal is not None:
            os.close(self._terminal)
            self._terminal = None

    def _left_over(self):
        return [pid for pid in _parents() if _session(pid) == self.process.pid]


def _take_terminal():
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


def _status(returncode):
    """As a shell tells it."""
    return returncode if returncode >= 0 else 128 - returncode


def _parents():
    found = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rsplit(")", 1)[1].split()
            except OSError:  # it has ended meanwhile
                continue
            if fields[0] != "Z":
                found[int(entry.name)] = int(fields[1])
    return found


def alive(pids):
    """Those of the processes that still run."""
    return set(pids) & set(_parents())


def _session(pid):
    try:
        return os.getsid(pid)
    except ProcessLookupError:
        return None


def assert_no_secret(text, secret=SECRET):
    assert secret not in text and quote(secret, safe="") not in text, "a password was printed"
