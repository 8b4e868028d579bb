"""What the bridge tells of the code that a migration runs."""
import pytest

from deploys import CUSTOMER
from named_migrations import add_step, last, of_last, only
from projects import NOWHERE

CODE = '''\
from functools import partial

from django.contrib.auth import get_user_model
from django.db import connection, transaction
from shop.models import Order as Bought, helper

TABLE, LOCK = "shop_order", "lock table shop_order"


class Texts:
    VACUUM = "vacuum shop_order"


def send(cursor, text):
    cursor.execute(text)


def run(apps, schema_editor, size=5):
    Order = apps.get_model("shop", "Order")
    for order in Order.objects.all().iterator():
        pass
    with transaction.atomic():
        list(Order.objects.iterator(chunk_size=5))
        schema_editor.execute(LOCK)
    with connection.cursor() as cursor:
        cursor.execute(f"create index on {TABLE} (paid)")
        cursor.execute("select %s from {}".format(size), [1])
        send(cursor, "set lock_timeout = " + "5")
        for statement in ("select 1", "select 2"):
            cursor.execute(statement)
        cursor.executemany("insert into shop_order (number) values (%s)" % size, [])
        cursor.execute(Texts.VACUUM)
        cursor.execute(size)
    helper({}.update({"a": 1}))


def reads(apps, schema_editor):
    {}.update(a=1) if False else apps.get_model("shop", "Order").objects.raw("select * from shop_order")


@transaction.atomic
def direct(apps, schema_editor):
    from shop.models import Order
    get_user_model().objects.count()
    Order.objects.update(paid=True)
    Bought.objects.count()
'''

UPDATES = '''\
from django.contrib.auth.models import Group
from django.db import transaction

LABEL = "shop"


def passed(Order):
    Order.objects.update(paid=True)                                  # update 1


def run(apps, schema_editor):
    Order = apps.get_model("shop", "Order")
    Customer = apps.get_model(app_label=LABEL, model_name="Customer")
    Order.objects.update(customer=None, number="1")                  # update 2
    Customer.objects.using(schema_editor.connection.alias).all().update(name="1")  # update 3
    apps.get_model("shop.Order")._default_manager.update(customer_id=1)  # update 4
    passed(Order)
    with transaction.atomic():
        Order.objects.filter(paid=True).update(paid=False)
        Order.objects.all()[:5].update(paid=False)
        Order.narrow.update(paid=False)
        Order.objects.update(missing=False)
        Order.objects.exclude(paid=True).all().update(paid=False)
        Order.number.update(paid=False)
        Customer.managed.update(name="2")
        apps.get_model("shop", schema_editor.name).objects.update(paid=False)
        Group.objects.update(name="2")
    either = apps.get_model("shop", "Order")
    either = Customer
    either.objects.update(name="3")
    for order in Order.objects.all():
        order.tags.update(paid=True)
'''


@pytest.fixture
def project(make_project):
    made = make_project(NOWHERE)
    made.write("shop/models.py", (made.dir / "shop/models.py").read_text() + "\n\ndef helper(words):\n    pass\n")
    return made


def test_the_code_of_a_run_python_is_read_and_not_run(project):
    add_step(project, "code", ["migrations.RunPython(partial(run, size=6))", "migrations.RunPython(reads)", "migrations.RunPython(direct)",
                               "migrations.RunPython(lambda apps, editor: None)", "migrations.RunPython(migrations.RunPython.noop)"],
             before=CODE)

    run, reads, direct, nothing, noop = (part["python"] for part in only(of_last(project)))

    texts = [(query["text"], query["dynamic"], query["atomic"]) for query in run["queries"]]
    assert texts == [
        ("lock table shop_order", False, True), ("create index on shop_order (paid)", False, False), ("select %s from %s", True, False),
        ("set lock_timeout = 5", False, False), ("select 1", False, False), ("select 2", False, False),
        ("insert into shop_order (number) values (%s)", True, False), ("vacuum shop_order", False, False), ("%s", True, False)]
    assert [one["atomic"] for one in run["iterators"]] == [False, True] and run["imports_models"] == []
    lines = (project.dir / f"shop/migrations/{last(project)}.py").read_text().splitlines()
    assert lines[run["line"] - 1].startswith("def run(") and lines[run["end_line"] - 1] == '    helper({}.update({"a": 1}))'
    assert "lock table" not in lines[run["queries"][0]["line"] - 1] and "LOCK" in lines[run["queries"][0]["line"] - 1]
    assert [one["writes"] for one in (run, reads, direct, nothing, noop)] == [True, True, True, False, False]
    assert [query["text"] for query in reads["queries"]] == ["select * from shop_order"]
    imported = [(one["name"], lines[one["line"] - 1]) for one in direct["imports_models"]]
    assert imported == [("get_user_model", "from django.contrib.auth import get_user_model"),
                        ("Order", "from shop.models import Order as Bought, helper"), ("Order", "    from shop.models import Order")]
    assert (nothing["name"], noop["name"]) == ("Migration.<lambda>", "RunPython.noop") and nothing["queries"] == noop["queries"] == []


def test_an_answer_is_one_line_whatever_is_in_it(project):
    add_step(project, "odd", [r'''migrations.RunSQL("select '\n\u2028\ud800 é'")'''])

    assert only(of_last(project))[0]["sql"] == ["select '\n\u2028? é';"]


def test_updates_of_all_rows_are_told_as_sql(project):
    add_step(project, "customer", [CUSTOMER, 'migrations.AddField("order", "customer", models.ForeignKey("shop.customer", models.CASCADE, '
                                   'null=True, db_column="bought_by"))', 'migrations.AlterModelTable("customer", "customers")'])
    add_step(project, "updates", ["migrations.RunPython(run)"], before=UPDATES)

    told = only(of_last(project))[0]["python"]

    lines = (project.dir / f"shop/migrations/{last(project)}.py").read_text().splitlines()
    assert [(query["text"], lines[query["line"] - 1].partition("  # ")[2]) for query in told["queries"]] == [
        ('UPDATE "shop_order" SET "bought_by" = %s, "number" = %s', "update 2"), ('UPDATE "customers" SET "name" = %s', "update 3"),
        ('UPDATE "shop_order" SET "bought_by" = %s', "update 4"), ('UPDATE "shop_order" SET "paid" = %s', "update 1")]
    assert told["writes"] is True
