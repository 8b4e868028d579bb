"""migrate tries again what a lock has stopped, where that is safe, and says how things stand where it is not."""
import os
import re
import signal

import pytest
from deploys import FIRST, cluster, columns, database, fingerprint, records_of
from runs import alive
from waiting import until

DRIVERS = ["psycopg", "psycopg2"]
SECOND = "0007_second"
ADD_NOTE = 'migrations.AddField("order", "note", models.TextField(null=True))'
FILL_NOTE = "migrations.RunPython(fill_note, migrations.RunPython.noop)"
CODE = """\
def fill_note(apps, schema_editor):
    Order = apps.get_model("shop", "Order")
    Order.objects.filter(note=None).update(note="seen")
    Order.objects.create(number="last", paid=True, note="made")
    with open("tries.txt", "a") as file:
        file.write("filled\\n")


def fail(apps, schema_editor):
    with open("tries.txt", "a") as file:
        file.write("failed\\n")
    raise ValueError("the shelf is empty")


def repeat(apps, schema_editor):
    with open("tries.txt", "a") as file:
        file.write("repeated\\n")
    apps.get_model("shop", "Order").objects.create(id=1, number="twice")
"""
LINE = ('migrations.CreateModel("Line", [("id", models.BigAutoField(primary_key=True, serialize=False)), '
        '("order", models.ForeignKey("shop.order", models.CASCADE))])')


def eager(*more):
    """Asks at once and does not rest for long."""
    return "migrate", "--max-transaction-age", "0", "--lock-timeout", "400ms", "--retry-delay", "50ms", *more


def tries(project):
    path = project.dir / "tries.txt"
    return path.read_text().split() if path.exists() else []


@pytest.fixture
def noted(shop):
    """A project whose deploy alters the state of models, and needs that state in the same migration."""

    def make(**options):
        project = shop(**options)
        project.add_operations(FIRST, ADD_NOTE, FILL_NOTE, before=CODE)
        return project

    return make


@pytest.fixture
def let_go_after(witness, start_pgtool):
    """Runs pgtool against a held table; the holder leaves after so many tries."""

    def run(project, holder, *arguments, number=2):
        started = start_pgtool(project, *arguments)
        until(lambda: len(witness.given_up()) >= number or started.process.poll() is not None, f"{number} tries", 30)
        holder.let_go()
        return started.finish()

    return run


class TestAnAtomicMigration:
    @pytest.mark.parametrize("driver", DRIVERS)
    def test_is_tried_again_as_if_it_had_never_been(self, noted, database, others, twin, let_go_after, driver):
        project = noted(driver=driver)

        outcome = let_go_after(project, others.read("shop_order"), *eager())

        assert (outcome.status, records_of(database, FIRST)) == (0, 1), outcome.text
        assert tries(project) == ["filled"]
        assert re.findall(rf"Applying shop\.{FIRST}\.\.\..*", outcome.stdout) == [f"Applying shop.{FIRST}... OK"]
        assert "try 2 of 10" in outcome.stderr and f"pgtool: shop.{FIRST}" in outcome.stderr, outcome.stderr
        copy, plain = twin(project)
        assert plain.status == 0 and fingerprint(database) == fingerprint(copy)

    def test_that_has_done_much_before_it_is_stopped(self, shop, database, others, twin, let_go_after):
        project = shop()
        project.add_operations(FIRST, 'migrations.CreateModel("Note", [("id", models.BigAutoField(primary_key=True, serialize=False))])',
                               'migrations.RenameField("customer", "name", "title")', ADD_NOTE, FILL_NOTE,
                               'migrations.RemoveField("order", "paid")', before=CODE)
        project.add_operations(SECOND, 'migrations.RenameModel("Note", "Remark")', 'migrations.AddField("order", "remark", '
                               'models.ForeignKey("shop.remark", models.CASCADE, null=True))', 'migrations.RemoveField("order", "note")')

        outcome = let_go_after(project, others.read("shop_order"), *eager(), number=3)

        assert (outcome.status, records_of(database, FIRST), records_of(database, SECOND)) == (0, 1, 1), outcome.text
        assert tries(project) == ["filled"]
        copy, plain = twin(project)
        assert plain.status == 0 and fingerprint(database) == fingerprint(copy)

    def test_that_is_stopped_after_its_code_has_run(self, shop, database, others, let_go_after):
        project = shop()
        project.add_operations(FIRST, 'migrations.AddField("customer", "note", models.TextField(null=True))',
                               "migrations.RunPython(fill)", ADD_NOTE, before="""\
def fill(apps, schema_editor):
    apps.get_model("shop", "Customer").objects.create(name="once", note="made")
    transaction.on_commit(lambda: open("tries.txt", "a").write("committed\\n"))""")

        outcome = let_go_after(project, others.read("shop_order"), *eager())

        assert (outcome.status, records_of(database, FIRST)) == (0, 1), outcome.text
        assert database.sql("select count(*) from shop_customer where name = 'once'") == "1"
        assert tries(project) == ["committed"]

    def test_each_try_is_in_the_report(self, noted, others, let_go_after):
        report = let_go_after(noted(), others.read("shop_order"), *eager("--format", "json")).json

        found = report["migrate"]["tries"]
        assert [(one["migration"], one["sqlstate"], one["try"], one["statement"]) for one in found[:2]] == [
            (f"shop.{FIRST}", "55P03", 1, False), (f"shop.{FIRST}", "55P03", 2, False)]
        assert all(one["delay"] >= 0 and one["message"] for one in found)
        assert (report["migrate"]["applied"], report["migrate"]["operation"]) == (1, None)

    @pytest.mark.parametrize("retries, made", [("0", 1), ("2", 3)])
    def test_when_all_tries_are_used_up_nothing_has_changed(self, noted, database, others, witness, pgtool, retries, made):
        project, before = noted(), fingerprint(database)
        others.read("shop_order")

        outcome = pgtool(project, *eager("--retries", retries))

        assert outcome.status == 5, outcome.text
        assert len(witness.given_up()) == made and fingerprint(database) == before
        assert f"shop.{FIRST}" in outcome.stderr and "operation 1 of 2" in outcome.stderr and "pgtool migrate" in outcome.text, outcome.text

    def test_when_an_earlier_one_was_applied_that_is_said(self, shop, database, others, pgtool):
        project = shop()
        project.add_operations(FIRST, 'migrations.AddField("customer", "note", models.TextField(null=True))')
        project.add_operations(SECOND, "migrations.RunSQL('select 1')", ADD_NOTE)
        reader = others.read("shop_order")

        outcome = pgtool(project, *eager("--retries", "1"))

        assert outcome.status == 4, outcome.text
        assert database.applied()[-1] == f"shop.{FIRST}" and "note" not in columns(database)
        assert f"shop.{SECOND}" in outcome.stderr and "operation 2 of 2" in outcome.stderr and "pgtool migrate" in outcome.text, outcome.text
        reader.let_go()
        again = pgtool(project, *eager())
        assert (again.status, database.applied()[-1]) == (0, f"shop.{SECOND}"), again.text

    def test_is_unapplied_again_likewise(self, noted, database, others, pgtool, let_go_after):
        project, before = noted(), fingerprint(database)
        assert pgtool(project, "migrate").status == 0
        database.sql("delete from shop_order where number = 'last'")

        outcome = let_go_after(project, others.read("shop_order"), *eager("shop", "0005"))

        assert outcome.status == 0, outcome.text
        assert fingerprint(database) == before
        assert re.findall(rf"Unapplying shop\.{FIRST}\.\.\..*", outcome.stdout) == [f"Unapplying shop.{FIRST}... OK"]

    def test_all_are_unapplied(self, shop, database, others, pgtool, let_go_after):
        project = shop()
        project.add_operations(FIRST, ADD_NOTE)
        assert pgtool(project, "migrate").status == 0

        outcome = let_go_after(project, others.read("shop_customer"), *eager("shop", "zero"))

        assert (outcome.status, database.applied()) == (0, []), outcome.text

    @pytest.mark.parametrize("driver", DRIVERS)
    def test_is_tried_again_after_a_deadlock(self, shop, database, others, witness, start_pgtool, driver):
        project = shop(driver=driver)
        project.add_operations(FIRST, 'migrations.AddField("customer", "note", models.TextField(null=True))', ADD_NOTE, FILL_NOTE, before=CODE)
        other = others.hold("set deadlock_timeout = '1h'", "select 1 from shop_order limit 1", user="postgres")

        run = start_pgtool(project, "migrate", "--max-transaction-age", "0", "--lock-timeout", "20s", "--retry-delay", "50ms")
        until(lambda: database.sql("select 1 from pg_locks where granted and mode = 'AccessExclusiveLock' and relation = "
                                   "'shop_customer'::regclass") or run.process.poll() is not None, "it has the first table", 30)
        other.go_on("select 1 from shop_customer limit 1", let_go=True)
        outcome = run.finish()

        assert (outcome.status, records_of(database, FIRST)) == (0, 1), outcome.text
        assert len(witness.errors("40P01")) == 1 and "try 2 of 10" in outcome.stderr
        assert tries(project) == ["filled"]

    @pytest.mark.parametrize("driver", DRIVERS)
    def test_is_tried_again_when_its_commit_has_to_wait(self, shop, database, others, driver, let_go_after, pgtool):
        setup = shop(driver=driver)
        setup.add_operations(FIRST, LINE)
        assert pgtool(setup, "migrate").status == 0
        setup.add_operations(SECOND, 'migrations.RunSQL("insert into shop_line (order_id) values (1)")')

        outcome = let_go_after(setup, others.hold("select 1 from shop_order where id = 1 for update"), *eager())

        assert (outcome.status, records_of(database, SECOND)) == (0, 1), outcome.text
        assert database.sql("select count(*) from shop_line") == "1"


@pytest.mark.parametrize("step, words", [("fail", "the shelf is empty"), ("repeat", "shop_order_pkey")])
def test_anything_else_is_not_tried_again(shop, database, pgtool, step, words):
    project, before = shop(), fingerprint(database)
    project.add_operations(FIRST, ADD_NOTE, f"migrations.RunPython({step})", before=CODE)

    outcome = pgtool(project, *eager())

    assert outcome.status == 3, outcome.text
    assert len(tries(project)) == 1 and fingerprint(database) == before
    assert words in outcome.text and "operation 2 of 2" in outcome.stderr and "try 2" not in outcome.text, outcome.text


class TestWhatWasDoneElsewhere:
    def test_a_write_on_another_connection_is_not_done_twice_in_silence(self, shop, database, others, pgtool):
        project = shop()
        project.add_operations(FIRST, "migrations.RunPython(elsewhere)", ADD_NOTE, before="""\
import threading


def elsewhere(apps, schema_editor):
    def work():
        apps.get_model("shop", "Customer").objects.create(name="elsewhere")
        connection.close()
    thread = threading.Thread(target=work)
    thread.start()
    thread.join()""")
        others.read("shop_order")

        outcome = pgtool(project, *eager("--retries", "2"))

        written = int(database.sql("select count(*) from shop_customer where name = 'elsewhere'"))
        assert (outcome.status, written) == (4, 1), outcome.text


class TestTheRecord:
    """Of a migration with deferred SQL: a foreign key in a new model."""

    def test_is_written_in_the_migration_s_own_transaction(self, shop, database, witness, pgtool):
        project = shop()
        project.add_operations(FIRST, LINE)

        outcome = pgtool(project, "migrate")

        assert outcome.status == 0, outcome.text
        created = next(r for r in witness.records() if 'statement: CREATE TABLE "shop_line"' in r["message"])
        session = [r["message"].split(": ", 1)[1].upper() for r in witness.records()
                   if r["session_id"] == created["session_id"] and r["message"].startswith("statement: ")]
        session = session[session.index(created["message"].split(": ", 1)[1].upper()):]
        ends = next(at for at, text in enumerate(session) if text.startswith("COMMIT"))
        assert [text for text in session[:ends] if "ADD CONSTRAINT" in text] and [
            text for text in session[:ends] if text.startswith('INSERT INTO "DJANGO_MIGRATIONS"')], session
        assert records_of(database, FIRST) == 1

    def test_is_not_there_when_the_deferred_sql_fails(self, shop, database, others, witness, pgtool, twin):
        project, before = shop(), fingerprint(database)
        project.add_operations(FIRST, LINE)
        writer = others.hold("update shop_order set paid = paid where id = 1")

        outcome = pgtool(project, *eager("--retries", "1"))

        assert outcome.status == 5, outcome.text
        assert ["ADD CONSTRAINT" in text for text in witness.given_up()] == [True, True]
        assert fingerprint(database) == before and f"shop.{FIRST}" in outcome.stderr
        writer.let_go()
        assert pgtool(project, "migrate").status == 0
        assert fingerprint(database) == fingerprint(twin(project)[0])

    @pytest.mark.parametrize("victim", ["pgtool", "python", "backend"])
    def test_nor_when_it_is_killed_there(self, shop, database, others, start_pgtool, pgtool, victim):
        project, before = shop(), fingerprint(database)
        project.add_operations(FIRST, LINE)
        writer = others.hold("update shop_order set paid = paid where id = 1")
        run = start_pgtool(project, "migrate", "--max-transaction-age", "0", "--lock-timeout", "0")
        backend = until(lambda: database.sql("select pid from pg_stat_activity where wait_event_type = 'Lock' and query like '%ADD "
                                             "CONSTRAINT%' and datname = current_database()"), "the deferred SQL waits", 30)
        family = run.tree()

        if victim == "backend":
            database.sql(f"select pg_terminate_backend({backend})")
        else:
            os.kill(family[victim == "python"], signal.SIGKILL)
        outcome = run.finish()
        until(lambda: not alive(family), "all of it has ended", 15)

        assert outcome.status != 0
        until(lambda: backend not in database.sql("select pid from pg_stat_activity").split(), "its backend has ended", 10)
        assert fingerprint(database) == before
        writer.let_go()
        assert pgtool(project, "migrate").status == 0 and records_of(database, FIRST) == 1

    def test_is_taken_back_in_the_migration_s_own_transaction(self, shop, database, others, pgtool):
        project = shop()
        project.add_operations(FIRST, 'migrations.AddField("order", "customer", models.ForeignKey("shop.customer", models.CASCADE, '
                               'null=True, related_name="+"))', LINE)
        assert pgtool(project, "migrate").status == 0
        before = fingerprint(database)
        others.read("shop_order")

        outcome = pgtool(project, *eager("--retries", "0", "shop", "0005"))

        assert outcome.status == 5 and fingerprint(database) == before, outcome.text
