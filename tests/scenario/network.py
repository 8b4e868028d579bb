"""A network of the test's own: one end of a cable in a namespace, the other one in ours. It needs root, and no firewall."""
import os
import random
import shutil
import subprocess

from processes import program
from runs import PGTOOL
from waiting import until


def missing():
    """Why there can be no network of the test's own here, or nothing."""
    if os.geteuid() != 0:
        return "root makes network namespaces"
    if not shutil.which("ip", path=os.environ["PATH"] + ":/usr/sbin:/sbin"):
        return "ip (iproute2) is not installed"
    probe = f"pgtool-{os.getpid()}"
    made = subprocess.run([program("ip"), "netns", "add", probe], capture_output=True, text=True, check=False)
    if made.returncode:
        return f"ip netns add: {made.stderr.strip()}"
    _ip("netns", "delete", probe)
    return ""


class Network:
    """`here` and `there` are the addresses of the two ends. Of several at once each has its own."""

    def __init__(self):
        self.name = self._make(f"{random.randrange(1 << 20):05x}")

    def _make(self, word, tries=20):
        """By the first numbers that nobody else has."""
        try:
            _ip("netns", "add", f"pgtool-{word}")
        except RuntimeError:
            if not tries:
                raise
            return self._make(f"{random.randrange(1 << 20):05x}", tries - 1)
        # Of 100.64.0.0/10, which is nobody's: two addresses out of each four.
        number = (100 << 24) + (64 << 16) + int(word, 16) * 4
        self.here, self.there = (".".join(str((number + end) >> shift & 255) for shift in (24, 16, 8, 0)) for end in (1, 2))
        self.name, self._here, self._there = f"pgtool-{word}", f"pgt{word}h", f"pgt{word}t"
        _ip("link", "add", self._here, "type", "veth", "peer", "name", self._there, "netns", self.name)
        _ip("addr", "add", f"{self.here}/30", "dev", self._here)
        self._within("addr", "add", f"{self.there}/30", "dev", self._there)
        self._within("link", "set", "lo", "up")
        _ip("link", "set", self._here, "up")
        self._within("link", "set", self._there, "up")
        return self.name

    def _within(self, *arguments):
        _ip("-n", self.name, *arguments)

    def command(self, *arguments):
        """That runs pgtool at the far end."""
        return [program("ip"), "netns", "exec", self.name, PGTOOL, *arguments]

    def swallow(self):
        """What either end sends is lost, and nobody is told: it goes to an address of the cable that nobody has."""
        _ip("neigh", "replace", self.there, "lladdr", "02:00:00:00:00:01", "dev", self._here, "nud", "permanent")
        self._within("neigh", "replace", self.here, "lladdr", "02:00:00:00:00:01", "dev", self._there, "nud", "permanent")

    def unplug(self):
        """Both ends see it."""
        _ip("link", "set", self._here, "down")

    def mend(self):
        _ip("link", "set", self._here, "up")
        until(self._carries, "the cable carries again")
        _ip("neigh", "flush", "dev", self._here, "nud", "all")
        self._within("neigh", "flush", "dev", self._there, "nud", "all")

    def _carries(self):
        shown = [_ip("link", "show", self._here), _ip("-n", self.name, "link", "show", self._there)]
        return all("state UP" in one for one in shown)

    def remove(self):
        """With the namespace goes its end of the cable, and with that ours."""
        _ip("link", "delete", self._here)
        _ip("netns", "delete", self.name)


def _ip(*arguments):
    done = subprocess.run([program("ip"), *arguments], capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"ip {' '.join(arguments)}: {done.stderr.strip()}")
    return done.stdout
