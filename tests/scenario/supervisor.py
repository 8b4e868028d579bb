"""The test in pgtool's place: spawns a project under the Python bridge and answers it."""
import json
import socket
import subprocess
import threading
import time
from pathlib import Path

from processes import new_home, remove_home

SOURCES = Path(__file__).resolve().parents[2] / "src/django/bridge"
BOOT = (SOURCES / "boot.py").read_text()
MODULES = {path.stem: path.read_text() for path in SOURCES.glob("*.py") if path.stem != "boot"}
DEPLOY, RUN = [0x7067746F, 0x6F6C0001], [0x7067746F, 0x6F6C0002]
DIRECT = {"action": "direct", "set": {}, "options_drop": [], "options_set": {}, "session": [["lock_timeout", "2s"]]}


class Supervisor:
    """Spawns a project under the bridge and answers it: every alias as `aliases` says, every connection with `verdict`.
    With mode="settings" it asks the `questions` one by one and then lets the process end."""

    def __init__(self, project, *entry, aliases=None, verdict=lambda run: True, mode="run", strict=False, questions=(), **environment):
        self._questions = list(questions)
        self.messages, self._aliases, self._verdict, self._mode, self._strict = [], aliases, verdict, mode, strict
        self._folder = new_home("meet")
        (self._folder / "sitecustomize.py").write_text(BOOT)
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(str(self._folder / "socket"))
        self._listener.listen()
        self._socket, theirs = socket.socketpair()
        self._out, self._err = project.dir / "out.txt", project.dir / "err.txt"
        with open(self._out, "wb") as out, open(self._err, "wb") as err:
            self.process = subprocess.Popen(
                [project.python, "-c", BOOT, str(theirs.fileno()), *entry], pass_fds=[theirs.fileno()], cwd=project.dir,
                env={**project.environment, **environment}, stdin=subprocess.DEVNULL, stdout=out, stderr=err)
        theirs.close()
        config = {"mode": mode, "environment": ["WANTED"], "socket": str(self._folder / "socket"), "folder": str(self._folder)}
        payload = json.dumps({"modules": MODULES, "config": config}).encode()
        self._payload = b"%d\n%s" % (len(payload), payload)
        self._socket.sendall(self._payload)
        self._thread = self._serve_in_thread(self._socket)
        threading.Thread(target=self._accept, daemon=True).start()

    def _serve_in_thread(self, link):
        thread = threading.Thread(target=self._serve, args=[link], daemon=True)
        thread.start()
        return thread

    def _accept(self):
        """Processes that the project starts come here."""
        try:
            while True:
                link, _ = self._listener.accept()
                link.sendall(self._payload)
                self._serve_in_thread(link)
        except OSError:
            pass

    def _serve(self, link):
        try:
            with link.makefile() as lines:
                for line in lines:
                    message = json.loads(line)
                    message["at"] = time.monotonic()
                    message["joined"] = link is not self._socket  # A process that the project started.
                    self.messages.append(message)
                    if "id" in message:
                        self._answer(link, message)
        except OSError:
            pass

    def _answer(self, link, message):
        reply = {"reply_to": message["id"]}
        if message["event"] == "connected":
            reply.update(ok=self._verdict(self), reason="not proved")
        elif self._mode == "settings":
            reply.update(self._questions.pop(0) if self._questions else {"do": "stop", "status": 7})
        else:
            names = [alias["name"] for alias in message["aliases"]]
            aliases = self._aliases if self._aliases is not None else {name: DIRECT for name in names}
            reply.update(do="run", aliases=aliases, deploy_key=DEPLOY, run_key=RUN, strict=self._strict)
        link.sendall(json.dumps(reply).encode() + b"\n")

    def vanish(self):
        self._socket.shutdown(socket.SHUT_RDWR)

    def finish(self):
        try:
            self.status = self.process.wait(60)
        finally:
            self.process.kill()
            self._listener.close()
            remove_home(self._folder)
        self._thread.join(5)
        self.out, self.err = self._out.read_text(), self._err.read_text()
        return self

    def of(self, event):
        return [message for message in list(self.messages) if message["event"] == event]


def plainly(project, *entry):
    return subprocess.run([project.python, *entry], cwd=project.dir, env=project.environment, stdin=subprocess.DEVNULL,
                          capture_output=True, text=True, timeout=60)
