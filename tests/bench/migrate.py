"""A whole project from zero, by pgtool and by plain manage.py in turns, on a fresh database each time. migrate.py [ROUNDS]"""
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import processes
from grown_project import grown_project
from projects import postgresql
from runs import PGTOOL
from servers import Cluster
from waiting import until

BAR = 1.05
TICK = os.sysconf("SC_CLK_TCK")


class Side:
    """One of the two commands. Every run has a database of its own, which is made before and dropped after it."""

    def __init__(self, name, arguments, project, cluster):
        self.name, self.arguments, self.project, self.cluster = name, arguments, project, cluster
        self.seconds, self.own, self.servers = [], [], []  # wall clock; CPU of the command; CPU of the server for it

    def run(self):
        self.cluster.sql("drop database if exists grown", "postgres")
        self.cluster.create("grown")
        spent = self._of_server()
        begin = time.perf_counter()
        with tempfile.TemporaryFile("w+") as errors:
            process = subprocess.Popen(self.arguments, cwd=self.project.dir, env=self.project.environment,
                                       stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=errors)
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            errors.seek(0)
            if process.returncode:
                sys.exit(f"tests/bench: {self.name} ended with {process.returncode}: {errors.read().strip()[-500:]}")
        self.seconds.append(time.perf_counter() - begin)
        self.own.append(usage.ru_utime + usage.ru_stime)
        self.servers.append(self._of_server() - spent)

    def _of_server(self):
        """That of its ended sessions is the postmaster's."""
        until(lambda: not self._sessions(), "nobody is connected")
        fields = Path(f"/proc/{self.cluster.server.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return sum(map(int, fields[11:15])) / TICK

    def _sessions(self):
        return self.cluster.sql("select from pg_stat_activity where datname = 'grown'", "postgres")

    def forget(self):
        self.seconds, self.own, self.servers = [], [], []


def compare(rounds, ours, theirs):
    for number in range(rounds + 1):
        for side in (ours, theirs) if number % 2 else (theirs, ours):
            side.run()
        if not number:
            ours.forget()
            theirs.forget()


def print_comparison(title, ours, theirs):
    print(f"{title}, {len(ours.seconds)} runs of each in turns")
    for figure, measured in ("wall clock", "seconds"), ("user+sys", "own"), ("user+sys of the server", "servers"):
        one, other = (statistics.median(getattr(side, measured)) for side in (ours, theirs))
        judged = f"bar {BAR:.2f}  {'ok' if one / other <= BAR else 'MISSED'}" if measured == "seconds" else ""
        sides = f"{ours.name} {one:6.2f} s   {theirs.name} {other:6.2f} s"
        print(f"  {figure:24} {sides}   ratio {one / other:.3f}   {judged}".rstrip())
    pairs = sorted(one / other for one, other in zip(ours.seconds, theirs.seconds))
    print(f"  wall clock pair by pair  from {pairs[0]:.3f} to {pairs[-1]:.3f}, median {statistics.median(pairs):.3f}", flush=True)


def main(rounds):
    cluster = Cluster(settings={"log_statement": "'none'", "log_connections": "off"})
    with tempfile.TemporaryDirectory(prefix="pgtool-bench-") as folder:
        project = grown_project(Path(folder) / "grown", {"default": postgresql(cluster, "grown")})
        ours = Side("pgtool migrate", [PGTOOL, "migrate"], project, cluster)
        theirs = Side("manage.py migrate", [project.python, "manage.py", "migrate"], project, cluster)
        compare(rounds, ours, theirs)
        applied = cluster.sql("select count(*) from django_migrations", "grown")
        print_comparison(f"migrate from zero, {applied} migrations", ours, theirs)


if __name__ == "__main__":
    processes.end_on_signals()
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 7)
