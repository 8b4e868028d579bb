"""What check and preflight say of a deployment, and what they are to be silent about."""
import os
import re
import shutil
import socket
import subprocess
import threading

import pytest

from processes import free_port, own, program
from runs import PGTOOL
from servers import POOLED, Bouncer

LEVELS = {"info": 0, "warning": 1, "error": 2}
# The pooler's own file, of which pgtool has at least to say that it listens everywhere.
LOOSE = """\
; The team's pooler. Who changes it tells the others.
[databases]
shop = host=127.0.0.1 port=5432 dbname=shop

[pgbouncer]
# where the application comes from
listen_addr = *
listen_port = 6432
auth_type = scram-sha-256
auth_file = /etc/pgbouncer/userlist.txt
pool_mode = transaction
"""
SOURCES = ["django", "files", "live", "console"]
QUIET = {"DISABLE_SERVER_SIDE_CURSORS": True}  # of an alias to which nobody objects
# An app that does something as soon as it is there.
READY = """\
from django.apps import AppConfig


class ShopConfig(AppConfig):
    name = "shop"

    def ready(self):
        from django.db import connections
        with connections[{alias!r}].cursor() as cursor:
            cursor.execute({statement!r})
"""


def findings(report, slug=None):
    return [finding for finding in report["findings"] if slug in (None, finding["rule"])]


def fires(slug, report, **where):
    """The one finding of that rule, at that place."""
    found = [finding for finding in findings(report, slug) if where.items() <= finding["where"].items()]
    assert len(found) == 1, (slug, where, [(f["rule"], f["where"]) for f in report["findings"]])
    return found[0]


def silent(slug, report):
    assert findings(report, slug) == []


def silenced(slug, report):
    """The one finding of that rule that somebody has answered for, and that does not count."""
    silent(slug, report)
    [found] = [finding for finding in report["silenced"] if finding["rule"] == slug]
    return found


def slugs(report, least="info"):
    return sorted({finding["rule"] for finding in report["findings"] if LEVELS[finding["severity"]] >= LEVELS[least]})


def seen(report):
    return [source["name"] for source in report[report["command"]]["sources"] if source["seen"]]


def limited(start_pgtool, project, *arguments, memory=1 << 30, cpu=10, seconds=40, **environment):
    """Runs pgtool in that much memory and processor time, both of which the kernel sees to; an Outcome."""
    limits = [f"--as={memory}", f"--cpu={cpu}", PGTOOL]
    return start_pgtool(project, *limits, *arguments, program=shutil.which("prlimit"), **environment).finish(seconds)


class Counter:
    """Listens, counts who comes, and tells nobody anything."""

    def __init__(self):
        self.port, self.count = free_port(), 0
        self._socket = socket.create_server(("0.0.0.0", self.port))
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            try:
                client, _ = self._socket.accept()
            except OSError:
                return
            self.count += 1
            client.close()

    def close(self):
        self._socket.close()


class Tuned(Bouncer):
    """A PgBouncer whose file is as it should be, but for what `settings` say; its text is `ini`."""

    def __init__(self, database, mode="transaction", **settings):
        self._settings = settings
        super().__init__(database.cluster, [database.name], mode)

    def _write(self, name, text):
        if name == "pgbouncer.ini":
            text = self.ini = self._file(text)
        return super()._write(name, text)

    def _file(self, text):
        databases = text[:text.index("[pgbouncer]")].replace(f" connect_query='{POOLED}'", "")
        values = {"listen_addr": "127.0.0.1", "listen_port": self.port, "unix_socket_dir": self.home, "auth_type": "scram-sha-256",
                  "auth_file": self.home / "userlist.txt", "admin_users": "pooladmin", "pool_mode": self.mode, "max_client_conn": 400,
                  "default_pool_size": 10, "max_db_connections": 30, "ignore_startup_parameters": "extra_float_digits",
                  **self._settings}
        return databases + "[pgbouncer]\n" + "".join(f"{key} = {value}\n" for key, value in values.items() if value is not None)


def own_copy(text, path, rights=0o640):
    """A file that belongs to the servers' user, where the tests run as root."""
    path.write_text(text, encoding="utf-8")
    path.chmod(rights)
    own(path)
    return path


def rights_of(path):
    told = os.stat(path)
    return oct(told.st_mode & 0o7777), told.st_uid, told.st_gid


def trace(database):
    """All that is stored, and the next id of a transaction that writes, in the whole server."""
    text = subprocess.run([program("pg_dump"), "-h", "127.0.0.1", "-p", str(database.port), "-U", "postgres", database.name],
                          env={"PATH": os.environ["PATH"]}, capture_output=True, text=True, check=True).stdout
    return (re.sub(r"^\\(un)?restrict .*\n", "", text, flags=re.M), database.sql("select pg_snapshot_xmax(pg_current_snapshot())"),
            database.sql("select tup_inserted, tup_updated, tup_deleted, temp_files from pg_stat_database where datname = current_database()"))


def plan_of(report):
    return report["preflight"]["plan"]["migrations"]


@pytest.fixture
def preflight(pgtool):
    def run(project, *arguments, status=0, **environment):
        outcome = pgtool(project, "preflight", "--format", "json", *arguments, **environment)
        assert outcome.status == status, outcome.text
        assert (outcome.json["command"], outcome.json["status"], outcome.json["version"]) == ("preflight", status, 1)
        assert outcome.json["preflight"]["ready"] is (status == 0)
        return outcome.json

    return run


@pytest.fixture
def quiet(project, bouncer, database):
    """A project behind a pooler with nothing to object to."""
    made = project(bouncer(), **QUIET)
    made.environment["PGTOOL_DIRECT_URL"] = database.url()
    return made


def line_of(finding, project):
    """The text of the line that the finding points at."""
    where = finding["where"]
    assert where["file"] and where["line"], where
    return (project.dir / where["file"]).read_text(encoding="utf-8").splitlines()[where["line"] - 1]


def of_poolers(report):
    """Findings about a pooler's own settings."""
    areas = {rule["rule"]: rule["area"] for rule in report["rules"]}
    return [finding for finding in report["findings"] if areas[finding["rule"]] == "pooler"]
