"""A pooler's clients get fresh server sessions: what its consoles are told, and that nobody keeps an old one."""
import threading
import time

import psycopg
import pytest

from drivers import FOLDER, Driver, told
from poolers import AT_HAND, Odyssey, Pgpool
from servers import SECRET, Bouncer
from waiting import until

pytestmark = pytest.mark.skipif(not (FOLDER / "pgtool_recycle").exists(), reason="the tests' C++ programs are not built beside pgtool")
LONG = "-" * 62  # PgBouncer's console has no way to say it


@pytest.fixture
def admin():
    """Opens the consoles of a pooler as pgtool does."""
    started = []

    def start(pooler, database, *consoles, user="pooladmin", kind="pgbouncer"):
        started.append(Driver("pgtool_recycle", kind, pooler.url(database, user), database, *consoles))
        return started[-1]

    yield start
    for one in started:
        one.end()


def line(database, name, more=""):
    return f"{name} = host=127.0.0.1 port={database.port} dbname={database.name} connect_query='select 1' {more}"


def path(pooler, name):
    return pooler.sql("select current_setting('search_path')", name)


def move(database):
    database.sql(f"alter role app in database {database.name} set search_path = tenant, public")


def backends(database):
    """The sessions of the pooler's users that the server has."""
    return database.sql(f"select pid from pg_stat_activity where datname = '{database.name}' and usename = 'app'").split()


def close(sessions):
    for session in sessions:
        session.close()


def use(pooler, name, times=8):  # fewer than one pool has, should they all reach the same process
    """So many transactions of clients of their own, at once: as many server sessions."""
    clients = [psycopg.connect(pooler.conninfo(name)) for _ in range(times)]
    paths = {client.execute("select current_setting('search_path')").fetchone()[0] for client in clients}
    close(clients)
    return paths


@pytest.fixture
def pair(database):
    """Two processes that share a port."""
    first = Bouncer(database.cluster, [database.name], extra="so_reuseport = 1")
    second = Bouncer(database.cluster, [database.name], extra="so_reuseport = 1", port=first.port)
    for one in (first, second):
        one.wait_for_socket()
    yield first, second
    for one in (first, second):
        one.remove()


def test_every_entry_of_the_database_and_no_other(admin, bouncer, database, make_database, cluster):
    other = make_database(cluster)
    lines = (line(database, "shop_session", "pool_mode=session"), line(other, "elsewhere"))
    pooler = bouncer(lines=lines)
    assert {path(pooler, name) for name in (database.name, "shop_session")} == {'"$user", public'}
    elsewhere = pooler.sql("select pg_backend_pid()", "elsewhere")
    move(database)
    assert {path(pooler, name) for name in (database.name, "shop_session")} == {'"$user", public'}

    answer = admin(pooler, database.name).say("again")

    assert sorted(command for _, command, _ in told(answer, "accepted")) == [
        f'RECONNECT "{database.name}"', 'RECONNECT "shop_session"']
    assert told(answer, "done") == [["true", ""]]
    assert {path(pooler, name) for name in (database.name, "shop_session")} == {"tenant, public"}
    assert pooler.sql("select pg_backend_pid()", "elsewhere") == elsewhere


def test_a_client_in_a_transaction_keeps_its_session_to_the_end(admin, bouncer, database):
    pooler = bouncer()
    with psycopg.connect(pooler.conninfo(database.name)) as client:
        client.execute("select 1")
        move(database)
        admin(pooler, database.name).say("again")
        assert client.execute("select current_setting('search_path')").fetchone()[0] == '"$user", public'
        client.commit()
        assert client.execute("select current_setting('search_path')").fetchone()[0] == "tenant, public"


@pytest.mark.parametrize("name", ["My Shop", 'a"b', "Upper", "x-y.z", "ünï", "a;RECONNECT", "N" * 63, LONG])
def test_odd_names(admin, bouncer, cluster, name):
    """PgBouncer's file cannot name some of them: they come by way of `*`."""
    quoted = name.replace('"', '""')
    cluster.create(quoted)
    try:
        pooler = bouncer(lines=(f"* = host=127.0.0.1 port={cluster.port}",))
        with psycopg.connect(pooler.conninfo("x"), dbname=name, autocommit=True) as client:
            before = client.execute("select pg_backend_pid()").fetchone()
            driver = Driver("pgtool_recycle", "pgbouncer", pooler.url(), name, pooler.console())
            answer = driver.say("again")
            driver.end()
            assert client.execute("select pg_backend_pid()").fetchone() != before
        assert told(answer, "done") == [["true", ""]]
        assert [everything for _, _, everything in told(answer, "accepted")] == ["all" if name == LONG else ""]
    finally:
        cluster.sql(f'drop database "{quoted}" with (force)', "postgres")


def test_processes_that_share_a_port_by_their_own_sockets(admin, pair, database):
    assert use(pair[0], database.name) == {'"$user", public'}
    move(database)
    driver = admin(pair[0], database.name, *(one.own_console() for one in pair), pair[0].console())

    answer = driver.say("again")

    assert len(told(answer, "process")) == 2, "the port leads to one of those that are known"
    assert told(answer, "processes")[0][0] == "2"
    assert use(pair[0], database.name) == {"tenant, public"}


def test_processes_that_share_a_port_by_that_port_alone(admin, pair, database):
    for one in pair:
        with psycopg.connect(pair[0].conninfo(database.name), host=str(one.home)) as client:
            client.execute("select 1")
    old = set(backends(database))
    assert len(old) == 2
    move(database)
    driver = admin(pair[0], database.name)

    found = [driver.say("again")]
    deadline = time.monotonic() + 15
    while old & set(backends(database)) and time.monotonic() < deadline:
        use(pair[0], database.name)
        found.append(driver.say("others"))

    assert not old & set(backends(database))
    assert sum(len(told(answer, "process")) for answer in found) == 2, "each is told once"
    assert told(found[-1], "processes") == [["2", "true"]]
    assert told(driver.say("others"), "process") == []
    assert len(told(driver.say("again"), "process")) == 2


class Load:
    """Clients that ask without a pause; `longest` is how long one had to wait."""

    def __init__(self, pooler, name, clients=16):
        self._conninfo, self._over, self.waits, self.errors = pooler.conninfo(name), threading.Event(), [], []
        self._threads = [threading.Thread(target=self._ask, daemon=True) for _ in range(clients)]
        for thread in self._threads:
            thread.start()

    def _ask(self):
        while not self._over.is_set():
            began = time.monotonic()
            try:
                with psycopg.connect(self._conninfo, autocommit=True, prepare_threshold=None) as client:
                    for _ in range(10):
                        client.execute("select pg_sleep(0.002)")
            except psycopg.Error as error:
                self.errors.append(str(error))
            self.waits.append(time.monotonic() - began)

    def end(self):
        self._over.set()
        for thread in self._threads:
            thread.join(30)


def test_under_load_nobody_waits_however_often_it_is_told(admin, bouncer, database):
    """Two RECONNECTs within 50 ms make PgBouncer take its own closing of a login for a server that fails: 15 s. That can
    be made rare, and is mended; the few clients that come just then are refused."""
    pooler = bouncer()
    load = Load(pooler, database.name)
    driver = admin(pooler, database.name)
    until(lambda: len(load.waits) > 50, "the clients are at work")
    began = time.monotonic()

    assert [told(driver.say("again"), "done") for _ in range(6)] == [[["true", ""]]] * 6

    took = time.monotonic() - began
    load.end()
    assert max(load.waits) < 3, load.errors
    assert took < 18


def test_a_role_that_may_only_look_is_told_how_long_sessions_live(admin, bouncer, database):
    pooler = bouncer(extra="stats_users = app\nserver_lifetime = 1234")

    answer = admin(pooler, database.name, user="app").say("again")

    assert told(answer, "accepted") == []
    [[done, why]] = told(answer, "done")
    assert done == "false" and "the role app may look at this console but not command it: admin access needed" in why
    [[seconds, unlimited, meaning]] = told(answer, "life")
    assert (seconds, unlimited) == ("1234", "false") and "server_lifetime" in meaning


def test_an_entry_with_a_life_of_its_own(admin, database, bouncer):
    pooler = bouncer(extra="server_lifetime = 1234")
    if tuple(map(int, pooler.version().split("."))) < (1, 23):
        pytest.skip("PgBouncer knows it since 1.23")
    pooler = bouncer(line="server_lifetime=77", extra="server_lifetime = 1234")

    assert told(admin(pooler, database.name).say("again"), "life")[0][0] == "77"


def test_no_right_to_the_console(admin, bouncer, database):
    answer = admin(bouncer(), database.name, user="app").say("again")

    [[_, why]] = told(answer, "unopened")
    assert why == "not allowed: the role is neither in admin_users nor in stats_users"
    assert told(answer, "done")[0][0] == "false" and told(answer, "process") == []


def test_a_console_that_is_none_and_one_that_is_down(admin, bouncer, database):
    pooler = bouncer()
    answer = admin(pooler, database.name, database.url(), "postgresql://x@127.0.0.1:1/pgbouncer", pooler.console()).say("again")

    assert [why for _, why in told(answer, "unopened")][0] == "what answers there is no console of a pooler"
    assert len(told(answer, "unopened")) == 2 and len(told(answer, "process")) == 1
    assert told(answer, "done")[0][0] == "false", "a process may have heard nothing"
    assert SECRET not in str(answer)


def test_a_process_that_was_started_anew_is_told_too(admin, bouncer, database):
    pooler = bouncer()
    driver = admin(pooler, database.name)
    assert told(driver.say("again"), "processes") == [["1", "false"]]
    pooler.server.stop()
    pooler._start(pooler.home / "pgbouncer.ini")
    move(database)
    path(pooler, database.name)

    answer = driver.say("again")

    assert len(told(answer, "accepted")) == 1 and told(answer, "done") == [["true", ""]]


@pytest.mark.parametrize("kind, word", [("pgcat", "pgcat's console"), ("pgagroal", "pgagroal-cli"), ("none", "no pooler"),
                                        ("unknown", "no console of this pooler is known")])
def test_poolers_that_cannot(admin, bouncer, database, kind, word):
    answer = admin(bouncer(), database.name, kind=kind).say("again")

    assert told(answer, "done")[0][0] == "false" and word in told(answer, "done")[0][1]


class PatientPgpool(Pgpool):
    life = 0

    def _settings(self, cluster):
        return super()._settings(cluster) + f"connection_life_time = {self.life}\n"


@pytest.mark.parametrize("life, seconds, unlimited", [(0, "0", "true"), (90, "90", "false"), (3600, "3600", "false")])
def test_pgpool_tells_how_long_its_sessions_live(admin, database, life, seconds, unlimited):
    pooler = type("P", (PatientPgpool,), {"life": life})(database)
    try:
        answer = admin(pooler, database.name, user="app", kind="pgpool").say("again")

        assert told(answer, "life")[0][:2] == [seconds, unlimited]
        assert "Pgpool-II has no command" in told(answer, "done")[0][1]
    finally:
        pooler.remove()


@pytest.mark.skipif(Odyssey not in AT_HAND, reason="Odyssey is not installed")
@pytest.mark.parametrize("mode", Odyssey.modes)
def test_odyssey_drops_its_servers_or_says_what_helps(admin, database, mode):
    """1.5.2 lists DROP SERVERS among its commands and refuses it."""
    pooler = Odyssey(database, mode)
    try:
        assert path(pooler, database.name) == '"$user", public'
        move(database)

        answer = admin(pooler, database.name, kind="odyssey").say("again")

        if told(answer, "done") != [["true", ""]]:
            [[_, command, why]] = told(answer, "process")
            assert command == "DROP SERVERS" and "RELOAD gives fresh server sessions" in why
            pooler.sql("reload", "console", "pooladmin")
        until(lambda: path(pooler, database.name) == "tenant, public", "the new path is seen", 5)
    finally:
        pooler.remove()
