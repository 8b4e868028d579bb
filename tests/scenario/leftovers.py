"""What deploys leave in a database, planted in the shop in production, and its innocent twins."""
import re
import shlex
from contextlib import contextmanager
from dataclasses import dataclass

import psycopg

from deploys import CUSTOMER, Holder, plain_migrate
from projects import ARTICLE, Project, article_environment
from servers import Bouncer
from waiting import until

STRANDED = 815  # key of the advisory lock
_SQL = r"(?:ALTER|DROP|CREATE|REINDEX|SELECT|GRANT)\b.*"


@dataclass(frozen=True)
class Leftover:
    """How it is found: by its rule and a word that names the object."""
    name: str
    rule: str
    word: str
    severity: str = "warning"

    def __str__(self):
        return self.name.replace(" ", "_")

    def is_in(self, findings):
        """What is said of it."""
        return [one for one in findings if one["rule"] == self.rule and re.match(self.word, one["where"]["object"])]


LEFTOVERS = [
    Leftover("invalid index", "invalid-index", r"public\.order_once"),
    Leftover("invalid index on a table that no model knows", "invalid-index", r"public\.ledger_once"),
    Leftover("phantom table", "phantom-table", r"(backup\.)?shop_customer"),
    Leftover("second django_migrations", "second-django-migrations", r"old\.django_migrations"),
    Leftover("unrecorded CreateModel", "unrecorded-migration", r"made_model\.0002"),
    Leftover("unrecorded AddField", "unrecorded-migration", r"made_field\.0002"),
    Leftover("unrecorded AddIndex", "unrecorded-migration", r"made_index\.0002"),
    Leftover("unrecorded AddConstraint", "unrecorded-migration", r"made_constraint\.0002"),
    Leftover("check that is not valid", "constraint-not-valid", ".*ledger_positive", "info"),
    Leftover("foreign key that is not valid", "constraint-not-valid", ".*ledger_order", "info"),
    Leftover("identity behind", "sequence-behind", r"public\.shop_customer"),
    Leftover("serial behind", "sequence-behind", r"public\.ticket"),
    Leftover("sequence never called", "sequence-behind", r"public\.coupon"),
    Leftover("sequence that gives the greatest again", "sequence-behind", r"public\.stamp"),
    Leftover("serial of a table with an odd name", "sequence-behind", r"public\..*O'Neill"),
    Leftover("stranded advisory lock", "advisory-lock-stranded", "pid "),
    Leftover("missing schema", "schema-missing", "nowhere"),
]
_THING = ('migrations.CreateModel("Thing", [("id", models.BigAutoField(primary_key=True, serialize=False)), '
          '("number", models.IntegerField())])')
_FIELD = 'migrations.AddField("thing", "note", models.TextField(null=True))'
_INDEX = 'migrations.AddIndex("thing", models.Index(fields=["number"], name="thing_number"))'
_CHECK = 'migrations.AddConstraint("thing", models.CheckConstraint(condition=models.Q(id__gt=0), name="thing_positive"))'
# Of an app each: its second migration.
_APPLIED = {
    "made_model": ['migrations.CreateModel("Line", [("id", models.BigAutoField(primary_key=True, serialize=False)), '
                   '("thing", models.ForeignKey("made_model.thing", models.CASCADE))])'],
    "made_field": [_FIELD],
    "made_index": [_INDEX.replace("thing_number", "made_number")],
    "made_constraint": [_CHECK],
}
_PLANT = """\
delete from django_migrations where app like 'made%' and name like '0002%';
create table ledger (amount integer, purchase bigint);
insert into ledger values (1), (1);
alter table ledger add constraint ledger_positive check (amount > 0) not valid;
alter table ledger add constraint ledger_order foreign key (purchase) references shop_order not valid;
insert into shop_customer (id, name) values (9000, 'by hand');
create table ticket (id serial primary key);
insert into ticket select nextval('ticket_id_seq') from generate_series(1, 5);
insert into ticket values (6), (7);
create table coupon (id serial primary key);
insert into coupon values (1);
create table stamp (id bigint generated always as identity primary key);
insert into stamp overriding system value select generate_series(1, 5);
select setval('stamp_id_seq', 5, false);
create table "O'Neill's ""Bar"" x" (id serial primary key);
insert into "O'Neill's ""Bar"" x" values (1);
create schema backup;
create table backup.shop_customer (like shop_customer including all);
create schema old;
create table old.django_migrations (like django_migrations including all);
insert into old.django_migrations (app, name, applied) select app, name, applied from django_migrations where app <> 'shop';
"""
# Of somebody else; both are behind.
_UNREADABLE = """\
create table secret (id serial primary key);
insert into secret values (100);
create table vault (id serial primary key);
insert into vault values (100);
grant select on vault to app;
"""
_INNOCENT = """\
create table reading (at date not null) partition by range (at);
create table reading_2025 partition of reading for values from ('2025-01-01') to ('2026-01-01');
create index reading_at on only reading (at);
create schema archive;
create table archive.shop_customer (id bigint primary key);
create table cached (id serial primary key);
alter sequence cached_id_seq cache 1000;
insert into cached select nextval('cached_id_seq') from generate_series(1, 5);
create table stepped (id serial primary key);
alter sequence stepped_id_seq increment by 10;
insert into stepped select nextval('stepped_id_seq') from generate_series(1, 5);
create table falling (id integer generated by default as identity (start with -1 increment by -1 maxvalue -1) primary key);
insert into falling select nextval('falling_id_seq') from generate_series(1, 5);
create table numbered (id integer primary key);
insert into numbered values (100);
create table untouched (id serial primary key);
create table emptied (id serial primary key);
select setval('emptied_id_seq', 5, false);
create table exact (id serial primary key);
insert into exact select generate_series(1, 5);
select setval('exact_id_seq', 6, false);
create table twin_foreign_table_invoice (id bigint primary key, remark text);
alter table twin_half_thing add half integer;
"""
# Unapplied, though each leans on something that is there: of an app each, its second migration.
_UNAPPLIED = {
    "model": ['migrations.CreateModel("Line", [("id", models.BigAutoField(primary_key=True, serialize=False))])'],
    "field": [_FIELD],
    "index": [_INDEX],
    "check": [_CHECK],
    "unique": ['migrations.AddConstraint("thing", models.UniqueConstraint(fields=["number"], name="thing_once"))'],
    "python": ["migrations.RunPython(migrations.RunPython.noop)"],
    "sql": ['migrations.RunSQL("update sql_thing set number = 1")'],
    "state": ['migrations.SeparateDatabaseAndState(state_operations=[migrations.AddField("thing", "shadow", '
              'models.TextField(null=True))])'],
    "foreign_table": ['migrations.CreateModel("Invoice", [("id", models.BigAutoField(primary_key=True, serialize=False)), '
                      '("amount", models.IntegerField())])'],
    "half": ['migrations.AddField("thing", "half", models.IntegerField(null=True))',
             'migrations.AddField("thing", "other_half", models.IntegerField(null=True))'],
    "model_and_python": ['migrations.CreateModel("Line", [("id", models.BigAutoField(primary_key=True, serialize=False))])',
                         "migrations.RunPython(migrations.RunPython.noop)"],
    "alter": ['migrations.AlterField("thing", "number", models.BigIntegerField())'],
    "rename": ['migrations.RenameField("thing", "number", "amount")'],
    "nothing": [],
    "remove": ['migrations.RemoveField("thing", "number")'],
    "delete": ['migrations.DeleteModel("Thing")'],
}
_UNAPPLIED = {f"twin_{name}": operations for name, operations in _UNAPPLIED.items()}
_BUILDING = ["create index concurrently building_by_app on shop_order (paid)",
             "create index concurrently building_by_admin on shop_customer (name)", "reindex table concurrently auth_group"]
_MIGRATION = """\
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = {before}
    operations = [
{operations}    ]
"""
TWINS = ["order_number", "building_by_app", "building_by_admin", "ccnew", "reading", "archive", "advisory", "cached", "stepped",
         "falling", "numbered", "untouched", "emptied", "exact", "user", "pg_temp", *_UNAPPLIED]


class Ground:
    """A copy of the database in production, a transaction pool before it, and the project that is to be migrated."""

    def __init__(self, cluster, folder):
        self.database = cluster.database(like="in_production")
        self.bouncer = Bouncer(cluster, [self.database.name])
        self.project = Project.shop(folder, ARTICLE, environment=article_environment(self.bouncer, self.database))
        self.project.add_operations("0005_customer", CUSTOMER)

    def add_apps(self, names):
        """Each has one table, whose migration was applied."""
        self.project.write("config/settings.py", (self.project.dir / "config/settings.py").read_text(encoding="utf-8") +
                           f"\nINSTALLED_APPS += {list(names)!r}\n")
        for app in names:
            for file in "__init__.py", "models.py", "migrations/__init__.py":
                self.project.write(f"{app}/{file}", "")
            self.add_migration(app, "0001_initial", [_THING])
        self.migrate_plainly()

    def add_migration(self, app, name, operations, before=None):
        self.project.write(f"{app}/migrations/{name}.py", _MIGRATION.format(
            before=[(app, before)] * bool(before), operations="".join(f"        {one},\n" for one in operations)))

    def migrate_plainly(self):
        outcome = plain_migrate(self.project, PG_BOUNCER_HOST="", PG_BOUNCER_PORT="")
        assert outcome.status == 0, outcome.text

    def remove(self):
        self.bouncer.remove()
        self.database.drop()

    def set_path(self, path):
        self.database.sql(f"alter role app in database {self.database.name} set search_path = {path}")
        self.renew_pool()

    def renew_pool(self):
        self.bouncer.sql("reconnect", "pgbouncer", "pooladmin")
        until(lambda: not self.bouncer.shown("servers"), "the pooler has let go of its sessions")

    def plant_leftovers(self):
        self.add_apps(_APPLIED)
        for app, operations in _APPLIED.items():
            self.add_migration(app, "0002_made", operations, "0001_initial")
        self.migrate_plainly()
        for app in _APPLIED:
            self.add_migration(app, "0003_later", [_FIELD.replace("note", "later")], "0002_made")
        self.database.sql(_PLANT, "app")
        self.database.sql(_UNREADABLE)
        for table, column in ("shop_order", "paid"), ("ledger", "amount"):
            index = table.removeprefix("shop_") + "_once"
            self.database.sql(f"create unique index concurrently {index} on {table} ({column})", "app", check=False)
        self.set_path("public, backup, nowhere")
        self.strand_lock()

    def strand_lock(self):
        """Its client is gone, and the pooler's session has it for ever."""
        with psycopg.connect(self.bouncer.conninfo(self.database.name), autocommit=True, prepare_threshold=None) as client:
            client.execute(f"select pg_advisory_lock({STRANDED})")
        assert self.stranded()

    def stranded(self):
        return self.database.sql(f"select pid from pg_locks where locktype = 'advisory' and objid = {STRANDED} and granted and "
                                 "database = (select oid from pg_database where datname = current_database())").split()

    def plant_twins(self):
        self.add_apps(_UNAPPLIED)
        for app, operations in _UNAPPLIED.items():
            self.add_migration(app, "0002_twin", operations, "0001_initial")
        self.database.sql(_INNOCENT, "app")
        self.set_path('"$user", public, pg_temp')

    @contextmanager
    def busy_twins(self):
        """Others work on the database: they build indexes, and hold advisory locks that are in use."""
        with psycopg.connect(self.bouncer.conninfo(self.database.name), prepare_threshold=None) as pooled:
            pooled.execute("select pg_advisory_xact_lock(7)")
            working = Holder(self.database, "select pg_advisory_lock(8)")
            working.go_on("select pg_sleep(60)")
            writer = Holder(self.database, *(f"lock table {table} in row exclusive mode" for table in (
                "shop_order", "shop_customer", "auth_group")))
            builders = [Holder(self.database, user=user, autocommit=True) for user in ("app", "postgres", "postgres")]
            for builder, work in zip(builders, _BUILDING):
                builder.go_on(work)
            until(lambda: len(invalid(self.database)) >= 4, "the indexes are under way")
            try:
                yield
                assert all(name in " ".join(invalid(self.database)) for name in ("building_by_app", "building_by_admin", "ccnew"))
            finally:
                for one in [*builders, writer, working]:
                    one.let_go()


def invalid(database):
    return database.sql("select indexrelid::regclass from pg_index where not indisvalid and indrelid >= 16384").split()


def sql_in(remedy):
    """What is to be sent, without the advice that may stand before it; None where there is none."""
    found = re.search(rf"(?:^|: )({_SQL})", remedy, re.S)
    return found[1] if found else None


def run_sql(database, sql, user="postgres"):
    """Each statement in a transaction of its own, as psql does."""
    for statement in re.split(r";\s*(?:\n|$)", sql):
        if statement.strip():
            database.sql(statement, user)


def command_in(remedy):
    """The words of a command of pgtool, without pgtool itself; None where there is none."""
    found = re.search(r"(?:^|: )pgtool (.*)", remedy)
    return shlex.split(found[1]) if found else None
