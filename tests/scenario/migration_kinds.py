"""Migrations of the shop in production, one of each usual kind, which may all be taken back. They come one after the other."""
from waiting import until

_KEY = '("id", models.BigAutoField(primary_key=True, serialize=False))'
# Of the application's role, but not of the project: what migrations with SQL of their own are about.
TABLES = """\
create table old_log (id integer, line text);
insert into old_log select n, 'line ' || n from generate_series(1, 500) n;
create table reading (at date not null, value integer) partition by range (at);
create table reading_2024 partition of reading for values from ('2024-01-01') to ('2025-01-01');
create table reading_2025 partition of reading for values from ('2025-01-01') to ('2026-01-01');
create view paid_orders as select id, paid from shop_order;
create materialized view sums as select paid, count(*) from shop_order group by paid;
create schema archive;
create table archive.shop_order (id bigint);
"""
CODE = """\
def update(apps, schema_editor):
    apps.get_model("shop", "Order").objects.update(paid=True)
    apps.get_model("shop", "Customer").objects.filter(id=1).select_for_update().get()


def read(apps, schema_editor):
    assert apps.get_model("shop", "Customer").objects.count() == 2000


def take_back(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("lock table shop_customer in row exclusive mode")
        try:
            with transaction.atomic():
                cursor.execute("lock table shop_customer, shop_order in access exclusive mode")
                raise ValueError
        except ValueError:
            pass
"""
# For a RunPython at which a run comes to stand, for good.
STAND = """\
def stand(apps, schema_editor):
    import time
    open("standing", "w").close()
    while True:
        time.sleep(0.02)
"""
_NOTHING = "migrations.RunSQL.noop"


def _sql(text, back=None):
    return f"migrations.RunSQL({text!r}, {repr(back) if back else _NOTHING})"


def _python(name):
    return f"migrations.RunPython({name}, migrations.RunPython.noop)"


KINDS = {
    "create_model": [f'migrations.CreateModel("Line", [{_KEY}, ("order", models.ForeignKey("shop.order", models.CASCADE))])'],
    "add_field": ['migrations.AddField("order", "note", models.CharField(default="x", max_length=20))',
                  'migrations.AddField("order", "amount", models.IntegerField(default=0))'],
    "add_foreign_key": ['migrations.AddField("order", "customer", models.ForeignKey("shop.customer", models.CASCADE, '
                        'null=True))'],
    "alter_rewrites": ['migrations.AlterField("order", "amount", models.BigIntegerField(default=0))'],
    "alter_keeps": ['migrations.AlterField("order", "number", models.CharField(max_length=40))'],
    "add_index": ['migrations.AddIndex("order", models.Index(fields=["paid", "number"], name="order_both"))'],
    "add_check": ['migrations.AddConstraint("order", models.CheckConstraint(condition=models.Q(id__gt=0), '
                  'name="order_positive"))'],
    "add_unique": ['migrations.AddConstraint("customer", models.UniqueConstraint(fields=["name"], name="customer_once"))'],
    "remove_field": ['migrations.RemoveField("order", "note")'],
    "rename_model": ['migrations.RenameModel("Line", "Entry")'],
    "update": [_python("update")],
    "read": [_python("read")],
    "take_back": [_python("take_back")],
    "truncate": [_sql("truncate old_log")],
    "truncate_and_rewrite": [_sql("truncate old_log"), _sql("alter table shop_order alter amount type numeric")],
    "lock_table": [_sql("lock table shop_customer in exclusive mode", "lock table shop_customer in share mode")],
    "concurrently": ['AddIndexConcurrently("order", models.Index(fields=["paid"], name="order_paid"))'],
    "create_partitioned": [_sql("create table measure (at date not null) partition by range (at);"
                                "create table measure_2025 partition of measure for values from ('2025-01-01') to ('2026-01-01')",
                                "drop table measure")],
    "alter_partitioned": [_sql("alter table reading add note text", "alter table reading drop note")],
    "rewrite_one_partition": [_sql("alter table reading_2024 set unlogged", "alter table reading_2024 set logged")],
    "view": [_sql("create or replace view paid_orders as select id, paid from shop_order where paid")],
    "refresh": [_sql("refresh materialized view sums")],
    "temporary": [_sql("create temp table scratch on commit drop as select * from shop_customer")],
    "other_schema": [_sql("alter table archive.shop_order add more text", "alter table archive.shop_order drop more")],
    "state_only": ['migrations.SeparateDatabaseAndState(state_operations=[migrations.AddField("order", "shadow", '
                   'models.TextField(null=True))])'],
    "delete_model": ['migrations.RemoveField("order", "customer")', 'migrations.DeleteModel("Customer")'],
}
NOT_ATOMIC = "concurrently"
_FIRST = 6


def migration_name(kind):
    """With its app, as it is reported."""
    return f"shop.{_FIRST + list(KINDS).index(kind):04}_{kind}"


def add_kinds(project):
    for kind, operations in KINDS.items():
        project.add_operations(migration_name(kind).split(".")[1], *operations, before=CODE, atomic=kind != NOT_ATOMIC)


def wait_until_it_stands(project, run):
    """A migration with STAND is under way."""
    until(lambda: (project.dir / "standing").exists() or run.process.poll() is not None, "the migration stands", 30)
    assert run.process.poll() is None, run.finish().text
