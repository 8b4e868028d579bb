"""What stops a migration that is not atomic is put right or named: invalid indexes, and operations that stand."""
import signal

import pytest
from deploys import FIRST, cluster, columns, database, invalid_indexes, records_of, requests
from waiting import until

DRIVERS = ["psycopg", "psycopg2"]
ADD_NOTE = 'migrations.AddField("order", "note", models.TextField(null=True))'
FILL_NOTE = """migrations.RunSQL("update shop_order set note = 'seen' where note is null")"""
BY_PAID = 'AddIndexConcurrently("order", models.Index(fields=["paid"], name="order_paid"))'
BY_NUMBER = 'migrations.RunSQL("create unique index concurrently order_once on shop_order (number)")'
NUMBER_TWICE = "insert into shop_order (number, paid) values ('number 1', false)"
NO_MORE_TWICE = "delete from shop_order where id = (select max(id) from shop_order)"
OLD_SNAPSHOT = "set transaction isolation level repeatable read, read only", "select 1 from shop_customer limit 1"
WRITE = "update shop_order set paid = paid where id = 1"


@pytest.fixture
def indexed(shop):
    """A project whose deploy adds an index concurrently."""

    def make(operation=BY_PAID, **options):
        project = shop(**options)
        project.add_operations(FIRST, operation, atomic=False)
        return project

    return make


def wait_for_build(database, run, name="order_paid"):
    """Until CREATE INDEX CONCURRENTLY waits for another transaction, its index being there already: the backend's pid."""
    found = until(lambda: database.sql(
        "select a.pid from pg_stat_activity a join pg_stat_progress_create_index p on p.pid = a.pid join pg_locks l on l.pid = a.pid "
        f"where not l.granted and locktype = 'virtualxid' and a.datname = current_database() and p.index_relid = to_regclass('{name}')")
        or run.process.poll() is not None, f"{name} waits for another transaction", 30)
    assert run.process.poll() is None, run.finish().text
    return int(found)


def assert_dropped(outcome, database, name="order_paid"):
    assert invalid_indexes(database) == [], outcome.text
    assert name in outcome.stderr and "drop" in outcome.stderr, outcome.stderr


def stop(run, database, how, backend):
    if how == "ctrl-c":
        run.type(b"\x03")
    elif how == "cancel":
        database.sql(f"select pg_cancel_backend({backend})")
    else:
        run.send(how)


STOPPED = [("ctrl-c", 130), (signal.SIGTERM, 143), ("cancel", 3)]


class TestAnIndexWhoseBuildIsStopped:
    @pytest.mark.parametrize("driver", DRIVERS)
    @pytest.mark.parametrize("how, status", STOPPED)
    def test_is_dropped_and_the_next_run_builds_it(self, indexed, database, others, start_pgtool, pgtool, how, status, driver):
        project = indexed(driver=driver)
        holder = others.hold(*OLD_SNAPSHOT)
        run = start_pgtool(project, "migrate", terminal=how == "ctrl-c")
        backend = wait_for_build(database, run)

        stop(run, database, how, backend)
        outcome = run.finish(30)

        assert invalid_indexes(database) == [] and database.sql("select to_regclass('order_paid')") == "", outcome.text
        assert "order_paid" in outcome.text and "drop" in outcome.text, outcome.text
        assert "try 2" not in outcome.text and records_of(database, FIRST) == 0
        holder.let_go()
        database.wait_until_left()
        again = pgtool(project, "migrate")
        assert (again.status, records_of(database, FIRST), invalid_indexes(database)) == (0, 1, []), again.text
        assert outcome.status == status, outcome.text

    @pytest.mark.parametrize("how, status", STOPPED)
    def test_is_named_when_somebody_s_writes_keep_it_from_being_dropped(self, indexed, database, others, start_pgtool, pgtool, how, status):
        project = indexed()
        holder = others.hold(WRITE)
        run = start_pgtool(project, "migrate", terminal=how == "ctrl-c")
        backend = wait_for_build(database, run)

        stop(run, database, how, backend)
        outcome = run.finish(40)

        assert outcome.status in (status, 4), outcome.text
        assert "order_paid" in outcome.text and ("invalid" in outcome.text or "drop" in outcome.text), outcome.text
        holder.let_go()
        database.wait_until_left()
        left = invalid_indexes(database)
        again = pgtool(project, "migrate")
        if left:
            assert "order_paid" in again.stderr and "invalid" in again.stderr, again.text
        else:
            assert (again.status, records_of(database, FIRST)) == (0, 1), again.text

    def test_is_in_the_report(self, indexed, database, others, start_pgtool):
        others.hold(*OLD_SNAPSHOT)
        run = start_pgtool(indexed(), "migrate", "--format", "json")
        database.sql(f"select pg_cancel_backend({wait_for_build(database, run)})")

        report = run.finish(30).json["migrate"]

        assert report["dropped_indexes"] == ["public.order_paid"]
        assert "operation 1 of 1" in str(report["operation"]) or "order_paid" in str(report["operation"])

    def test_is_named_by_the_run_after_the_one_that_was_killed(self, indexed, database, others, start_pgtool, pgtool):
        project = indexed()
        holder = others.hold(*OLD_SNAPSHOT)
        run = start_pgtool(project, "migrate")
        backend = wait_for_build(database, run)
        run.send(signal.SIGKILL)
        run.finish()
        until(lambda: str(backend) not in database.sql("select pid from pg_stat_activity").split(), "its backend has ended", 15)
        holder.let_go()
        assert invalid_indexes(database) == ["order_paid"]

        again = pgtool(project, "migrate")

        assert "order_paid" in again.stderr and "invalid" in again.stderr, again.stderr
        database.sql("drop index order_paid")
        assert pgtool(project, "migrate").status == 0 and records_of(database, FIRST) == 1
        assert again.status == 3, again.text


class TestAUniqueIndexThatFindsDuplicates:
    def test_is_dropped_and_not_tried_again(self, indexed, database, witness, pgtool):
        project = indexed(BY_NUMBER)
        database.sql(NUMBER_TWICE)

        outcome = pgtool(project, "migrate")

        assert len(witness.errors("23505")) == 1 and "try 2" not in outcome.text
        assert_dropped(outcome, database, "order_once")
        assert "number 1" in outcome.text, "which value is there twice"
        database.sql(NO_MORE_TWICE)
        again = pgtool(project, "migrate")
        assert (again.status, records_of(database, FIRST), invalid_indexes(database)) == (0, 1, []), again.text
        assert outcome.status == 3, outcome.text

    def test_whose_name_the_server_chose_is_dropped_too(self, indexed, database, pgtool):
        database.sql(NUMBER_TWICE)

        outcome = pgtool(indexed('migrations.RunSQL("create unique index concurrently on shop_order (number)")'), "migrate")

        assert_dropped(outcome, database, "shop_order_number_idx")
        assert outcome.status == 3, outcome.text


class TestADeadlockOfConcurrently:
    @pytest.mark.parametrize("driver", DRIVERS)
    def test_is_tried_again_without_the_index_that_it_left(self, indexed, database, others, witness, start_pgtool, driver):
        other = others.hold("set deadlock_timeout = '1h'", WRITE, user="postgres")
        run = start_pgtool(indexed(driver=driver), "migrate", "--retry-delay", "50ms")
        wait_for_build(database, run)

        other.go_on("lock table shop_order in share row exclusive mode", let_go=True)
        outcome = run.finish()

        assert (outcome.status, records_of(database, FIRST), invalid_indexes(database)) == (0, 1, []), outcome.text
        assert len(witness.errors("40P01")) == 1 and "try 2 of 10" in outcome.stderr, outcome.stderr
        assert len(witness.sent("CREATE INDEX CONCURRENTLY")) == 2

    def test_without_retries_the_index_is_dropped(self, indexed, database, others, start_pgtool):
        other = others.hold("set deadlock_timeout = '1h'", WRITE, user="postgres")
        run = start_pgtool(indexed(), "migrate", "--retries", "0")
        wait_for_build(database, run)

        other.go_on("lock table shop_order in share row exclusive mode", let_go=True)
        outcome = run.finish()

        assert_dropped(outcome, database)
        assert (outcome.status, records_of(database, FIRST)) == (5, 0), outcome.text


class TestAnInvalidIndexThatWasThereBefore:
    @pytest.fixture(autouse=True)
    def left_over(self, database):
        database.sql(NUMBER_TWICE)
        database.sql("create unique index concurrently left_over on shop_order (number)", check=False)
        assert invalid_indexes(database) == ["left_over"]

    def oid(self, database):
        return database.sql("select 'left_over'::regclass::oid")

    def test_is_left_alone(self, indexed, database, pgtool):
        before = self.oid(database)

        outcome = pgtool(indexed(BY_NUMBER), "migrate")

        assert (invalid_indexes(database), self.oid(database)) == (["left_over"], before)
        assert pgtool(indexed(), "migrate").status == 0
        assert (invalid_indexes(database), self.oid(database)) == (["left_over"], before)
        assert outcome.status == 3, outcome.text

    def test_is_named_when_it_is_in_the_way(self, indexed, database, pgtool):
        before = self.oid(database)

        outcome = pgtool(indexed(BY_PAID.replace("order_paid", "left_over")), "migrate")

        assert (invalid_indexes(database), self.oid(database)) == (["left_over"], before)
        assert "left_over" in outcome.stderr and "invalid" in outcome.stderr, outcome.stderr
        assert outcome.status == 3, outcome.text

    def test_is_not_taken_for_the_wanted_one(self, indexed, database, pgtool):
        """IF NOT EXISTS passes over it, and the migration would count as applied."""
        outcome = pgtool(indexed('migrations.RunSQL("create unique index concurrently if not exists left_over on shop_order (number)")'),
                         "migrate")

        assert invalid_indexes(database) == ["left_over"]
        assert "left_over" in outcome.stderr and "invalid" in outcome.stderr, outcome.text


def test_an_index_that_somebody_else_is_building_is_not_called_left_over(indexed, database, others, pgtool):
    holder = others.hold(OLD_SNAPSHOT[0], "select 1 from django_content_type")
    builder = others.hold("select 1", application="psql", autocommit=True)
    builder.go_on("create index concurrently order_paid on shop_customer (name)")
    until(lambda: invalid_indexes(database) == ["order_paid"], "its index is there", 30)

    outcome = pgtool(indexed(), "migrate")

    assert records_of(database, FIRST) == 0 and outcome.status in (3, 4, 5), outcome.text
    assert "drop index" not in outcome.text and str(builder.pid) in outcome.text, outcome.text
    holder.let_go()
    builder.join()
    assert invalid_indexes(database) == [] and database.sql("select to_regclass('order_paid')") == "order_paid"


def test_a_build_that_waits_for_somebody_else_s_says_so(indexed, database, others, start_pgtool):
    holder = others.hold(OLD_SNAPSHOT[0], "select 1 from django_content_type")
    builder = others.hold("select 1", application="psql", autocommit=True)
    builder.go_on("create index concurrently by_hand on shop_order (paid)")
    until(lambda: invalid_indexes(database) == ["by_hand"], "its index is there", 30)

    run = start_pgtool(indexed(), "migrate")
    until(lambda: requests(database) or run.process.poll() is not None, "it waits for its lock", 30)
    until(lambda: str(builder.pid) in run.output("stderr") or run.process.poll() is not None, "it says whom it waits for", 20)
    holder.let_go()
    outcome = run.finish()

    assert (outcome.status, records_of(database, FIRST), invalid_indexes(database)) == (0, 1, []), outcome.text


def test_an_index_that_is_invalid_by_right_is_left_alone(shop, database, pgtool):
    database.sql("create table part (id int, day int) partition by range (day); create table part_1 partition of part for values from "
                 "(0) to (9); alter table part owner to app; alter table part_1 owner to app")
    database.sql(NUMBER_TWICE)
    project = shop()
    project.add_operations(FIRST, 'migrations.RunSQL("create index part_day on only part (day)")', BY_NUMBER, atomic=False)

    outcome = pgtool(project, "migrate")

    assert outcome.status == 4, outcome.text
    assert invalid_indexes(database) == ["part_day"]


class TestAMigrationThatIsNotAtomic:
    def make(self, shop, third, **options):
        project = shop(**options)
        project.add_operations(FIRST, ADD_NOTE, FILL_NOTE, third, atomic=False)
        return project

    @pytest.mark.parametrize("driver", DRIVERS)
    def test_that_a_lock_stops_tries_the_statement_alone_again(self, shop, database, others, witness, start_pgtool, driver):
        project = self.make(shop, 'migrations.AddField("customer", "note", models.TextField(null=True))', driver=driver)
        reader = others.read("shop_customer")

        run = start_pgtool(project, "migrate", "--max-transaction-age", "0", "--lock-timeout", "400ms", "--retry-delay", "50ms",
                           "--format", "json")
        until(lambda: len(witness.given_up()) >= 2 or run.process.poll() is not None, "two tries", 30)
        reader.let_go()
        outcome = run.finish()

        assert (outcome.status, records_of(database, FIRST)) == (0, 1), outcome.text
        assert len(witness.sent('ALTER TABLE "shop_order" ADD COLUMN "note"')) == 1 and len(witness.sent("update shop_order")) == 1
        assert [(one["statement"], one["migration"]) for one in outcome.json["migrate"]["tries"][:2]] == [(True, f"shop.{FIRST}")] * 2

    def test_that_a_lock_stops_for_good_says_what_stands(self, shop, database, others, pgtool):
        project = self.make(shop, 'migrations.AddField("customer", "note", models.TextField(null=True))')
        others.read("shop_customer")

        outcome = pgtool(project, "migrate", "--max-transaction-age", "0", "--lock-timeout", "300ms", "--retry-delay", "50ms", "--retries", "1")

        assert (outcome.status, records_of(database, FIRST)) == (4, 0), outcome.text
        assert "operation 3 of 3" in outcome.stderr and f"shop.{FIRST}" in outcome.stderr, outcome.stderr

    def test_that_fails_at_its_third_operation_says_so_and_what_the_next_run_meets(self, shop, database, pgtool):
        project = self.make(shop, BY_NUMBER)
        database.sql(NUMBER_TWICE)

        outcome = pgtool(project, "migrate")

        assert (outcome.status, records_of(database, FIRST)) == (4, 0), outcome.text
        assert columns(database)[-1] == "note" and invalid_indexes(database) == []
        assert "operation 3 of 3" in outcome.stderr and f"shop.{FIRST}" in outcome.stderr and "order_once" in outcome.stderr, outcome.stderr
        database.sql(NO_MORE_TWICE)
        again = pgtool(project, "migrate")
        assert "operation 1 of 3" in again.stderr and "note" in again.stderr and "already" in again.stderr, again.stderr
        assert "--fake" in again.text or "drop" in again.text, again.text
        assert again.status == 3, again.text

    def test_whose_first_operation_made_a_table_is_explained_too(self, shop, database, pgtool):
        project = shop()
        project.add_operations(FIRST, 'migrations.CreateModel("Note", [("id", models.BigAutoField(primary_key=True, serialize=False))])',
                               BY_NUMBER, atomic=False)
        database.sql(NUMBER_TWICE)
        assert pgtool(project, "migrate").status == 4

        again = pgtool(project, "migrate")

        assert "shop_note" in again.stderr and "operation 1 of 2" in again.stderr, again.stderr
        assert again.status == 3, again.text

    def test_that_undoes_itself_when_it_calls_procedures_is_not_taken_for_undone(self, shop, database, others, witness, pgtool):
        """A procedure commits as it goes: what it has done before a lock stopped it stands, and must not be done twice."""
        database.sql("create procedure fill() language plpgsql as $$begin insert into shop_customer (name) values ('by fill'); commit; "
                     "alter table shop_order add column filled text; end$$; grant all on procedure fill() to app")
        project = shop()
        project.add_operations(FIRST, 'migrations.RunSQL("call fill()")', atomic=False)
        others.read("shop_order")

        outcome = pgtool(project, "migrate", "--max-transaction-age", "0", "--lock-timeout", "300ms", "--retry-delay", "50ms", "--retries", "2")

        assert database.sql("select count(*) from shop_customer where name = 'by fill'") == "1", outcome.text
        assert outcome.status == 4, outcome.text
