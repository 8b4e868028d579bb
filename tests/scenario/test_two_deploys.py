"""One deploy at a time, and none that stops for ever because another one was killed."""
import re
import signal

import pytest
from projects import ARTICLE, SHOP, article_environment
from runs import alive
from waiting import until

ALL = 4 + 2 + 12  # migrations of the shop, of contenttypes and of auth in Django 5.2


def askers(database):
    """Sessions that asked for the deploy lock."""
    return {s.session for s in database.statements() if re.search(r"pg_try_advisory_lock\s*\(", s.text)}


@pytest.fixture
def first_at_the_gate(bouncer, article_project, database, start_pgtool):
    """One deploy waits inside a migration and a second one behind it."""

    def start(driver="psycopg"):
        article = article_project(bouncer(), driver=driver)
        first = start_pgtool(article, "migrate", "--direct", GATE="server")
        backend = database.wait_at_gate()
        second = start_pgtool(article, "migrate", "--direct")
        until(lambda: len(askers(database)) == 2, "the second deploy asks for the lock", 30)
        return first, second, backend

    return start


def test_the_second_waits_and_then_finds_nothing_to_do(first_at_the_gate, database):
    with database.closed_gate() as open_gate:
        first, second, _ = first_at_the_gate()
        assert second.process.poll() is None
        open_gate()
        outcomes = first.finish(), second.finish()

    assert [outcome.status for outcome in outcomes] == [0, 0], outcomes
    assert (database.applied(), database.recorded()) == (SHOP, ALL)
    database.assert_written_directly_only()
    database.wait_until_left()


@pytest.mark.parametrize("driver", ["psycopg", "psycopg2"])
def test_kill_9_frees_the_way_for_the_one_that_waits(first_at_the_gate, database, driver):
    with database.closed_gate():
        first, second, backend = first_at_the_gate(driver)
        family = first.tree()

        first.send(signal.SIGKILL)

        until(lambda: str(backend) not in database.sql("select pid from pg_stat_activity").split(),
              "the killed deploy's backend ends while its gate is still shut", 10)
        outcome = second.finish()
        until(lambda: not alive(family), "the killed deploy's processes end", 10)

    assert outcome.status == 0, outcome.text
    assert (database.applied(), database.recorded()) == (SHOP, ALL)
    database.assert_written_directly_only()


def test_no_wait_says_busy_at_once(bouncer, article_project, database, start_pgtool, pgtool):
    article = article_project(bouncer())
    with database.closed_gate() as open_gate:
        first = start_pgtool(article, "migrate", "--direct", GATE="server")
        database.wait_at_gate()

        busy = pgtool(article, "migrate", "--direct", "--no-wait")

        assert busy.status == 5, busy.text
        assert re.search("lock|deploy|migrate", busy.text, re.I)
        open_gate()
        assert first.finish().status == 0
    assert database.recorded() == ALL


def test_a_wait_that_is_over_says_busy(bouncer, article_project, database, start_pgtool, pgtool):
    article = article_project(bouncer())
    with database.closed_gate():
        start_pgtool(article, "migrate", "--direct", GATE="server")
        database.wait_at_gate()

        assert pgtool(article, "migrate", "--direct", "--wait", "1s").status == 5


def test_another_database_is_not_in_the_way(bouncer, make_project, article_project, database, cluster, start_pgtool, pgtool):
    elsewhere = cluster.database()
    other = make_project(ARTICLE, environment=article_environment(bouncer(of=elsewhere), elsewhere))
    with database.closed_gate():
        start_pgtool(article_project(bouncer()), "migrate", "--direct", GATE="server")
        database.wait_at_gate()

        assert pgtool(other, "migrate", "--direct", "--no-wait").status == 0
    assert elsewhere.applied() == SHOP
