"""No request fails while tables move, whoever is in the way: judged by the load's own counts and by its rows."""
import random
import threading
import time
from contextlib import contextmanager

import psycopg
import pytest
from load import RUNS, SPARE, Bench, Clients, tables_of_a_shop
from poolers import Pgpool
from processes import Server, own, version_of
from waiting import until

TABLES = 200
FEW = 20
REPEATED = pytest.mark.parametrize("run", range(RUNS))


def tables_in(site, schema):
    return [name for name, where in site.places().items() if where == schema and name.startswith("item_")]


def assert_moved(site, count):
    assert len(tables_in(site, "shop")) == count and site.schemas() == {"shop"}
    assert site.path() == "shop"


def assert_back(site, count, before):
    assert len(tables_in(site, "public")) == count
    assert site.untouched() == before


@REPEATED
@pytest.mark.parametrize("protocol", ["simple", "extended", "prepared"])
def test_pgbench_in_transaction_mode(make_site, under_load, protocol, run):
    """Less sessions than clients, so that each session serves all of them in turn."""
    extra = "default_pool_size = 6\n"
    if protocol == "prepared":
        if version_of("pgbouncer") < (1, 24):
            pytest.skip("needs PgBouncer 1.24")
        extra += "max_prepared_statements = 500\n"
    site = make_site(tables_of_a_shop(TABLES), extra=extra)
    before = site.untouched()

    for step in site.move, site.undo:
        load = under_load(Bench, site.database, site.pooler, protocol)
        step()
        load.go_on()
        load.judge()
        if step == site.move:
            assert_moved(site, TABLES)
            site.verify()
            load.clear()

    assert_back(site, TABLES, before)


@REPEATED
def test_pgbench_while_the_pooler_pauses(make_site, under_load, run):
    """The clients wait a little, and that is all."""
    site = make_site(tables_of_a_shop(FEW), extra="default_pool_size = 6")
    before = site.untouched()
    load = under_load(Bench, site.database, site.pooler, tables=FEW)

    site.move("--strategy", "pause")
    load.go_on()
    assert_moved(site, FEW)
    site.undo("--strategy", "pause")
    load.go_on()

    load.judge()
    assert_back(site, FEW, before)
    assert site.paused() == []


def test_the_load_notices_tables_that_move_before_the_path(make_site, under_load):
    """The proof that the other tests here can fail."""
    site = make_site(tables_of_a_shop(FEW))
    load = under_load(Bench, site.database, site.pooler, tables=FEW)

    site.database.sql("create schema shop; grant usage on schema shop to app; alter table item_3 set schema shop")
    until(load.over, "all clients have failed", 30)

    with pytest.raises(AssertionError, match="aborted"):
        load.judge()


def test_the_load_notices_lost_and_doubled_rows(make_site, under_load):
    site = make_site(tables_of_a_shop(FEW))
    load = under_load(Clients, site.database, site.pooler, tables=FEW, prepared=False)
    load.judge()

    site.database.sql("insert into item_1 (client, number) values (3, 1)")
    with pytest.raises(AssertionError, match="rows lost or doubled: {3: "):
        load.judge()
    for number in range(FEW):
        site.database.sql(f"delete from item_{number} where client = 3 and number = 2")
    with pytest.raises(AssertionError, match="lost .2"):
        load.judge()


@REPEATED
def test_clients_that_keep_their_connections_in_session_mode(make_site, under_load, run):
    site = make_site(tables_of_a_shop(FEW), mode="session", extra="default_pool_size = 20")
    before = site.untouched()
    load = under_load(Clients, site.database, site.pooler, tables=FEW)

    site.move()
    load.go_on()
    assert_moved(site, FEW)
    site.undo()
    load.go_on()

    load.judge()
    assert_back(site, FEW, before)


@pytest.fixture
def make_pair(make_site):
    """Two processes of PgBouncer on one port: a Site with both consoles."""
    second = []

    def make(tables):
        site = make_site(tables, extra="so_reuseport = 1\ndefault_pool_size = 4")
        pooler, home = site.pooler, site.pooler.home / "second"
        home.mkdir()
        own(home)
        settings = (pooler.home / "pgbouncer.ini").read_text().replace(f"unix_socket_dir = {pooler.home}", f"unix_socket_dir = {home}")
        second.append(Server([pooler.program, pooler._write("second.ini", settings)], pooler.home, pooler.port))
        until((home / f".s.PGSQL.{pooler.port}").exists, "the second process listens")
        site.consoles = [pooler.console().replace(f"@127.0.0.1:{pooler.port}/pgbouncer", f"@/pgbouncer?host={folder}&port={pooler.port}")
                         for folder in (pooler.home, home)]
        return site

    yield make
    for server in second:
        server.stop()


@REPEATED
def test_two_processes_of_the_pooler_on_one_port(make_pair, under_load, run):
    site = make_pair(tables_of_a_shop(FEW))
    before = site.untouched()
    load = under_load(Bench, site.database, site.pooler, tables=FEW)

    site.move()
    load.go_on()
    assert_moved(site, FEW)
    site.undo()
    load.go_on()

    load.judge()
    assert_back(site, FEW, before)


def test_a_process_of_the_pooler_that_was_not_named(make_pair, under_load):
    """Its sessions keep the old path: they are waited for and named, and nothing has moved."""
    site = make_pair(tables_of_a_shop(FEW))
    both, site.consoles = site.consoles, site.consoles[:1]
    load = under_load(Bench, site.database, site.pooler, tables=FEW)

    outcome = site.run("--yes", "--drain-timeout", "2s")

    assert outcome.status in (1, 4), outcome.text
    assert len(tables_in(site, "public")) == FEW
    load.go_on()
    site.consoles = both
    site.move()
    load.go_on()
    load.judge()
    assert_moved(site, FEW)


def test_pgpool_whose_connections_end_in_time_is_waited_for(make_site, under_load):
    site = make_site(tables_of_a_shop(FEW), kind=Pgpool, connection_life_time=1)
    load = under_load(Clients, site.database, site.pooler, clients=3, tables=FEW, requests=10, rest=0.4)

    site.move()

    load.go_on(20)
    load.judge()
    assert_moved(site, FEW)


def test_pgpool_that_keeps_its_connections_is_refused(make_site, under_load):
    site = make_site(tables_of_a_shop(FEW), kind=Pgpool)
    before = site.untouched()
    load = under_load(Clients, site.database, site.pooler, clients=3, tables=FEW)

    outcome = site.run("--yes")

    assert outcome.status == 1 and "connection_life_time" in outcome.text, outcome.text
    load.judge()
    assert site.untouched() == before


@contextmanager
def a_transaction_that_holds(site, table, seconds):
    """A client of the pool that has written to a table and stays for so long; says when it has begun."""
    begun, left = threading.Event(), threading.Event()

    def hold():
        with psycopg.connect(site.pooler.conninfo(site.database.name), prepare_threshold=None) as client:
            client.execute(f"update {table} set touched = touched where id = {SPARE}")
            begun.set()
            left.wait(seconds)
            client.execute(f"select count(*) from {table}")

    holder = threading.Thread(target=hold, daemon=True)
    holder.start()
    assert begun.wait(15)
    yield holder
    left.set()
    holder.join(15)


@REPEATED
def test_a_transaction_that_holds_a_table_for_ten_seconds(make_site, under_load, run):
    """It is held while other tables move already. Its table's other readers wait no longer than one try lasts."""
    site = make_site(tables_of_a_shop(TABLES), extra="default_pool_size = 12")
    load = under_load(Bench, site.database, site.pooler)
    run = site.start("--yes")
    until(lambda: tables_in(site, "shop"), "the first table has moved", 60)
    held = random.choice(tables_in(site, "public"))
    slowest = 0.0
    with a_transaction_that_holds(site, held, 10) as holder:
        while holder.is_alive():
            began = time.monotonic()
            site.pooler.sql(f"select count(*) from {held}", site.database.name)
            slowest = max(slowest, time.monotonic() - began)
            holder.join(0.05)

    outcome = run.finish(120)

    assert outcome.status == 0, outcome.text
    load.go_on()
    load.judge()
    assert_moved(site, TABLES)
    assert slowest < 3.5, f"a reader has waited for {slowest:.1f} s"


def test_a_transaction_that_began_before_is_waited_for(make_site, under_load):
    """It may use the old path as long as it lasts: nothing moves before it is over."""
    site = make_site(tables_of_a_shop(FEW))
    load = under_load(Bench, site.database, site.pooler, tables=FEW)
    with a_transaction_that_holds(site, "item_3", 60):
        stopped = site.run("--yes", "--drain-timeout", "1s")
        assert stopped.status == 4, stopped.text
        assert len(tables_in(site, "public")) == FEW
        run = site.start("--yes")
        load.go_on()

    assert run.finish(60).status == 0
    load.go_on()
    load.judge()
    assert_moved(site, FEW)


@contextmanager
def a_prepared_transaction(site, statement):
    site.database.sql(f"begin; {statement}; prepare transaction 'two phases'", "app")
    try:
        yield
    finally:
        site.database.sql("commit prepared 'two phases'", "app")


def test_a_prepared_transaction_is_waited_for(make_site, under_load):
    site = make_site(tables_of_a_shop(FEW))
    load = under_load(Clients, site.database, site.pooler, tables=FEW, prepared=False)
    with a_prepared_transaction(site, f"update item_3 set touched = 7 where id = {SPARE}"):
        stopped = site.run("--yes", "--drain-timeout", "1s", "--move-timeout", "5s")

        assert stopped.status in (1, 4) and "two phases" in stopped.text, stopped.text
        assert "item_3" in tables_in(site, "public")
        load.go_on()
    site.move()
    load.go_on()
    load.judge()
    assert_moved(site, FEW)


def test_autovacuum_gives_way(make_site, under_load):
    """A vacuum that would take minutes."""
    site = make_site(tables_of_a_shop(FEW))
    database = site.database
    database.sql("alter table item_2 set (autovacuum_vacuum_cost_delay = 100, autovacuum_vacuum_cost_limit = 1, "
                 "autovacuum_vacuum_threshold = 0, autovacuum_vacuum_scale_factor = 0, autovacuum_enabled = on);"
                 "insert into item_2 (client, number) select -1, n from generate_series(10, 20000) n;"
                 "delete from item_2 where number > 10 and number % 2 = 0", "app")
    with autovacuum(database.cluster):
        until(lambda: vacuumed(database), "item_2 is being vacuumed", 60)
        load = under_load(Clients, database, site.pooler, tables=FEW, prepared=False)

        site.move()

        load.go_on()
    load.judge()
    assert_moved(site, FEW)


def vacuumed(database):
    return database.sql("select 1 from pg_stat_progress_vacuum v join pg_class c on c.oid = relid where relname = 'item_2' and "
                        "datname = current_database()")


@contextmanager
def autovacuum(cluster):
    cluster.sql("alter system set autovacuum = on", "postgres")
    cluster.sql("select pg_reload_conf()", "postgres")
    yield
    cluster.sql("alter system reset autovacuum", "postgres")
    cluster.sql("select pg_reload_conf()", "postgres")
