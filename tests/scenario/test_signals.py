"""Ctrl-C and SIGTERM in the middle of a migration leave nothing behind."""
import signal

import pytest
from projects import SHOP
from runs import alive
from waiting import until


@pytest.fixture
def under_way(bouncer, article_project, database, start_pgtool):
    """A migrate --direct that waits at the closed gate."""

    def start(gate, driver="psycopg", terminal=False):
        article = article_project(bouncer(), driver=driver)
        run = start_pgtool(article, "migrate", "--direct", terminal=terminal, GATE=gate)
        database.wait_at_gate()
        return article, run

    return start


def assert_nothing_left(database, family):
    assert alive(family) == set()
    database.wait_until_left()


@pytest.mark.parametrize("driver", ["psycopg", "psycopg2"])
@pytest.mark.parametrize("gate", ["server", "python"])
def test_ctrl_c_reaches_django_once_and_ends_with_130(under_way, database, gate, driver):
    with database.closed_gate():
        article, run = under_way(gate, driver, terminal=True)
        family = run.tree()

        run.type(b"\x03")
        outcome = run.finish(20)

        assert outcome.status == 130, outcome.text
        assert article.interrupts() == 1
        assert_nothing_left(database, family)
    assert database.applied() == SHOP[:2]


@pytest.mark.parametrize("number, status", [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
def test_a_signal_to_pgtool_alone_stops_the_migration(under_way, database, number, status):
    with database.closed_gate():
        _, run = under_way("server")
        family = run.tree()

        run.send(number)
        outcome = run.finish(20)

        assert outcome.status == status, outcome.text
        assert_nothing_left(database, family)
    assert database.applied() == SHOP[:2]


def test_the_work_is_completed_by_the_next_run(under_way, database, pgtool):
    with database.closed_gate():
        article, run = under_way("server")
        run.send(signal.SIGTERM)
        run.finish(20)

    outcome = pgtool(article, "migrate", "--direct")

    assert outcome.status == 0, outcome.text
    assert database.applied() == SHOP
    database.assert_written_directly_only()


def test_ctrl_c_while_waiting_for_another_deploy_stops_the_waiting_one_only(under_way, database, start_pgtool):
    with database.closed_gate() as open_gate:
        article, first = under_way("server")
        second = start_pgtool(article, "migrate", "--direct", terminal=True)
        until(lambda: len({s.session for s in database.statements() if "pg_try_advisory_lock" in s.text
                           and "shared" not in s.text}) == 2, "the second deploy asks for the lock", 30)

        second.type(b"\x03")

        assert second.finish(20).status == 130
        assert article.interrupts() == 0
        open_gate()
        assert first.finish().status == 0
    assert database.applied() == SHOP
