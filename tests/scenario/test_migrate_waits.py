"""migrate waits first, until nobody holds the table for long, and only then asks for it: so nobody queues behind it."""
import re

import psycopg
import pytest
from deploys import ADD_NOTE, FIRST, TABLES, Readers, cluster, columns, database, fingerprint, records_of, requests
from waiting import until

SECOND = "0007_second"
NOTE_CUSTOMER = 'migrations.AddField("customer", "note", models.TextField(null=True))'


@pytest.fixture
def start_waiting(start_pgtool):
    """A migrate that says that it waits first."""

    def start(project, *arguments):
        run = start_pgtool(project, "migrate", *arguments)
        until(lambda: "waiting until" in run.output("stderr") or run.process.poll() is not None, "it waits first", 30)
        assert run.process.poll() is None, run.finish().text
        return run

    return start


def the_wait(text):
    """What it said of whom it waits for."""
    return next(line for line in text.splitlines() if "waiting until" in line)


def assert_nobody_queued(database, witness, readers):
    """While others do some more, nobody asks for a lock on a table that he does not get."""
    goal = readers.done + 50
    while readers.done < goal and not readers.errors:
        assert requests(database) == []
    assert (readers.errors, witness.sent('ALTER TABLE "shop_order"')) == ([], [])


@pytest.mark.parametrize("holder, words", [
    ("read", ["report", "app", "shop_order"]), ("report", ["monthly report", "app", "shop_order"]),
    ("pg_dump", ["pg_dump", "app", "shop_order"]), ("vacuum", ["cron", "app", "shop_order"])])
def test_who_holds_the_table_is_named_and_nobody_queues(noted, database, others, witness, start_waiting, holder, words):
    held = getattr(others, holder)().wait_for_age(2.1)
    readers = others.crowd(Readers)

    run = start_waiting(noted())
    assert_nobody_queued(database, witness, readers)
    held.let_go()
    outcome = run.finish()

    line = the_wait(outcome.stderr)
    assert line.startswith(f"pgtool: shop.{FIRST}: ") and all(word in line for word in [f"pid {held.pid}", *words]), line
    assert re.search(r"\d+(\.\d+)? ?s\b", line), line
    assert outcome.stderr.count("waiting until") == 1
    assert (outcome.status, records_of(database, FIRST), witness.given_up()) == (0, 1, []), outcome.text


def test_a_prepared_transaction_is_named(noted, database, others, witness, start_waiting):
    with psycopg.connect(database.cluster.conninfo(database.name, "app"), autocommit=True) as session:
        session.execute("begin")
        session.execute("select 1 from shop_order limit 1")
        session.execute("prepare transaction 'left by a crash'")
    readers = others.crowd(Readers)
    until(lambda: database.sql("select clock_timestamp() - prepared > '2.1 s' from pg_prepared_xacts where database = current_database()")
          == "t", "it is older than 2 s")

    try:
        run = start_waiting(noted())
        assert_nobody_queued(database, witness, readers)
    finally:
        database.sql("rollback prepared 'left by a crash'", user="app")
    outcome = run.finish()

    assert "left by a crash" in the_wait(outcome.stderr) and "prepared" in the_wait(outcome.stderr), outcome.stderr
    assert (outcome.status, records_of(database, FIRST)) == (0, 1), outcome.text


@pytest.mark.parametrize("operations, holds", [
    ([NOTE_CUSTOMER, ADD_NOTE], "select 1 from shop_order limit 1"),
    (['migrations.RunSQL("alter table shop_customer add one text; alter table shop_order add two text")'], "select 1 from shop_order limit 1"),
    (['migrations.AddField("customer", "best", models.ForeignKey("shop.order", models.CASCADE, null=True))'],
     "update shop_order set paid = paid where id = 1"),
    (['migrations.CreateModel("Line", [("id", models.BigAutoField(primary_key=True, serialize=False)), ("order", '
      'models.ForeignKey("shop.order", models.CASCADE))])'], "update shop_order set paid = paid where id = 1"),
    (['migrations.RunSQL("drop index order_number")'], "select 1 from shop_order limit 1"),
    (['migrations.DeleteModel("Order")'], "select 1 from shop_order limit 1")])
def test_each_table_that_is_needed_counts(noted, database, others, witness, start_waiting, operations, holds):
    held = others.hold(holds).wait_for_age(2.1)
    readers = others.crowd(Readers, TABLES[1:])

    run = start_waiting(noted(*operations))
    goal = readers.done + 50
    while readers.done < goal and not readers.errors:
        assert requests(database) == []
    held.let_go()
    outcome = run.finish()

    assert (outcome.status, witness.given_up()) == (0, []), outcome.text
    assert "shop_order" in the_wait(outcome.stderr)


def test_a_statement_outside_of_transactions_waits_first_too(noted, database, others, witness, start_waiting):
    held = others.read("shop_order").wait_for_age(2.1)

    run = start_waiting(noted(NOTE_CUSTOMER, ADD_NOTE, atomic=False))
    assert requests(database) == []
    held.let_go()
    outcome = run.finish()

    assert (outcome.status, witness.given_up()) == (0, []), outcome.text
    assert "note" in columns(database, "shop_customer")


def test_unapplying_waits_first_too(noted, database, others, witness, pgtool, start_waiting):
    project = noted()
    assert pgtool(project, "migrate").status == 0
    held = others.read("shop_order").wait_for_age(2.1)

    run = start_waiting(project, "shop", "0005")
    held.let_go()

    assert (run.finish().status, records_of(database, FIRST), witness.given_up()) == (0, 0, [])


def test_the_wait_is_in_the_report(noted, others, start_waiting):
    held = others.read("shop_order").wait_for_age(2.1)

    run = start_waiting(noted(), "--format", "json")
    held.let_go()
    waits = run.finish().json["migrate"]["waits"]

    assert [(one["migration"], [f"pid {held.pid}" in holder for holder in one["holders"]]) for one in waits] == [(f"shop.{FIRST}", [True])]
    assert waits[0]["seconds"] > 0


class TestAWaitThatIsNotWorthIt:
    @pytest.mark.parametrize("patience", [["--no-wait"], ["--wait", "1s"]])
    def test_ends_with_busy_and_the_holder_named(self, noted, database, others, witness, pgtool, patience):
        held, before = others.read("shop_order").wait_for_age(2.1), fingerprint(database)

        outcome = pgtool(noted(), "migrate", *patience)

        assert outcome.status == 5, outcome.text
        assert f"pid {held.pid}" in outcome.stderr and "report" in outcome.stderr and f"shop.{FIRST}" in outcome.stderr, outcome.stderr
        assert fingerprint(database) == before and witness.sent('ALTER TABLE "shop_order"') == []

    @pytest.mark.parametrize("patience", [["--no-wait"], ["--wait", "1s"]])
    def test_says_that_an_earlier_migration_was_applied(self, noted, database, others, pgtool, patience):
        project = noted(NOTE_CUSTOMER)
        project.add_operations(SECOND, ADD_NOTE)
        held = others.read("shop_order").wait_for_age(2.1)

        outcome = pgtool(project, "migrate", *patience)

        assert outcome.status == 4, outcome.text
        assert f"pid {held.pid}" in outcome.stderr and f"shop.{SECOND}" in outcome.stderr and "pgtool migrate" in outcome.text, outcome.text
        assert database.applied()[-1] == f"shop.{FIRST}"
        held.let_go()
        assert pgtool(project, "migrate").status == 0

    def test_ends_at_once_by_ctrl_c(self, noted, database, others, start_pgtool):
        others.read("shop_order").wait_for_age(2.1)
        run = start_pgtool(noted(), "migrate", terminal=True)
        until(lambda: "waiting until" in run.output() or run.process.poll() is not None, "it waits first", 30)

        run.type(b"\x03")

        assert run.finish(15).status == 130
        assert records_of(database, FIRST) == 0


class TestWhoIsNotWaitedFor:
    def assert_not_held_up(self, outcome, database):
        assert (outcome.status, records_of(database, FIRST)) == (0, 1), outcome.text
        assert "waiting until" not in outcome.stderr, outcome.stderr

    def test_a_transaction_on_another_table(self, noted, database, others, pgtool):
        others.hold("select 1 from shop_customer limit 1", "update django_content_type set model = model").wait_for_age(2.1)
        self.assert_not_held_up(pgtool(noted(), "migrate"), database)

    def test_a_reader_when_writers_only_are_in_the_way(self, noted, database, others, pgtool):
        others.read("shop_order").wait_for_age(2.1)
        project = noted('migrations.CreateModel("Line", [("id", models.BigAutoField(primary_key=True, serialize=False)), '
                        '("order", models.ForeignKey("shop.order", models.CASCADE))])')
        self.assert_not_held_up(pgtool(project, "migrate"), database)

    def test_anybody_before_a_migration_that_takes_no_strong_lock(self, noted, database, others, pgtool):
        others.hold("update shop_order set paid = paid where id = 1").wait_for_age(2.1)
        project = noted("""migrations.RunSQL("insert into shop_order (number, paid) values ('new', false)")""",
                        'migrations.CreateModel("Note", [("id", models.BigAutoField(primary_key=True, serialize=False))])')
        self.assert_not_held_up(pgtool(project, "migrate"), database)

    def test_autovacuum(self, noted, database, others, pgtool):
        others.autovacuum()
        self.assert_not_held_up(pgtool(noted(), "migrate", "--max-transaction-age", "1ms"), database)

    def test_a_transaction_that_is_younger(self, noted, others, witness, pgtool):
        others.read("shop_order")

        outcome = pgtool(noted(), "migrate", "--max-transaction-age", "1h", "--lock-timeout", "300ms", "--retries", "0")

        assert outcome.status == 5 and "waiting until" not in outcome.stderr, outcome.text
        assert len(witness.given_up()) == 1

    def test_anybody_when_the_age_is_0(self, noted, others, witness, pgtool):
        others.read("shop_order").wait_for_age(2.1)

        outcome = pgtool(noted(), "migrate", "--lock-timeout", "300ms", "--retries", "0", PGTOOL_MAX_TRANSACTION_AGE="0")

        assert outcome.status == 5 and len(witness.given_up()) == 1, outcome.text


@pytest.mark.parametrize("may_see_all", [False, True])
def test_another_role_s_transaction_is_named_whatever_may_be_seen_of_it(noted, database, others, start_waiting, may_see_all):
    if may_see_all:
        database.sql("grant pg_read_all_stats to app")
    try:
        held = others.hold("select 1 from shop_order limit 1", user="owner", application="backup").wait_for_age(2.1)
        run = start_waiting(noted())
        held.let_go()
        outcome = run.finish()
    finally:
        database.sql("revoke pg_read_all_stats from app")

    line = the_wait(outcome.stderr)
    assert f"pid {held.pid}" in line and "owner" in line and "backup" in line, line
    assert (outcome.status, records_of(database, FIRST)) == (0, 1), outcome.text


@pytest.mark.parametrize("may_see_all", [False, True])
def test_autovacuum_is_known_whatever_may_be_seen_of_it(noted, database, others, pgtool, may_see_all):
    if may_see_all:
        database.sql("grant pg_read_all_stats to app")
    try:
        others.autovacuum()
        outcome = pgtool(noted(), "migrate", "--wait", "20s")
    finally:
        database.sql("revoke pg_read_all_stats from app")
    assert (outcome.status, records_of(database, FIRST)) == (0, 1), outcome.text


def test_somebody_s_plain_migrate_is_noticed_and_named(noted, database, others, shop, start_pgtool, pgtool):
    elsewhere = shop()
    elsewhere.add_operations(FIRST, NOTE_CUSTOMER)
    reader = others.read("shop_customer")
    plain = start_plain(start_pgtool, elsewhere)
    pid = until(lambda: [row.split()[-1] for row in requests(database)], "the plain migrate waits for its table", 30)[0]

    outcome = pgtool(noted(), "migrate", "shop", FIRST)

    assert outcome.status == 0, outcome.text
    assert re.search(rf"^pgtool: .*\b{pid}\b", outcome.stderr, re.M) and "app" in outcome.stderr, outcome.stderr
    reader.let_go()
    plain.wait()


def start_plain(start_pgtool, project):
    """In the background, and ended with the test."""
    return start_pgtool(project, "manage.py", "migrate", program=str(project.python), PG_BOUNCER_HOST="", PG_BOUNCER_PORT="")


@pytest.mark.parametrize("role", ["app", "owner"])  # Of another role's session the query is not to be seen, but its locks are.
def test_somebody_s_own_ddl_is_noticed_and_named(noted, database, others, pgtool, role):
    database.sql("create table somebody_s (id int); alter table somebody_s owner to owner; grant all on somebody_s to app; "
                 "create table app_s (id int); alter table app_s owner to app")
    psql = others.hold(f"alter table {'app_s' if role == 'app' else 'somebody_s'} add column by_hand text", application="psql", user=role)

    outcome = pgtool(noted(), "migrate")

    assert outcome.status == 0, outcome.text
    assert re.search(rf"^pgtool: .*\b{psql.pid}\b", outcome.stderr, re.M) and role in outcome.stderr, outcome.stderr
