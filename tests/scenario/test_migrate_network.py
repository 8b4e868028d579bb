"""The network between pgtool and the server is cut in the middle of a migrate: neither side hangs, and nothing is half done."""
import re

import pytest
from network import Network, missing
from projects import postgresql
from runs import Run, alive
from standstills import STANDSTILLS, Standstill, Templates, add_pause, invalid_indexes, long_shop, session, sessions, state
from waiting import until

pytestmark = pytest.mark.skipif(bool(missing()), reason=missing())

PATIENCE = 30  # seconds in which a server's keepalives (5 s, then 3 times 2 s) or its tcp_user_timeout (10 s) have told it
IN_LOCK = Standstill("waiting for a lock", hold=("begin", "lock table shop_order in access share mode"),
                     arguments=("--lock-timeout", "0", "--max-transaction-age", "0"),
                     seen="wait_event_type = 'Lock' and query like 'ALTER TABLE%'")
BY_NAME = {stand.name: stand for stand in [*STANDSTILLS, IN_LOCK]}
CUTS = [("inside an atomic migration", Network.unplug)] + [(name, Network.swallow) for name in (
    "inside an atomic migration", "waiting for a lock", "inside CREATE INDEX CONCURRENTLY", "in COMMIT", "in back-off",
    "waiting for an old transaction", "waiting for the deploy lock")]


@pytest.fixture(scope="module")
def near_cluster(cluster):
    """It lets in who is at the other end of a cable."""
    with open(cluster.data / "pg_hba.conf", "a", encoding="utf-8") as file:
        file.write("host all all samenet scram-sha-256\n")
    cluster.sql("select pg_reload_conf()", "postgres")
    return cluster


@pytest.fixture(scope="module")
def templates(near_cluster, tmp_path_factory):
    return Templates(near_cluster, tmp_path_factory.mktemp("templates"))


@pytest.fixture
def network():
    made = Network()
    yield made
    made.remove()


@pytest.fixture
def migrate_there(network):
    """Starts `pgtool migrate` at the far end."""
    runs = []

    def start(project, *arguments):
        program, *words = network.command("migrate", *arguments)
        runs.append(Run(project, words, {}, program=program))
        return runs[-1]

    yield start
    for run in runs:
        run.end()


def far_project(folder, network, database):
    return long_shop(folder, {"default": {**postgresql(database, database.name), "HOST": network.here}})


def assert_both_sides_let_go(run, database):
    """By themselves, while the cable is still cut: the outcome."""
    family = run.tree()
    until(lambda: not sessions(database), "the server has let go of the sessions behind the cut", PATIENCE)
    outcome = run.finish(60)
    until(lambda: not alive(family), "its processes have ended", 10)
    assert outcome.status in (3, 4), outcome.text
    assert re.search("connection|server closed|session|network|timed out", outcome.stderr), outcome.text
    assert "interrupted by" not in outcome.stderr, outcome.text
    return outcome


@pytest.mark.parametrize("stand, cut", [pytest.param(BY_NAME[name], cut, id=f"{name}-{cut.__name__}".replace(" ", "_"))
                                        for name, cut in CUTS])
def test_a_cut_ends_the_run_and_the_next_one_completes(stand, cut, network, migrate_there, templates, tmp_path):
    database = templates.database(*stand.applied)
    project = far_project(tmp_path / "project", network, database)
    with stand.prepared(database):
        run = migrate_there(project, *stand.arguments)
        stand.wait(database, run)
        cut(network)
        outcome = assert_both_sides_let_go(run, database)
    network.mend()

    again = migrate_there(project).finish(60)

    if again.status != 0 and stand.named:
        migration, thing, cure = stand.named
        assert migration in again.stderr and re.search(rf"\b{thing}\b", again.stderr), again.text
        database.sql(cure, "app")
        again = migrate_there(project).finish(60)
    assert again.status == 0, f"{outcome.text}\nagain: {again.text}"
    assert state(database) == templates.wanted
    assert invalid_indexes(database) == []
    database.drop()


def test_a_cut_between_migrations(network, migrate_there, templates, tmp_path):
    database = templates.database("auth", "shop 0004")
    project = far_project(tmp_path / "project", network, database)
    pausing = add_pause(project)
    run = migrate_there(project)
    until(pausing.exists, "it is in Python, between two migrations", 30)
    network.swallow()

    outcome = assert_both_sides_let_go(run, database)

    assert outcome.status == 4, outcome.text
    assert "shop.0007_pause" in outcome.stderr
    network.mend()
    project.write("go", "")
    again = migrate_there(project).finish(60)
    assert again.status == 0, again.text
    schema, rows = state(database)
    assert (schema, [row for row in rows if row != "migration shop.0007_pause"]) == templates.wanted
    database.drop()


def test_a_cut_that_is_mended_at_once_is_not_noticed(network, migrate_there, templates, tmp_path):
    """As long as nobody's patience is over."""
    database = templates.database("auth", "shop 0004")
    project = far_project(tmp_path / "project", network, database)
    with session(database, "begin", "lock table shop_order in access share mode") as holder:
        run = migrate_there(project, "--lock-timeout", "0", "--max-transaction-age", "0")
        IN_LOCK.wait(database, run)
        network.swallow()
        holder.execute("rollback")
        until(lambda: not sessions(database, "wait_event_type = 'Lock'"), "the server goes on")
        network.mend()

        outcome = run.finish(60)

    assert outcome.status == 0, outcome.text
    assert state(database) == templates.wanted
    database.drop()
