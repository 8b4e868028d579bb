"""preflight changes nothing, neither by itself nor by what the project tries meanwhile."""
import json
import re

import pytest
from deploys import FIRST
from judged import QUIET, READY, plan_of, preflight, quiet, trace
from projects import postgresql
from waiting import until

LITE = {"ENGINE": "django.db.backends.sqlite3", "NAME": "lite.sqlite3"}


def test_nothing_is_changed_neither_directly_nor_through_the_pooler(quiet, database, preflight):
    before = trace(database)

    preflight(quiet)

    assert trace(database) == before
    assert database.pooled() and database.direct(), "it has looked at both"
    database.assert_untouched()
    asked = [s.text for s in database.statements() if s.user != "postgres"]
    assert not [text for text in asked if re.search(r"advisory_lock|nextval|setval|pg_notify|create temp|select .* into ", text, re.I)]


def test_the_sessions_of_the_pool_are_left_as_they_were(database, bouncer, project, preflight):
    """What is set in one of them is there for whoever gets it next."""
    pooler = bouncer(extra="default_pool_size = 1")
    settings = "select name || '=' || setting from pg_settings where source in ('session', 'client') order by 1"
    before = pooler.sql(settings, database.name)

    preflight(project(pooler, **QUIET), PGTOOL_DIRECT_URL=database.url())

    assert pooler.sql(settings, database.name) == before and "read_only=on" not in before
    assert pooler.sql("show transaction_read_only", database.name) == "off"
    ours = "select count(*) from pg_stat_activity where usename = 'app' and (state <> 'idle' or application_name = 'pgtool')"
    until(lambda: database.sql(ours) == "0", "it has left nothing open")
    assert database.sql("select count(*) from pg_locks where locktype = 'advisory'") == "0"


class TestInProduction:
    """On a database that is in use, with one migration to come."""

    @pytest.fixture
    def cluster(self, deploy_cluster):
        return deploy_cluster

    @pytest.fixture
    def database(self, production):
        return production

    @pytest.fixture
    def deployed(self, noted, database):
        database.sql("analyze shop_order")
        return noted(settings="DATABASES['default']['DISABLE_SERVER_SIDE_CURSORS'] = True\n")

    def test_nothing_is_changed_either(self, deployed, database, preflight):
        before = trace(database)

        report = preflight(deployed)

        assert trace(database) == before
        assert [one["name"] for one in plan_of(report)] == [f"shop.{FIRST}"]

    def test_the_migration_is_listed_with_locks_and_sizes(self, deployed, pgtool, preflight):
        [one] = plan_of(preflight(deployed))
        text = " ".join(pgtool(deployed, "preflight").stdout.split())

        [table] = one["tables"]
        assert (table["table"], table["lock"], table["rows"]) == ("public.shop_order", "ACCESS EXCLUSIVE", 2001) and table["bytes"] > 0
        assert re.search(rf"{FIRST}: [^:]*ACCESS EXCLUSIVE on public.shop_order", text), text


WRITES = ["insert into django_site values (1)", "create table by_ready (id integer)", "select setval('by_owner', 5)", "drop table kept",
          "create temp table t as select 1; create table by_ready2 (id integer)", "do $$begin execute 'create table by_do (id int)'; end$$"]


@pytest.fixture(params=["transaction", "session", None])
def starting(request, bouncer, project, database):
    """Behind a pooler in that mode, or behind none."""
    made = project(bouncer(request.param) if request.param else database, **QUIET)
    made.environment["PGTOOL_DIRECT_URL"] = database.url()
    return made


@pytest.mark.parametrize("driver", ["psycopg", "psycopg2"])
def test_what_the_project_writes_when_it_starts_is_refused_with_each_driver(project, bouncer, database, pgtool, driver):
    made = project(bouncer(), driver, **QUIET)
    made.write("shop/apps.py", READY.format(alias="default", statement=WRITES[1]))

    assert pgtool(made, "preflight", PGTOOL_DIRECT_URL=database.url()).status == 3
    assert database.tables() == []


@pytest.mark.parametrize("statement", WRITES[1:3])
def test_what_the_project_writes_is_refused_whatever_stands_between(starting, database, pgtool, statement):
    database.sql("create sequence by_owner; alter sequence by_owner owner to app")
    starting.write("shop/apps.py", READY.format(alias="default", statement=statement))
    before = trace(database)

    outcome = pgtool(starting, "preflight")

    assert trace(database) == before
    assert outcome.status == 3, outcome.text


@pytest.mark.parametrize("statement", WRITES)
def test_what_the_project_writes_when_it_starts_is_refused(quiet, database, pgtool, statement):
    database.sql("create table kept (id integer); create sequence by_owner; create table django_site (id integer);"
                 "alter table kept owner to app; alter table django_site owner to app; alter sequence by_owner owner to app")
    quiet.write("shop/apps.py", READY.format(alias="default", statement=statement))
    before = trace(database)

    outcome = pgtool(quiet, "preflight", "--format", "json")

    assert trace(database) == before
    assert outcome.status == 3 and outcome.json["preflight"]["ready"] is False, outcome.text
    assert "read-only transaction" in json.dumps(outcome.json["unknown"]), outcome.text


@pytest.mark.parametrize("through", ["pooler", "server", "lite"])
def test_no_other_alias_is_written_either(make_project, make_database, cluster, bouncer, database, pgtool, through):
    other = make_database(cluster)
    entry = {"pooler": lambda: postgresql(bouncer(of=other), other.name, **QUIET), "server": lambda: postgresql(other, other.name),
             "lite": lambda: LITE}[through]()
    made = make_project({"default": postgresql(database, database.name), "other": entry})
    made.write("shop/apps.py", READY.format(alias="other", statement="create table by_ready (id integer)"))

    outcome = pgtool(made, "preflight")

    assert other.tables() == [] and database.tables() == []
    assert not (made.dir / "lite.sqlite3").exists() or (made.dir / "lite.sqlite3").stat().st_size == 0
    assert outcome.status == 3, outcome.text


def test_what_the_project_turns_on_again_is_refused_or_said(quiet, database, pgtool):
    statement = "set default_transaction_read_only = off; set transaction_read_only = off; create table by_ready (id integer)"
    quiet.write("shop/apps.py", READY.format(alias="default", statement=statement))

    outcome = pgtool(quiet, "preflight")

    assert database.tables() == [] or outcome.status != 0, outcome.text


def test_a_migration_that_writes_when_it_is_imported_is_refused(quiet, database, pgtool):
    text = (quiet.dir / "shop/migrations/0004_paid.py").read_text()
    quiet.write("shop/migrations/0004_paid.py", text + "\nfrom django.db import connection\nwith connection.cursor() as cursor:\n"
                "    cursor.execute('create table by_import (id integer)')\n")
    before = trace(database)

    outcome = pgtool(quiet, "preflight", "--format", "json")

    assert trace(database) == before
    assert outcome.status == 3 and "read-only transaction" in json.dumps(outcome.json["unknown"]), outcome.text


def test_what_migrations_do_is_not_done(quiet, database, pgtool):
    quiet.add_migration("0005_touch", "def run(apps, schema_editor):\n    open('touched', 'w').close()")

    assert pgtool(quiet, "preflight").status == 0
    assert not (quiet.dir / "touched").exists()


def test_check_starts_no_app(quiet, database, pgtool):
    quiet.write("shop/apps.py", READY.format(alias="default", statement="create table by_ready (id integer)"))

    assert pgtool(quiet, "check").status == 0
    assert database.tables() == []
