"""migrate reports what each migration held, changed and wrote. The judge is its own backend, just before COMMIT."""
import time
from types import SimpleNamespace

import pytest
from commit_eyes import open_eyes, seen_at_commit
from deploys import CUSTOMER, FIRST, cluster, database, records_of
from migration_kinds import KINDS, NOT_ATOMIC, TABLES, add_kinds, migration_name
from projects import Project, postgresql
from runs import Run
from trace_files import events_of, migrations_in
from waiting import until

DRIVERS = ["psycopg", "psycopg2"]
SECOND = "0007_second"
ADD_NOTE = 'migrations.AddField("order", "note", models.TextField(null=True))'
NOTE_CUSTOMER = 'migrations.AddField("customer", "note", models.TextField(null=True))'
SLEEP = "def sleep(apps, schema_editor):\n    import time\n    time.sleep(1)\n"
FILL = """\
def fill(apps, schema_editor):
    Order = apps.get_model("shop", "Order")
    Order.objects.bulk_create(Order(number=f"new {number}", paid=False) for number in range(3000))
    Order.objects.update(number="the same")
"""


@pytest.fixture(scope="module", params=DRIVERS)
def both_ways(request, deploy_cluster, tmp_path_factory):
    """All kinds of migrations, applied and then taken back: what pgtool reported and what each backend held, for each way."""
    database = deploy_cluster.database(like="in_production")
    database.sql(TABLES, "app")
    project = Project.shop(tmp_path_factory.mktemp("kinds") / "project", {"default": postgresql(deploy_cluster, database.name)},
                           driver=request.param)
    project.add_operations("0005_customer", CUSTOMER)
    add_kinds(project)
    open_eyes(project)
    ways = {}
    for way, target in ("forwards", []), ("backwards", ["shop", "0005"]):
        run, began = Run(project, ["migrate", "--format", "json", *target], {}), time.monotonic()
        try:
            outcome = run.finish(120)
        finally:
            run.end()
        assert outcome.status == 0, outcome.text
        ways[way] = SimpleNamespace(report=outcome.json, clock=time.monotonic() - began, seen=seen_at_commit(project),
                                    migrations={one["name"]: one for one in outcome.json["migrate"]["migrations"]})
    yield ways
    database.drop()


@pytest.fixture(params=["forwards", "backwards"])
def way(request, both_ways):
    return both_ways[request.param]


def tables_of(migration):
    return {table["table"]: table for table in migration["tables"]}


def only_migration(outcome):
    assert outcome.status == 0, outcome.text
    [migration] = outcome.json["migrate"]["migrations"]
    return migration


class TestEachKind:
    @pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != NOT_ATOMIC])
    def test_locks_are_those_that_its_backend_held(self, way, kind):
        name = migration_name(kind)
        migration = way.migrations[name]
        assert {table: row["lock"] for table, row in tables_of(migration).items()} == {
            table: held.lock for table, held in way.seen[name].items()}
        assert (migration["state"], migration["atomic"]) == ("done", True)
        assert all(row["observed"] is True for row in migration["tables"])

    @pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != NOT_ATOMIC])
    def test_files_and_births_are_those_of_the_catalog(self, way, kind):
        name = migration_name(kind)
        told, seen = tables_of(way.migrations[name]), way.seen[name]
        assert {table: row["created"] for table, row in told.items()} == {table: held.created for table, held in seen.items()}
        # Nobody waits for a new file of a table that this run has made: that may be told or not.
        assert {table: row["rewritten"] or row.get("truncated", False) for table, row in told.items() if not row["created"]} == {
            table: held.new_file for table, held in seen.items() if not held.created}
        assert {table for table, row in told.items() if row.get("truncated")} <= {"public.old_log"}

    def test_of_what_is_not_atomic_the_statements_tell(self, way):
        migration = way.migrations[migration_name(NOT_ATOMIC)]
        assert (migration["state"], migration["atomic"]) == ("done", False)
        [table] = migration["tables"]
        assert (table["table"], table["lock"], table["observed"]) == ("public.shop_order", "SHARE UPDATE EXCLUSIVE", False)
        assert (table["created"], table["rewritten"]) == (False, False)

    def test_all_are_there_in_the_order_in_which_they_ran(self, both_ways):
        names = [migration_name(kind) for kind in KINDS]
        assert list(both_ways["forwards"].migrations) == names
        assert list(both_ways["backwards"].migrations) == names[::-1]

    def test_seconds_add_up_to_no_more_than_the_clock(self, way):
        seconds = [one["seconds"] for one in way.migrations.values()]
        assert min(seconds) > 0 and sum(seconds) <= way.clock
        for one in way.migrations.values():
            held = [row["held"] for row in one["tables"]]
            assert 0 <= one["waited"] <= 0.2
            assert all(0 <= seconds <= one["seconds"] + 0.2 for seconds in held), (one["seconds"], held)

    def test_the_judge_has_seen_every_lock_and_both_answers(self, both_ways):
        """Else nothing was proved above."""
        seen = [held for tables in both_ways["forwards"].seen.values() for held in tables.values()]
        assert {"ACCESS SHARE", "ROW EXCLUSIVE", "SHARE", "SHARE ROW EXCLUSIVE", "EXCLUSIVE", "ACCESS EXCLUSIVE"} <= {
            held.lock for held in seen}
        assert {held.created for held in seen} == {held.new_file for held in seen} == {True, False}
        assert both_ways["forwards"].seen[migration_name("alter_rewrites")]["public.shop_order"].new_file
        assert not both_ways["forwards"].seen[migration_name("alter_keeps")]["public.shop_order"].new_file
        assert both_ways["backwards"].seen[migration_name("state_only")] == {}


def test_rows_and_bytes_are_those_before_and_wal_is_an_upper_bound(shop, database, pgtool):
    database.sql("analyze shop_order")
    project = shop()
    project.add_operations(FIRST, NOTE_CUSTOMER, "migrations.RunPython(fill)", before=FILL)
    project.add_operations(SECOND, 'migrations.SeparateDatabaseAndState(state_operations=[migrations.AddField("order", "shadow", '
                           'models.TextField(null=True))])')
    least, most = map(int, database.sql("select pg_relation_size('shop_order'), pg_total_relation_size('shop_order')").split("|"))
    never_analysed = database.sql("select reltuples from pg_class where oid = 'shop_customer'::regclass")
    before = database.sql("select pg_current_wal_insert_lsn()")

    outcome = pgtool(project, "migrate", "--format", "json")

    assert outcome.status == 0, outcome.text
    written = int(database.sql(f"select pg_current_wal_insert_lsn() - '{before}'"))
    data, state = outcome.json["migrate"]["migrations"]
    tables = tables_of(data)
    assert tables["public.shop_order"]["rows"] == 2001 and least <= tables["public.shop_order"]["bytes"] <= most
    assert never_analysed == "-1"
    assert tables["public.shop_customer"]["rows"] is None or 200 <= tables["public.shop_customer"]["rows"] <= 20000
    assert int(database.sql("select pg_relation_size('shop_order')")) > most, "the migration has not changed the size"
    assert 8000 * 30 < data["wal_bytes"] <= written  # 3000 rows made, and 5000 changed
    assert 0 <= state["wal_bytes"] < 20000 and data["wal_bytes"] + state["wal_bytes"] <= written
    assert data["wal_is_upper_bound"] is True and state["wal_is_upper_bound"] is True


class TestHeld:
    def test_counts_from_the_lock_on_and_not_from_the_beginning(self, shop, pgtool):
        project = shop()
        project.add_operations(FIRST, ADD_NOTE, "migrations.RunPython(sleep)", before=SLEEP)
        project.add_operations(SECOND, "migrations.RunPython(sleep)", NOTE_CUSTOMER, before=SLEEP)

        outcome = pgtool(project, "migrate", "--format", "json")

        assert outcome.status == 0, outcome.text
        after, before = outcome.json["migrate"]["migrations"]
        assert 0.9 <= tables_of(after)["public.shop_order"]["held"] <= 2
        assert 0 <= tables_of(before)["public.shop_customer"]["held"] < 0.5
        assert min(after["seconds"], before["seconds"]) >= 1 and max(after["waited"], before["waited"]) < 0.3

    def test_does_not_count_the_wait_for_it_but_others_waits_for_what_is_held(self, shop, database, others, start_pgtool):
        project = shop()
        project.add_operations(FIRST, NOTE_CUSTOMER, ADD_NOTE)
        reader = others.hold("select 'hidden-literal' from shop_order limit 1")
        trace = project.dir / "trace"

        run = start_pgtool(project, "migrate", "--max-transaction-age", "0", "--lock-timeout", "20s", "--format", "json",
                           "--trace", trace)
        until(lambda: database.sql("select 1 from pg_locks where relation = 'shop_order'::regclass and not granted and "
                                   "clock_timestamp() - waitstart > '1 s'") or run.process.poll() is not None, "it waits", 30)
        reader.let_go()
        migration = only_migration(run.finish())

        assert 0.9 <= migration["waited"] <= 2.5 and migration["seconds"] >= migration["waited"], migration
        assert tables_of(migration)["public.shop_order"]["held"] < 0.9
        assert tables_of(migration)["public.shop_customer"]["held"] >= 0.9, "it was held while the other one was waited for"
        waits = [event for event in events_of(trace) if event["event"] == "wait"]
        assert waits and "hidden-literal" not in trace.read_text(encoding="utf-8")

    def test_of_several_tries_all_waits_count_and_the_locks_of_the_last_one(self, shop, database, others, witness, start_pgtool):
        project = shop()
        project.add_operations(FIRST, ADD_NOTE, "migrations.RunPython(sleep)", before=SLEEP)
        reader = others.read("shop_order")

        run = start_pgtool(project, "migrate", "--max-transaction-age", "0", "--lock-timeout", "600ms", "--retry-delay", "50ms",
                           "--format", "json")
        until(lambda: len(witness.given_up()) >= 2 or run.process.poll() is not None, "two tries", 30)
        reader.let_go()
        migration = only_migration(run.finish())

        assert migration["waited"] >= 1.1 and migration["seconds"] >= migration["waited"] + 1, migration
        assert 0.9 <= tables_of(migration)["public.shop_order"]["held"] <= 2, migration


def test_one_that_fails_is_reported_with_what_was_done_before_it(shop, database, pgtool):
    project = shop()
    project.add_operations(FIRST, ADD_NOTE)
    project.add_operations(SECOND, 'migrations.RunSQL("select 1 / 0")')
    trace = project.dir / "trace"

    outcome = pgtool(project, "migrate", "--format", "json", "--trace", trace)

    assert outcome.status in (3, 4), outcome.text
    done, failed = outcome.json["migrate"]["migrations"]
    assert (done["name"], done["state"], failed["name"], failed["state"]) == (f"shop.{FIRST}", "done", f"shop.{SECOND}", "failed")
    assert migrations_in(events_of(trace)) == [done, failed]
    assert (records_of(database, FIRST), records_of(database, SECOND)) == (1, 0)
    assert events_of(trace)[-1]["event"] == "end" and events_of(trace)[-1]["status"] == outcome.status
