"""migrate --plan shows the SQL and the locks of what would run, and writes nothing at all."""
import os
import re
import subprocess

import pytest
from deploys import CUSTOMER, FIRST, cluster, database
from processes import program

SECOND, THIRD, FOURTH = "0007_second", "0008_third", "0009_fourth"
NAMES = [f"shop.{name}" for name in (FIRST, SECOND, THIRD, FOURTH)]
UPDATE = 'def update(apps, schema_editor):\n    apps.get_model("shop", "Order").objects.update(paid=True)\n'


@pytest.fixture
def planned(shop, database):
    database.sql("analyze shop_order")
    project = shop()
    project.add_operations(FIRST, 'migrations.AddField("order", "customer", models.ForeignKey("shop.customer", models.CASCADE, '
                           'null=True))', 'migrations.RunSQL("lock table shop_customer in exclusive mode")')
    index = 'models.Index(fields=["paid"], name="order_paid")'
    project.add_operations(SECOND, f'AddIndexConcurrently("order", {index})', atomic=False)
    project.add_operations(THIRD, "migrations.RunPython(update)", before=UPDATE)
    project.add_operations(FOURTH, 'migrations.AddField("customer", "note", models.TextField(default="none"))',
                           'migrations.CreateModel("Line", [("id", models.BigAutoField(primary_key=True, serialize=False)), '
                           '("order", models.ForeignKey("shop.order", models.CASCADE))])')
    return project


def plan_of(outcome):
    assert outcome.status == 0, outcome.text
    return outcome.json["migrate"]["plan"]


def everything(database):
    """Each transaction that writes has an id of its own: the next one of the whole server is as good as any trace."""
    text = subprocess.run([program("pg_dump"), "-h", "127.0.0.1", "-p", str(database.port), "-U", "postgres", database.name],
                          env={"PATH": os.environ["PATH"]}, capture_output=True, text=True, check=True).stdout
    return re.sub(r"^\\(un)?restrict .*\n", "", text, flags=re.M), database.sql("select pg_snapshot_xmax(pg_current_snapshot())")


def plain_sql(text):
    return " ".join(text.rstrip("; \n").split())


def locks(tables):
    return {table["table"]: table["lock"] for table in tables if not table.get("created")}


def test_nothing_is_written_not_even_where_it_could_not(planned, database, pgtool):
    before = everything(database)
    assert [one["name"] for one in plan_of(pgtool(planned, "migrate", "--plan", "--format", "json"))] == NAMES
    assert everything(database) == before

    database.sql(f"alter role app in database {database.name} set default_transaction_read_only = on")
    outcome = pgtool(planned, "migrate", "--plan")
    assert outcome.status == 0, outcome.text
    text = " ".join(outcome.stdout.split())
    for name, table in (NAMES[0], "public.shop_order"), (NAMES[3], "public.shop_customer"):
        assert re.search(rf"{re.escape(name)}: [^:]*ACCESS EXCLUSIVE on {re.escape(table)}", text), outcome.text


def test_it_lists_what_then_runs_and_is_locked(planned, database, witness, pgtool):
    least, most = map(int, database.sql("select pg_relation_size('shop_order'), pg_total_relation_size('shop_order')").split("|"))
    plan = plan_of(pgtool(planned, "migrate", "--plan", "--format", "json"))
    sent_by_plan = len(witness.records())
    outcome = pgtool(planned, "migrate", "--format", "json")

    assert outcome.status == 0, outcome.text
    assert [(one["name"], one["atomic"]) for one in plan] == [(name, name != NAMES[1]) for name in NAMES]
    sent = {plain_sql(record["message"].partition("statement: ")[2]) for record in witness.records()[sent_by_plan:]
            if "statement: " in record["message"]}
    for one in plan:
        missing = [text for text in one["sql"] if not text.startswith("--") and plain_sql(text) not in sent]
        assert missing == [], (one["name"], sent)
    assert [len(one["sql"]) > 0 for one in plan if one["name"] != NAMES[2]] == [True] * 3
    assert "lock table shop_customer in exclusive mode" in map(plain_sql, plan[0]["sql"])
    assert any("FOREIGN KEY" in text for text in plan[3]["sql"]), "deferred SQL is planned, too"
    [order] = [table for table in plan[0]["tables"] if table["table"] == "public.shop_order"]
    assert order["rows"] == 2001 and least <= order["bytes"] <= most
    ran = {one["name"]: locks(one["tables"]) for one in outcome.json["migrate"]["migrations"]}
    for one in plan:
        if one["name"] != NAMES[2]:  # What Python does is not known before.
            assert {table: lock for table, lock in locks(one["tables"]).items() if "shop_line" not in table} == ran[one["name"]]


def test_backwards(shop, database, pgtool):
    project = shop()
    before = everything(database)

    assert plan_of(pgtool(project, "migrate", "--plan", "--format", "json")) == [], "nothing is to be done"
    plan = plan_of(pgtool(project, "migrate", "--plan", "--format", "json", "shop", "0004"))

    assert [one["name"] for one in plan] == ["shop.0005_customer"]
    assert any(plain_sql(text).startswith("DROP TABLE") for text in plan[0]["sql"])
    assert locks(plan[0]["tables"]) == {"public.shop_customer": "ACCESS EXCLUSIVE"}
    assert everything(database) == before


def test_on_an_empty_database(make_database, cluster, article_project, bouncer, pgtool):
    empty = make_database(cluster)
    project = article_project(bouncer(of=empty), environment={"POSTGRES_NAME": empty.name})
    project.add_operations("0005_customer", CUSTOMER)

    plan = plan_of(pgtool(project, "migrate", "--plan", "--format", "json"))

    assert [one["name"] for one in plan if one["name"].startswith("shop.")][-1] == "shop.0005_customer"
    assert all(one["sql"] for one in plan if one["name"] == "shop.0001_initial")
    empty.assert_untouched()


def test_free_disk_is_told_where_the_server_tells(planned, cluster, granted, pgtool):
    """Only who may see where the data is can know whose disk it is on."""
    asked = planned, "migrate", "--plan", "--format", "json"
    assert pgtool(*asked).json["migrate"]["free_disk_bytes"] is None

    granted("pg_read_all_settings")
    told = pgtool(*asked).json["migrate"]["free_disk_bytes"]

    space = os.statvfs(cluster.data)
    assert told == pytest.approx(space.f_bavail * space.f_frsize, rel=0.2)
