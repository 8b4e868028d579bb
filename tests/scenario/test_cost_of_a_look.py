"""What one detect costs: server sessions, logins, and never a back-off for anybody else."""
import re
import threading
import time

import psycopg
import pytest
from servers import SECRET
from waiting import until


def logins(pooler):
    """Logins that the pooler has seen so far, refused ones among them."""
    text = pooler.server.log.read_text(errors="replace")
    return len(set(re.findall(r"@127\.0\.0\.1:(\d+) (?:login attempt|unsupported startup)", text)))


def direct_logins(database):
    """Sessions on the server that are no pooler's and not the test's."""
    return len({s.session for s in database.statements() if not s.pooled and s.user != "postgres"})


def detect(pgtool, nowhere, url, *arguments, **environment):
    return pgtool(nowhere, "detect", "--format", "json", "--pooled-url", url, *arguments, **environment)


@pytest.mark.parametrize("mode", ["session", "transaction", "statement"])
@pytest.mark.parametrize("extra", ["", "ignore_startup_parameters = options"], ids=["strict", "options-ignored"])
@pytest.mark.parametrize("variant", ["alone", "console", "candidates"])
def test_two_server_sessions_and_eight_logins(bouncer, database, nowhere, pgtool, mode, extra, variant):
    pooler = bouncer(mode, extra=extra)
    arguments = ["--console-url", pooler.console()] if variant == "console" else []
    names = ["DIRECT_URL", "DIRECT_DATABASE_URL", "DATABASE_URL_UNPOOLED", "POSTGRES_URL_NON_POOLING", "DATABASE_UNPOOLED_URL",
             "DATABASE_PUBLIC_UNPOOLED_URL", "DATABASE_URL"]
    urls = {name: database.url(user=user) for name, user in zip(names, ["owner", "tlsonly", "a", "b", "c", "d", "e"])}
    environment = urls if variant == "candidates" else {}

    outcome = detect(pgtool, nowhere, pooler.url(database.name), *arguments, **environment)

    assert outcome.json["pooler"]["mode"] == mode, outcome.text
    assert logins(pooler) <= 5
    refused = sum("password authentication failed" in record.get("message", "") for record in database.cluster.log.records()
                  if record.get("dbname") == database.name)
    assert logins(pooler) + direct_logins(database) + refused <= 8
    assert int(max(row["sv_idle"] for row in pooler.shown("pools") if row["database"] == database.name)) <= 2


def test_a_wrong_password_is_sent_once(bouncer, database, nowhere, pgtool):
    pooler = bouncer()

    outcome = detect(pgtool, nowhere, pooler.url(database.name, password="not-the-password"))

    assert outcome.status == 3
    assert logins(pooler) == 1


def test_a_user_without_rights_on_the_console_learns_the_same(bouncer, database, nowhere, pgtool):
    pooler = bouncer()

    report = detect(pgtool, nowhere, pooler.url(database.name)).json

    assert (report["pooler"]["kind"], report["pooler"]["confidence"]) == ("pgbouncer", "certain")
    assert (report["pooler"]["mode"], report["pooler"]["mode_confidence"]) == ("transaction", "proved")


@pytest.mark.parametrize("mode", ["session", "transaction", "statement"])
def test_a_pool_of_one_session_is_no_reason_to_wait_long(bouncer, database, nowhere, pgtool, mode):
    pooler = bouncer(mode, extra="default_pool_size = 1")
    begin = time.monotonic()

    outcome = detect(pgtool, nowhere, pooler.url(database.name))

    assert outcome.json["pooler"]["mode"] == mode, outcome.text
    assert time.monotonic() - begin < 9  # a statement of its own is given ten seconds


class Neighbour:
    """Another client of the pool, at work all the time."""

    def __init__(self, conninfo):
        self._conninfo, self._stop, self.answers, self.failures, self.slowest = conninfo, threading.Event(), 0, [], 0
        self._thread = threading.Thread(target=self._work)

    def __enter__(self):
        self._thread.start()
        until(lambda: self.answers or self.failures, "the neighbour works", 10)
        return self

    def __exit__(self, *_):
        before = self.answers
        until(lambda: self.answers > before + 3 or self.failures, "the neighbour has gone on", 30)
        self._stop.set()
        self._thread.join()

    def _work(self):
        while not self._stop.is_set():
            begin = time.monotonic()
            try:
                with psycopg.connect(self._conninfo, autocommit=True, prepare_threshold=None) as client:
                    client.execute("select 1")
                self.answers += 1
            except psycopg.Error as error:
                self.failures.append(str(error))
                return
            self.slowest = max(self.slowest, time.monotonic() - begin)


@pytest.mark.parametrize("case", ["ordinary", "wrong password", "any name", "forced user", "candidates refused"])
def test_nobody_else_is_kept_waiting(bouncer, database, nowhere, pgtool, case):
    """A pool in back-off answers nobody for server_login_retry, which is a minute here."""
    retry = "server_login_retry = 60\nquery_wait_timeout = 90"
    if case == "any name":
        pooler = bouncer(extra=retry, lines=[f"* = host=127.0.0.1 port={database.port}"])
    else:
        pooler = bouncer(extra=retry, line=f"user=owner password={SECRET}" if case == "forced user" else "")
    password = "not-the-password" if case == "wrong password" else SECRET
    environment = {"DIRECT_URL": database.url(password="another-word")} if case == "candidates refused" else {}

    with Neighbour(pooler.conninfo(database.name)) as neighbour:
        detect(pgtool, nowhere, pooler.url(database.name, password=password), **environment)

    assert neighbour.failures == []
    assert neighbour.slowest < 20
