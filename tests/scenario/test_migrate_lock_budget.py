"""Nobody who reads a table waits for longer than a transaction's budget of lock waits and its own work.

How long readers waited is told by the server itself (log_lock_waits), for every wait of more than deadlock_timeout, 1 s.
"""
import pytest
from deploys import FIRST, TABLES, Readers, Witness, cluster, columns, database, fingerprint, records_of
from queues import wait_for_request
from waiting import until

BUDGET = 1500  # milliseconds
SPARE = 100
ADD = 'migrations.RunSQL("alter table {} add column {} text")'
THREE = [ADD.format("shop_order", "one"), ADD.format("shop_customer", "two"), ADD.format("shop_order", "three")]
# Each takes shop_order first, whose reader leaves late, and then something of shop_customer, whose writer stays.
TWO_TABLES = {
    "three": THREE,
    "by Django": ['migrations.AddField("order", "one", models.TextField(null=True))',
                  'migrations.AddField("customer", "two", models.TextField(null=True))'],
    "one text": ['migrations.RunSQL("alter table shop_order add one text; alter table shop_customer add two text")'],
    "foreign key": ['migrations.AddField("order", "customer", models.ForeignKey("shop.customer", models.CASCADE, null=True))'],
    "drop": ['migrations.RunSQL("drop table shop_order, shop_customer")'],
    "lock": ['migrations.RunSQL("lock table shop_order, shop_customer")'],
    "update": [THREE[0], """migrations.RunSQL("update shop_customer set name = '' where id = 1")"""],
    "savepoints": ["migrations.RunPython(alter)"],
    "do": ['migrations.RunSQL("do $$begin alter table shop_order add one text; alter table shop_customer add two text; end$$")'],
}
ALTER = """\
def alter(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        for table in "shop_order", "shop_customer":
            with transaction.atomic():
                cursor.execute(f"alter table {table} add column one text")
"""
HOLDERS = ["pg_dump", "read", "report", "vacuum"]


def bounded(*more):
    return "migrate", "--lock-timeout", f"{BUDGET}ms", "--retry-delay", "100ms", *more


@pytest.fixture
def assert_nobody_waited(witness, twin):
    """For longer than the budget, what the migrations themselves take under plain Django, and 100 ms."""

    def check(project, readers):
        readers.remove()
        assert not readers.errors
        copy, plain = twin(project)
        assert plain.status == 0, plain.text
        allowed = BUDGET + 1000 * Witness(copy, since=0).own_work() + SPARE
        assert [wait for wait in witness.reader_waits() if wait > allowed] == [], (allowed, readers.longest)

    return check


@pytest.mark.parametrize("operations", TWO_TABLES)
def test_the_waits_for_two_tables_do_not_add_up(shop, database, others, witness, start_pgtool, assert_nobody_waited, operations):
    project = shop()
    project.add_operations(FIRST, *TWO_TABLES[operations], before=ALTER)
    before = fingerprint(database)
    reader = others.read("shop_order")
    others.hold("update shop_customer set name = name where id = 1")
    readers = others.crowd(Readers)

    run = start_pgtool(project, *bounded("--max-transaction-age", "0", "--retries", "1"))
    wait_for_request(database, run, "shop_order", BUDGET - 400)
    reader.let_go()
    outcome = run.finish()

    assert outcome.status == 5, outcome.text
    assert fingerprint(database) == before
    assert witness.reader_waits() and witness.reader_waits()[0] > 1000, "no reader was in the way: nothing was proved"
    assert_nobody_waited(project, readers)


def hold(others, holder):
    return others.read(*TABLES) if holder == "read" else getattr(others, holder)()


@pytest.mark.parametrize("operations", [THREE[:1], THREE], ids=["one", "three"])
@pytest.mark.parametrize("holder", HOLDERS)
def test_whoever_holds_the_tables_readers_wait_for_the_budget_only(shop, database, others, witness, start_pgtool, assert_nobody_waited,
                                                                   holder, operations):
    project = shop()
    project.add_operations(FIRST, *operations)
    held, readers = hold(others, holder), others.crowd(Readers)

    run = start_pgtool(project, *bounded("--max-transaction-age", "0"))
    until(lambda: len(witness.given_up()) >= 2 or run.process.poll() is not None, "it has given up twice", 30)
    held.let_go()
    outcome = run.finish()

    assert (outcome.status, records_of(database, FIRST)) == (0, 1), outcome.text
    assert len(witness.given_up()) >= 2
    assert witness.reader_waits() and witness.reader_waits()[0] > 1000, "no reader was in the way: nothing was proved"
    assert_nobody_waited(project, readers)


@pytest.mark.parametrize("operations", [THREE[:1], THREE], ids=["one", "three"])
@pytest.mark.parametrize("holder", HOLDERS)
def test_by_default_it_waits_first_and_no_reader_does(shop, database, others, witness, start_pgtool, holder, operations):
    project = shop()
    project.add_operations(FIRST, *operations)
    held, readers = hold(others, holder).wait_for_age(2.1), others.crowd(Readers)

    run = start_pgtool(project, "migrate")
    until(lambda: "waiting until" in run.output("stderr") or run.process.poll() is not None, "it waits first", 30)
    readers.go_on(100)
    assert run.process.poll() is None, run.finish().text
    held.let_go()
    outcome = run.finish()

    readers.remove()
    assert (outcome.status, records_of(database, FIRST)) == (0, 1), outcome.text
    assert str(held.pid) in outcome.stderr
    assert (witness.given_up(), witness.reader_waits(), readers.errors) == ([], [], [])


@pytest.mark.parametrize("age", ["0", "2s"])
def test_autovacuum_gives_way(shop, database, others, witness, pgtool, age):
    project = shop()
    project.add_operations(FIRST, *THREE)
    autovacuum, readers = others.autovacuum(), others.crowd(Readers)

    outcome = pgtool(project, "migrate", "--max-transaction-age", age, "--format", "json")

    readers.remove()
    assert (outcome.status, records_of(database, FIRST)) == (0, 1), outcome.text
    assert [r for r in database.cluster.log.records() if r["pid"] == autovacuum and "canceling autovacuum" in r["message"]]
    # A reader that a slow machine has made old may be waited for; the autovacuum never is.
    waited_for = [holder for wait in outcome.json["migrate"]["waits"] for holder in wait["holders"]]
    assert outcome.json["migrate"]["tries"] == [] and not [holder for holder in waited_for if f"pid {autovacuum} " in holder]
    assert waited_for == [] or age != "0"
    assert witness.given_up() == [] and max(witness.reader_waits(), default=0) < 2000 + SPARE


def test_statements_outside_of_a_transaction_have_a_budget_each(shop, database, others, witness, start_pgtool, assert_nobody_waited):
    project = shop()
    project.add_operations(FIRST, *THREE, atomic=False)
    reader, writer = others.read("shop_order"), others.hold("update shop_customer set name = name where id = 1")
    readers = others.crowd(Readers)

    run = start_pgtool(project, *bounded("--max-transaction-age", "0", "--retries", "3"))
    wait_for_request(database, run, "shop_order", BUDGET - 400)
    reader.let_go()
    wait_for_request(database, run, "shop_customer", BUDGET - 400)
    writer.let_go()
    outcome = run.finish()

    assert (outcome.status, records_of(database, FIRST)) == (0, 1), outcome.text
    assert columns(database)[-2:] == ["one", "three"]
    assert_nobody_waited(project, readers)
