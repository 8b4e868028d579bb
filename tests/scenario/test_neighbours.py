"""While pgtool looks, other clients of the same pool notice nothing: above all it is never put into back-off."""
import threading
import time

import psycopg
import pytest
from servers import SECRET

RETRY = 15  # seconds of back-off: a client that meets one waits most of it, or is refused
AUTH_QUERY = "auth_user = postgres\nauth_query = select usename, passwd from pg_shadow where usename = $1"


class Neighbour:
    """Clients that come, ask and go, and one that stays, from before a detect to after it."""

    def __init__(self, conninfo):
        self._conninfo, self._leave = conninfo, threading.Event()
        self.slowest, self.failures, self.rounds = 0.0, [], 0
        self._thread = threading.Thread(target=self._work)

    def __enter__(self):
        self._round()
        self._thread.start()
        return self

    def __exit__(self, *ignored):
        self._leave.set()
        self._thread.join(60)
        self._round()

    def _round(self):
        began = time.monotonic()
        try:
            with psycopg.connect(self._conninfo, autocommit=True, prepare_threshold=None) as client:
                client.execute("select 1")
        except psycopg.Error as error:
            self.failures.append(str(error))
        self.slowest = max(self.slowest, time.monotonic() - began)
        self.rounds += 1

    def _work(self):
        while not self._leave.is_set():
            self._round()

    def assert_undisturbed(self):
        assert self.failures == []
        assert self.rounds >= 3 and self.slowest < RETRY / 2


def look(pgtool, nowhere, *arguments, **environment):
    return pgtool(nowhere, "detect", "--format", "json", *arguments, **environment)


@pytest.fixture
def patient(bouncer):
    def start(mode="transaction", extra="", **options):
        return bouncer(mode, extra=f"server_login_retry = {RETRY}\n{extra}", **options)

    return start


@pytest.mark.parametrize("mode", ["session", "transaction", "statement"])
@pytest.mark.parametrize("console", [False, True], ids=["ordinary", "console"])
def test_a_plain_detect(patient, database, nowhere, pgtool, mode, console):
    pooler = patient(mode)

    with Neighbour(pooler.conninfo(database.name)) as neighbour:
        outcome = look(pgtool, nowhere, "--pooled-url", pooler.url(database.name),
                       *(["--console-url", pooler.console()] if console else []))

    assert (outcome.status, outcome.json["pooler"]["mode"]) == (0, mode), outcome.text
    neighbour.assert_undisturbed()


def test_a_wrong_password(patient, database, nowhere, pgtool):
    pooler = patient()

    with Neighbour(pooler.conninfo(database.name)) as neighbour:
        outcome = look(pgtool, nowhere, "--pooled-url", pooler.url(database.name, password="not-it"))

    assert outcome.status == 3, outcome.text
    neighbour.assert_undisturbed()


def test_a_wrong_password_for_the_server(patient, database, nowhere, pgtool):
    pooler = patient()

    with Neighbour(pooler.conninfo(database.name)) as neighbour:
        outcome = look(pgtool, nowhere, "--pooled-url", pooler.url(database.name), "--direct-url", database.url(password="not-it"))

    assert outcome.status == 3, outcome.text
    neighbour.assert_undisturbed()


@pytest.mark.parametrize("name", ["itself", "nosuch"])
def test_a_database_that_stands_for_any_name(patient, database, nowhere, pgtool, name):
    pooler = patient(lines=(f"* = host=127.0.0.1 port={database.port}",))
    asked = database.name if name == "itself" else name

    with Neighbour(pooler.conninfo(database.name)) as neighbour:
        outcome = look(pgtool, nowhere, "--pooled-url", pooler.url(asked))

    assert outcome.status == (0 if name == "itself" else 3), outcome.text
    neighbour.assert_undisturbed()


def test_a_forced_user(patient, database, nowhere, pgtool):
    pooler = patient(line=f"user=app password={SECRET}")

    with Neighbour(pooler.conninfo(database.name, "owner")) as neighbour:
        outcome = look(pgtool, nowhere, "--pooled-url", pooler.url(database.name, "owner"))

    assert outcome.json["pooler"]["kind"] == "pgbouncer", outcome.text
    neighbour.assert_undisturbed()


@pytest.mark.parametrize("password", [SECRET, "not-it"], ids=["right", "wrong"])
def test_an_auth_query(patient, database, nowhere, pgtool, password):
    pooler = patient(extra=AUTH_QUERY, users={"postgres": ""})

    with Neighbour(pooler.conninfo(database.name)) as neighbour:
        outcome = look(pgtool, nowhere, "--pooled-url", pooler.url(database.name, password=password))

    assert outcome.status == (0 if password == SECRET else 3), outcome.text
    neighbour.assert_undisturbed()


def test_another_database_whose_server_is_down(patient, database, nowhere, pgtool):
    pooler = patient(lines=("gone = host=127.0.0.1 port=19",))

    with Neighbour(pooler.conninfo(database.name)) as neighbour:
        outcome = look(pgtool, nowhere, "--pooled-url", pooler.url("gone"))

    assert outcome.status == 3 and "the login was not finished" in outcome.json["verdict"], outcome.text
    neighbour.assert_undisturbed()
