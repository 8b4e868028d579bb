"""Pairs of commands, run A B A B on throw-away servers; medians, their ratio and the bar. measure.py [ROUNDS]"""
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import processes
from listeners import Full, Silent
from projects import ARTICLE, Project, article_environment, postgresql
from runs import PGTOOL
from servers import SECRET, Bouncer, Cluster

# A child's peak counts its parent's size at the fork, hence a small parent.
_PEAK = """\
import os, sys
pid = os.posix_spawn(sys.argv[1], sys.argv[1:], os.environ, file_actions=[(os.POSIX_SPAWN_OPEN, 1, "/dev/null", os.O_WRONLY, 0)])
_, status, usage = os.wait4(pid, 0)
print(usage.ru_maxrss, os.waitstatus_to_exitcode(status))
"""


class Command:
    def __init__(self, name, arguments, project, **environment):
        self.name, self.arguments, self.folder = name, list(map(str, arguments)), project.dir
        self.environment = {**project.environment, **environment}

    def seconds(self):
        begin = time.perf_counter()
        done = subprocess.run(self.arguments, cwd=self.folder, env=self.environment, capture_output=True, text=True)
        taken = time.perf_counter() - begin
        if done.returncode:
            sys.exit(f"tests/bench: {self.name} ended with {done.returncode}: {done.stderr.strip()[-500:]}")
        return taken

    def peak_megabytes(self):
        done = subprocess.run([sys.executable, "-IS", "-c", _PEAK, *self.arguments], cwd=self.folder, env=self.environment,
                              capture_output=True, text=True, check=True)
        kilobytes, status = map(int, done.stdout.split())
        if status:
            sys.exit(f"tests/bench: {self.name} ended with {status}: {done.stderr.strip()[-500:]}")
        return kilobytes / 1024


def medians(rounds, *commands):
    """The median of each, taken in turns after one unmeasured turn."""
    turns = [[command.seconds() for command in commands] for _ in range(rounds + 1)][1:]
    return [statistics.median(column) for column in zip(*turns)]


def print_ratio(title, rounds, ours, theirs, bar):
    one, other = medians(rounds, ours, theirs)
    ratio = one / other
    print(f"{title}\n  {ours.name:36} {one * 1000:8.1f} ms\n  {theirs.name:36} {other * 1000:8.1f} ms\n"
          f"  {'ratio':36} {ratio:8.2f}    bar {bar:.2f}  {verdict(ratio <= bar)}", flush=True)


def print_figure(title, figure, bar, unit):
    print(f"{title}\n  {'':36} {figure:8.1f} {unit} bar {bar}  {verdict(figure < bar)}", flush=True)


def print_waits(rounds, pooler, database, bare):
    """A candidate that swallows packets costs its own connect timeout, however many there are, and nothing else is added."""
    hosts = [Full(), Silent(), Full()]
    names = ["DIRECT_URL", "DATABASE_URL_UNPOOLED", "POSTGRES_URL_NON_POOLING"]
    urls = {name: f"postgresql://app:{SECRET}@127.0.0.1:{host.port}/{database.name}" for name, host in zip(names, hosts)}
    timeout = 1.0
    commands = [Command(f"{count} silent hosts among the candidates", [PGTOOL, "detect", "--connect-timeout", timeout], bare,
                        PGTOOL_POOLED_URL=pooler.url(database.name), **dict(list(urls.items())[:count])) for count in (0, 1, 3)]
    none, one, three = medians(max(3, rounds // 4), *commands)
    print(f"detect --connect-timeout {timeout:.0f}")
    for command, seconds in zip(commands, (none, one, three)):
        print(f"  {command.name:36} {seconds * 1000:8.1f} ms")
    beyond = three - timeout - none
    print(f"  {'three, beyond timeout and none':36} {beyond * 1000:8.1f} ms bar 50  {verdict(beyond < 0.05)}")
    print(f"  {'ratio of three and one':36} {three / one:8.2f}    bar 1.05  {verdict(three / one <= 1.05)}", flush=True)
    for host in hosts:
        host.close()


def print_checks(rounds, pooler, database, folder):
    """In CI: one start of the project with everything, and the files of a pooler alone."""
    alias = postgresql(pooler, database.name, DISABLE_SERVER_SIDE_CURSORS=True)
    project = Project.shop(folder / "checked", {"default": alias}, environment={"PGTOOL_DIRECT_URL": database.url()})
    plain = Command("manage.py migrate --check", [project.python, "manage.py", "migrate", "--check"], project)
    print_ratio("preflight with nothing to apply", rounds, Command("pgtool preflight", [PGTOOL, "preflight"], project), plain, 1.20)
    files = Project.bare(folder / "files")
    files.write("pgbouncer.ini", "[databases]\nshop = host=127.0.0.1\n[pgbouncer]\nlisten_addr = 127.0.0.1\n"
                                 "auth_type = scram-sha-256\nauth_file = userlist.txt\npool_mode = transaction\n")
    offline = Command("pgtool check --offline", [PGTOOL, "check", "--offline"], files)
    print_figure("check --offline on files alone", medians(rounds, offline)[0] * 1000, 50, "ms")


def verdict(holds):
    return "ok" if holds else "MISSED"


def main(rounds):
    database = Cluster(settings={"log_statement": "'none'", "log_connections": "off"}).database()
    pooler = Bouncer(database.cluster, [database.name])
    with tempfile.TemporaryDirectory(prefix="pgtool-bench-") as folder:
        project = Project.shop(Path(folder) / "shop", ARTICLE, environment=article_environment(pooler, database))
        bare = Project.bare(Path(folder) / "bare")
        urls = {"PGTOOL_POOLED_URL": pooler.url(database.name), "PGTOOL_DIRECT_URL": database.url()}
        direct = Command("pgtool migrate --direct", [PGTOOL, "migrate", "--direct"], project)
        plain = Command("manage.py migrate on the server", [project.python, "manage.py", "migrate"], project,
                        PG_BOUNCER_HOST="", PG_BOUNCER_PORT="")
        detect = Command("pgtool detect, both URLs given", [PGTOOL, "detect"], bare, **urls)
        psql = Command("psql -c 'select 1' by the pooler", [processes.program("psql"), "-XqAt", "-c", "select 1",
                                                            pooler.url(database.name)], project)
        plain.seconds()
        print_ratio("migrate with nothing to apply", rounds, direct, plain, 1.10)
        print_ratio("detect", rounds, detect, psql, 3.0)
        version = Command("pgtool --version", [PGTOOL, "--version"], project)
        print_figure("pgtool --version", medians(rounds, version)[0] * 1000, 10, "ms")
        print_checks(rounds, pooler, database, Path(folder))
        print_waits(rounds, pooler, database, bare)
        print_figure("peak memory of detect", detect.peak_megabytes(), 30, "MB")


if __name__ == "__main__":
    processes.end_on_signals()
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 21)
