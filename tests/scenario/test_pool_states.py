"""A pooler that lets nobody through, and one that is set up unusually: called by its name, with what to do about it."""
import re
from contextlib import ExitStack

import psycopg
import pytest
from processes import Server, own
from waiting import until

MODES = ["session", "transaction", "statement"]
CONSOLE = pytest.mark.parametrize("console", [False, True], ids=["ordinary", "console"])


@pytest.fixture
def client(database):
    """Other clients of the pool, who stay until the test's end."""
    with ExitStack() as held:
        def connect(pooler, *statements):
            one = held.enter_context(psycopg.connect(pooler.conninfo(database.name), autocommit=True, prepare_threshold=None))
            for statement in statements:
                one.execute(statement)
            return one

        yield connect


@pytest.fixture
def detect(start_pgtool, nowhere, database):
    """A detect as text and as JSON at the same time: both Outcomes."""

    def run(pooler, console=False, name=database.name):
        arguments = ["detect", "--pooled-url", pooler.url(name), *(["--console-url", pooler.console()] if console else [])]
        runs = [start_pgtool(nowhere, *arguments, *more) for more in ([], ["--format", "json"])]
        return [one.finish() for one in runs]

    return run


def assert_told(outcomes, meaning, cure, mode="unknown"):
    """The same in both formats: it cannot be used, why, and what to do next. Not where host and port are to be looked for."""
    text, outcome = outcomes
    report = outcome.json
    assert (text.status, outcome.status, report["status"], report["pooler"]["mode"]) == (3, 3, 3, mode), text.text
    assert meaning in report["verdict"] and meaning in _line(text.stdout), text.text
    assert any(cure in unknown["cure"] for unknown in report["unknown"]), text.text
    assert re.search(f"Next: .*{re.escape(cure)}", _line(text.stdout)) and cure in report["hint"], text.text
    assert "check host and port of --pooled-url" not in text.text
    assert report["pooler"]["kind"] == "pgbouncer"


def _line(text):
    return " ".join(text.split())


def assert_found(outcomes, mode, confidence=None):
    text, outcome = outcomes
    report = outcome.json
    assert (text.status, outcome.status, report["pooler"]["mode"]) == (0, 0, mode), text.text
    assert f"in {mode} mode" in _line(text.stdout)
    assert confidence in (None, report["pooler"]["mode_confidence"]), report["pooler"]


@CONSOLE
@pytest.mark.parametrize("mode", MODES[1:])
def test_a_pool_of_one_beside_an_idle_client(bouncer, client, detect, mode, console):
    pooler = bouncer(mode, extra="default_pool_size = 1")
    client(pooler, "select 1")

    assert_found(detect(pooler, console), mode)


@pytest.mark.parametrize("mode, statements", [("session", ["select 1"]), ("session", ["begin", "select 1"]),
                                              ("transaction", ["begin", "select 1"])], ids=["idle", "session", "transaction"])
@CONSOLE
def test_a_pool_that_others_use_up(bouncer, client, detect, mode, statements, console):
    pooler = bouncer(mode, extra="default_pool_size = 2")
    for _ in range(2):
        client(pooler, *statements)

    outcomes = detect(pooler, console)

    if console:
        assert_told(outcomes, "every server session of the pool is in use", "find who holds them", mode)
        assert "--console-url lets" not in outcomes[0].text
    else:
        assert_told(outcomes, "the pooler lets clients in and answers nothing", "--console-url lets pgtool tell which")


def test_a_pool_that_gives_up_waiting(bouncer, client, detect):
    pooler = bouncer(extra="default_pool_size = 1\nquery_wait_timeout = 1")
    client(pooler, "begin", "select 1")

    assert_told(detect(pooler), "every server session of the pool is in use", "find who holds them")


@CONSOLE
def test_a_paused_database(bouncer, database, client, detect, console):
    pooler = bouncer()
    client(pooler, "select 1")
    pooler.sql(f"pause {database.name}", "pgbouncer", "pooladmin")

    outcomes = detect(pooler, console)

    if console:
        assert_told(outcomes, "the database is paused on the pooler", "RESUME it", "transaction")
    else:
        assert_told(outcomes, "the pooler lets clients in and answers nothing", "a paused database")


@CONSOLE
def test_a_disabled_database(bouncer, database, detect, console):
    pooler = bouncer()
    pooler.sql(f"disable {database.name}", "pgbouncer", "pooladmin")

    assert_told(detect(pooler, console), "the database is disabled on the pooler", "ENABLE it",
                "transaction" if console else "unknown")


@CONSOLE
def test_no_room_for_another_client(bouncer, client, detect, console):
    pooler = bouncer(extra="max_client_conn = 2")
    for _ in range(2):
        client(pooler, "select 1")

    assert_told(detect(pooler, console), "the pooler has as many clients as it admits", "wait until some have left",
                "transaction" if console else "unknown")


def test_a_server_that_refuses_the_pooler(bouncer, database, pgtool, nowhere):
    """The first client hears the server's words, under another SQLSTATE than its own wrong password would have."""
    pooler = bouncer(line="user=app password=not-it")

    outcome = pgtool(nowhere, "detect", "--format", "json", "--pooled-url", pooler.url(database.name))

    assert outcome.status == 3 and "password" in outcome.json["hint"], outcome.text
    if pooler.version() < "1.19":  # later ones hand on the SQLSTATE, too
        assert "the server refuses the login that the pooler makes there" in outcome.json["verdict"]


@CONSOLE
def test_a_pooler_that_waits_after_a_refused_login(bouncer, database, detect, console):
    """1.18 takes up the logins of the clients that come meanwhile and does not finish them."""
    pooler = bouncer(line="user=app password=not-it")
    assert "password authentication failed" in pooler.sql("select 1", database.name, check=False)

    text, outcome = outcomes = detect(pooler, console)

    if "server login has been failing" in text.text:  # as later ones say
        assert "before it tries again" in outcome.json["verdict"]
    elif console:
        assert_told(outcomes, "the pooler has no session on the server behind it", "failing logins", "transaction")
    else:
        assert_told(outcomes, "the login was not finished", "failing logins on the server")


@CONSOLE
def test_a_pooler_in_back_off_that_knew_its_server(bouncer, client, cluster, detect, console):
    """It lets clients in, and the first statement of each hears PgBouncer's own words."""
    pooler = bouncer(line="user=backoff password=first", extra="query_wait_timeout = 1")
    cluster.sql("drop role if exists backoff; create role backoff login password 'first'", "postgres")
    stays = client(pooler, "select 1")
    cluster.sql("alter role backoff password 'second'", "postgres")
    cluster.sql("select pg_terminate_backend(pid) from pg_stat_activity where usename = 'backoff'", "postgres")
    until(lambda: not pooler.shown("servers"), "the pooler has lost its server")
    with pytest.raises(psycopg.Error, match="query_wait_timeout|login has been failing|password authentication failed"):
        stays.execute("select 1")

    outcomes = detect(pooler, console)

    assert_told(outcomes, "the pooler failed to log in on the server and waits", "server_login_retry",
                "transaction" if console else "unknown")


@CONSOLE
def test_a_server_that_is_down(bouncer, detect, console):
    pooler = bouncer(lines=("gone = host=127.0.0.1 port=19",))

    outcomes = detect(pooler, console, "gone")

    if console:
        assert_told(outcomes, "the pooler has no session on the server behind it", "whether that server runs", "transaction")
    else:
        assert_told(outcomes, "the login was not finished", "whether that server runs")


@CONSOLE
@pytest.mark.parametrize("options", [{"extra": "[users]\napp = pool_mode=session"}, {"line": "pool_mode=session"}],
                         ids=["user", "database"])
def test_a_mode_of_its_own(bouncer, detect, options, console):
    assert_found(detect(bouncer("transaction", **options), console), "session", "certain" if console else "likely")


def test_the_mode_where_the_pooler_logs_in_as_another(bouncer, client, detect):
    """The pool is listed under that user's name, and no line of [users] counts for it."""
    pooler = bouncer(line="user=owner", extra="[users]\nowner = pool_mode=session\napp = pool_mode=statement")
    client(pooler, "select 1")

    text, outcome = detect(pooler, True)

    assert outcome.json["pooler"]["mode"] == "transaction", text.text
    assert "SHOW POOLS of its console says transaction" in outcome.json["pooler"]["evidence"]


def test_the_mode_is_told_before_there_is_a_pool(bouncer, database, detect):
    """Nobody could log in yet: SHOW POOLS knows nothing."""
    pooler = bouncer("session")
    pooler.sql(f"disable {database.name}", "pgbouncer", "pooladmin")

    text, outcome = detect(pooler, True)

    assert (outcome.json["pooler"]["mode"], outcome.status) == ("session", 3), text.text
    assert any(line.startswith("SHOW ") for line in outcome.json["pooler"]["evidence"]), outcome.json["pooler"]


@CONSOLE
@pytest.mark.parametrize("mode", MODES)
def test_sessions_that_are_handed_out_in_turn(bouncer, client, detect, mode, console):
    pooler = bouncer(mode, extra="server_round_robin = 1\nmin_pool_size = 5")
    client(pooler, "select 1")
    until(lambda: len(pooler.shown("servers")) >= 5, "the pool has filled up")

    assert_found(detect(pooler, console), mode)


@CONSOLE
def test_many_idle_clients(bouncer, client, detect, console):
    pooler = bouncer()
    for _ in range(60):
        client(pooler, "select 1")

    assert_found(detect(pooler, console), "transaction")


@CONSOLE
@pytest.mark.parametrize("mode", MODES)
def test_two_processes_on_one_port(bouncer, database, nowhere, pgtool, mode, console):
    """The kernel gives each login to either of them, and each has a pool of its own. Two clients of different processes
    never meet: then transaction mode looks like session mode, which by behaviour alone is therefore never certain."""
    pooler = bouncer(mode, extra="so_reuseport = 1")
    second = pooler.home / "second"
    second.mkdir()
    own(second)
    settings = (pooler.home / "pgbouncer.ini").read_text().replace(f"unix_socket_dir = {pooler.home}", f"unix_socket_dir = {second}")
    other = Server([pooler.program, pooler._write("second.ini", settings)], pooler.home, pooler.port)
    try:
        until((second / f".s.PGSQL.{pooler.port}").exists, "the second process listens")
        for _ in range(6):
            outcome = pgtool(nowhere, "detect", "--format", "json", "--pooled-url", pooler.url(database.name),
                             *(["--console-url", pooler.console()] if console else []))
            found = outcome.json["pooler"]
            misled = mode == "transaction" and not console and (found["mode"], found["mode_confidence"]) == ("session", "likely")
            assert outcome.status == 0 and (found["mode"] == mode or misled), outcome.text
    finally:
        other.stop()
