"""Several deploys at once: each migration is applied once; a run without its lock ends; somebody else's run is named."""
import os
import re

import pytest
from grown_project import ITEMS, MIGRATIONS, grown_project
from projects import PYTHON, SHOP, postgresql
from runs import PGTOOL, Run
from standstills import invalid_indexes, long_shop, session, sessions
from waiting import until

ROUNDS = int(os.environ.get("PGTOOL_TEST_RUNS", "2"))
ALL = MIGRATIONS + 2 + 12  # of one app of the grown project, of contenttypes and of auth in Django 5.2
WAIT = "do $$begin while not pg_try_advisory_xact_lock_shared(4711) loop perform pg_sleep(0.02); end loop; end$$"
LOCKER = "pid in (select pid from pg_locks where locktype = 'advisory' and mode = 'ExclusiveLock' and objsubid = 2)"
_HEAD = "from django.db import migrations, models\n\n\n"
_GATED = _HEAD + """\
def fill(apps, schema_editor):
    for number in range(3000):
        apps.get_model("shop", "Order").objects.create(number=str(number))


class Migration(migrations.Migration):
    atomic = {atomic}
    dependencies = [("shop", "0004_paid")]
    operations = [
        migrations.RunSQL("{wait}"),
        migrations.RunPython(fill),
        migrations.RunSQL("create table never ()"),
    ]
"""


@pytest.fixture
def at_once(make_database, cluster, tmp_path):
    """Three runs of a program at the same time on a fresh database: their statuses, and what is wrong afterwards."""
    runs = []

    def run(program, *arguments):
        database = make_database(cluster)
        project = grown_project(tmp_path / database.name, {"default": postgresql(cluster, database.name)}, apps=1)
        three = [Run(project, arguments, {}, program=program) for _ in range(3)]
        runs.extend(three)
        outcomes = [one.finish(120) for one in three]
        return judge([outcome.status for outcome in outcomes], database), outcomes

    yield run
    for one in runs:
        one.end()


def judge(statuses, database):
    """Whatever is not as after one run, in words."""
    wrong = [] if statuses == [0, 0, 0] else [f"the runs ended with {statuses}"]
    names = database.sql("select app || '.' || name from django_migrations order by 1").splitlines()
    wrong += [f"{name} is applied {names.count(name)} times" for name in sorted(set(names)) if names.count(name) > 1]
    if len(set(names)) != ALL:
        wrong.append(f"{len(set(names))} migrations are applied, not {ALL}")
    if database.recorded() != ALL:
        wrong.append(f"{database.recorded()} times a migration was recorded")
    for table, rows in ("stock0_category", 5), ("stock0_item", ITEMS), ("stock0_order", ITEMS):
        found = database.sql(f"select count(*) from {table}", check=False)
        if found != str(rows):
            wrong.append(f"{table} has {found} rows, not {rows}")
    return wrong + [f"index {name} is invalid" for name in invalid_indexes(database)]


@pytest.mark.parametrize("number", range(ROUNDS))
def test_three_at_once_apply_everything_once(at_once, number):
    wrong, outcomes = at_once(PGTOOL, "migrate")

    assert wrong == [], "\n".join(outcome.text for outcome in outcomes)


def test_plain_django_does_not(at_once):
    """The judge of the test above does find fault: of three, two lose a race at one table or another."""
    rounds = (at_once(PYTHON["psycopg"], "manage.py", "migrate")[0] for _ in range(10))

    assert any(rounds)


@pytest.fixture
def gated(database, cluster, tmp_path, pgtool):
    """The shop with all applied but one migration of several statements, whose first one waits at the gate."""

    def make(atomic):
        project = long_shop(tmp_path / "gated", {"default": postgresql(cluster, database.name)})
        for name in "0005_line", "0006_steps":
            (project.dir / f"shop/migrations/{name}.py").unlink()
        assert pgtool(project, "migrate").status == 0
        project.write("shop/migrations/0005_gated.py", _GATED.format(atomic=atomic, wait=WAIT))
        return project

    return make


@pytest.mark.parametrize("opened", [False, True], ids=["in_a_statement", "between_statements"])
@pytest.mark.parametrize("atomic", [True, False], ids=["atomic", "not_atomic"])
def test_a_run_that_lost_its_lock_ends(gated, database, start_pgtool, pgtool, atomic, opened):
    project = gated(atomic)
    with database.closed_gate() as open_gate:
        run = start_pgtool(project, "migrate")
        database.wait_at_gate()

        database.sql(f"select pg_terminate_backend(pid, 10000) from unnest(array{sessions(database, LOCKER)}) pid")
        if opened:
            open_gate()
        outcome = run.finish(30)

    until(lambda: not sessions(database), "nobody is left")
    assert outcome.status in (3, 4), outcome.text
    assert "lock" in outcome.stderr or "session" in outcome.stderr, outcome.text
    assert database.sql("select to_regclass('never')") == ""
    assert database.applied() == SHOP
    if not atomic:
        assert "0005_gated" in outcome.stderr
    database.sql("delete from shop_order where number <> 'first'")
    assert pgtool(project, "migrate").status == 0
    assert database.sql("select count(*) from shop_order") == "3001"
    assert database.applied() == [*SHOP, "shop.0005_gated"]


@pytest.fixture
def grown(database, cluster, tmp_path):
    """Of another app, with the test's database."""
    return grown_project(tmp_path / "grown", {"default": postgresql(cluster, database.name)}, apps=1)


@pytest.fixture
def plain():
    """Starts a plain `manage.py migrate` of somebody else."""
    runs = []

    def start(project, *arguments):
        runs.append(Run(project, ["manage.py", "migrate", *arguments], {}, program=project.python))
        return runs[-1]

    yield start
    for run in runs:
        run.end()


# While somebody else's run does this, an own run of another app begins: what the test holds for that, what is applied before.
OTHERS = {
    "CREATE INDEX": (["begin isolation level repeatable read", "select from auth_user"], "0001"),
    "ALTER TABLE": (["begin", "lock table shop_order in share mode"], "0003"),
}


def stuck_in(statement, database):
    return sessions(database, f"query like '{statement}%' and wait_event_type = 'Lock'")


@pytest.mark.parametrize("statement", OTHERS)
def test_somebody_else_s_plain_run_is_named(statement, plain, grown, database, cluster, tmp_path, pgtool):
    held, applied = OTHERS[statement]
    shop = long_shop(tmp_path / "shop", {"default": postgresql(cluster, database.name)})
    for words in ["auth"], ["shop", applied]:
        assert plain(shop, *words).finish().status == 0
    with session(database, *held):
        other = plain(shop, "shop", "0004")
        pid = until(lambda: stuck_in(statement, database), "the other one waits", 30)[0]

        outcome = pgtool(grown, "migrate", "stock0", "0008")  # The next one would wait for the other, as CONCURRENTLY must.

        assert other.process.poll() is None
    assert outcome.status == 0, outcome.text
    line = next((line for line in outcome.stderr.splitlines() if re.search(rf"\bpid {pid}\b", line)), "")
    assert line.startswith("pgtool: "), outcome.stderr
    assert "role app" in line and "127.0.0.1" in line and re.search(statement, line, re.I), line
    assert other.finish().status == 0


def test_a_plain_run_that_comes_later_is_named(plain, grown, gated, database, start_pgtool):
    project = gated(False)
    with session(database, "begin isolation level repeatable read", "select from auth_user"), database.closed_gate() as open_gate:
        run = start_pgtool(project, "migrate")
        database.wait_at_gate()
        plain(grown)
        pid = until(lambda: stuck_in("CREATE INDEX", database), "the other one waits", 30)[0]

        until(lambda: re.search(rf"^pgtool: .*\bpid {pid}\b", run.output("stderr"), re.M), "the other one is named", 20)
        open_gate()
        run.finish()


def test_an_idle_application_is_not_taken_for_a_migration(database, gated, start_pgtool):
    project = gated(True)
    write = "insert into shop_order (number, paid) values ('x', false)"
    with session(database, "begin", write), database.closed_gate() as open_gate:
        run = start_pgtool(project, "migrate")
        database.wait_at_gate()
        open_gate()
        outcome = run.finish()

    assert outcome.status == 0, outcome.text
    assert not re.search(r"\bpid \d", outcome.stderr), outcome.stderr
