"""A pooler that lets nobody through is called by the state that it is in; a mode by whoever sets it."""
from contextlib import contextmanager

import psycopg
import pytest
from servers import SECRET, simple_query


def detect(pgtool, nowhere, url, *arguments):
    return pgtool(nowhere, "detect", "--pooled-url", url, "--connect-timeout", "1", *arguments)


def console(pooler, command):
    return simple_query(pooler.conninfo("pgbouncer", "pooladmin"), command)


def assert_told(pgtool, nowhere, url, name, words, *arguments):
    """The state's name in JSON, its meaning in text, and status 3: nothing could be found out."""
    told = detect(pgtool, nowhere, url, "--format", "json", *arguments)
    read = detect(pgtool, nowhere, url, *arguments)
    assert (told.status, told.json["detect"]["trouble"]) == (3, name), told.text
    assert words in " ".join(read.stdout.split()), read.text
    assert SECRET not in told.text + read.text


@contextmanager
def holders(conninfo, number, statement):
    """So many clients that hold what `statement` gives them."""
    clients = [psycopg.connect(conninfo, autocommit=True, prepare_threshold=None) for _ in range(number)]
    try:
        for client in clients:
            client.execute(statement)
        yield
    finally:
        for client in clients:
            client.close()


def test_a_paused_database(bouncer, database, nowhere, pgtool):
    pooler = bouncer()
    pooler.sql("select 1", database.name)
    console(pooler, f"pause {database.name}")

    assert_told(pgtool, nowhere, pooler.url(database.name), "database-paused", "is paused on the pooler", "--console-url",
                pooler.console())
    assert_told(pgtool, nowhere, pooler.url(database.name), "no-answer", "answers nothing")


def test_a_disabled_database(bouncer, database, nowhere, pgtool):
    pooler = bouncer()
    console(pooler, f"disable {database.name}")

    assert_told(pgtool, nowhere, pooler.url(database.name), "database-disabled", "is disabled on the pooler")
    assert_told(pgtool, nowhere, pooler.url(database.name), "database-disabled", "is disabled on the pooler", "--console-url",
                pooler.console())


def test_more_clients_than_the_pooler_admits(bouncer, database, nowhere, pgtool):
    pooler = bouncer(extra="max_client_conn = 2")

    with holders(pooler.conninfo(database.name), 2, "select 1"):
        assert_told(pgtool, nowhere, pooler.url(database.name), "too-many-clients", "as many clients as it admits")


def test_a_server_that_refuses_the_pooler(bouncer, database, nowhere, pgtool):
    """The first client hears of it from the server itself, later ones wait for the next try."""
    pooler = bouncer(line="user=owner password=not-the-password", extra="server_login_retry = 30")

    outcome = detect(pgtool, nowhere, pooler.url(database.name), "--format", "json")

    assert outcome.status == 3, outcome.text
    assert outcome.json["detect"]["trouble"] in ("server-refuses-pooler", "login-stalls", "no-server-session", "back-off"), outcome.text
    assert "not-the-password" not in outcome.text


@pytest.mark.parametrize("mode", ["session", "transaction"])
def test_a_pool_that_is_used_up(bouncer, database, nowhere, pgtool, mode):
    pooler = bouncer(mode, extra="default_pool_size = 2")

    with holders(pooler.conninfo(database.name), 2, "select 1" if mode == "session" else "begin"):
        assert_told(pgtool, nowhere, pooler.url(database.name), "pool-used-up", "in use", "--console-url", pooler.console())
        assert_told(pgtool, nowhere, pooler.url(database.name), "no-answer", "answers nothing")


def test_a_server_that_is_down(bouncer, database, nowhere, pgtool):
    pooler = bouncer(line="host=127.0.0.1", lines=["gone = host=127.0.0.1 port=1"])

    outcome = detect(pgtool, nowhere, pooler.url("gone"), "--format", "json")

    assert outcome.status == 3 and outcome.json["detect"]["trouble"], outcome.text


@pytest.mark.parametrize("with_console", [False, True])
def test_the_users_mode_is_the_one_in_force(bouncer, database, nowhere, pgtool, with_console):
    pooler = bouncer("transaction", extra="[users]\napp = pool_mode=session")
    arguments = ["--console-url", pooler.console()] if with_console else []

    report = detect(pgtool, nowhere, pooler.url(database.name), "--format", "json", *arguments).json

    assert report["pooler"]["mode"] == "session"
    assert report["pooler"]["mode_confidence"] == ("certain" if with_console else "likely")


def test_the_databases_mode_comes_before_the_global_one(bouncer, database, nowhere, pgtool):
    pooler = bouncer("session", line="pool_mode=transaction")

    report = detect(pgtool, nowhere, pooler.url(database.name), "--format", "json", "--console-url", pooler.console()).json

    assert (report["pooler"]["mode"], report["pooler"]["mode_source"]) == ("transaction", "SHOW POOLS of its console")


@pytest.mark.parametrize("extra", ["server_round_robin = 1", "min_pool_size = 5", "server_round_robin = 1\nmin_pool_size = 5"])
def test_unusual_pools_do_not_mislead_the_probe(bouncer, database, nowhere, pgtool, extra):
    pooler = bouncer("transaction", extra=extra)

    with holders(pooler.conninfo(database.name), 10, "select 1"):
        report = detect(pgtool, nowhere, pooler.url(database.name), "--format", "json").json

    assert (report["pooler"]["mode"], report["pooler"]["mode_confidence"]) == ("transaction", "proved")
