"""Servers as child processes: an ordinary user, a free port below the ephemeral range, ended by their id."""
import atexit
import glob
import os
import random
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
from pathlib import Path

from waiting import until

# Where a cell of tests/matrix names poolers of its own.
POOLER_PROGRAMS = {"pgbouncer": "PGTOOL_TEST_BOUNCER", "pgpool": "PGTOOL_TEST_PGPOOL", "odyssey": "PGTOOL_TEST_ODYSSEY"}
_running = []
_homes = []
_ports = set()


def program(name):
    """What the environment names: a pooler, or a program of the PostgreSQL in PGTOOL_TEST_SERVER. Else the newest
    PostgreSQL's, else from PATH and sbin."""
    if os.environ.get(POOLER_PROGRAMS.get(name, "")):
        return os.environ[POOLER_PROGRAMS[name]]
    named = os.path.join(os.environ.get("PGTOOL_TEST_SERVER", ""), name)
    if os.path.isabs(named) and os.access(named, os.X_OK):
        return named
    versioned = sorted(glob.glob(f"/usr/lib/postgresql/*/bin/{name}"), key=lambda path: int(path.split("/")[4]))
    path = versioned[-1] if versioned else shutil.which(name, path=os.environ["PATH"] + ":/usr/sbin:/usr/local/sbin")
    if not path:
        raise RuntimeError(f"{name} is not installed: run tests/setup")
    return path


def version_of(name):
    """Such as (1, 18, 0), by the program's own word."""
    told = subprocess.run(as_servant(program(name), "--version"), capture_output=True, text=True, check=False)
    return tuple(map(int, re.search(r"(\d+)\.(\d+)(?:\.(\d+))?", told.stdout + told.stderr).groups(default="0")))


def free_port():
    """A TCP port that nobody listens on; below 32768, so that no outgoing connection takes it meanwhile."""
    while True:
        number = random.randrange(20000, 32000)
        with socket.socket() as probe:
            try:
                probe.bind(("0.0.0.0", number))
            except OSError:
                continue
        if number not in _ports:
            _ports.add(number)
            return number


def new_home(kind):
    """A folder that the servers' user owns; short, because a unix socket's path must be."""
    home = Path(f"/tmp/pgtool-{kind}-{secrets.token_hex(4)}")
    _homes.append(home)  # first, for a Ctrl-C may come at any moment
    home.mkdir(mode=0o700)
    own(home)
    return home


def own(path):
    if os.geteuid() == 0:
        shutil.chown(path, "postgres", "postgres")


def as_servant(*arguments):
    """The command as an ordinary user; it ends when this process does, even by SIGKILL."""
    user = ["--reuid=postgres", "--regid=postgres", "--clear-groups"] if os.geteuid() == 0 else []
    return ["setpriv", *user, "--pdeathsig=QUIT", *map(str, arguments)]


def run_as_servant(*arguments, cwd):
    """To its end; when we are interrupted meanwhile, it is ended in order, for it may have children that still write."""
    with subprocess.Popen(as_servant(*arguments), cwd=cwd, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
                          start_new_session=True) as process:
        try:
            _, errors = process.communicate(timeout=120)
        except BaseException:
            process.terminate()
            process.communicate(timeout=10)
            raise
    if process.returncode:
        raise RuntimeError(f"{Path(str(arguments[0])).name} failed: {errors.strip()[-500:]}")


class Server:
    """A foreground process that serves a port; its output goes to `log`."""

    def __init__(self, arguments, home, port):
        self.log = home / "output.log"
        with open(self.log, "ab") as sink:
            self.process = subprocess.Popen(as_servant(*arguments), cwd=home, stdin=subprocess.DEVNULL, stdout=sink,
                                            stderr=sink, start_new_session=True)
        _running.append(self)
        name = Path(str(arguments[0])).name
        until(lambda: self._answers(port, name), f"{name} answers on port {port}", 30)

    def _answers(self, port, name):
        if self.process.poll() is not None:
            raise RuntimeError(f"{name} did not start: {self.log.read_text(errors='replace')[-500:]}")
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            return False
        return True

    def stop(self):
        """At once: with SIGQUIT neither PostgreSQL nor PgBouncer waits for its clients."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGQUIT)
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()


@atexit.register
def stop_everything():
    while _running:
        _running.pop().stop()
    while _homes:
        remove_home(_homes[-1])


def remove_home(home):
    """A server's last helpers may still write for a moment after it has ended."""

    def removed():
        shutil.rmtree(home, ignore_errors=True)
        return not home.exists()

    until(removed, f"{home} is removed", 5)
    _homes.remove(home)


def heed_signals():
    """A shell starts its background commands with SIGINT and SIGQUIT ignored, and that is inherited by all servers and
    programs under test: there the tests could neither press Ctrl-C nor stop a server."""
    if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGQUIT, signal.SIG_DFL)


heed_signals()


def end_on_signals():
    """Makes SIGTERM and SIGHUP leave through atexit as Ctrl-C does."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda received, frame: sys.exit(128 + received))
