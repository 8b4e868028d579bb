"""A detect leaves nothing behind: not on the server, not on a pooled backend, not in the pooler."""
import re
from contextlib import ExitStack

import psycopg
import pytest
from poolers import Pgpool
from waiting import until

SIZES = {"session": 2, "transaction": 2, "statement": 1}  # of the pools: small enough to ask each of their backends
ALL_CHILDREN = 12  # of Pgpool-II, each with backends of its own

# What a session keeps for whoever gets its backend next. A setting that was set once and reset is '' and no longer null.
KEPT = """\
select pg_backend_pid(), jsonb_build_object(
  'pgtool.probe', current_setting('pgtool.probe', true),
  'settings', (select jsonb_object_agg(name, setting) from pg_settings
                where source = 'session' and setting is distinct from reset_val or name like 'pgtool.%'),
  'role', current_user, 'isolation', current_setting('default_transaction_isolation'), 'path', current_schemas(true)::text,
  'prepared statements', (select count(*) from pg_prepared_statements), 'channels', (select count(*) from pg_listening_channels()),
  'cursors', (select count(*) from pg_cursors where name <> ''), 'temporary schema', pg_my_temp_schema()::int,
  'advisory locks', (select count(*) from pg_locks where locktype = 'advisory' and pid = pg_backend_pid()))"""

ON_SERVER = """\
select 'session ' || pid || ' ' || state || ' ' || coalesce(xact_start::text, '-') || ' ' || coalesce(backend_xmin::text, '-')
  from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()
union all select 'prepared transaction ' || gid from pg_prepared_xacts where database = current_database()
union all select 'lock ' || locktype || ' ' || mode from pg_locks where pid <> pg_backend_pid()
   and database = (select oid from pg_database where datname = current_database())
union all select 'relation ' || oid::regclass from pg_class where oid >= 16384
union all select 'setting of ' || setdatabase || ' ' || setrole from pg_db_role_setting
union all select 'slot ' || slot_name from pg_replication_slots
order by 1"""


def each_backend(conninfo, size, in_transaction):
    """What each of so many backends keeps, by their pids: as many clients hold one at the same time."""
    with ExitStack() as held:
        clients = [held.enter_context(psycopg.connect(conninfo, autocommit=True, prepare_threshold=None)) for _ in range(size)]
        for client in clients:
            client.execute("begin" if in_transaction else "select 1")
        kept = dict(client.execute(KEPT).fetchone() for client in clients)
        for client in clients:
            client.execute("rollback" if in_transaction else "select 1")
    assert len(kept) == size
    return kept


def on_server(database, without_pids=False):
    found = database.sql(ON_SERVER).splitlines()
    return sorted(re.sub(r"^session \d+", "session", line) for line in found) if without_pids else found


def in_pooler(pooler, name):
    """Everything that PgBouncer shows of a database, but for what counts and ages. It gives each server session the
    application_name of its latest client, and in statement mode it drops the one that BEGIN came to."""
    ageing = ("maxwait", "maxwait_us", "wait", "wait_us", "request_time", "connect_time", "ptr", "link", "current_connections",
              "application_name", *("remote_pid", "local_port") * (pooler.mode == "statement"))
    found = []
    for table in ("pools", "servers", "clients", "databases", "users", "config"):
        for row in pooler.shown(table):
            if table == "databases" and row["name"] == name or row.get("database", name) == name:
                found.append(f"{table}: " + " ".join(f"{key}={value}" for key, value in row.items() if key not in ageing))
    return sorted(found)


def assert_same_soon(before, look):
    """A session ends a moment after its client."""
    seen = []

    def same():
        seen[:] = look()
        return seen == before

    try:
        until(same, "everything is as before", 5)
    except AssertionError:
        assert [f"- {line}" for line in before if line not in seen] + [f"+ {line}" for line in seen if line not in before] == []
        raise


def detect(pgtool, nowhere, database, pooler, variant):
    arguments = ["detect", "--pooled-url", pooler.url(database.name), *{
        "ordinary": [], "console": ["--console-url", pooler.console()] if hasattr(pooler, "console") else [],
        "direct": ["--direct-url", database.url()]}[variant]]
    outcome = pgtool(nowhere, *arguments)
    assert outcome.status == 0, outcome.text
    return outcome


@pytest.mark.parametrize("variant", ["ordinary", "console", "direct"])
@pytest.mark.parametrize("extra", ["", "ignore_startup_parameters = options"], ids=["strict", "options-ignored"])
@pytest.mark.parametrize("mode", SIZES)
def test_nothing_is_left_behind_pgbouncer(bouncer, database, nowhere, pgtool, mode, extra, variant):
    size = SIZES[mode]
    pooler = bouncer(mode, extra=f"default_pool_size = {size}\n{extra}")
    conninfo, in_transaction = pooler.conninfo(database.name), mode == "transaction"
    kept = each_backend(conninfo, size, in_transaction)
    assert all(state["pgtool.probe"] is None for state in kept.values())
    until(lambda: len(pooler.shown("clients")) == 1, "the pooler has noticed that we left")
    replaced = mode == "statement"
    server, shown = on_server(database, replaced), in_pooler(pooler, database.name)

    detect(pgtool, nowhere, database, pooler, variant)

    assert_same_soon(server, lambda: on_server(database, replaced))
    assert_same_soon(shown, lambda: in_pooler(pooler, database.name))
    again = each_backend(conninfo, size, in_transaction)
    assert list(again.values()) == list(kept.values())
    assert replaced or again.keys() == kept.keys()
    database.assert_untouched()


@pytest.mark.parametrize("pooler", [(Pgpool, "session")], ids=["Pgpool"], indirect=True)
@pytest.mark.parametrize("variant", ["ordinary", "direct"])
def test_nothing_is_left_behind_pgpool(pooler, database, nowhere, pgtool, variant):
    """It drops a cached session when the start-up options differ: none is handed to a client with others."""
    conninfo = pooler.conninfo(database.name)
    kept = each_backend(conninfo, ALL_CHILDREN, False)
    idle = ["session idle - -"] * ALL_CHILDREN
    assert_same_soon(idle, lambda: on_server(database, without_pids=True))

    detect(pgtool, nowhere, database, pooler, variant)

    assert_same_soon(idle, lambda: on_server(database, without_pids=True))
    assert list(each_backend(conninfo, ALL_CHILDREN, False).values()) == list(kept.values())
    database.assert_untouched()


def test_nothing_is_left_on_a_server_without_a_pooler(database, nowhere, pgtool):
    server = on_server(database)

    outcome = pgtool(nowhere, "detect", "--pooled-url", database.url())

    assert (outcome.status, outcome.stdout.startswith("no pooler")) == (0, True), outcome.text

    assert_same_soon(server, lambda: on_server(database))
    database.assert_untouched()
