"""Each alias goes where it belongs: to the server when it points at the pooler, and is left alone otherwise."""
import psycopg
import pytest
from processes import free_port
from projects import SHOP, postgresql
from servers import Database
from waiting import until

SQLITE = {"ENGINE": "django.db.backends.sqlite3", "NAME": "files.sqlite3"}


def test_a_second_alias_through_the_same_pooler_goes_direct_too(bouncer, make_project, database, pgtool):
    pooler = bouncer()
    project = make_project({"default": postgresql(pooler, database.name), "jobs": postgresql(pooler, database.name)})
    project.add_migration("0005_jobs", '''\
def run(apps, schema_editor):
    from django.db import connections
    with connections["jobs"].cursor() as cursor:
        cursor.execute("create table jobs()")''')

    outcome = pgtool(project, "migrate", "--direct", PGTOOL_DIRECT_URL=database.url())

    assert outcome.status == 0, outcome.text
    assert "public.jobs" in database.tables()
    database.assert_written_directly_only()


def test_an_alias_of_another_user_shares_the_deploy_lock(bouncer, make_project, database, pgtool):
    pooler = bouncer()
    project = make_project({"default": postgresql(pooler, database.name), "jobs": postgresql(pooler, database.name, user="owner")},
                           environment={"POSTGRES_HOST": "127.0.0.1", "POSTGRES_PORT": str(database.port)})
    project.add_migration("0005_jobs", '''\
def run(apps, schema_editor):
    from django.db import connections
    with connections["jobs"].cursor() as cursor:
        cursor.execute("select current_user")
        print("AS", *cursor.fetchone())''')

    outcome = pgtool(project, "migrate", "--direct", "--no-wait", PGTOOL_DIRECT_URL=database.url())

    assert outcome.status == 0, outcome.text
    assert "AS owner" in outcome.stdout
    database.assert_written_directly_only()


# An app that adds an alias: DATABASES of the settings does not have it.
READY = """\
from django.apps import AppConfig


class Shop(AppConfig):
    name = "shop"

    def ready(self):
        from django.db import connections
        connections.settings["late"] = {**connections.settings["default"], "ENGINE": "ENGINE", "OPTIONS": {}}
"""


@pytest.mark.parametrize("engine", ["django.db.backends.sqlite3", "django.db.backends.postgresql"])
def test_an_alias_that_appears_while_django_starts_is_not_in_the_way(bouncer, project, database, pgtool, engine):
    made = project(bouncer())
    made.write("shop/apps.py", READY.replace(': "ENGINE"', f': "{engine}"'))

    outcome = pgtool(made, "migrate", "--direct", PGTOOL_DIRECT_URL=database.url())

    assert outcome.status == 0, outcome.text
    assert database.applied() == SHOP
    assert any("pg_try_advisory_lock_shared" in text for text in database.direct()), "the run lock was not asked for"


LATE = """\
def run(apps, schema_editor):
    from django.db import connections
    with connections["late"].cursor() as cursor:
        cursor.execute("create table late()")"""


def test_a_pooled_alias_that_appears_while_django_starts_goes_direct_too(bouncer, project, database, pgtool):
    made = project(bouncer())
    made.write("shop/apps.py", READY.replace(': "ENGINE"', ': "django.db.backends.postgresql"'))
    made.add_migration("0005_late", LATE)

    outcome = pgtool(made, "migrate", "--direct", "--format", "json", PGTOOL_DIRECT_URL=database.url())

    assert outcome.status == 0, outcome.text
    assert {alias["alias"]: alias["action"] for alias in outcome.json["migrate"]["aliases"]}["late"] == "direct"
    assert "public.late" in database.tables()
    database.assert_written_directly_only()


def test_a_late_alias_whose_server_nobody_knows_may_not_connect(bouncer, project, database, cluster, pgtool):
    made, elsewhere = project(bouncer()), cluster.database()
    other = bouncer(of=elsewhere)
    made.write("shop/apps.py", READY.replace(': "ENGINE"', ': "django.db.backends.postgresql"')
               .replace('"OPTIONS": {}', f'"OPTIONS": {{}}, "PORT": {other.port}, "NAME": "nosuch"'))
    made.add_migration("0005_late", LATE)

    outcome = pgtool(made, "migrate", "--direct", PGTOOL_DIRECT_URL=database.url())

    assert outcome.status == 4 and "alias 'late'" in outcome.stderr, outcome.text
    assert database.applied() == SHOP
    elsewhere.assert_untouched()


def test_a_late_alias_of_a_database_that_another_deploy_holds_may_not_connect(bouncer, project, database, cluster, pgtool):
    made, elsewhere = project(bouncer()), cluster.database()
    other = bouncer(of=elsewhere)
    made.write("shop/apps.py", READY.replace(': "ENGINE"', ': "django.db.backends.postgresql"')
               .replace('"OPTIONS": {}', f'"OPTIONS": {{}}, "PORT": {other.port}, "NAME": "{elsewhere.name}"'))
    made.write("pgtool.yaml", f"databases:\n  late:\n    direct: {elsewhere.url()}\n")
    made.add_migration("0005_late", LATE)

    with psycopg.connect(cluster.conninfo(elsewhere.name), autocommit=True) as holder:
        holder.execute("select pg_advisory_lock(%d, %d)" % (0x7067746F, 0x6F6C0001))
        busy = pgtool(made, "migrate", "--direct", PGTOOL_DIRECT_URL=database.url())
    free = pgtool(made, "migrate", "--direct", PGTOOL_DIRECT_URL=database.url())

    assert busy.status == 4 and "alias 'late'" in busy.stderr and "held by" in busy.stderr, busy.text
    assert free.status == 0, free.text
    elsewhere.assert_written_directly_only()


def test_a_chosen_alias_is_migrated(bouncer, make_project, database, pgtool):
    project = make_project({"default": SQLITE, "shop": postgresql(bouncer(), database.name)})

    outcome = pgtool(project, "migrate", "--direct", "--database", "shop", PGTOOL_DIRECT_URL=database.url())

    assert outcome.status == 0, outcome.text
    assert database.applied() == SHOP
    database.assert_written_directly_only()
    assert not (project.dir / "files.sqlite3").exists()


def test_an_sqlite_alias_is_left_alone(bouncer, make_project, database, pgtool):
    project = make_project({"default": postgresql(bouncer(), database.name), "files": SQLITE})
    project.add_migration("0005_files", '''\
def run(apps, schema_editor):
    from django.db import connections
    with connections["files"].cursor() as cursor:
        cursor.execute("create table kept(name text)")''')

    outcome = pgtool(project, "migrate", "--direct", PGTOOL_DIRECT_URL=database.url())

    assert outcome.status == 0, outcome.text
    assert (project.dir / "files.sqlite3").stat().st_size > 0
    database.assert_written_directly_only()


def test_an_alias_on_the_same_database_names_the_direct_endpoint(bouncer, make_project, database, pgtool):
    project = make_project({"default": postgresql(bouncer(), database.name), "straight": postgresql(database, database.name)})

    outcome = pgtool(project, "migrate", "--direct", "--format", "json")

    assert outcome.status == 0, outcome.text
    assert "straight" in outcome.json["route"]["origin"]
    database.assert_written_directly_only()


def test_a_dead_alias_that_nobody_uses_is_not_in_the_way(bouncer, make_project, database, pgtool):
    project = make_project({"default": postgresql(bouncer(), database.name),
                            "archive": {**postgresql(database, "archive"), "PORT": free_port()}})

    outcome = pgtool(project, "migrate", "--direct", PGTOOL_DIRECT_URL=database.url())

    assert outcome.status == 0, outcome.text
    assert database.applied() == SHOP


class TestAReplicaAliasBehindTheSamePooler:
    def make(self, bouncer, make_project, database, replica):
        until(lambda: replica.sql("select 1", database.name, check=False) == "1", "the replica has the database")
        pooler = bouncer(lines=[f"readonly = host=127.0.0.1 port={replica.port} dbname={database.name}"])
        return make_project({"default": postgresql(pooler, database.name), "replica": postgresql(pooler, "readonly")})

    def test_it_does_not_stop_a_migration(self, bouncer, make_project, database, replica, pgtool):
        project = self.make(bouncer, make_project, database, replica)

        outcome = pgtool(project, "migrate", "--direct", PGTOOL_DIRECT_URL=database.url())

        assert outcome.status == 0, outcome.text
        database.assert_written_directly_only()

    def test_it_is_never_turned_to_the_primary(self, bouncer, make_project, database, replica, pgtool):
        project = self.make(bouncer, make_project, database, replica)
        project.add_migration("0005_read", '''\
def run(apps, schema_editor):
    from django.db import connections
    with connections["replica"].cursor() as cursor:
        cursor.execute("select 'asked of the replica'")''')

        outcome = pgtool(project, "migrate", "--direct", PGTOOL_DIRECT_URL=database.url())

        assert outcome.status == 0, outcome.text
        asked_there = Database(replica, database.name).statements()
        assert [s.text for s in asked_there if "asked of the replica" in s.text] == ["select 'asked of the replica'"]
        assert [s.text for s in database.statements() if "asked of the replica" in s.text] == []
