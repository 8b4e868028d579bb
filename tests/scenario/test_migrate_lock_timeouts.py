"""migrate bounds how long its statements wait for locks: whatever sends them, and by whatever setting.

The database itself tells which timeouts are in force, at each inserted order and at each DDL statement.
"""
import os

import pytest
from deploys import CUSTOMER, FIRST, Traffic, advisory_locks, cluster, columns, database, records_of
from waiting import until

DRIVERS = ["psycopg", "psycopg2"]
RUNS = int(os.environ.get("PGTOOL_TEST_RUNS", "3"))
ADD_NOTE = 'migrations.AddField("order", "note", models.TextField(null=True))'
AT_ONCE = "--max-transaction-age", "0"
DEFAULT = "2s"


def insert(number):
    return f"""migrations.RunSQL("insert into shop_order (number, paid) values ('{number}', false)")"""


# Each way that a migration's code sends statements inserts an order of that number.
WAYS = """\
import threading


def by_orm(apps, schema_editor):
    apps.get_model("shop", "Order").objects.create(number="orm")
    apps.get_model("shop", "Order").objects.bulk_create([apps.get_model("shop", "Order")(number="bulk")])


def by_cursor(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("insert into shop_order (number, paid) values (%s, false)", ["cursor"])
        cursor.executemany("insert into shop_order (number, paid) values (%s, false)", [["many"], ["many"]])


def by_driver(apps, schema_editor):
    cursor = schema_editor.connection.connection.cursor()
    cursor.execute("insert into shop_order (number, paid) values ('driver', false)")
    cursor.close()


def by_copy(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        if hasattr(cursor, "copy_expert"):
            import io
            cursor.copy_expert("copy shop_order (number, paid) from stdin", io.StringIO("copy\\tf\\n"))
        else:
            with cursor.copy("copy shop_order (number, paid) from stdin") as copy:
                copy.write(b"copy\\tf\\n")


def in_thread(apps, schema_editor):
    def work():
        with connection.cursor() as cursor:
            cursor.execute("insert into shop_order (number, paid) values ('thread', false)")
        connection.close()
    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
"""
ALL_WAYS = ["sql", "orm", "bulk", "cursor", "many", "driver", "copy", "thread"]
WAYS_OPERATIONS = [insert("sql"), *(f"migrations.RunPython({name})" for name in ("by_orm", "by_cursor", "by_driver", "by_copy", "in_thread"))]


@pytest.mark.parametrize("driver", DRIVERS)
@pytest.mark.parametrize("run", range(RUNS))
def test_under_traffic_the_timeout_holds_and_no_lock_is_left(bouncer, shop, database, others, witness, pgtool, driver, run):
    pooler = bouncer()
    project = shop(pooler, driver=driver)
    project.add_operations(FIRST, ADD_NOTE)
    traffic, reader = others.crowd(Traffic, pooler), others.read("shop_order")

    outcome = pgtool(project, "migrate", *AT_ONCE, "--lock-timeout", "700ms", "--retries", "0")

    assert outcome.status == 5, outcome.text
    assert ["ALTER TABLE" in text for text in witness.given_up()] == [True]
    assert database.sql(f"select count(*) from pg_stat_activity where pid = {reader.pid} and state = 'idle in transaction'") == "1"
    until(lambda: not advisory_locks(database), "no advisory lock is left", 10)
    assert "note" not in columns(database)
    reader.let_go()
    again = pgtool(project, "migrate")
    assert (again.status, records_of(database, FIRST)) == (0, 1), again.text
    traffic.go_on()
    traffic.remove()
    assert (traffic.errors, traffic.timeouts) == ([], {("0", "0")})
    database.assert_written_directly_only()


def test_a_pool_that_is_gone_through_keeps_its_sessions_as_they_were(bouncer, project, database, others, pgtool):
    pooler = bouncer()
    through = project(pooler)
    through.add_operations("0005_customer", CUSTOMER)
    through.add_operations(FIRST, ADD_NOTE, insert("bounded"))
    traffic = others.crowd(Traffic, pooler)

    outcome = pgtool(through, "migrate", "--allow-pooled", "--direct-url", "postgresql://app@127.0.0.1:1/nowhere")

    assert (outcome.status, records_of(database, FIRST)) == (0, 1), outcome.text
    traffic.go_on(100)
    assert (traffic.errors, traffic.timeouts, advisory_locks(database)) == ([], {("0", "0")}, [])


@pytest.mark.parametrize("driver", DRIVERS)
@pytest.mark.parametrize("atomic", [True, False])
def test_the_baseline_is_in_force_whatever_sends_the_statement(shop, witness, pgtool, driver, atomic):
    project = shop(driver=driver)
    project.add_operations(FIRST, *WAYS_OPERATIONS, before=WAYS, atomic=atomic)

    outcome = pgtool(project, "migrate", "--statement-timeout", "30s")

    assert outcome.status == 0, outcome.text
    assert {way: set(witness.seen_at(way)) for way in ALL_WAYS} == {way: {(DEFAULT, "30s")} for way in ALL_WAYS}


@pytest.mark.parametrize("driver", DRIVERS)
def test_what_blocks_nobody_has_no_timeout_and_afterwards_it_is_back(shop, witness, pgtool, driver):
    project = shop(driver=driver)
    long = 'models.CheckConstraint(condition=models.Q(paid__in=[True, False]), name="known")'
    project.add_operations(
        FIRST, insert("before"), 'AddIndexConcurrently("order", models.Index(fields=["paid"], name="order_paid"))', insert("after index"),
        "migrations.RunPython(by_driver)", f'AddConstraintNotValid("order", {long})', insert("between"),
        'ValidateConstraint("order", "known")', "migrations.RunPython(by_copy)", insert("after validate"),
        'migrations.RunSQL("drop index concurrently order_paid")', insert("after drop"), before=WAYS, atomic=False)

    outcome = pgtool(project, "migrate", "--statement-timeout", "30s")

    assert outcome.status == 0, outcome.text
    bounded = {text: witness.seen_at(text) for text in (
        "before", "after index", "driver", "ADD CONSTRAINT", "between", "copy", "after validate", "after drop")}
    assert bounded == dict.fromkeys(bounded, [(DEFAULT, "30s")])
    free = {text: witness.seen_at(text) for text in ("CREATE INDEX CONCURRENTLY", "VALIDATE CONSTRAINT", "drop index concurrently")}
    assert free == dict.fromkeys(free, [("0", "0")])


def test_validate_in_a_transaction_leaves_no_statement_after_it_without_a_timeout(shop, witness, database, pgtool):
    database.sql("alter table shop_order add constraint known check (id > 0) not valid")
    project = shop()
    project.add_operations(FIRST, 'migrations.RunSQL("alter table shop_order validate constraint known")', "migrations.RunPython(by_driver)",
                           "migrations.RunPython(by_copy)", insert("wrapped"), before=WAYS)

    outcome = pgtool(project, "migrate")

    assert outcome.status == 0, outcome.text
    assert witness.locks_seen_at("validate constraint") == ["0"]
    assert {text: witness.locks_seen_at(text) for text in ("driver", "copy", "wrapped")} == dict.fromkeys(
        ("driver", "copy", "wrapped"), [DEFAULT])


@pytest.mark.parametrize("operation, blocker, locktype", [
    ('AddIndexConcurrently("order", models.Index(fields=["paid"], name="order_paid"))',
     "update shop_order set paid = paid where id = 1", "virtualxid"),
    ('ValidateConstraint("order", "known")', "lock table shop_order in share update exclusive mode", "relation"),
])
def test_what_blocks_nobody_waits_for_longer_than_the_timeout(shop, database, others, start_pgtool, operation, blocker, locktype):
    database.sql("alter table shop_order add constraint known check (id > 0) not valid")
    project = shop()
    project.add_operations(FIRST, f"migrations.SeparateDatabaseAndState([{operation}])", atomic=False)
    holder = others.hold(blocker)

    run = start_pgtool(project, "migrate", "--lock-timeout", "300ms", "--statement-timeout", "300ms", "--retries", "0")
    until(lambda: database.sql(f"select 1 from pg_locks where not granted and locktype = '{locktype}' and clock_timestamp() - waitstart "
                               "> '1 s'") == "1" or run.process.poll() is not None, "it has waited for three times its timeout", 30)
    assert run.process.poll() is None, run.finish().text
    holder.let_go()

    outcome = run.finish()
    assert (outcome.status, records_of(database, FIRST)) == (0, 1), outcome.text


class TestWhereTheTimeoutsComeFrom:
    def seen(self, witness, pgtool, project, *arguments, **environment):
        project.add_operations(FIRST, insert("bounded"))
        outcome = pgtool(project, "migrate", *arguments, **environment)
        assert outcome.status == 0, outcome.text
        assert len(set(witness.seen_at("bounded"))) == 1
        return witness.seen_at("bounded")[0]

    def test_the_default(self, shop, witness, pgtool):
        assert self.seen(witness, pgtool, shop()) == (DEFAULT, "0")

    def test_none_at_all(self, shop, witness, pgtool):
        assert self.seen(witness, pgtool, shop(), "--lock-timeout", "0") == ("0", "0")

    @pytest.mark.parametrize("given, seen", [([], ("7s", "50s")), (["--lock-timeout", "3s"], ("3s", "50s")),
                                             (["--lock-timeout", "0", "--statement-timeout", "40s"], ("0", "40s"))])
    @pytest.mark.parametrize("driver", DRIVERS)
    def test_the_project_s_own_options(self, project, database, witness, pgtool, driver, given, seen):
        own = project(database, driver, OPTIONS={"options": "-c lock_timeout=7s -c statement_timeout=50s"})
        own.add_operations("0005_customer", insert("customer"))
        assert self.seen(witness, pgtool, own, *given) == seen

    @pytest.mark.parametrize("given, seen", [([], ("6s", "45s")), (["--lock-timeout", "3s", "--statement-timeout", "0"], ("3s", "0"))])
    def test_the_role_s_settings(self, shop, database, witness, pgtool, given, seen):
        for setting in ("lock_timeout = '6s'", "statement_timeout = '45s'"):
            database.sql(f'alter role app in database "{database.name}" set {setting}')
        assert self.seen(witness, pgtool, shop(), *given) == seen

    def test_a_handler_of_the_project_that_runs_as_a_connection_opens(self, shop, witness, pgtool):
        project = shop()
        project.write("shop/models.py", (project.dir / "shop/models.py").read_text() + """\


from django.db.backends.signals import connection_created


def bound(sender, connection, **kwargs):
    with connection.cursor() as cursor:
        cursor.execute("set lock_timeout = '8s'")


connection_created.connect(bound, dispatch_uid="bound")
""")
        assert self.seen(witness, pgtool, project)[0] in ("8s", DEFAULT)

    def test_the_environment_and_the_file_and_which_of_them_wins(self, shop, witness, pgtool):
        project = shop()
        project.write("pgtool.yaml", "migrate:\n  lock-timeout: 4s\n  statement-timeout: 44s\n")
        assert self.seen(witness, pgtool, project, PGTOOL_LOCK_TIMEOUT="5s") == ("5s", "44s")

    def test_the_command_line_wins(self, shop, witness, pgtool):
        project = shop()
        project.write("pgtool.yaml", "migrate:\n  lock-timeout: 4s\n  statement-timeout: 44s\n")
        assert self.seen(witness, pgtool, project, "--lock-timeout", "1500ms", PGTOOL_LOCK_TIMEOUT="5s",
                         PGTOOL_STATEMENT_TIMEOUT="55s") == ("1500ms", "55s")

    def test_an_app_s_own_hold_for_its_migrations_only(self, shop, database, witness, pgtool):
        project = shop()
        project.write("pgtool.yaml", "migrate:\n  lock-timeout: 4s\n  apps:\n    shop:\n      lock-timeout: 1s\n"
                                     "      statement-timeout: 11s\n    auth:\n      lock-timeout: 9s\n")
        database.sql("delete from django_migrations where app = 'auth' and name > '0011'")
        assert self.seen(witness, pgtool, project) == ("1s", "11s")
        assert set(witness.seen_at('"auth_user"')) == {("9s", "0")}


class TestValuesThatAreNone:
    @pytest.mark.parametrize("option, value", [
        ("--lock-timeout", "soon"), ("--lock-timeout", "-1s"), ("--lock-timeout", "300d"), ("--lock-timeout", ""),
        ("--statement-timeout", "3 parsecs"), ("--retries", "-1"), ("--retries", "many"), ("--retries", "1.5"), ("--retry-delay", "x"),
        ("--max-transaction-age", "old")])
    def test_on_the_command_line_and_in_the_environment(self, shop, database, witness, pgtool, option, value):
        project, variable = shop(), f"PGTOOL_{option[2:].upper().replace('-', '_')}"
        project.add_operations(FIRST, ADD_NOTE)

        outcome = pgtool(project, "migrate", f"{option}={value}")
        assert outcome.status == 2 and option in outcome.stderr, outcome.text
        if value:
            outcome = pgtool(project, "migrate", **{variable: value})
            assert outcome.status == 2 and variable in outcome.stderr, outcome.text
        assert records_of(database, FIRST) == 0 and witness.visitors() == []

    @pytest.mark.parametrize("lines, named", [
        ("lock-timeout: soon", "migrate.lock-timeout"), ("retries: [1]", "migrate.retries"), ("retry-delay: -3s", "migrate.retry-delay"),
        ("apps: {shop: {lock-timeout: soon}}", "migrate.apps.shop.lock-timeout"), ("apps: {shop: {retries: 3}}", "retries"),
        ("apps: {shop: 2s}", "migrate.apps.shop"), ("lock_timeout: 2s", "lock_timeout"), ("max-transaction-age: old", "max-transaction-age")])
    def test_in_the_file(self, shop, witness, pgtool, lines, named):
        project = shop()
        project.write("pgtool.yaml", f"migrate:\n  {lines}\n")

        outcome = pgtool(project, "migrate")

        assert outcome.status == 2 and named in outcome.stderr and "pgtool.yaml" in outcome.stderr, outcome.text
        assert witness.visitors() == []


@pytest.mark.parametrize("timeout, is_said", [("500ms", True), ("2s", False), ("0", False)])
def test_a_timeout_under_deadlock_timeout_is_said_once(shop, pgtool, timeout, is_said):
    project = shop()
    project.add_operations(FIRST, ADD_NOTE)
    project.add_operations("0007_second", 'migrations.AddField("order", "second", models.TextField(null=True))')

    outcome = pgtool(project, "migrate", "--lock-timeout", timeout)

    assert outcome.status == 0, outcome.text
    assert outcome.stderr.count("deadlock_timeout") == is_said, outcome.stderr
