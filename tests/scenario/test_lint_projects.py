"""What lint says of a project of which the bridge cannot see all: parts that are filled in, what is no statement, what is not told."""
import pytest

from named_migrations import WITHOUT_SQL, add_step, by_operation, last, of_last

CODE = """
from django.db import connection
from django.db.models.expressions import RawSQL


def run(apps, schema_editor):
    Order = apps.get_model("shop", "Order")
    Order.objects.extra(order_by=["__tree.depth"]).annotate(a=RawSQL("hstore(array_agg(a), b", []))
    Order.objects.annotate(a=RawSQL("pg_advisory_lock(%s)", [1]))
    with connection.cursor() as cursor:
        for text in connection.ops.sequence_reset_sql(None, [Order]):
            cursor.execute(text)
        cursor.execute("{} where a".format(text))


def change(apps, schema_editor):
    for table in connection.introspection.table_names():
        schema_editor.execute(f"alter table {table} alter id type integer")


def fill(apps, schema_editor):
    apps.get_model("shop", "Order").objects.create(number=1)


def update(apps, schema_editor):
    apps.get_model("shop", "Order").objects.update(paid=True)
"""
VIEWS = """
def view(orders, cursor, name):
    orders.extra(select={"a": "set_config('a.b', 'c', false)", "b": "(select count(*) from shop_order) + %s"}, select_params=[1])
    orders.extra(where=["pg_try_advisory_lock(1) -- mine", "a = {}".format(name)], order_by=["-paid"])
"""


@pytest.fixture
def project(make_project):
    """A project whose database does not exist: lint opens none."""
    return make_project({"default": {"ENGINE": "django.db.backends.postgresql", "NAME": "shop", "USER": "app",
                                     "PASSWORD": "none", "HOST": "127.0.0.1", "PORT": "1"}})


@pytest.fixture
def lint(pgtool, project):
    def lint(*words):
        chosen = ["--app", f"shop.{last(project)}"]
        return pgtool(project, "lint", "--format", "json", "--pool-mode", "transaction", *words, *chosen)

    return lint


def told(outcome):
    return [(finding["rule"], finding["where"]["line"]) for finding in outcome.json["findings"]]


def line_of(project, words):
    lines = (project.dir / f"shop/migrations/{last(project)}.py").read_text().splitlines()
    return next(number for number, line in enumerate(lines, 1) if words in line)


def test_a_cure_is_named_where_it_helps_and_one_reason_once(project, lint):
    add_step(project, "reasons", ["Asks()", "Silent()", "Silent()", 'migrations.RemoveField("order", "missing")'], before=WITHOUT_SQL)

    unknown = lint().json["unknown"]

    assert [one["cure"] for one in unknown] == [
        "with --live the database is asked for what Django needs",
        f"read database_forwards() of shop.migrations.{last(project)}.Silent: it is not run here", None]
    assert unknown[1]["why"] == "its SQL is not known: Silent does not say what SQL it sends"


def test_what_is_filled_in_and_expressions_are_no_broken_statements(project, lint):
    add_step(project, "code", ["migrations.RunPython(run, run)"], before=CODE)

    assert told(lint()) == [("session-advisory-lock-under-pooler", line_of(project, "pg_advisory_lock"))]


def test_expressions_in_source_are_judged_by_the_functions_that_they_call(project, pgtool):
    project.write("shop/views.py", VIEWS)

    outcome = pgtool(project, "lint", "--format", "json", "--pool-mode", "transaction", "shop/views.py")

    assert sorted(told(outcome)) == [("session-advisory-lock-under-pooler", 4), ("session-set-under-pooler", 3)]


def test_a_table_that_only_the_code_knows_has_no_name(project, lint):
    add_step(project, "change", ["migrations.RunPython(change, change)", "migrations.RunPython(fill, fill)"], before=CODE)

    findings = lint().json["findings"]

    assert [(finding["rule"], finding["where"]["object"]) for finding in findings] == [
        ("alter-column-type", f"shop.{last(project)}")]
    assert "<table>" in findings[0]["message"] and "%s" not in findings[0]["message"]


def test_an_update_of_all_rows_by_the_orm_is_told(project, lint):
    add_step(project, "update", ["migrations.RunPython(update, update)"], before=CODE)

    assert told(lint()) == [("update-without-where", line_of(project, "objects.update"))]


def test_a_default_that_asks_the_database_hides_no_hazard(project, lint):
    add_step(project, "customer", ['migrations.CreateModel("Customer", [("id", models.BigAutoField(primary_key=True))])'])
    add_step(project, "asks", ['migrations.AddField("order", "customer", models.ForeignKey("shop.customer", models.CASCADE, default=asked))'],
             before="from django.contrib.auth.models import Group\n\n\ndef asked():\n    return Group.objects.get().pk\n")

    outcome = lint()

    assert outcome.json["unknown"] == [] and {"add-foreign-key", "index-not-concurrent"} <= {rule for rule, _ in told(outcome)}


def test_what_is_made_at_the_end_only_is_not_dropped_before(project):
    add_step(project, "late", ['migrations.AddField("order", "note", models.CharField(max_length=9, db_index=True))',
                               'migrations.AlterField("order", "note", models.CharField(max_length=9))'])

    assert [sql for sql in sum(by_operation(of_last(project)["migrations"][0]), []) if "DROP INDEX" in sql] == []


WIDE = """
class Wide(models.CharField):
    def __init__(self, *args, **kwargs):
        kwargs.setdefault("max_length", 255)
        super().__init__(*args, **kwargs)

    def deconstruct(self):
        name, path, args, kwargs = super().deconstruct()
        kwargs.pop("max_length", None)
        return name, path, args, kwargs
"""


def test_a_field_that_forgets_its_length_is_as_long_as_django_makes_it(project):
    add_step(project, "wide", ['migrations.AddField("order", "key", Wide(max_length=50, null=True))'], before=WIDE)

    assert "varchar(255)" in "".join(sum(by_operation(of_last(project)["migrations"][0]), []))
