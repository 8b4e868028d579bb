"""Statements and operations that lint objects to and whose remedy is there to be pasted, and rules whose remedy cannot be."""
from dataclasses import dataclass

from lint_set.schema import READING, READING_ROWS

# No statement and no operation takes the place of these: what they ask for is an order of releases, or is known to people only.
NOT_TO_BE_PASTED = {
    "add-column-constant-default": "PostgreSQL up to 10, where a DO block cannot COMMIT its batches",
    "add-column-constrained-domain": "the type and the checks of the domain stand elsewhere",
    "add-exclusion-constraint": "there is no way to build its index beforehand",
    "attach-partition-scan": "the key of the partitioned table stands elsewhere",
    "concurrently-in-transaction": "where the transaction ends is decided by whoever opens it",
    "conflicting-leaf-nodes": "a command: makemigrations --merge",
    "create-trigger-brief-lock": "a lock_timeout before it",
    "currval-under-pooler": "another statement: INSERT with RETURNING",
    "discard-under-pooler": "it is to be left out",
    "drop-constraint": "release order",
    "drop-database": "not in a migration at all",
    "drop-not-null": "release order",
    "drop-schema": "release order",
    "drop-view": "release order",
    "enum-add-value-in-transaction": "where the transaction ends is decided by whoever opens it",
    "explicit-lock-table": "which weaker mode is enough is known to people only",
    "invalid-syntax-or-unsupported": "nobody knows what is meant",
    "iterator-outside-transaction": "code",
    "listen-under-pooler": "a session of its own",
    "load-under-pooler": "a session of its own",
    "multiple-tables-locked": "where the transaction ends is decided by whoever opens it",
    "opaque-dynamic-sql": "nobody knows the statement",
    "partitioned-fk-not-valid": "which partitions there are is known to the database only",
    "rename-enum-value": "release order, and values are not repeated",
    "rename-schema": "a command: pgtool schema-move",
    "runpython-mixed-with-schema": "code",
    "runpython-model-import": "code",
    "runpython-not-reversible": "code",
    "runsql-not-reversible": "the way back is known to people only",
    "session-advisory-lock-under-pooler": "which statements need the lock is known to people only",
    "session-set-under-pooler": "which statements need it is known to people only, and values are not repeated",
    "set-access-method": "a new table, or a quiet moment",
    "set-local-outside-transaction": "which statements need it is known to people only, and values are not repeated",
    "set-logged-unlogged": "a new table, or a quiet moment",
    "set-role-under-pooler": "which statements need it is known to people only",
    "set-tablespace": "pg_repack, a program",
    "sql-prepare-under-pooler": "the driver prepares",
    "statement-after-access-exclusive": "where the transaction ends is decided by whoever opens it",
    "temp-table-under-pooler": "which statements need it is known to people only",
    "transaction-nesting": "it is to be left out",
    "update-without-where": "the key is not known, and values are not repeated",
    "with-hold-cursor-under-pooler": "which statements need it is known to people only",
}


@dataclass(frozen=True)
class Case:
    """`differs` says why the schema is another one in the end, and `in_lines` of pg_dump about what; "" where the statement itself
    cannot be run to compare with."""
    rule: str
    text: str
    setup: str = ""  # more tables
    fill: str = ""
    holds: str = ""  # a query that is true of the rows in the end
    differs: str = ""
    in_lines: str = ""
    wrapped: bool = False
    empty: bool = False  # the statement itself fails on rows

    def __str__(self):
        return f"{self.rule}: {self.text[:60]}"


_NO_NULL = "select count(*) = 1000 and count({0}) = 1000 and count(distinct {0}) = 1000 from item"
SQL = [
    Case("index-not-concurrent", "create unique index on purchase (lower(note), price desc nulls last) include (paid)"
         " where note like 'note 1%' and number <> 'it''s'"),
    Case("index-not-concurrent", "create index if not exists purchase_hashed on purchase using hash (note)"),
    Case("drop-index-not-concurrent", "drop index if exists purchase_at, purchase_note"),
    Case("reindex-not-concurrent", "reindex table purchase"),
    Case("add-check-constraint", "alter table purchase add check (price < 100000 and number <> 'it''s')"),
    Case("add-check-constraint", "alter table purchase add column size integer default 1 not null check (size > 0),"
         " add constraint named check (paid in (true, false)) no inherit, alter note set default 'none'"),
    Case("add-foreign-key", "alter table item add foreign key (purchase_id) references purchase (id) on delete cascade"
         " deferrable initially deferred"),
    Case("add-foreign-key", "alter table item add column shop_id integer default 1 references shop on update cascade deferrable",
         holds="select bool_and(shop_id = 1) from item"),
    Case("add-unique-constraint", "alter table item add unique nulls not distinct (purchase_id, label) include (amount)"
         " with (fillfactor=70) deferrable"),
    Case("add-unique-constraint", "alter table item add column code text unique"),
    Case("add-primary-key", "alter table archive.old_purchase add primary key (id, number)"),
    Case("set-not-null", "alter table item alter amount set not null, alter column label set not null"),
    Case("add-column-volatile-default", "alter table item add column token uuid not null default gen_random_uuid()",
         holds=_NO_NULL.format("token")),
    Case("add-column-auto-increment", "alter table item add column place serial unique", holds=_NO_NULL.format("place")),
    Case("add-column-auto-increment", "alter table item add column place bigint generated always as identity",
         holds=_NO_NULL.format("place")),
    Case("add-column-generated-stored", "alter table item add column twice integer generated always as (amount * 2) stored",
         holds="select bool_and(twice = amount * 2) from item",
         differs="a trigger takes the place of what the server computes", in_lines=r"twice|^(BEGIN|END|\s*RETURN|\s*LANGUAGE|\s*AS )"),
    Case("add-column-not-null-no-default", "alter table item add column size integer not null", empty=True,
         differs="the default stays, for the running release"),
    Case("alter-column-type", "alter table item alter amount type bigint",
         holds="select sum(amount) = (select sum(n % 7) from generate_series(1, 1000) n) from item"),
    Case("alter-column-type", "alter table item alter purchase_id type text using 'p' || item.purchase_id",
         holds="select bool_and(purchase_id like 'p%') from item"),
    Case("alter-column-type", "alter table purchase alter at type timestamp"),
    Case("alter-domain-add-constraint", "alter domain amount add constraint positive check (value >= 0)",
         setup="create domain amount as integer; create table part (size amount)", fill="insert into part values (1), (null)"),
    Case("alter-domain-add-constraint", "alter domain amount set not null", setup="create domain amount as integer;"
         " create table part (size amount)", fill="insert into part values (1)", differs="a check says what NOT NULL does", in_lines=r"amount_not_null|CREATE DOMAIN"),
    Case("detach-partition-not-concurrent", "alter table reading detach partition reading_2024", setup=READING, fill=READING_ROWS,
         differs="CONCURRENTLY leaves the bounds behind as a check", in_lines=r"reading_2024_at_check|    at date|^    CONSTRAINT"),
    Case("refresh-matview-not-concurrent", "refresh materialized view turnover"),
    Case("vacuum-full-cluster", "vacuum full purchase"),
    Case("validate-in-same-transaction", "alter table item add constraint few check (amount < 7) not valid;"
         " alter table item validate constraint few", wrapped=True, differs="the first statement was there before"),
    Case("concurrently-if-not-exists-invalid", "create index concurrently if not exists item_amount on item (amount)"),
    Case("concurrently-unsupported-form", "drop index concurrently purchase_at, purchase_note",
         differs="it fails as it was written"),
    Case("drop-column", "alter table visit drop column day"),
    Case("rename-table", "alter table visit rename to call"),
    Case("move-table-schema", "alter table visit set schema archive"),
    Case("delete-without-where", "delete from audit", holds="select count(*) = 0 from audit"),
    Case("truncate", "truncate audit", holds="select count(*) = 0 from audit"),
    Case("truncate-cascade", "truncate purchase cascade", differs="a question"),
    Case("disable-trigger", "alter table item disable trigger item_told", differs="it is on again in the end", in_lines=r"DISABLE TRIGGER"),
    Case("uncommitted-transaction", "begin; create table more (id integer)", differs="it is rolled back as it was written"),
]

MODELS = """\
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.CreateModel("Customer", [
            ("id", models.BigAutoField(primary_key=True)),
            ("name", models.CharField(max_length=20)),
        ]),
        migrations.CreateModel("Order", [
            ("id", models.BigAutoField(primary_key=True)),
            ("number", models.CharField(max_length=20)),
            ("note", models.TextField(null=True)),
            ("total", models.IntegerField(default=0)),
            ("buyer", models.BigIntegerField()),
            ("size", models.IntegerField(null=True)),
        ]),
        migrations.AddIndex("order", models.Index(fields=["total"], name="order_total")),
    ]
"""
DJANGO_ROWS = """
insert into shop_customer (name) select 'c' || n from generate_series(1, 20) n;
insert into shop_order (number, note, total, buyer, size) select 'n' || n, 'x', n, n % 20 + 1, n from generate_series(1, 1000) n;
"""
DJANGO = [
    Case("index-not-concurrent", 'migrations.AddIndex("order", models.Index('
         'fields=["-number"], name="by_number", condition=Q(total__gt=0)))'),
    Case("index-not-concurrent", 'migrations.AlterField("order", "number", models.CharField(max_length=20, db_index=True))'),
    Case("index-not-concurrent", 'migrations.AddField("order", "customer", models.ForeignKey("Customer", models.PROTECT, null=True))'),
    Case("drop-index-not-concurrent", 'migrations.RemoveIndex("order", "order_total")'),
    Case("add-check-constraint", 'migrations.AddConstraint("order", '
         'models.CheckConstraint(**{CHECK: Q(number__gt="a") | Q(total=1)}, name="odd"))'),
    Case("add-check-constraint", 'migrations.AddField("order", "weight", models.PositiveIntegerField(null=True))'),
    Case("add-unique-constraint", 'migrations.AddConstraint("order", models.UniqueConstraint(fields=["number", "total"], name="one"))'),
    Case("add-unique-constraint", 'migrations.AlterField("order", "number", models.CharField(max_length=20, unique=True))'),
    Case("add-unique-constraint", 'migrations.AlterUniqueTogether("order", {("number", "total")})'),
    Case("add-foreign-key", 'migrations.AlterField("order", "buyer", '
         'models.ForeignKey("Customer", models.PROTECT, db_column="buyer"))'),
    Case("set-not-null", 'migrations.AlterField("order", "note", models.TextField(default="it\'s"))'),
    Case("add-required-column-default-dropped", 'migrations.AddField("order", "state", models.CharField(max_length=9, default="new"))',
         differs="the default stays, for the running release", in_lines="state"),
    Case("alter-column-type", 'migrations.AlterField("order", "size", models.TextField(null=True))'),
    Case("drop-column", 'migrations.RemoveField("order", "number")'),
    Case("rename-column", 'migrations.RenameField("order", "number", "code")', differs="the column keeps its name", in_lines=r"number|code"),
    Case("drop-table", 'migrations.DeleteModel("Customer")'),
    Case("rename-table", 'migrations.RenameModel("Order", "Purchase")', differs="the table keeps its name", in_lines=r"shop_order|shop_purchase"),
]
