"""The Python bridge, with the test in pgtool's place: real Django, real PostgreSQL, one socket."""
import signal
import time

import psycopg
import pytest

from projects import SHOP, postgresql
from servers import SECRET
from supervisor import DEPLOY, DIRECT, RUN, Supervisor, plainly
from waiting import until


def before_the_try(run):
    return all(step["name"] != "0005_try" for step in run.of("progress"))


def try_in_migration(project, body):
    """Adds a last migration whose RunPython runs these lines."""
    lines = "\n    ".join(body.strip().splitlines())
    project.write("shop/migrations/0005_try.py", f"""\
import threading
from django.db import connection, connections, migrations


def attempt(apps, schema_editor):
    {lines}


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("shop", "0004_paid")]
    operations = [migrations.RunPython(attempt)]
""")


@pytest.fixture(params=["psycopg", "psycopg2"])
def driver(request):
    return request.param


@pytest.fixture
def project(make_project, database):
    """A project that asks the database directly: the route need not rewrite anything."""
    return lambda driver="psycopg", **alias: make_project({"default": postgresql(database, database.name, **alias)}, driver=driver)


def test_migrate_prints_the_same_bytes_as_without_the_bridge(project, make_project, cluster, driver):
    bridged = project(driver)
    other = cluster.database()
    plain = make_project({"default": postgresql(other, other.name)}, driver=driver)
    arguments = ["manage.py", "migrate", "-v2"]

    def timeless(text):
        return "\n".join(line.split(" (")[0] for line in text.splitlines())

    for _ in ("from zero", "nothing to do"):
        expected, run = plainly(plain, *arguments), Supervisor(bridged, *arguments).finish()
        assert (run.status, timeless(run.out), run.err) == (0, timeless(expected.stdout), expected.stderr)
    expected, run = plainly(plain, "manage.py", "migrate"), Supervisor(bridged, "manage.py", "migrate").finish()
    assert (run.status, run.out, run.err) == (0, expected.stdout, expected.stderr)


def test_every_step_of_migrate_is_told(project, driver):
    run = Supervisor(project(driver), "manage.py", "migrate", WANTED="yes", PGTZ="UTC").finish()

    settings, plan = run.of("settings")[0], [f"{m['app']}.{m['name']}" for m in run.of("plan")[0]["migrations"]]
    applied = [m for m in run.of("progress") if m["action"] == "apply_success"]
    assert [m["event"] for m in run.messages[:4]] == ["hello", "settings", "command", "connected"]
    assert (settings["stage"], settings["environment"]) == ("settings", {"WANTED": "yes", "PGTZ": "UTC"})
    assert run.of("command")[0]["name"] == "migrate" and run.of("command")[0]["argv"] == ["migrate"]
    assert plan[-4:] == [f"{m['app']}.{m['name']}" for m in applied][-4:] == SHOP
    assert [m["atomic"] for m in applied[-4:]] == [True, False, True, True]
    assert all(m["seconds"] > 0 and m["alias"] == "default" for m in applied)


def test_each_connection_is_observed_and_then_prepared(project, database, driver):
    here = project(driver)
    try_in_migration(here, """
with connection.cursor() as cursor:
    cursor.execute("select current_setting('lock_timeout'), pg_backend_pid()")
    print("MAIN", *cursor.fetchone(), connection.get_autocommit(), int(connection.connection.info.transaction_status))
copy = connection.copy()
with copy.cursor() as cursor:
    cursor.execute("select current_setting('lock_timeout'), (select count(*) from pg_locks where locktype = 'advisory' "
                   "and pid = pg_backend_pid() and mode = 'ShareLock' and objid = 1869348866)")
    print("COPY", *cursor.fetchone())
copy.close()
def work():
    connections["default"].ensure_connection()
    connections["default"].close()
thread = threading.Thread(target=work)
thread.start()
thread.join()
""")
    with psycopg.connect(database.cluster.conninfo(database.name), autocommit=True) as holder:
        holder.execute("select pg_advisory_lock(%d, %d)" % tuple(DEPLOY))
        run = Supervisor(here, "manage.py", "migrate").finish()
        holder_pid = holder.info.backend_pid

    main, copy, thread = run.of("connected")[-3:]
    assert run.status == 0, run.err
    assert f"MAIN 2s {main['server_pid']} True 0" in run.out and "COPY 2s 1" in run.out
    assert len({main["server_pid"], copy["server_pid"], thread["server_pid"]}) == 3
    assert main["thread"] == copy["thread"] != thread["thread"]
    for one in main, copy, thread:
        assert one["backend_pid"] == one["server_pid"] and one["local_port"] == one["seen_port"] and one["lock_pid"] == holder_pid
        assert (one["database"], one["user"], one["schemas"], one["standby"]) == (database.name, "app", ["public"], False)
    assert "json_build_object" in database.direct()[0]


def test_an_alias_is_rewritten_before_anything_connects(make_project, database, cluster):
    project = make_project({"default": {**postgresql(database, "elsewhere"), "HOST": "pooler.invalid", "PORT": "1",
                                        "OPTIONS": {"hostaddr": "192.0.2.1", "sslmode": "disable", "options": "-c geqo=off"}}})
    target = {"HOST": str(cluster.home), "PORT": str(database.port), "NAME": database.name}
    order = {**DIRECT, "set": target, "options_drop": ["options"], "options_set": {"application_name": "moved"}}

    run = Supervisor(project, "manage.py", "migrate", aliases={"default": order}).finish()

    described, connected = run.of("settings")[0]["aliases"][0], run.of("connected")[0]
    assert run.status == 0, run.err
    assert described["parameters"]["host"] == "pooler.invalid" and described["password"] == SECRET
    assert "password" not in described["parameters"]
    assert connected["socket"] and connected["local_port"] is None and connected["peer_pid"] == cluster.server.process.pid


def test_a_denied_alias_sends_nothing(project, database):
    run = Supervisor(project(), "manage.py", "migrate", aliases={"default": {"action": "deny", "reason": "no such luck"}}).finish()

    assert run.status == 1 and "OperationalError: no such luck" in run.err and "pgtool_bridge" not in run.err
    assert run.of("failed")[0]["message"] == "no such luck" and not run.of("connected") and not database.direct()


HOLES = {
    "an alias that project code invents": """
connections.settings["invented"] = {**connection.settings_dict, "OPTIONS": {}}
connections["invented"].ensure_connection()
""",
    "a copy by another name": """
connection.copy(alias="invented").ensure_connection()
"""}


@pytest.mark.parametrize("hole", HOLES)
def test_an_alias_that_nobody_examined_may_not_connect(project, database, hole):
    here = project()
    try_in_migration(here, HOLES[hole])

    run = Supervisor(here, "manage.py", "migrate", strict=True).finish()

    assert run.status == 1 and "alias 'invented' was not examined" in run.err
    assert {m["alias"] for m in run.of("connected")} == {"default"}


def test_an_engine_with_a_connect_of_its_own_is_proved_too(project, database):
    here = project(ENGINE="engine")
    here.write("engine/__init__.py", "")
    here.write("engine/base.py", """\
from django.db.backends.postgresql import base


class DatabaseWrapper(base.DatabaseWrapper):
    def connect(self):
        self.savepoint_ids, self.atomic_blocks, self.run_on_commit, self.in_atomic_block = [], [], [], False
        self.needs_rollback = self.closed_in_transaction = self.errors_occurred = self.health_check_enabled = False
        self.close_at, self.health_check_done = None, True
        self.connection = self.get_new_connection(self.get_connection_params())
        self.set_autocommit(self.settings_dict["AUTOCOMMIT"])
        self.init_connection_state()
""")

    run = Supervisor(here, "manage.py", "migrate", verdict=lambda run: False).finish()

    assert run.status == 1 and len(run.of("connected")) == 1
    database.assert_untouched()


SWALLOWED = """
try:
    connection.copy().ensure_connection()
except {what}:
    print("SWALLOWED")
"""


@pytest.mark.parametrize("what", ["Exception", "BaseException"])
def test_no_code_can_swallow_a_refusal(project, database, driver, what):
    here = project(driver)
    try_in_migration(here, SWALLOWED.format(what=what))

    run = Supervisor(here, "manage.py", "migrate", verdict=before_the_try).finish()

    assert run.status == 1
    assert "shop.0005_try" not in database.sql("select app || '.' || name from django_migrations")
    refused = run.of("connected")[-1]["server_pid"]
    texts = [statement.text for statement in database.statements() if statement.pid == refused]
    assert len(texts) == 1 and "json_build_object" in texts[0]


def test_a_refusal_in_a_thread_ends_the_process(project, database):
    here = project()
    try_in_migration(here, """
thread = threading.Thread(target=lambda: connections["default"].ensure_connection())
thread.start()
thread.join()
""")
    run = Supervisor(here, "manage.py", "migrate", verdict=before_the_try).finish()

    assert run.status == 1 and "0005_try" not in database.sql("select name from django_migrations")


def test_a_taken_run_lock_is_a_refusal(project, database):
    with psycopg.connect(database.cluster.conninfo(database.name), autocommit=True) as holder:
        holder.execute("select pg_advisory_lock(%d, %d)" % tuple(RUN))
        run = Supervisor(project(), "manage.py", "migrate").finish()

    assert run.status == 1 and run.of("failed")[0]["type"] == "Refused" and not database.writes()


SLEEP = """
with connection.cursor() as cursor:
    cursor.execute("select pg_sleep(30)")
"""


def asleep(database):
    return until(lambda: database.sql("select pid from pg_stat_activity where datname = current_database() and state = 'active' "
                                      "and query = 'select pg_sleep(30)'"), "the migration sleeps in the server")


@pytest.mark.parametrize("number, status", [(signal.SIGINT, -signal.SIGINT), (signal.SIGTERM, 128 + signal.SIGTERM)])
def test_a_signal_is_told_while_python_waits_for_the_server(project, database, driver, number, status):
    here = project(driver)
    try_in_migration(here, SLEEP)
    run = Supervisor(here, "manage.py", "migrate")
    pid = asleep(database)

    sent = time.monotonic()
    run.process.send_signal(number)
    until(lambda: run.of("signal"), "the signal is told")
    database.sql(f"select pg_cancel_backend({pid})")
    run.finish()

    assert run.of("signal")[0]["number"] == number and run.of("signal")[0]["at"] - sent < 1
    assert run.status == status and SECRET not in run.err


def test_the_process_ends_when_pgtool_is_gone(project, database, driver):
    here = project(driver)
    try_in_migration(here, SLEEP)
    run = Supervisor(here, "manage.py", "migrate")
    asleep(database)

    gone = time.monotonic()
    run.vanish()
    run.finish()

    assert time.monotonic() - gone < 1 and run.status == 4
    assert "the supervising pgtool process is gone" in run.err


def test_settings_mode_stops_before_set_up(project):
    here = project(OPTIONS={"sslmode": "prefer", "assume_role": "owner", "isolation_level": 2})
    here.write("shop/models.py", "raise SystemExit('models were imported')")
    here.write("config/settings.py", (here.dir / "config/settings.py").read_text() + "\nprint('chatter')\n")

    run = Supervisor(here, "manage.py", "migrate", mode="settings").finish()

    alias = run.of("settings")[0]["aliases"][0]
    assert (run.status, run.out, run.err) == (7, "chatter\n", "")
    assert (alias["vendor"], alias["assume_role"], alias["parameters"]["sslmode"]) == ("postgresql", "owner", "prefer")
    assert not {"assume_role", "isolation_level", "cursor_factory", "context"} & set(alias["parameters"])


def test_an_alias_that_an_app_adds_is_described_before_the_command(project, database):
    here = project()
    here.write("shop/apps.py", """\
import os
from django.apps import AppConfig
from django.db import connections

class Shop(AppConfig):
    name = "shop"

    def ready(self):
        if os.environ.get("EARLY"):
            connections["default"].ensure_connection()
        connections.settings["late"] = dict(connections.settings["default"])
""")
    for early in {}, {"EARLY": "1"}:
        run = Supervisor(here, "manage.py", "migrate", "--plan", **early).finish()

        first, second = run.of("settings")
        assert run.status == 0, run.err
        assert [alias["name"] for alias in first["aliases"]] == ["default"] and second["stage"] == "command"
        assert [alias["name"] for alias in second["aliases"]] == ["default", "late"]
        assert second["aliases"][0] == first["aliases"][0]


@pytest.mark.parametrize("agrees, status", [(lambda run: True, 0), (before_the_try, 256)], ids=["agreed", "refused"])
def test_a_forked_child_proves_its_own_connection(project, agrees, status):
    here = project()
    try_in_migration(here, """
import os
pid = os.fork()
if pid == 0:
    copy = connection.copy()
    copy.ensure_connection()
    copy.connection.close()
    os._exit(0)
print("CHILD", os.waitpid(pid, 0)[1])
""")
    run = Supervisor(here, "manage.py", "migrate", verdict=agrees).finish()

    assert run.status == 0 and f"CHILD {status}" in run.out, run.err
    assert len([one for one in run.of("connected") if one["joined"]]) == 1


def test_a_pool_of_the_project_is_not_used(project):
    run = Supervisor(project(OPTIONS={"pool": True}), "manage.py", "migrate").finish()

    assert run.of("settings")[0]["aliases"][0]["pool"] and run.status == 0, run.err
    assert 1 <= len(run.of("connected")) < 4  # as many as a pool opens at once


def test_a_failed_statement_is_told_with_its_place(project, driver):
    here = project(driver)
    try_in_migration(here, """connection.cursor().execute("select 1 / 0")""")
    expected, run = plainly(here, "manage.py", "migrate"), Supervisor(here, "manage.py", "migrate").finish()

    told = run.of("failed")[0]
    assert (told["type"], told["sqlstate"], told["migration"]) == ("DataError", "22012", "shop.0005_try")
    assert told["alias"] == "default" and told["traceback_shown"] and run.err == expected.stderr
