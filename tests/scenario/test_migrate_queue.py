"""migrate gives up its request before too many queue behind it, and ends who idles in its way, where that is asked for.

Nobody else is touched: sessions are counted before and after, by pid and by the moment when each began, and the server's
log tells who was cancelled or ended.
"""
import json
import re
import signal
from datetime import datetime

import psycopg
import pytest
from deploys import ADD_NOTE, FIRST, Readers, cluster, columns, database, fingerprint, records_of
from queues import (BUILD, SNAPSHOT, UPDATE, Waiter, Worker, ended, patient, people, pids_of, prepared, told, troubles,
                    wait_for_request, wait_until_told)
from runs import assert_no_secret
from servers import SECRET
from waiting import until

NOTE_CUSTOMER = 'migrations.AddField("customer", "note", models.TextField(null=True))'
QUEUED, IDLE = "--cancel-when-queued", "--terminate-idle-in-transaction"
WORD = "hunter2-of-a-person"
OWN = """\
import threading


def ask_elsewhere(apps, schema_editor):
    errors = []

    def work():
        try:
            with connection.cursor() as cursor:
                cursor.execute("alter table shop_order add column elsewhere text")
        except Exception as error:
            errors.append(error)
        connection.close()
    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    if errors:
        raise errors[0]
"""


def events(project, kind, name="trace.jsonl"):
    """Of that kind in the trace, each with a time."""
    found = [json.loads(line) for line in (project.dir / name).read_text().splitlines()]
    for event in found:
        assert datetime.fromisoformat(event["time"].replace("Z", "+00:00")).utcoffset().total_seconds() == 0, event
    return [event for event in found if event["event"] == kind]


def wait_for_idleness(database, pid, seconds):
    until(lambda: database.sql(f"select state like 'idle in transaction%' and clock_timestamp() - state_change > '{seconds} s' "
                               f"from pg_stat_activity where pid = {pid}") == "t", f"it idles for {seconds} s")


class TestARequestThatOthersQueueBehind:
    @pytest.mark.parametrize("driver, atomic", [("psycopg", True), ("psycopg2", False)])
    def test_is_given_up_at_the_nth_and_made_again(self, noted, database, others, witness, start_pgtool, driver, atomic):
        project, holder = noted(driver=driver, atomic=atomic), others.read("shop_order")
        waiters = [others.call(Waiter) for _ in range(2)]
        before = people(database)

        run = start_pgtool(project, *patient(QUEUED, "2", "--format", "json", "--trace", "trace.jsonl"))
        wait_for_request(database, run)
        waiters[0].ask()
        waiters[0].wait_for(1000)
        assert witness.given_up() == []
        waiters[1].ask()
        for waiter in waiters:
            waiter.join()
        assert [waiter.outcome for waiter in waiters] == ["done", "done"]
        assert waiters[1].seconds < 2, waiters[1].seconds
        assert len(witness.given_up()) == 1 and "ALTER TABLE" in witness.given_up()[0], witness.given_up()
        wait_for_request(database, run)
        assert records_of(database, FIRST) == 0 and "note" not in columns(database)
        holder.connection.rollback()
        outcome = run.finish()

        assert (outcome.status, records_of(database, FIRST), columns(database)[-1]) == (0, 1, "note"), outcome.text
        assert before <= people(database) and {holder.pid, *(waiter.pid for waiter in waiters)} <= pids_of(before)
        assert troubles(witness, pids_of(before)) == []
        migrate = outcome.json["migrate"]
        assert (migrate["cancelled_for_queue"], len(migrate["tries"]), migrate["terminated"]) == (1, 1, [])
        assert re.search(rf"^pgtool: shop\.{FIRST}: .*2 sessions.*trying (the statement )?again in 0\.2 s", outcome.stderr,
                         re.M), outcome.stderr
        assert [f"shop.{FIRST}" in json.dumps(event) for event in events(project, "cancel")] == [True]

    def test_ends_the_run_as_busy_when_that_goes_on(self, noted, database, others, witness, pgtool):
        others.read("shop_order")
        before, readers = fingerprint(database), others.crowd(Readers)

        outcome = pgtool(noted(), *patient(QUEUED, "1", "--retries", "2", "--format", "json"))

        readers.remove()
        assert outcome.status == 5, outcome.text
        assert (readers.errors, len(witness.given_up())) == ([], 3), outcome.text
        assert outcome.json["migrate"]["cancelled_for_queue"] == 3
        assert readers.longest["shop_order"] < 2, readers.longest
        assert fingerprint(database) == before

    def test_counts_those_who_wait_for_what_the_migration_has_already(self, noted, database, others, witness, start_pgtool):
        holder, waiter = others.read("shop_order"), others.call(Waiter, "select 1 from shop_customer limit 1")

        run = start_pgtool(noted(NOTE_CUSTOMER, ADD_NOTE), *patient(QUEUED, "1"))
        wait_for_request(database, run)
        waiter.ask()
        waiter.join()
        assert (waiter.outcome, waiter.seconds < 2) == ("done", True)
        wait_for_request(database, run)
        holder.let_go()
        outcome = run.finish()

        assert (outcome.status, records_of(database, FIRST), len(witness.given_up())) == (0, 1, 1), outcome.text
        assert "note" in columns(database) and "note" in columns(database, "shop_customer")

    def test_counts_nobody_who_waits_ahead_or_for_something_else(self, noted, database, others, witness, start_pgtool):
        reader, elsewhere = others.read("shop_order"), others.hold("lock table shop_customer")
        ahead = others.call(Waiter, "alter table shop_order alter number drop default")
        aside = others.call(Waiter, "select 1 from shop_customer limit 1")
        ahead.ask()
        aside.ask()

        run = start_pgtool(noted(), *patient(QUEUED, "1", "--format", "json"))
        wait_for_request(database, run, milliseconds=1500)
        reader.let_go()
        outcome = run.finish()

        elsewhere.let_go()
        ahead.join()
        aside.join()
        assert (ahead.outcome, aside.outcome, [text for text in witness.given_up() if "ALTER" in text]) == ("done", "done", [])
        migrate = outcome.json["migrate"]
        assert (outcome.status, migrate["cancelled_for_queue"], migrate["tries"]) == (0, 0, []), outcome.text


class TestWhoIdlesInTheWay:
    def test_is_ended_and_nobody_else(self, noted, bouncer, database, others, witness, pgtool):
        """Others are as idle and as old: on another table, in no transaction, in another database, in the pool."""
        project, pooler = noted(), bouncer()
        blocker = others.hold(f"select 1 from shop_order where number <> '{WORD}' limit 1", application="forgotten psql")
        spared = [others.hold("update shop_customer set name = name where id = 1", application="on another table"),
                  others.hold("select 1 from shop_order limit 1", application="idle", autocommit=True),
                  others.hold("update shop_customer set name = name where id = 2", application="aside", user="owner")]
        with psycopg.connect(pooler.conninfo(database.name), autocommit=True) as pooled, \
                psycopg.connect(pooler.conninfo(database.name)) as in_pool, \
                psycopg.connect(database.cluster.conninfo("in_production", "app")) as other_database:
            pooled.execute("select 1 from shop_order limit 1")
            in_pool.execute("update shop_customer set name = name where id = 3")
            other_database.execute("select 1 from shop_order limit 1")
            wait_for_idleness(database, blocker.pid, 0.5)
            before, of_another = people(database), other_database.info.backend_pid
            assert len(before) >= 5

            outcome = pgtool(project, *patient(IDLE, "400ms", "--format", "json", "--trace", "trace.jsonl"))

            until(lambda: blocker.pid not in pids_of(people(database)), "the blocker is gone")
            assert pids_of(before - people(database)) == {blocker.pid}
            for one in (pooled, in_pool, other_database, *(holder.connection for holder in spared)):
                one.execute("select 1")
        with pytest.raises(psycopg.Error, match="terminating connection due to administrator command"):
            blocker.connection.execute("select 1")
        assert (outcome.status, records_of(database, FIRST)) == (0, 1), outcome.text
        assert ended(witness) == [blocker.pid] and troubles(witness, {of_another, *pids_of(before)}) == [f"{blocker.pid} 57P01"]
        assert witness.given_up() == []
        terminated = outcome.json["migrate"]["terminated"]
        assert len(terminated) == 1 and f"pid {blocker.pid}" in terminated[0] and "forgotten psql" in terminated[0], terminated
        said = [line for line in outcome.stderr.splitlines() if "ended" in line]
        assert len(said) == 1 and said[0].startswith("pgtool: ") and f"pid {blocker.pid}" in said[0], outcome.stderr
        assert [f"pid {blocker.pid}" in json.dumps(event) for event in events(project, "terminate")] == [True]
        assert WORD not in outcome.text + (project.dir / "trace.jsonl").read_text()

    def test_is_ended_before_the_migration_begins(self, noted, database, others, witness, pgtool):
        blocker, spared = others.read("shop_order"), others.hold("update shop_customer set name = name where id = 1")
        blocker.wait_for_age(2.1)
        before = people(database)

        outcome = pgtool(noted(), "migrate", IDLE, "1s", "--format", "json")

        assert (outcome.status, records_of(database, FIRST)) == (0, 1), outcome.text
        assert (ended(witness), witness.given_up()) == ([blocker.pid], [])
        assert pids_of(before - people(database)) == {blocker.pid} and spared.pid in pids_of(before)
        assert len(outcome.json["migrate"]["terminated"]) == 1 and f"pid {blocker.pid}" in outcome.stderr, outcome.text

    def test_is_ended_as_soon_as_it_is_old_enough_and_no_sooner(self, noted, database, others, witness, pgtool):
        """Its transaction is older than its idleness."""
        blocker = others.hold("select 1 from shop_order limit 1").wait_for_age(1.5)
        blocker.connection.execute("select 1")
        since = datetime.fromisoformat(database.sql(f"select state_change from pg_stat_activity where pid = {blocker.pid}"))

        outcome = pgtool(noted(), *patient(IDLE, "2500ms", "--format", "json"))

        assert (outcome.status, ended(witness)) == (0, [blocker.pid]), outcome.text
        record = next(record for record in witness.records() if record.get("state_code") == "57P01")
        age = (datetime.strptime(record["timestamp"], "%Y-%m-%d %H:%M:%S.%f UTC") - since.replace(tzinfo=None)).total_seconds()
        assert 2.5 <= age < 4, age
        said = re.search(r"idle in transaction for (\d+) s", outcome.json["migrate"]["terminated"][0])
        assert abs(int(said[1]) - age) < 1, (said[0], age)

    def test_is_ended_when_its_transaction_has_failed_too(self, noted, database, others, witness, pgtool):
        """What it had locked before the savepoint it keeps."""
        blocker = others.hold("select 1 from shop_order limit 1", "savepoint here")
        with pytest.raises(psycopg.errors.DivisionByZero):
            blocker.connection.execute("select 1 / 0")
        wait_for_idleness(database, blocker.pid, 0.5)

        outcome = pgtool(noted(), *patient(IDLE, "300ms"))

        assert (outcome.status, ended(witness)) == (0, [blocker.pid]), outcome.text

    def test_is_ended_for_create_index_concurrently_too(self, noted, database, others, witness, pgtool):
        blocker = others.hold(*SNAPSHOT)
        wait_for_idleness(database, blocker.pid, 0.5)

        outcome = pgtool(noted(BUILD, atomic=False), *patient(IDLE, "300ms"))

        assert (outcome.status, ended(witness)) == (0, [blocker.pid]), outcome.text

    def test_is_ended_for_a_row_too(self, noted, database, others, witness, pgtool):
        blocker = others.hold("update shop_order set paid = paid where id = 1")
        wait_for_idleness(database, blocker.pid, 0.5)

        outcome = pgtool(noted(UPDATE), *patient(IDLE, "300ms"))

        assert (outcome.status, ended(witness)) == (0, [blocker.pid]), outcome.text


class TestWhoIsNotEnded:
    @pytest.fixture
    def busy(self, database, witness, pgtool):
        """The run ends as busy; and whoever was there is there, none of them cancelled."""

        def run(project, *arguments):
            before = people(database)
            outcome = pgtool(project, "migrate", "--max-transaction-age", "0", "--lock-timeout", "700ms", "--retry-delay", "50ms",
                             "--retries", "1", *arguments, "--format", "json")
            assert (outcome.status, records_of(database, FIRST), len(witness.given_up())) == (5, 0, 2), outcome.text
            assert (before - people(database), troubles(witness, pids_of(before)), ended(witness)) == (set(), [], [])
            assert outcome.json["migrate"]["terminated"] == []
            return outcome

        return run

    def test_anybody_without_the_option(self, noted, database, others, busy):
        wait_for_idleness(database, others.read("shop_order").pid, 0.5)
        busy(noted())

    def test_a_younger_one(self, noted, others, busy):
        others.read("shop_order")
        busy(noted(), IDLE, "1h")

    def test_one_that_works_or_idles_between_its_statements_only_and_a_prepared_transaction(self, noted, database, others, busy):
        report = others.report()
        worker = others.call(Worker, "select 1 from shop_order limit 1").wait_for_age(1.7)
        with prepared(database, "'left by a crash'"):
            busy(noted(), IDLE, "1500ms")
            assert database.sql("select gid from pg_prepared_xacts where database = current_database()") == "left by a crash"
        assert database.sql(f"select state from pg_stat_activity where pid = {report.pid}") == "active"
        assert worker.outcome == ""

    def test_the_run_s_own(self, noted, database, witness, pgtool):
        """A thread of a migration waits for what the migration itself has, which idles in its transaction."""
        project, before = noted(ADD_NOTE, "migrations.RunPython(ask_elsewhere)", before=OWN), fingerprint(database)

        outcome = pgtool(project, *patient(IDLE, "100ms", "--lock-timeout", "1s", "--format", "json"))

        assert outcome.status == 4 and "this run itself" in outcome.stderr, outcome.text
        assert (len(witness.given_up()), ended(witness), outcome.json["migrate"]["terminated"]) == (1, [], [])
        assert fingerprint(database) == before

    @pytest.mark.parametrize("rights", [[], ["pg_read_all_stats"], ["pg_signal_backend"]], ids=["none", "sees", "signals"])
    def test_another_role_s_without_the_right_which_is_said_once(self, noted, database, others, granted, busy, rights):
        """Who may signal but not see does not know who idles."""
        granted(*rights)
        blocker = others.hold("select 1 from shop_order limit 1", user="owner", application="forgotten psql")
        wait_for_idleness(database, blocker.pid, 0.5)

        outcome = busy(noted(), IDLE, "300ms")

        missing = {"pg_signal_backend", "pg_read_all_stats"} - set(rights)
        said = [line for line in outcome.stderr.splitlines() if re.search("(could not|may not|cannot) be ended", line)]
        assert len(said) == 1 and f"pid {blocker.pid}" in said[0], outcome.stderr
        assert [right for right in missing if right not in outcome.stderr] == [], outcome.stderr
        assert not [right for right in rights if re.search(f"grant {right}", outcome.stderr, re.I)], outcome.stderr


def test_another_role_s_is_ended_with_both_rights_and_a_superuser_s_is_not(noted, database, others, granted, witness, pgtool):
    granted("pg_read_all_stats", "pg_signal_backend")
    mighty, blocker = (others.hold("select 1 from shop_order limit 1", user=user) for user in ("postgres", "owner"))
    wait_for_idleness(database, blocker.pid, 0.5)

    outcome = pgtool(noted(), *patient(IDLE, "300ms", "--lock-timeout", "700ms", "--retries", "1"))

    assert (outcome.status, ended(witness), len(witness.given_up())) == (5, [blocker.pid], 2), outcome.text
    assert database.sql(f"select 1 from pg_stat_activity where pid = {mighty.pid}") == "1"
    said = [line for line in outcome.stderr.splitlines() if re.search("(could not|may not|cannot) be ended", line)]
    assert len(said) == 1 and f"pid {mighty.pid}" in said[0], outcome.stderr


@pytest.mark.parametrize("variables, lines", [
    ({"PGTOOL_CANCEL_WHEN_QUEUED": "1"}, ["terminate-idle-in-transaction: 2s", "trace: trace.jsonl", "cancel-when-queued: 9"]),
    ({"PGTOOL_TERMINATE_IDLE_IN_TRANSACTION": "2s", "PGTOOL_TRACE": "trace.jsonl"},
     ["terminate-idle-in-transaction: 1h", "cancel-when-queued: 1", "trace: other.jsonl"])])
def test_the_environment_comes_before_the_file(noted, database, others, witness, start_pgtool, variables, lines):
    """One queues at once: given up; the holder idles for 2 s: ended."""
    project, holder, waiter = noted(), others.read("shop_order"), others.call(Waiter)
    project.write("pgtool.yaml", "migrate:\n" + "".join(f"  {line}\n" for line in lines))

    run = start_pgtool(project, *patient("--format", "json"), **variables)
    wait_for_request(database, run)
    holder.connection.execute("select 1")
    waiter.ask()
    waiter.join()
    outcome = run.finish()

    migrate = outcome.json["migrate"]
    assert (waiter.outcome, waiter.seconds < 2, ended(witness)) == ("done", True, [holder.pid])
    assert (outcome.status, migrate["cancelled_for_queue"], len(migrate["terminated"])) == (0, 1, 1), outcome.text
    assert [len(events(project, kind)) for kind in ("cancel", "terminate")] == [1, 1]
    assert not (project.dir / "other.jsonl").exists()


@pytest.mark.parametrize("option, value", [(QUEUED, "-1"), (QUEUED, "many"), (QUEUED, "1.5"), (IDLE, "old"), (IDLE, "-1s")])
def test_values_that_are_none_end_the_run_before_it_begins(noted, database, witness, pgtool, option, value):
    project, variable = noted(), f"PGTOOL_{option[2:].upper().replace('-', '_')}"

    by_flag = pgtool(project, "migrate", f"{option}={value}")
    by_variable = pgtool(project, "migrate", **{variable: value})
    project.write("pgtool.yaml", f"migrate:\n  {option[2:]}: {value}\n")
    by_file = pgtool(project, "migrate")

    assert [one.status for one in (by_flag, by_variable, by_file)] == [2, 2, 2], by_flag.text + by_variable.text + by_file.text
    assert option in by_flag.stderr and variable in by_variable.stderr and f"migrate.{option[2:]}" in by_file.stderr
    assert (witness.visitors(), records_of(database, FIRST)) == ([], 0)


def test_the_trace_is_there_when_the_run_is_killed(noted, database, others, start_pgtool):
    """It is added to what an earlier run has left. Each line is one event, whole, and tells no literal and no password."""
    project, waiter = noted(), others.call(Waiter)
    project.write("trace.jsonl", '{"time": "2026-01-01T00:00:00Z", "event": "end"}\n')
    others.hold(f"select 1 from shop_order where number <> '{WORD}' limit 1", application="psql")

    run = start_pgtool(project, *patient(QUEUED, "1", "--trace", "trace.jsonl"))
    line = wait_until_told(run)
    waiter.ask()
    waiter.join()
    until(lambda: events(project, "cancel"), "the cancel is in the trace", 5)
    wait_for_request(database, run)
    run.send(signal.SIGKILL)
    run.wait()

    text = (project.dir / "trace.jsonl").read_text()
    assert_no_secret(text)
    assert SECRET not in text and WORD not in text and text.endswith("\n")
    kinds = [json.loads(one)["event"] for one in text.splitlines()]
    assert kinds[:2] == ["end", "begin"] and kinds.index("wait") < kinds.index("cancel") and kinds.count("end") == 1, kinds
    wait = events(project, "wait")[0]
    assert wait["migration"] == f"shop.{FIRST}" and line.split(": ", 2)[2] in json.dumps(wait, ensure_ascii=False), (line, wait)
    assert told(run.output("stderr"))[0] == line
