"""What production has besides locks: sessions that time out, code that does it in its own way, and a run in its own way."""
import signal

import pytest
from deploys import FIRST, SLOWLY, Readers, cluster, columns, database, fingerprint, records_of, requests
from projects import postgresql
from waiting import until

ADD_NOTE = 'migrations.AddField("order", "note", models.TextField(null=True))'
LINE = ('migrations.CreateModel("Line", [("id", models.BigAutoField(primary_key=True, serialize=False)), '
        '("order", models.ForeignKey("shop.order", models.CASCADE))])')
EAGER = "--max-transaction-age", "0", "--lock-timeout", "400ms", "--retry-delay", "50ms"


@pytest.fixture
def brought(shop):
    """A project whose deploy brings these operations."""

    def make(*operations, before="", atomic=True, **options):
        project = shop(**options)
        project.add_operations(FIRST, *operations, before=before, atomic=atomic)
        return project

    return make


@pytest.fixture
def start_waiting(start_pgtool):
    def start(project, *arguments):
        run = start_pgtool(project, "migrate", *arguments)
        until(lambda: "waiting until" in run.output("stderr") or run.process.poll() is not None, "it waits first", 30)
        assert run.process.poll() is None, run.finish().text
        return run

    return start


@pytest.mark.parametrize("setting", ["idle_session_timeout", "idle_in_transaction_session_timeout"])
def test_the_sessions_of_a_run_that_waits_outlive_the_role_s_timeouts(brought, database, others, start_waiting, setting):
    database.sql(f'alter role app in database "{database.name}" set {setting} = \'1s\'')
    project = brought('migrations.RunSQL("select count(*) from shop_order")', ADD_NOTE)
    held = others.hold("set idle_in_transaction_session_timeout = 0", "select 1 from shop_order limit 1").wait_for_age(2.1)

    run = start_waiting(project)
    held.wait_for_age(6)
    held.let_go()
    outcome = run.finish()

    assert (outcome.status, records_of(database, FIRST)) == (0, 1), outcome.text


def test_it_does_not_wait_with_a_transaction_open(brought, database, others, start_waiting):
    project = brought("""migrations.RunSQL("update shop_customer set name = 'held' where id = 1")""", ADD_NOTE)
    held = others.read("shop_order").wait_for_age(2.1)

    run = start_waiting(project)
    others_held = database.sql("select count(*) from pg_locks l join pg_stat_activity a using (pid) where a.datname = current_database() "
                               f"and pid <> {held.pid} and relation = 'shop_customer'::regclass and granted")
    held.let_go()
    outcome = run.finish()

    assert (outcome.status, others_held) == (0, "0"), outcome.text


def test_it_does_not_wait_for_itself(brought, database, pgtool):
    """A second connection of the migration's own holds the table: nobody else can help."""
    project = brought("migrations.RunPython(hold)", ADD_NOTE, before="""\
def hold(apps, schema_editor):
    global other
    other = connection.copy()
    other.set_autocommit(False)
    with other.cursor() as cursor:
        cursor.execute("select 1 from shop_order limit 1")""")

    outcome = pgtool(project, "migrate", *EAGER, "--wait", "5s", "--retries", "3")

    assert (outcome.status, records_of(database, FIRST)) == (5, 0), outcome.text
    assert "waiting until" not in outcome.text, outcome.text


@pytest.mark.parametrize("is_new", [True, False])
def test_what_post_migrate_cannot_do_for_a_lock_is_told_apart(brought, database, others, pgtool, is_new):
    project = brought('migrations.CreateModel("Note", [("id", models.BigAutoField(primary_key=True, serialize=False))])')
    if not is_new:
        assert pgtool(project, "migrate").status == 0
    database.sql("delete from auth_permission where codename like '%customer'")
    holder = others.hold("lock table auth_permission in share mode")

    outcome = pgtool(project, "migrate", *EAGER, "--retries", "1")

    assert outcome.status == (4 if is_new else 5), outcome.text
    assert "post_migrate" in outcome.text or "after the migrations" in outcome.text, outcome.text
    holder.let_go()
    assert pgtool(project, "migrate").status == 0


@pytest.mark.parametrize("driver", ["psycopg", "psycopg2"])
def test_many_rows_of_one_call_are_not_written_twice(brought, database, others, witness, start_pgtool, driver):
    project = brought("migrations.RunPython(many)", atomic=False, driver=driver, before="""\
def many(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.executemany("update shop_customer set name = name || '+' where id = %s", [[1], [2], [3]])""")
    holder = others.hold("select 1 from shop_customer where id = 2 for update")

    run = start_pgtool(project, "migrate", *EAGER)
    until(lambda: len(witness.given_up()) >= 1, "it was stopped at the second row", 30)
    holder.let_go()
    outcome = run.finish()

    written = [name.count("+") for name in database.sql("select name from shop_customer where id < 4 order by id").splitlines()]
    assert written in ([1, 1, 1], [1, 0, 0], [0, 0, 0]), outcome.text
    assert outcome.status in {3: [0], 1: [4], 0: [4, 5]}[sum(written)], outcome.text


def test_code_that_asks_without_waiting_is_left_to_itself(brought, database, others, pgtool, witness):
    project = brought("migrations.RunPython(ask)", before="""\
def ask(apps, schema_editor):
    from django.db.utils import OperationalError
    try:
        with transaction.atomic():
            list(apps.get_model("shop", "Order").objects.select_for_update(nowait=True).filter(id=1))
    except OperationalError:
        apps.get_model("shop", "Order").objects.create(number="later")""")
    others.hold("select 1 from shop_order where id = 1 for update")

    outcome = pgtool(project, "migrate")

    assert (outcome.status, len(witness.given_up())) == (0, 1), outcome.text
    assert database.sql("select count(*) from shop_order where number = 'later'") == "1" and "try 2" not in outcome.stderr


def test_a_partition_that_is_detached_concurrently_keeps_no_reader_waiting(brought, database, others, witness, pgtool):
    database.sql("create table part (id int, day int) partition by range (day); create table part_1 partition of part for values from "
                 "(0) to (9); alter table part owner to app; alter table part_1 owner to app")
    others.hold("select 1 from part_1 limit 1")
    readers = others.crowd(Readers, ["part_1"])

    project = brought('migrations.RunSQL("alter table part detach partition part_1 concurrently")', atomic=False)
    outcome = pgtool(project, "migrate", "--lock-timeout", "1200ms", "--retries", "1", "--retry-delay", "50ms")

    readers.remove()
    assert max(witness.reader_waits(), default=0) < 1200 + 200
    assert outcome.status == 4 and "pending detach" in outcome.text, outcome.text
    assert "finalize" in outcome.text.lower(), outcome.text


def test_dropping_a_table_waits_for_those_it_points_to(brought, database, others, witness, pgtool, start_waiting):
    """DROP TABLE takes ACCESS EXCLUSIVE on the table that a foreign key points to."""
    project = brought(LINE)
    assert pgtool(project, "migrate").status == 0
    project.add_operations("0007_drop", 'migrations.DeleteModel("Line")')
    held = others.read("shop_order").wait_for_age(2.1)
    readers = others.crowd(Readers, ["shop_order"])

    run = start_waiting(project)
    readers.go_on(50)
    held.let_go()
    outcome = run.finish()

    assert (outcome.status, witness.given_up(), witness.reader_waits()) == (0, [], []), outcome.text


def test_autovacuum_that_does_not_give_way_is_waited_for(brought, database, others, witness, start_waiting):
    """It is there to prevent wraparound."""
    # It comes as soon as the table is old enough, and has to be slow by then; no other one may freeze the rows before.
    database.sql(f"alter table shop_order set (autovacuum_enabled = off, {SLOWLY}, autovacuum_freeze_max_age = 100000, "
                 "autovacuum_freeze_min_age = 0); update shop_order set id = id")
    for _ in range(3):
        database.sql("create temp table burn (i int); do $$begin for i in 1..40000 loop begin insert into burn values (i); "
                     "exception when division_by_zero then null; end; end loop; end$$; drop table burn")
    others.await_autovacuum()
    query = database.sql("select a.pid || ' ' || query from pg_stat_progress_vacuum p join pg_stat_activity a using (pid) "
                         "where relid = 'shop_order'::regclass")
    assert "wraparound" in query, query
    pid = query.split()[0]
    until(lambda: database.sql(f"select clock_timestamp() - xact_start > '2.1 s' from pg_stat_activity where pid = {pid}") == "t", "its age")

    database.sql("grant pg_read_all_stats to app")
    try:
        run = start_waiting(brought(ADD_NOTE))
        assert pid in run.output("stderr") and "vacuum" in run.output("stderr")
    finally:
        database.sql("revoke pg_read_all_stats from app")
        # It stands in the queue when the worker goes, so that no other one finds the table due.
        undone = others.hold("select 1", autocommit=True)
        undone.go_on("alter table shop_order reset (autovacuum_freeze_max_age, autovacuum_freeze_min_age)")
        until(lambda: database.sql(f"select 1 from pg_locks where pid = {undone.pid} and not granted"), "it waits for the worker")
        database.sql(f"select pg_terminate_backend({pid})")
    outcome = run.finish()
    assert (outcome.status, witness.given_up()) == (0, []), outcome.text


@pytest.mark.parametrize("options", [{"server_side_binding": True}, {"pool": True}, {"pool": {"min_size": 2, "max_size": 4}},
                                     {"prepare_threshold": 0}, {"isolation_level": 4}], ids=str)
def test_options_of_the_driver_change_nothing(project, database, others, witness, start_pgtool, options):
    if "isolation_level" in options:
        options = {"isolation_level": __import__("psycopg").IsolationLevel.SERIALIZABLE.value}
    own = project(database, OPTIONS=options)
    own.add_operations("0005_customer", 'migrations.RunSQL("select 1")')
    own.add_operations(FIRST, ADD_NOTE, """migrations.RunSQL("insert into shop_order (number, paid) values ('bounded', false)")""")
    reader = others.read("shop_order")

    run = start_pgtool(own, "migrate", *EAGER)
    until(lambda: len(witness.given_up()) >= 2 or run.process.poll() is not None, "two tries", 30)
    reader.let_go()
    outcome = run.finish()

    assert (outcome.status, records_of(database, FIRST), len(witness.given_up()) >= 2) == (0, 1, True), outcome.text
    assert set(witness.locks_seen_at("bounded")) != {"0"}


def test_a_second_alias_to_the_same_database_is_bounded_too(make_project, bouncer, database, witness, pgtool):
    pooler = bouncer()
    project = make_project({"default": postgresql(pooler, database.name), "jobs": postgresql(pooler, database.name)})
    project.add_operations("0005_customer", 'migrations.RunSQL("select 1")')
    project.add_operations(FIRST, "migrations.RunPython(elsewhere)", before="""\
def elsewhere(apps, schema_editor):
    apps.get_model("shop", "Order").objects.using("jobs").create(number="jobs")""")

    outcome = pgtool(project, "migrate", "--direct-url", database.url())

    assert (outcome.status, witness.locks_seen_at("jobs")) == (0, ["2s"]), outcome.text


@pytest.mark.parametrize("how, status", [("ctrl-c", 130), (signal.SIGTERM, 143)])
@pytest.mark.parametrize("when", ["pause", "statement"])
def test_a_signal_between_and_in_tries_ends_it(brought, database, others, witness, start_pgtool, how, status, when):
    others.read("shop_order")
    before = fingerprint(database)
    arguments = EAGER[:-1] + ("30s",) if when == "pause" else ("--max-transaction-age", "0", "--lock-timeout", "60s")
    run = start_pgtool(brought(ADD_NOTE), "migrate", *arguments, terminal=how == "ctrl-c")
    if when == "pause":
        until(lambda: "try 2 of 10" in run.output() + run.output("stderr"), "it pauses", 30)
    else:
        until(lambda: requests(database), "it waits for its lock", 30)

    if how == "ctrl-c":
        run.type(b"\x03")
    else:
        run.send(how)
    outcome = run.finish(15)

    assert outcome.status == status, outcome.text
    assert fingerprint(database) == before
    until(lambda: not requests(database), "nobody of it waits any longer", 10)


def test_a_statement_that_takes_too_long_is_not_taken_for_a_lock(brought, database, witness, pgtool):
    outcome = pgtool(brought(ADD_NOTE, 'migrations.RunSQL("select pg_sleep(30)")'), "migrate", "--statement-timeout", "300ms")

    assert (outcome.status, len(witness.errors("57014")), "note" in columns(database)) == (3, 1, False), outcome.text
    assert "try 2" not in outcome.text and "statement" in outcome.stderr
