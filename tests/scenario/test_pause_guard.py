"""A PAUSE that cannot outlive the one that gave it: whatever happens, clients go on."""
import os
import signal
import subprocess
import threading
import time
from pathlib import Path

import psycopg
import pytest

from drivers import FOLDER, Driver, told
from cut_relay import Relay
from runs import PGTOOL
from servers import SECRET, Bouncer
from waiting import until

pytestmark = pytest.mark.skipif(not (FOLDER / "pgtool_pause").exists(), reason="the tests' C++ programs are not built beside pgtool")


@pytest.fixture
def guard():
    """The process that wants a pause of entries: `guard(seconds, entries, console…)`."""
    started = []

    def start(seconds, entries, *consoles):
        started.append(Driver("pgtool_pause", seconds, ",".join(entries), *consoles))
        return started[-1]

    yield start
    for one in started:
        one.process.kill()
        one.end()


class Client(threading.Thread):
    """One request by a new client; `seconds` is how long it took, once it is through."""

    def __init__(self, pooler, entry):
        super().__init__(daemon=True)
        self._conninfo, self.seconds, self.error = pooler.conninfo(entry), None, None
        self.start()

    def run(self):
        began = time.monotonic()
        try:
            with psycopg.connect(self._conninfo, connect_timeout=30) as connection:
                connection.execute("select 1")
            self.seconds = time.monotonic() - began
        except psycopg.Error as error:
            self.error = error

    def is_held_back(self, seconds=0.5):
        self.join(seconds)
        return self.is_alive()

    def goes_on(self, within):
        self.join(within)
        return self.seconds is not None


def paused(pooler, user="pooladmin"):
    return {row["name"] for row in pooler.shown("databases", user) if row["paused"] == "1"}


def begin(driver):
    """(in force, why not)"""
    return told(driver.say("begin"), "in force")[0][:2]


def guard_of(driver):
    """The pid of its guard."""
    children = Path(f"/proc/{driver.process.pid}/task/{driver.process.pid}/children").read_text().split()
    return int(children[0])


def operate(pooler, command):
    return pooler.sql(command, "pgbouncer", "pooladmin", check=False)


@pytest.fixture
def pooler(bouncer, database):
    entry = f"other = host=127.0.0.1 port={database.port} dbname={database.name}"
    session = entry.replace("other", "session") + " pool_mode=session"
    return bouncer(lines=(entry, session, "* = host=127.0.0.1 port=" + str(database.port)))


def test_clients_wait_until_it_ends(guard, pooler, database):
    driver = guard(10, [database.name, "other"], pooler.console())
    assert pooler.sql("select 1", database.name) == "1"

    assert begin(driver) == ["true", ""]
    clients = [Client(pooler, name) for name in (database.name, "other")]
    assert paused(pooler) == {database.name, "other"}
    assert database.sql("select count(*) from pg_stat_activity where datname = current_database() and usename = 'app'") == "0"
    assert all(client.is_held_back() for client in clients)
    assert pooler.sql("select 1", "session") == "1", "no other entry waits"

    assert driver.say("end") == [["resumed", "true", ""]]
    assert all(client.goes_on(1) for client in clients)
    assert paused(pooler) == set()
    assert driver.say("end") == [["resumed", "true", ""]]


@pytest.mark.parametrize("whom", ["the one that wants it", "its guard"])
def test_killed(guard, pooler, database, whom):
    driver = guard(60, [database.name], pooler.console())
    assert begin(driver) == ["true", ""]
    client = Client(pooler, database.name)
    assert client.is_held_back()

    if whom == "its guard":
        os.kill(guard_of(driver), signal.SIGKILL)
        until(lambda: told(driver.say("look"), "in force")[0][0] == "false", "it is told", 2)
        assert driver.say("end") == [["resumed", "true", "the guard of the pause ended unexpectedly"]]
    else:
        driver.process.kill()
    assert client.goes_on(1)
    assert paused(pooler) == set()


def test_killed_at_any_moment(guard, pooler, database):
    """Between its start and the pause: whatever was sent is taken back."""
    for tenths in range(1, 13):
        driver = guard(60, [database.name, "other"], pooler.console())
        driver.send("begin")
        time.sleep(tenths / 100)
        driver.process.kill()
        until(lambda: Client(pooler, database.name).goes_on(0.5), "clients go on", 5)
    time.sleep(0.5)
    assert paused(pooler) == set()


def test_a_guard_that_is_asked_to_end_resumes_first(guard, pooler, database):
    driver = guard(60, [database.name], pooler.console())
    assert begin(driver) == ["true", ""]
    os.kill(guard_of(driver), signal.SIGTERM)

    until(lambda: paused(pooler) == set(), "it has resumed", 2)
    assert driver.say("end") == [["resumed", "true", f"the guard was sent signal {int(signal.SIGTERM)}"]]


def test_interrupted_while_it_waits(guard, pooler, database):
    with psycopg.connect(pooler.conninfo(database.name)) as busy:
        busy.execute("select 1")
        driver = guard(60, [database.name], pooler.console())
        driver.send("begin")
        until(lambda: paused(pooler), "PAUSE was sent", 5)
        os.killpg(driver.process.pid, signal.SIGINT)

        assert driver.process.wait(5) == 130
        assert paused(pooler) == set()


@pytest.mark.parametrize("command", ["PAUSE other", "PAUSE"])
def test_a_pause_of_an_operator_stays(guard, pooler, database, command):
    pooler.sql("select 1", "other")  # what it leaves behind spares new clients the wait of server_login_retry
    assert operate(pooler, command) == ""
    driver = guard(10, [database.name, "other"], pooler.console())

    in_force, why = begin(driver)

    assert in_force == "false" and ("has paused other already" in why or "already" in why)
    assert paused(pooler) == ({"other"} if command == "PAUSE other" else set())
    client = Client(pooler, "other")
    assert client.is_held_back()
    assert operate(pooler, command.replace("PAUSE", "RESUME")) == ""
    assert client.goes_on(1)


def test_a_pause_of_an_operator_that_no_table_shows(guard, pooler, cluster, make_database):
    """An entry that came of `*` and has no clients any more is in no SHOW DATABASES."""
    name = make_database(cluster).name
    pooler.sql("select 1", name)
    operate(pooler, f"PAUSE {name}")
    until(lambda: name not in {row["name"] for row in pooler.shown("databases")}, "it is not listed any more", 60)

    in_force, why = begin(guard(10, [name], pooler.console()))

    assert in_force == "false" and f"somebody else has paused {name}" in why
    assert operate(pooler, f"RESUME {name}") == ""


def test_a_long_transaction(guard, pooler, database):
    with psycopg.connect(pooler.conninfo(database.name)) as busy:
        busy.execute("select 1")
        driver = guard(1, [database.name, "other"], pooler.console())
        began = time.monotonic()

        in_force, why = begin(driver)

        assert in_force == "false" and why.startswith("within 1 s not every server session was given back")
        assert time.monotonic() - began < 2.5
        assert paused(pooler) == set()
        assert Client(pooler, database.name).goes_on(1)
        assert busy.execute("select 2").fetchone() == (2,)


def test_session_mode(guard, pooler):
    with psycopg.connect(pooler.conninfo("session"), autocommit=True) as stays:
        stays.execute("select 1")
        assert begin(guard(1, ["session"], pooler.console()))[0] == "false"
        assert stays.execute("select 2").fetchone() == (2,)
    assert paused(pooler) == set()

    driver = guard(5, ["session"], pooler.console())
    assert begin(driver) == ["true", ""]
    assert driver.say("end") == [["resumed", "true", ""]]


def test_new_clients_of_a_pool_without_servers_do_not_wait_longer(guard, pooler, database):
    """PgBouncer ends their first server's login for the PAUSE, takes that for a failure and waits 15 s (server_login_retry)."""
    pooler.sql("select 1", database.name)
    operate(pooler, f"RECONNECT {database.name}")
    driver = guard(20, [database.name], pooler.console())
    assert begin(driver) == ["true", ""]
    client = Client(pooler, database.name)
    assert client.is_held_back()

    assert driver.say("end") == [["resumed", "true", ""]]
    assert client.goes_on(1)
    assert [row["value"] for row in pooler.shown("config") if row["key"] == "server_login_retry"] == ["15"]


def test_it_has_a_limit(guard, pooler, database):
    driver = guard(1.5, [database.name], pooler.console())
    assert begin(driver) == ["true", ""]
    client = Client(pooler, database.name)

    assert client.goes_on(3) and 1 < client.seconds < 2.2
    assert told(driver.say("look"), "in force")[0][0] == "false"
    assert driver.say("end") == [["resumed", "true", "the pause reached its limit of 1.5 s"]]


def test_a_stopped_process_does_not_stop_its_guard(guard, pooler, database):
    driver = guard(1, [database.name], pooler.console())
    assert begin(driver) == ["true", ""]
    os.killpg(driver.process.pid, signal.SIGSTOP)

    assert Client(pooler, database.name).goes_on(3)
    os.killpg(driver.process.pid, signal.SIGCONT)
    assert driver.say("end")[0][1] == "true"


def test_somebody_else_ends_it(guard, pooler, database):
    driver = guard(20, [database.name, "other"], pooler.console())
    assert begin(driver) == ["true", ""]
    operate(pooler, f"RESUME {database.name}")

    until(lambda: told(driver.say("look"), "in force")[0][0] == "false", "it is told", 2)
    assert driver.say("end") == [["resumed", "true", f"127.0.0.1:{pooler.port}: somebody else has resumed {database.name}"]]
    assert paused(pooler) == set()


def test_the_answer_to_another_command_is_not_taken_for_ours(guard, pooler, database):
    """PgBouncer answers everybody who waits when a WAIT_CLOSE is through."""
    with psycopg.connect(pooler.conninfo(database.name)) as busy, psycopg.connect(pooler.conninfo("other")) as closing:
        busy.execute("select 1")
        closing.execute("select 1")
        operate(pooler, "RECONNECT other")
        waiting = threading.Thread(target=operate, args=(pooler, "WAIT_CLOSE other"), daemon=True)
        waiting.start()
        driver = guard(2, [database.name], pooler.console())
        driver.send("begin")
        until(lambda: paused(pooler), "PAUSE was sent", 5)
        closing.commit()
        waiting.join(5)
        assert not waiting.is_alive()

        assert told(driver.hear(), "in force")[0][0] == "false"
        assert paused(pooler) == set()


def test_the_console_is_cut(guard, pooler, database):
    relay = Relay(pooler.port)
    driver = guard(30, [database.name], pooler.console().replace(str(pooler.port), str(relay.port)))
    assert begin(driver) == ["true", ""]
    client = Client(pooler, database.name)
    assert client.is_held_back()
    relay.cut()

    assert client.goes_on(1.5)
    [[_, resumed, early]] = driver.say("end")
    assert resumed == "true" and "the console is lost" in early
    relay.close()


def test_pgbouncer_is_started_anew(guard, pooler, database):
    driver = guard(30, [database.name], pooler.console())
    assert begin(driver) == ["true", ""]
    pooler.server.stop()
    time.sleep(0.7)
    pooler._start(pooler.home / "pgbouncer.ini")

    until(lambda: told(driver.say("look"), "in force")[0][0] == "false", "it is told", 5)
    assert driver.say("end")[0][1] == "true"
    assert paused(pooler) == set() and pooler.sql("select 1", database.name) == "1"


def test_what_could_not_be_resumed_is_said_with_the_command(guard, pooler, database):
    """A console that answers no more, while PgBouncer still serves."""
    relay = Relay(pooler.port)
    driver = guard(30, [database.name], pooler.console().replace(str(pooler.port), str(relay.port)))
    assert begin(driver) == ["true", ""]
    relay.close()

    answer = driver.say("end")

    assert told(answer, "resumed")[0][0] == "false"
    [[command]] = told(answer, "type")
    assert f"127.0.0.1:{relay.port}/pgbouncer" in command and command.endswith(f"-c 'RESUME \"{database.name}\"'")
    assert SECRET not in command
    operate(pooler, f"RESUME {database.name}")


def test_a_role_that_may_only_look(guard, bouncer, database):
    pooler = bouncer(extra="stats_users = app")

    in_force, why = begin(guard(5, [database.name], pooler.url("pgbouncer", "app")))

    assert in_force == "false" and "the role app may not PAUSE: admin access needed" in why
    assert paused(pooler) == set()


@pytest.mark.parametrize("entries, why", [(["-" * 62], "no way to say the name"), (["nowhere"], "no process has any of these")])
def test_names_that_cannot_be_paused(guard, bouncer, entries, why):
    pooler = bouncer()
    answer = begin(guard(5, entries, pooler.console()))
    assert answer[0] == "false" and why in answer[1]
    assert paused(pooler) == set()


def test_a_server_is_no_console(guard, database):
    assert "no console" in begin(guard(5, ["x"], database.url()))[1]


@pytest.fixture
def pair(database):
    first = Bouncer(database.cluster, [database.name], extra="so_reuseport = 1")
    second = Bouncer(database.cluster, [database.name], extra="so_reuseport = 1", port=first.port)
    for one in (first, second):
        one.wait_for_socket()
    yield first, second
    for one in (first, second):
        one.remove()


def own_paused(one):
    rows = psycopg.connect(one.own_console(), autocommit=True).pgconn.exec_(b"show databases")
    names = [rows.fname(column) for column in range(rows.nfields)]
    return {rows.get_value(row, names.index(b"name")).decode() for row in range(rows.ntuples)
            if rows.get_value(row, names.index(b"paused")) == b"1"}


@pytest.mark.parametrize("way", ["their own sockets", "the shared port"])
def test_processes_that_share_a_port(guard, pair, database, way):
    consoles = [one.own_console() if way == "their own sockets" else one.console() for one in pair]
    driver = guard(20, [database.name], *consoles)
    assert begin(driver) == ["true", ""]
    assert [own_paused(one) for one in pair] == [{database.name}] * 2
    clients = [Client(pair[0], database.name) for _ in range(8)]
    assert all(client.is_held_back(0.2) for client in clients)

    driver.process.kill()

    assert all(client.goes_on(1) for client in clients)
    assert [own_paused(one) for one in pair] == [set()] * 2


def test_one_process_that_cannot_leaves_the_other_running(guard, pair, database):
    with psycopg.connect(pair[1].own_console(), autocommit=True) as console:
        console.pgconn.exec_(f"PAUSE {database.name}".encode())
    assert begin(guard(5, [database.name], *(one.own_console() for one in pair)))[0] == "false"
    assert [own_paused(one) for one in pair] == [set(), {database.name}]


def test_the_guard_is_a_process_of_its_own(guard, pooler, database):
    driver = guard(20, [database.name], pooler.console())
    assert begin(driver) == ["true", ""]
    home = Path(f"/proc/{guard_of(driver)}")

    assert os.getsid(guard_of(driver)) == guard_of(driver)
    opened = {int(link.name): os.readlink(link) for link in (home / "fd").iterdir()}
    assert {opened.pop(number) for number in (0, 1, 2)} == {"/dev/null"}
    assert all(target.startswith(("socket:", "pipe:")) for target in opened.values()), opened
    assert (home / "cmdline").read_bytes() == b"pgtool\0pause-guard\0"
    assert SECRET.encode() not in (home / "environ").read_bytes()
    assert driver.say("end") == [["resumed", "true", ""]]
    assert not home.exists()


def test_nobody_starts_it_by_hand():
    """Its channel is what makes it one."""
    ran = subprocess.run([PGTOOL, "pause-guard"], stdin=subprocess.DEVNULL, capture_output=True, timeout=10, check=False)
    assert ran.returncode == 2
