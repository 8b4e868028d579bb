"""While a statement of a migration waits for a lock, it is said who is in the way, and how many queue behind it."""
import json
import re
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Callable

import psycopg
import pytest
from deploys import FIRST, cluster, columns, database, records_of
from queues import (BUILD, SNAPSHOT, UPDATE, Waiter, dumping, patient, prepared, told, troubles, wait_for_request,
                    wait_until_told)
from runs import assert_no_secret
from waiting import until

HINT = "grant pg_read_all_stats to app shows more of them"
WORD, CARD, TOKEN = "hunter2-of-a-person", "4111111111111111", "tok_live_9f8e7d"
SECRETS = [WORD, CARD, TOKEN]
# Another role's, so that it takes a right to see it.
READ = f"select number from shop_order where number <> '{WORD}' and id <> {CARD} limit 1"


@dataclass
class InTheWay:
    """Who blocks: words that are always said of it, words that only who may see it says, and how it leaves."""
    always: list
    seen: list
    let_go: Callable


@contextmanager
def idle(_database, others):
    held = others.hold(READ, user="owner", application="psql")
    yield InTheWay([f"pid {held.pid}", "role owner", "ACCESS SHARE"],
                   ["psql", r"idle in transaction for \d+ s", "select number"], held.let_go)


@contextmanager
def select(_database, others):
    held = others.hold("select 1", user="owner", application="monthly report")
    held.go_on(f"{READ.replace('number from', 'count(pg_sleep(0.1)), max(number) from').replace('limit 1', '')}")
    held.wait_for_statement("pg_sleep")
    yield InTheWay([f"pid {held.pid}", "role owner", "ACCESS SHARE"],
                   ["monthly report", r"active for \d+ s", "select count"], held.let_go)


@contextmanager
def alter(_database, others):
    held = others.hold("alter table shop_order alter number set statistics 7", user="postgres", application="by hand")
    yield InTheWay([f"pid {held.pid}", "role postgres", "SHARE UPDATE EXCLUSIVE"],
                   ["by hand", "idle in transaction", "alter table"], held.let_go)


@contextmanager
def pg_dump(database, _others):
    with dumping(database) as dump:
        yield InTheWay([f"pid {dump.pid}", "role postgres", "ACCESS SHARE"], ["application pg_dump"], dump.let_go)


@contextmanager
def transaction(database, _others):
    """Without a session."""
    with prepared(database, "'left by a crash'") as let_go:
        yield InTheWay(["prepared transaction 'left by a crash'", "app", "ACCESS SHARE"], [], let_go)


@contextmanager
def autovacuum(database, others):
    """It gives way after deadlock_timeout, which a session of the shop has to wait for longer than usual."""
    database.sql(f'alter role app in database "{database.name}" set deadlock_timeout = \'20s\'')
    pid = others.autovacuum()
    yield InTheWay([f"pid {pid}", "autovacuum", "SHARE UPDATE EXCLUSIVE"], [],
                   lambda: database.sql(f"select pg_cancel_backend({pid})"))


# Those that can hold a table at the same time.
KINDS = [[idle, select, pg_dump], [alter, transaction], [autovacuum]]


def said_of(blocker, line):
    """The part of the line that is about it: up to the next one's."""
    return re.search(rf"{re.escape(blocker.always[0])}(?!\d).*?(?=, pid \d|, prepared transaction|$)|$", line)[0]


@pytest.mark.parametrize("may_see_all", [False, True], ids=["plain role", "reads all stats"])
@pytest.mark.parametrize("kinds", KINDS, ids=lambda kinds: " ".join(kind.__name__ for kind in kinds))
def test_who_is_in_the_way_is_named(noted, database, others, granted, start_pgtool, kinds, may_see_all):
    if may_see_all:
        granted("pg_read_all_stats")
    project = noted()
    with ExitStack() as stack:
        blockers = [stack.enter_context(kind(database, others)) for kind in kinds]
        run = start_pgtool(project, *patient("--format", "json", "--trace", "trace.jsonl"))
        line = wait_until_told(run)
        wait_for_request(database, run, milliseconds=900)
        assert told(run.output("stderr")) == [line], "nothing has changed, and yet it was told again"
        for blocker in blockers:
            blocker.let_go()
        outcome = run.finish()

    assert re.match(rf"pgtool: shop\.{FIRST} waits for ACCESS EXCLUSIVE on (public\.)?shop_order: ", line), line
    for blocker in blockers:
        missing = [word for word in blocker.always + blocker.seen * may_see_all if not re.search(word, said_of(blocker, line))]
        assert missing == [], line
    assert "queue" not in line and "insufficient" not in outcome.stderr, line
    assert outcome.stderr.count(HINT) == (not may_see_all), outcome.stderr
    trace = (project.dir / "trace.jsonl").read_text()
    assert [secret for secret in SECRETS if secret in outcome.text + trace] == []
    assert_no_secret(trace)
    assert (outcome.status, records_of(database, FIRST)) == (0, 1), outcome.text


def test_a_prepared_transaction_of_another_database_is_not_taken_for_one_of_ours(noted, database, make_database, start_pgtool):
    """Copies of one template have the same oids: so their tables are the same in pg_locks, but for the database."""
    twin = make_database(database.cluster, like="in_production")
    assert len({one.sql("select 'shop_order'::regclass::oid") for one in (database, twin)}) == 1
    with prepared(twin, "'of the twin'"), prepared(database, "'one of two'") as let_one_go, \
            prepared(database, "'two of two'") as let_two_go:
        run = start_pgtool(noted(), *patient())
        line = wait_until_told(run)
        let_one_go()
        let_two_go()
        outcome = run.finish()

    assert "'one of two'" in line and "'two of two'" in line, line
    assert "of the twin" not in outcome.text
    assert outcome.status == 0, outcome.text


LITERALS = [
    f"select '{WORD}', {CARD}, E'{TOKEN}\\'s', number from shop_order",
    f"select $${WORD}$$, $a${TOKEN} $b$ $a$, {CARD}::text, number from shop_order",
    f"select number from shop_order where number in ('it''s {WORD}', U&'{TOKEN}') or id = -{CARD}.5e3",
    f"/* {WORD} */ select number -- {TOKEN}\n from shop_order where id = {CARD}",
    # What the server keeps ends inside of a literal.
    f"select '{'x' * 600}', '{'é ' * 100}', '{WORD * 100}', '{TOKEN}' from shop_order",
    f"select 'back\\', ' || {CARD} || ', '' {WORD}' from shop_order",
    f"do $do$begin perform '{WORD}' || $x${TOKEN}$x$ from shop_order where id <> {CARD}; end$do$",
    # A syntax error: what was locked before the savepoint stays so.
    f"select number from shop_order where number = '{WORD}' and (id = {CARD}",
]


def run_and_fail(connection, statement):
    try:
        connection.execute(statement)
    except psycopg.errors.SyntaxError:
        pass


def test_no_literal_of_others_statements_is_shown(noted, database, others, start_pgtool):
    """Each holder is in the line at some time: the oldest ones are, and they leave one by one."""
    holders = [others.hold("select 1 from shop_order limit 1", "savepoint here", application="secretive") for _ in LITERALS]
    for holder, statement in zip(holders, LITERALS):
        run_and_fail(holder.connection, statement)
    project = noted()

    run = start_pgtool(project, *patient("--format", "json", "--trace", "trace.jsonl"))
    lines = []
    for number, holder in enumerate(holders, 1):
        lines.append(wait_until_told(run, number))
        assert f"pid {holder.pid} " in lines[-1] and "secretive" in lines[-1], lines
        assert re.search(r"last statement: *(select|do)\b", lines[-1]), lines
        holder.let_go()
    outcome = run.finish()

    everything = outcome.text + (project.dir / "trace.jsonl").read_text()
    assert [secret for secret in SECRETS if secret in everything or secret[:-2] in everything] == []
    assert outcome.status == 0, outcome.text


def test_what_others_have_written_breaks_neither_the_line_nor_the_terminal(noted, database, others, start_pgtool):
    wild = "two\nlines \x1b[2Jand a clean screen\r"
    held, project = others.hold(f'select number as "{wild}" from shop_order'), noted()
    with prepared(database, f"'{wild}'") as let_go:
        run = start_pgtool(project, *patient("--trace", "trace.jsonl"))
        line = wait_until_told(run)
        let_go()
        held.let_go()
        outcome = run.finish()

    assert (line.count("two"), line.count("lines"), line.count("clean screen")) == (2, 2, 2), line
    assert "\x1b" not in outcome.text and "\r" not in outcome.stderr
    assert [json.loads(one)["event"] for one in (project.dir / "trace.jsonl").read_text().splitlines()].count("wait") == 1
    assert outcome.status == 0, outcome.text


def test_an_alter_that_waits_itself_is_named_beside_whom_it_waits_for(noted, database, others, start_pgtool):
    reader, ahead = others.read("shop_order"), others.hold("select 1", application="by hand")
    ahead.go_on("alter table shop_order add by_hand text", let_go=True)
    until(lambda: database.sql(f"select 1 from pg_locks where pid = {ahead.pid} and not granted"), "the other ALTER waits")

    run = start_pgtool(noted(), *patient())
    line = wait_until_told(run)
    reader.let_go()
    outcome = run.finish()

    assert f"pid {reader.pid}" in line and f"pid {ahead.pid}" in line and "queue" not in line, line
    assert not re.search(rf"pid {ahead.pid} [^)]*\) holds ACCESS EXCLUSIVE", line), f"it has not got that yet: {line}"
    assert (outcome.status, records_of(database, FIRST)) == (0, 1), outcome.text


def test_a_wait_for_a_row_is_told_too(noted, database, others, start_pgtool):
    held = others.hold("update shop_order set paid = paid where id = 1", application="till")

    run = start_pgtool(noted(UPDATE), *patient())
    line = wait_until_told(run)
    held.let_go()
    outcome = run.finish()

    assert f"pid {held.pid}" in line and "till" in line and "idle in transaction" in line, line
    assert (outcome.status, records_of(database, FIRST)) == (0, 1), outcome.text


def test_a_wait_of_create_index_concurrently_is_told_too(noted, database, others, start_pgtool):
    """For a snapshot of a transaction that has never seen the table."""
    held = others.hold(*SNAPSHOT, application="nightly")

    run = start_pgtool(noted(BUILD, atomic=False), *patient())
    line = wait_until_told(run)
    held.let_go()
    outcome = run.finish()

    assert f"pid {held.pid}" in line and "nightly" in line and "idle in transaction" in line, line
    assert (outcome.status, records_of(database, FIRST)) == (0, 1), outcome.text


def test_it_is_told_again_when_the_blockers_change_with_how_many_queue_by_then(noted, database, others, witness, start_pgtool):
    """0, 3 and 1: who waits for another table, and who is in the way, does not queue. With 0 no number of them is too many."""
    holders = [others.read("shop_order") for _ in range(3)]
    elsewhere = others.hold("lock table shop_customer")
    waiters = [others.call(Waiter) for _ in range(3)]
    aside = others.call(Waiter, "select 1 from shop_customer limit 1")
    aside.ask()

    run = start_pgtool(noted(), *patient("--cancel-when-queued", "0"))
    lines = [wait_until_told(run)]
    for waiter in waiters:
        waiter.ask()
    holders[0].let_go()
    lines.append(wait_until_told(run, 2))
    for waiter in waiters[1:]:
        waiter.connection.cancel()  # These requests have given up; one still queues.
        waiter.join()
    holders[1].let_go()
    lines.append(wait_until_told(run, 3))
    elsewhere.let_go()
    holders[2].let_go()
    outcome = run.finish()

    assert [re.findall(r"(\d+) sessions? queues? behind it$", line) for line in lines] == [[], ["3"], ["1"]], lines
    assert [[f"pid {holder.pid} " in line for holder in holders] for line in lines] == [
        [True, True, True], [False, True, True], [False, False, True]], lines
    assert told(outcome.stderr) == lines
    waiters[0].join()
    assert (waiters[0].outcome, troubles(witness, [holder.pid for holder in holders]), witness.given_up()) == ("done", [], [])
    assert (outcome.status, records_of(database, FIRST)) == (0, 1), outcome.text


def test_a_short_wait_is_not_told(noted, database, others, start_pgtool):
    held = others.read("shop_order")

    run = start_pgtool(noted(), *patient("--format", "json"))
    wait_for_request(database, run)
    held.let_go()
    outcome = run.finish()

    assert (outcome.status, columns(database)[-1]) == (0, "note"), outcome.text
    assert told(outcome.stderr) == [] or outcome.json["migrate"]["migrations"][-1]["waited"] > 0.45, outcome.text


def test_of_many_who_are_in_the_way_the_line_stays_short(noted, database, others, start_pgtool):
    holders = [others.hold(f"select number from shop_order where id = {number} limit 1") for number in range(30)]

    run = start_pgtool(noted(), *patient())
    line = wait_until_told(run)
    for holder in holders:
        holder.let_go()
    outcome = run.finish()

    named = [holder for holder in holders if f"pid {holder.pid} " in line]
    assert named and holders[0] in named, "the oldest is not named"
    more = re.search(r"and (\d+) more", line)
    assert len(line) < 1500 and more and len(named) + int(more[1]) == 30, line
    assert outcome.status == 0, outcome.text


def test_how_far_an_index_is_is_told_in_plain_lines(noted, others, start_pgtool):
    """Ten seconds into one migration, and then ever more rarely."""
    writer = others.hold("update shop_order set paid = paid where id = 1")

    run = start_pgtool(noted(BUILD, atomic=False), "migrate", "--max-transaction-age", "0")
    until(lambda: re.search(r"\d+ of \d+ migrations, shop\.\S+ for 1\d s, index on public\.shop_order: waiting for writers",
                            run.output("stderr")), "it is told how far the index is", 40)
    writer.let_go()

    assert run.finish().status == 0
