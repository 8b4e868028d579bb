"""Exact places at which a run of `pgtool migrate` can be made to stand still, and what must be true of the database at last."""
import re
from contextlib import contextmanager

import psycopg

from moves import dump
from projects import Project, postgresql
from supervisor import DEPLOY, plainly
from waiting import until

# After those of the shop: two operations and a foreign key, whose SQL is deferred, in one transaction; and two in none.
_LINE = """\
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop", "0004_paid")]
    operations = [
        migrations.CreateModel("Line", [
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("order", models.ForeignKey("shop.order", models.CASCADE)),
        ]),
        migrations.AddField("order", "note", models.TextField(null=True)),
    ]
"""
# After all of them, where it is wanted: neither a statement nor a transaction is under way until the file appears.
_PAUSE = """\
import os
import time

from django.db import migrations


def pause(apps, schema_editor):
    open("pausing", "w").close()
    while not os.path.exists("go"):
        time.sleep(0.02)


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("shop", "0006_steps")]
    operations = [migrations.RunPython(pause)]
"""
_STEPS = """\
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("shop", "0005_line")]
    operations = [
        migrations.AddField("order", "first", models.IntegerField(null=True)),
        migrations.AddField("order", "second", models.IntegerField(null=True)),
    ]
"""
# A statement, a row or a COMMIT waits there as long as the gate is shut; not in a lock, which lock_timeout would end.
_GATE = """\
create schema gate;
grant usage on schema gate to public;
create function gate.stand() returns void language plpgsql as
    'begin while not pg_try_advisory_xact_lock_shared(4712) loop perform pg_sleep(0.02); end loop; end';
"""
_AT_DDL = """\
create function gate.ddl() returns event_trigger language plpgsql as
    $$begin if current_query() ~ '{0}' then perform gate.stand(); end if; end$$;
create event trigger gate on ddl_command_start execute function gate.ddl();
"""
_AT_ROW = """\
create function gate.row() returns trigger language plpgsql as 'begin perform gate.stand(); return new; end';
create {0} execute function gate.row();
"""
_COMMIT = ("constraint trigger gate after insert on django_migrations initially deferred for each row "
           "when (new.name = '0005_line')")
_PERMISSION = "trigger gate before insert on auth_permission for each row when (new.codename like '%_line')"
_CONTENTS = """\
select 'order ' || number || ' ' || paid from shop_order union all
select 'line ' || count(*) from shop_line union all
select 'migration ' || app || '.' || name from django_migrations union all
select 'content type ' || app_label || '.' || model from django_content_type union all
select 'permission ' || codename from auth_permission order by 1"""
_INVALID = "select indexrelid::regclass from pg_index where not indisvalid or not indisready or not indislive"


def long_shop(folder, databases, **options):
    """The shop with two more migrations."""
    made = Project.shop(folder, databases, **options)
    made.write("shop/migrations/0005_line.py", _LINE)
    made.write("shop/migrations/0006_steps.py", _STEPS)
    return made


def add_pause(project):
    """One more migration, which stands in Python: the file that tells so."""
    project.write("shop/migrations/0007_pause.py", _PAUSE)
    return project.dir / "pausing"


class Templates:
    """Databases in which plain Django has applied some: a new one is a copy. What it makes of all is what a run must end with."""

    def __init__(self, cluster, folder):
        self._cluster, self._folder, self._made = cluster, folder, {}
        everything = self.database("all")
        self.wanted = state(everything)
        everything.drop()

    def database(self, *applied):
        """A new one, where `migrate` was run with each of these words; `all` for everything."""
        if applied and applied not in self._made:
            made = self._made[applied] = self._cluster.database()
            project = long_shop(self._folder / made.name, {"default": postgresql(self._cluster, made.name)})
            for words in applied:
                done = plainly(project, "manage.py", "migrate", *words.replace("all", "").split())
                assert done.returncode == 0, done.stderr
            until(lambda: not made.sessions(), "nobody uses the template")
        copy = self._cluster.database(like=self._made[applied].name if applied else "template1")
        copy.sql("checkpoint")  # A copied sequence that is used before one steps back in a crash.
        return copy


def state(database):
    """Schema and rows, but for numbers that differ from run to run."""
    return dump(database), database.sql(_CONTENTS).splitlines()


def invalid_indexes(database):
    return database.sql(_INVALID).splitlines()


@contextmanager
def session(database, *statements):
    """One of the test's, with these statements behind it. Its end is no matter: the server may be gone by then."""
    made = psycopg.connect(database.cluster.conninfo(database.name), autocommit=True)
    try:
        for statement in statements:
            made.execute(statement)
        yield made
    finally:
        made.close()


class Standstill:
    """Of one run: what is to be prepared in the database, with which arguments pgtool is run, and how to see that it stands."""

    def __init__(self, name, applied=("auth", "shop 0004"), arguments=(), gate="", hold="", seen="", named=None):
        self.name, self.applied, self.arguments = name, applied, arguments
        self.named = named  # what the next run may leave to a person: the migration, the object, and what mends it
        self._gate, self._hold, self._seen = gate, hold, seen

    def __repr__(self):
        return self.name

    @contextmanager
    def prepared(self, database):
        """The run that is started meanwhile comes to stand."""
        if self._gate:
            database.sql(_GATE + self._gate)
        with session(database, *(self._hold or ["select pg_advisory_lock(4712)"])):
            yield
        if self._gate:
            database.sql("drop schema gate cascade")

    def wait(self, database, run):
        """Until it stands."""
        until(lambda: self._stands(database, run) or run.process.poll() is not None, f"it stands {self.name}", 30)
        assert run.process.poll() is None, f"it ended before it stood {self.name}: {run.output()}{run.output('stderr')}"

    def _stands(self, database, run):
        return re.search(self._seen, run.output("stderr")) if self._seen.startswith("pgtool:") else sessions(database, self._seen)


def sessions(database, condition="true"):
    """Pids of those that are not the test's."""
    return list(map(int, database.sql("select pid from pg_stat_activity where datname = current_database() and usename = 'app' "
                                      f"and {condition}").split()))


_ASLEEP = "wait_event = 'PgSleep'"
_READER = "begin", "lock table shop_order in access share mode"
_SNAPSHOT = "begin isolation level repeatable read", "select from django_content_type"
STANDSTILLS = [
    Standstill("before the first migration", applied=(), gate=_AT_DDL.format('"django_migrations"'), seen=_ASLEEP),
    Standstill("inside an atomic migration", gate=_AT_DDL.format('ADD COLUMN "note"'), seen=_ASLEEP),
    Standstill("in deferred SQL", gate=_AT_DDL.format('shop_line.*FOREIGN KEY'), seen=_ASLEEP),
    Standstill("in COMMIT", gate=_AT_ROW.format(_COMMIT), seen=_ASLEEP),
    Standstill("between migrations", gate=_AT_DDL.format('ADD COLUMN "first"'), seen=_ASLEEP),
    Standstill("between operations of a non-atomic one", gate=_AT_DDL.format('ADD COLUMN "second"'), seen=_ASLEEP,
               named=("shop.0006_steps", "first", "alter table shop_order drop column first")),
    Standstill("inside CREATE INDEX CONCURRENTLY", applied=("auth",), hold=_SNAPSHOT,
               seen="query like 'CREATE INDEX CONCURRENTLY%' and wait_event = 'virtualxid'",
               named=("shop.0002_index", "order_number", "drop index concurrently order_number")),
    Standstill("in post_migrate", gate=_AT_ROW.format(_PERMISSION), seen=_ASLEEP),
    Standstill("in back-off", hold=_READER, seen="pgtool: .*trying again in",
               arguments=("--max-transaction-age", "0", "--lock-timeout", "100ms", "--retry-delay", "10s")),
    Standstill("waiting for an old transaction", hold=_READER, seen="pgtool: .*waiting until pid",
               arguments=("--max-transaction-age", "100ms")),
    Standstill("waiting for the deploy lock", hold=["select pg_advisory_lock({}, {})".format(*DEPLOY)],
               seen="pgtool: waiting for another deploy"),
]
