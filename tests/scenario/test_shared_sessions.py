"""What the rules about shared sessions say, and what another client of a real pooler then meets: neither without the other."""
import subprocess
from pathlib import Path

import psycopg
import pytest
from runs import PGTOOL

READER = Path(PGTOOL).parent / "tests/pgtool_judged_statements"

TIMEOUT = "select current_setting('lock_timeout') <> '0'"
ROLE = "select current_user <> session_user"
LOCKED = "select exists (select from pg_locks where locktype = 'advisory' and pid = pg_backend_pid())"
TABLE = "select to_regclass('kept') is not null"
PREPARED = "select exists (select from pg_prepared_statements where name = 'kept')"
CURSOR = "select exists (select from pg_cursors where name = 'kept')"
LISTENS = "select exists (select from pg_listening_channels())"

# Statement by statement, as a client sends them; what another client asks then: "t" where it meets something.
LEAKS = {
    "session-set-under-pooler": [
        (["set lock_timeout = '7s'"], TIMEOUT),
        (["begin", "set lock_timeout = '7s'", "commit"], TIMEOUT),
        (["select set_config('lock_timeout', '7s', false)"], TIMEOUT),
        (["do $$ begin set lock_timeout = '7s'; end $$"], TIMEOUT)],
    "set-role-under-pooler": [
        (["set role other"], ROLE), (["begin", "set role other", "commit"], ROLE),
        (["select set_config('role', 'other', false)"], ROLE)],
    "session-advisory-lock-under-pooler": [
        (["select pg_advisory_lock(1)"], LOCKED), (["begin", "select pg_try_advisory_lock_shared(1)", "rollback"], LOCKED)],
    "temp-table-under-pooler": [
        (["create temp table kept (a int)"], TABLE), (["begin", "create temp table kept as select 1", "commit"], TABLE),
        (["create temp view kept as select 1"], TABLE), (["select 1 as a into temp kept"], TABLE)],
    "sql-prepare-under-pooler": [(["prepare kept as select 1"], PREPARED), (["begin", "prepare kept as select 1", "rollback"], PREPARED)],
    "with-hold-cursor-under-pooler": [(["begin", "declare kept cursor with hold for select 1", "commit"], CURSOR)],
    "listen-under-pooler": [(["listen kept"], LISTENS), (["begin", "listen kept", "commit"], LISTENS)],
}
INNOCENT = [
    (["begin", "set local lock_timeout = '7s'", "commit"], TIMEOUT),
    (["begin", "select set_config('lock_timeout', '7s', true)", "commit"], TIMEOUT),
    (["begin", "set lock_timeout = '7s'", "reset lock_timeout", "commit"], TIMEOUT),
    (["begin", "set lock_timeout = '7s'", "rollback"], TIMEOUT),
    (["do $$ begin set local lock_timeout = '7s'; end $$"], TIMEOUT),
    (["begin", "set local role other", "commit"], ROLE),
    (["begin", "set role other", "set role none", "commit"], ROLE),
    (["begin", "select pg_advisory_xact_lock(1)", "commit"], LOCKED),
    (["begin", "create temp table kept (a int) on commit drop", "commit"], TABLE),
    (["begin", "create temp table kept (a int)", "drop table kept", "commit"], TABLE),
    (["do $$ begin create temp table kept (a int) on commit drop; end $$"], TABLE),
    (["begin", "create temp table kept (a int)", "rollback"], TABLE),
    (["begin", "prepare kept as select 1", "execute kept", "deallocate kept", "commit"], PREPARED),
    (["begin", "declare kept cursor for select 1", "commit"], CURSOR),
    (["begin", "declare kept cursor with hold for select 1", "rollback"], CURSOR),
    (["begin", "listen kept", "rollback"], LISTENS),
    (["begin", "listen kept", "unlisten *", "commit"], LISTENS),
    (["begin", "listen kept", "unlisten kept", "commit"], LISTENS),
]


def judged(statements):
    return set(subprocess.run([READER], input=";\n".join(statements), capture_output=True, text=True, check=True).stdout.split())


@pytest.fixture
def met(bouncer, database):
    """What another client meets after one has sent its statements: both get the only server session."""
    database.sql("create role other role app")
    pooled = bouncer(extra="default_pool_size = 1")

    def answer(statements, question):
        with psycopg.connect(pooled.conninfo(database.name), autocommit=True, prepare_threshold=None) as client:
            for statement in statements:
                client.execute(statement)
        return pooled.sql(question, database.name) == "t"

    yield answer
    database.sql("drop role other")


@pytest.mark.parametrize("slug, statements, question", [(slug, *case) for slug, cases in LEAKS.items() for case in cases])
def test_what_a_rule_speaks_of_is_met_by_the_next_client(met, slug, statements, question):
    assert met(statements, question) and judged(statements) == {slug}


@pytest.mark.parametrize("statements, question", INNOCENT)
def test_what_no_rule_speaks_of_leaves_nothing_to_the_next_client(met, statements, question):
    assert not met(statements, question) and not judged(statements)


def test_discard_takes_from_another_client_what_it_keeps(met):
    assert met(["create temp table kept (a int)"], TABLE)
    assert not met(["discard temp"], TABLE) and judged(["discard temp"]) == {"discard-under-pooler"}


def test_currval_answers_with_what_another_client_has_drawn(met):
    met(["create sequence drawn", "select nextval('drawn')"], "select true")
    assert met(["select 1"], "select currval('drawn') = 1") and judged(["select currval('drawn')"]) == {"currval-under-pooler"}
