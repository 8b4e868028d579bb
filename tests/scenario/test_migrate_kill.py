"""Whatever is killed wherever a migrate stands: the next one completes, or it names what a person must decide."""
import os
import re
import signal

import pytest
from load import RUNS
from projects import postgresql
from runs import alive
from servers import Cluster
from standstills import STANDSTILLS, Templates, invalid_indexes, long_shop, sessions, state
from waiting import until

EVERYTHING = RUNS >= 10  # each kill at each standstill, by hand; else each of both often enough


@pytest.fixture(scope="module")
def kill_cluster():
    """It is restarted in every way."""
    return Cluster(settings={"synchronous_commit": "on", "log_statement": "'ddl'"})


@pytest.fixture(scope="module")
def templates(kill_cluster, tmp_path_factory):
    return Templates(kill_cluster, tmp_path_factory.mktemp("templates"))


def kill_pgtool(run, _database):
    run.send(signal.SIGKILL)


def kill_python(run, _database):
    os.kill(run.tree()[1], signal.SIGKILL)


def end_the_session(_run, database):
    database.sql(f"select pg_terminate_backend({session_of(database)})")


def kill_the_backend(_run, database):
    """The server takes that for a crash and starts all others anew."""
    pid, ask = session_of(database), "select 'up' where not exists (select from pg_stat_activity where pid = {})"
    os.kill(pid, signal.SIGKILL)
    until(lambda: database.sql(ask.format(pid), check=False) == "up", "the server is up again", 30)


def restart_the_server(_run, database):
    database.cluster.restart_at_once()


def session_of(database):
    """Django's, or pgtool's where Django has none yet."""
    return (sessions(database, "application_name <> 'pgtool'") or sessions(database))[0]


KILLS = [kill_pgtool, kill_python, end_the_session, kill_the_backend, restart_the_server]
POINTS = [pytest.param(stand, kill, id=f"{stand}-{kill.__name__}".replace(" ", "_"))
          for row, stand in enumerate(STANDSTILLS) for column, kill in enumerate(KILLS)
          if EVERYTHING or (row + column) % 3 == 0]


@pytest.mark.parametrize("stand, kill", POINTS)
def test_the_next_run_completes_or_names_what_is_to_be_decided(stand, kill, templates, tmp_path, start_pgtool, pgtool):
    database = templates.database(*stand.applied)
    project = long_shop(tmp_path / "project", {"default": postgresql(database.cluster, database.name)})
    with stand.prepared(database):
        run = start_pgtool(project, "migrate", *stand.arguments)
        stand.wait(database, run)
        family = run.tree()
        kill(run, database)
        outcome = run.finish(60)
        assert outcome.status in ([137] if kill == kill_pgtool else [3, 4, 5, 137]), outcome.text
        assert kill == kill_pgtool or "pgtool: " in outcome.stderr
        until(lambda: not alive(family), "its processes have ended", 10)
        until(lambda: not sessions(database), "its sessions have ended while what it stood at is still there", 10)

    again = pgtool(project, "migrate")

    if again.status != 0:
        again = mend(stand, again, database, lambda: pgtool(project, "migrate"))
    assert again.status == 0, f"{outcome.text}\nagain: {again.text}"
    assert state(database) == templates.wanted
    assert invalid_indexes(database) == []
    database.wait_until_left()
    database.drop()


def mend(stand, outcome, database, run_again):
    """Where a part stands that no transaction has taken back: a person is told which, and with which command to go on."""
    assert stand.named, f"nothing is half done {stand}: {outcome.text}"
    migration, thing, cure = stand.named
    assert outcome.status in (3, 4), outcome.text
    assert migration in outcome.stderr and re.search(rf"\b{thing}\b", outcome.stderr), outcome.text
    assert re.search(r"\bdrop\b|--fake ", outcome.stderr, re.I), outcome.text
    assert invalid_indexes(database) == [] or "invalid" in outcome.stderr, outcome.text
    database.sql(cure, "app")
    return run_again()
