"""check says of Django and its pooler what production would say later: each is made to happen, and is cured."""
import os
import subprocess
import threading

import psycopg
import pytest
from judged import fires, line_of, silent
from poolers import Pgpool
from projects import ARTICLE, postgresql
from servers import SECRET, Bouncer

OFF = {"DISABLE_SERVER_SIDE_CURSORS": True}


def settings_text(entry, name="default"):
    """DATABASES as people write it: one key on each line."""
    lines = "".join(f"        {key!r}: {value!r},\n" for key, value in entry.items())
    return f"DATABASES = {{\n    {name!r}: {{\n{lines}    }},\n}}\n"


@pytest.fixture
def behind(make_project, database):
    """A project whose alias goes through that pooler, with the cursors off."""

    def make(pooler, options=None, settings="", driver="psycopg", name=None, **alias):
        more = {"OPTIONS": options} if options else {}
        entry = postgresql(pooler, name or database.name, **{**OFF, **more, **alias})
        return make_project(settings_text(entry), driver=driver, settings=settings)

    return make


@pytest.fixture
def check(pgtool, database):
    """The report of a check that knows the way past the pooler."""

    def run(project, *arguments, direct=None, **environment):
        outcome = pgtool(project, "check", "--format", "json", *arguments,
                         **{"PGTOOL_DIRECT_URL": direct or database.url(), **environment})
        assert outcome.stdout.startswith("{"), outcome.text
        return outcome.json

    return run


def run_python(project, code, **environment):
    """A piece of the project's own work."""
    text = f"import django; django.setup()\n{code}"
    done = subprocess.run([project.python, "-c", text], cwd=project.dir, text=True, capture_output=True, timeout=60,
                          env={**project.environment, "DJANGO_SETTINGS_MODULE": "config.settings", **environment})
    return done.returncode, done.stdout + done.stderr


def run_manage(project, *arguments):
    done = subprocess.run([project.python, "manage.py", *arguments], cwd=project.dir, text=True, capture_output=True, timeout=60,
                          env=project.environment)
    return done.returncode, done.stdout + done.stderr


def told_rules(report):
    return [f"{finding['rule']}: {finding['message']}" for finding in report["findings"]]


@pytest.mark.parametrize("driver", ["psycopg", "psycopg2"])
def test_nothing_is_said_of_a_project_as_it_should_be(bouncer, behind, check, driver):
    project = behind(bouncer(), driver=driver)
    project.write("shop/export.py", "from shop.models import Order\n\n\ndef rows():\n    yield from Order.objects.all().iterator()\n")

    report = check(project)

    assert (told_rules(report), report["unknown"], report["status"]) == ([], [], 0)


def test_nothing_is_said_without_a_pooler(behind, database, check):
    report = check(behind(database, {"options": "-c search_path=public -c statement_timeout=5000", "assume_role": "app"},
                          CONN_MAX_AGE=600, DISABLE_SERVER_SIDE_CURSORS=False))

    assert (told_rules(report), report["status"]) == ([], 0)


def test_nothing_is_said_offline_of_a_project_as_it_should_be(bouncer, behind, check):
    report = check(behind(bouncer()), "--offline")

    assert told_rules(report) == []


class TestStatementMode:
    def test_django_cannot_begin(self, bouncer, behind, check):
        project = behind(bouncer("statement"))

        status, text = run_manage(project, "migrate")

        assert status != 0 and "transaction blocks not allowed in statement pooling mode" in text
        assert fires("statement-mode", check(project))["severity"] == "error"

    def test_the_line_of_the_ini_is_named(self, bouncer, behind, database, check):
        pooler = bouncer("statement")
        project = behind(pooler)
        project.write("pgbouncer.ini", f"[databases]\n{database.name} = host=127.0.0.1 port={database.port}\n[pgbouncer]\n"
                      f"listen_addr = 127.0.0.1\nlisten_port = {pooler.port}\npool_mode = statement\n")

        found = fires("statement-mode", check(project))

        assert line_of(found, project) == "pool_mode = statement"
        assert found["remedy"] == "pool_mode = transaction"

    def test_transaction_mode_is_fine(self, bouncer, behind, check):
        silent("statement-mode", check(behind(bouncer())))


ITERATE = """\
import threading
from shop.models import Order
failures = []
def read():
    from django.db import connection
    try:
        for _ in range(20):
            list(Order.objects.all().iterator(chunk_size=2))
    except Exception as error:
        failures.append("%s: %s" % (type(error).__name__, error))
    connection.close()
threads = [threading.Thread(target=read) for _ in range(6)]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
print(failures)
"""


@pytest.fixture
def filled(database):
    database.sql("create table shop_order (id bigserial primary key, number varchar(20) not null, paid boolean not null default false);"
                 "insert into shop_order (number) select n from generate_series(1, 50) n", "app")


class TestServerSideCursors:
    def test_iterate_in_transaction_mode(self, bouncer, behind, database, check, filled):
        project = behind(bouncer(), DISABLE_SERVER_SIDE_CURSORS=False)
        project.write("shop/export.py", "from shop.models import Order\n\n\ndef rows():\n    return Order.objects.all().iterator()\n")

        _, text = run_python(project, ITERATE)

        assert "InvalidCursorName" in text or "does not exist" in text
        found = fires("server-side-cursors", check(project))
        assert found["severity"] == "error" and "shop/export.py:5" in found["detail"]
        assert "DISABLE_SERVER_SIDE_CURSORS" in line_of(found, project)

    @pytest.mark.parametrize("mode, alias", [("transaction", OFF), ("session", {"DISABLE_SERVER_SIDE_CURSORS": False})])
    def test_are_fine(self, bouncer, behind, database, check, filled, mode, alias):
        project = behind(bouncer(mode), **alias)

        assert run_python(project, ITERATE) == (0, "[]\n")
        silent("server-side-cursors", check(project))

    def test_break_behind_pgpool_too(self, behind, database, check, filled):
        pooler = Pgpool(database)
        try:
            project = behind(pooler, DISABLE_SERVER_SIDE_CURSORS=False)
            _, text = run_python(project, ITERATE)
            report = check(project)
        finally:
            pooler.remove()

        if pooler.version().startswith("4.3"):
            assert text != "[]\n"
            assert fires("server-side-cursors", report)["severity"] == "error"
        else:
            silent("server-side-cursors", report)


class TestStartupOptions:
    PATH = {"options": "-c search_path=tenant1"}

    def test_a_path_is_refused(self, bouncer, behind, database, check):
        database.sql("create schema tenant1 authorization app")
        project = behind(bouncer(), self.PATH)

        status, text = run_manage(project, "migrate")
        report = check(project)

        assert status != 0 and "unsupported startup parameter" in text
        found = fires("search-path-option", report)
        assert found["severity"] == "error" and "ALTER ROLE app IN DATABASE" in found["remedy"]
        assert "search_path=tenant1" in line_of(found, project)
        silent("startup-options-refused", report)

    def test_a_path_is_dropped_and_makes_phantom_tables(self, bouncer, behind, database, check):
        database.sql("create schema tenant1 authorization app; grant create on schema public to app")
        project = behind(bouncer(extra="ignore_startup_parameters = options"), self.PATH)

        assert run_manage(project, "migrate")[0] == 0
        report = check(project)

        assert "public.shop_order" in database.tables()
        found = fires("search-path-option", report)
        assert "drops" in found["message"] and "public" in found["detail"]
        silent("startup-options-ignored", report)

    def test_the_role_has_it_instead(self, bouncer, behind, database, check):
        database.sql(f"create schema tenant1 authorization app; alter role app in database {database.name} set search_path = tenant1")
        project = behind(bouncer())

        assert run_manage(project, "migrate")[0] == 0
        report = check(project)

        assert "tenant1.shop_order" in database.tables() and "public.shop_order" not in database.tables()
        assert told_rules(report) == []

    def test_pgpool_passes_it_on(self, behind, database, check):
        database.sql("create schema tenant1 authorization app")
        pooler = Pgpool(database)
        try:
            project = behind(pooler, {"options": "-c search_path=tenant1 -c statement_timeout=5000"})
            assert run_manage(project, "migrate")[0] == 0
            report = check(project)
        finally:
            pooler.remove()

        assert "tenant1.shop_order" in database.tables()
        for rule in "search-path-option", "startup-options-refused", "startup-options-ignored", "search-path-conflict":
            silent(rule, report)

    def test_another_setting_is_refused(self, bouncer, behind, check):
        project = behind(bouncer(), {"options": "-c statement_timeout=5000"})

        assert "unsupported startup parameter" in run_manage(project, "migrate")[1]
        found = fires("startup-options-refused", check(project))
        assert found["severity"] == "error" and "SET statement_timeout = '5000'" in found["remedy"]

    def test_another_setting_is_dropped(self, bouncer, behind, check):
        project = behind(bouncer(extra="ignore_startup_parameters = extra_float_digits,options"),
                         {"options": "-c statement_timeout=5000"})

        shown = run_python(project, "from django.db import connection\nc = connection.cursor(); c.execute('show statement_timeout'); "
                           "print(c.fetchone()[0])")
        assert shown == (0, "0\n")
        found = fires("startup-options-ignored", check(project))
        assert found["severity"] == "warning" and "statement_timeout" in line_of(found, project)

    def test_a_dropped_setting_that_the_role_has_does_no_harm(self, bouncer, behind, database, check):
        database.sql(f"alter role app in database {database.name} set statement_timeout = 5000")
        project = behind(bouncer(extra="ignore_startup_parameters = options"), {"options": "-c statement_timeout=5s"})

        silent("startup-options-ignored", check(project))

    @pytest.mark.parametrize("ignored, rule", [("options", "search-path-option"), ("extra_float_digits", None)])
    def test_offline_the_file_is_what_counts(self, bouncer, behind, database, check, ignored, rule):
        pooler = bouncer()
        project = behind(pooler, self.PATH)
        project.write("pgbouncer.ini", f"[databases]\n{database.name} = host=127.0.0.1 port={database.port}\n[pgbouncer]\n"
                      f"listen_addr = 127.0.0.1\nlisten_port = {pooler.port}\npool_mode = transaction\n"
                      f"ignore_startup_parameters = {ignored}\n")

        report = check(project, "--offline")

        # Which version it is nobody says: newer ones pass a path on.
        fires(rule, report) if rule else silent("search-path-option", report)


ROLE = "from django.db import connection\nc = connection.cursor()\nc.execute('select current_user')\nprint(c.fetchone()[0])"


class TestAssumeRole:
    @pytest.fixture
    def granted(self, database):
        database.sql("grant owner to app")
        yield
        database.sql("revoke owner from app; alter role app reset role")

    def test_others_get_the_role(self, bouncer, behind, database, check, granted):
        pooler = bouncer(extra="default_pool_size = 1")
        project = behind(pooler, {"assume_role": "owner"})

        assert run_python(project, ROLE) == (0, "owner\n")
        assert pooler.sql("select current_user", database.name) == "owner", "another client has it"
        found = fires("assume-role", check(project))
        assert found["severity"] == "error" and "'assume_role'" in line_of(found, project)

    def test_the_remedy_is_one(self, bouncer, behind, database, check, granted):
        pooler = bouncer(extra="default_pool_size = 1")
        finding = fires("assume-role", check(behind(pooler, {"assume_role": "owner"})))
        database.sql(finding["remedy"].partition(";")[0])
        pooler.sql("reconnect", "pgbouncer", "pooladmin")
        project = behind(pooler)

        assert run_python(project, ROLE) == (0, "owner\n")
        silent("assume-role", check(project))

    def test_session_mode_gives_it_to_nobody(self, bouncer, behind, database, check, granted):
        pooler = bouncer("session", extra="default_pool_size = 1")
        project = behind(pooler, {"assume_role": "owner"})

        run_python(project, ROLE)
        assert pooler.sql("select current_user", database.name) == "app"
        silent("assume-role", check(project))


RECEIVER = """\
from django.apps import AppConfig
from django.db.backends.signals import connection_created


def on_connect(sender, connection, **kwargs):
    with connection.cursor() as cursor:
        cursor.execute("{sql}")


class ShopConfig(AppConfig):
    name = "shop"

    def ready(self):
        connection_created.connect(on_connect)
"""


class TestSessionSettingsOnConnect:
    def test_others_get_the_setting(self, bouncer, behind, database, check):
        pooler = bouncer(extra="default_pool_size = 1")
        project = behind(pooler)
        project.write("shop/apps.py", RECEIVER.format(sql="SET statement_timeout = '7s'"))

        run_python(project, ROLE)
        assert pooler.sql("show statement_timeout", database.name) == "7s", "another client has it"
        found = fires("session-settings-on-connect", check(project))
        assert found["severity"] == "error" and line_of(found, project).startswith("def on_connect")
        assert "SET statement_timeout" in found["message"]

    @pytest.mark.parametrize("sql", ["SET TIME ZONE 'UTC'", "select set_config('app.user', '1', true)", "SET LOCAL lock_timeout = 1"])
    def test_what_does_not_stay_is_fine(self, bouncer, behind, check, sql):
        project = behind(bouncer())
        project.write("shop/apps.py", RECEIVER.format(sql=sql))

        silent("session-settings-on-connect", check(project))

    def test_one_that_nobody_connects_here_is_found_in_the_source(self, bouncer, behind, check):
        project = behind(bouncer())
        project.write("shop/late.py", RECEIVER.format(sql="SET ROLE owner").replace("        connection_created.connect(on_connect)",
                                                                                    "        pass") + "\n\nconnection_created.connect(on_connect)\n")

        assert "SET ROLE" in fires("session-settings-on-connect", check(project))["message"]

    def test_a_package_s_receiver_is_found_where_it_stands(self, bouncer, behind, check, tmp_path):
        project = behind(bouncer(), settings="\nimport sys\nsys.path.append(%r)\nINSTALLED_APPS += ['late']\n" % str(tmp_path / "libs"))
        package = tmp_path / "libs/late"
        package.mkdir(parents=True)
        (package / "__init__.py").write_text("")
        (package / "apps.py").write_text(RECEIVER.format(sql="SET lock_timeout = 5").replace('name = "shop"', 'name = "late"'))

        found = fires("session-settings-on-connect", check(project))

        assert found["where"]["file"] == str(package / "apps.py") and found["where"]["line"] == 5

    def test_session_mode_is_fine(self, bouncer, behind, check):
        project = behind(bouncer("session"))
        project.write("shop/apps.py", RECEIVER.format(sql="SET statement_timeout = '7s'"))

        silent("session-settings-on-connect", check(project))


class TestServerSideBinding:
    READ = ITERATE.replace("list(Order.objects.all().iterator(chunk_size=2))", "Order.objects.filter(number=str(_)).count()")
    PREPARING = {"server_side_binding": True, "prepare_threshold": 0}

    def test_statements_are_missed(self, bouncer, behind, database, check, filled):
        pooler = bouncer()
        if tuple(map(int, pooler.version().split("."))) >= (1, 24):
            pooler = bouncer(extra="max_prepared_statements = 0")
        project = behind(pooler, self.PREPARING)

        text = run_python(project, self.READ)[1]

        assert "prepared statement" in text
        assert fires("server-side-binding", check(project, "--console-url", pooler.console()))["severity"] == "error"

    @pytest.mark.parametrize("options", [{"server_side_binding": True}, {"prepare_threshold": 0}], ids=str)
    def test_either_of_them_alone_is_fine(self, bouncer, behind, database, check, filled, options):
        pooler = bouncer()
        project = behind(pooler, options)

        assert run_python(project, self.READ) == (0, "[]\n")
        silent("server-side-binding", check(project, "--console-url", pooler.console()))


HOLD = """\
import threading
from django.db import connection
opened, go_on = threading.Barrier(3), threading.Event()
def work():
    from django.db import connection, close_old_connections
    try:
        connection.cursor().execute("select 1")
    except Exception as error:
        print(str(error).splitlines()[0])
    close_old_connections()  # as after a request
    opened.wait(30)
    go_on.wait(30)
threads = [threading.Thread(target=work, daemon=True) for _ in range(2)]
[thread.start() for thread in threads]
opened.wait(30)
print("both")
go_on.set()
"""


class TestPersistentConnections:
    SMALL = "default_pool_size = 1\nquery_wait_timeout = 2"

    def test_keep_the_sessions_of_a_session_pool(self, bouncer, behind, check):
        pooler = bouncer("session", extra=self.SMALL)
        project = behind(pooler, CONN_MAX_AGE=60)

        assert "query_wait_timeout" in run_python(project, HOLD)[1]
        found = fires("persistent-connections", check(project))
        assert found["severity"] == "warning" and "CONN_MAX_AGE" in line_of(found, project)

    @pytest.mark.parametrize("mode, age", [("transaction", 60), ("session", 0)])
    def test_are_fine(self, bouncer, behind, check, mode, age):
        project = behind(bouncer(mode, extra=self.SMALL), CONN_MAX_AGE=age)

        assert run_python(project, HOLD) == (0, "both\n")
        silent("persistent-connections", check(project))

    def test_are_fine_where_the_pool_has_one_for_each_thread(self, bouncer, behind, check):
        pooler = bouncer("session")
        project = behind(pooler, CONN_MAX_AGE=60)
        project.write("gunicorn.conf.py", "workers = 2\nthreads = 4\n")

        silent("persistent-connections", check(project, "--console-url", pooler.console()))
        project.write("gunicorn.conf.py", "workers = 3\nthreads = 4\n")
        assert "12" in fires("persistent-connections", check(project, "--console-url", pooler.console()))["message"]


class TestAtomicRequests:
    @pytest.mark.parametrize("file, text", [("gunicorn.conf.py", "workers = 4\nthreads = 8\ntimeout = 30\n"),
                                            ("Procfile", "release: true\nweb: gunicorn config.wsgi -w 4 --threads 8\n"),
                                            ("uwsgi.ini", "[uwsgi]\nprocesses = 4\nthreads = 8\n")])
    def test_more_threads_than_sessions(self, bouncer, behind, check, file, text):
        pooler = bouncer()
        project = behind(pooler, ATOMIC_REQUESTS=True)
        project.write(file, text)

        found = fires("atomic-requests", check(project, "--console-url", pooler.console()))

        assert "32" in found["message"] and "ATOMIC_REQUESTS" in line_of(found, project) and file in found["message"]

    @pytest.mark.parametrize("text", ["workers = 2\nthreads = 5\n", "import os\nworkers = int(os.environ['N'])\nthreads = 80\n",
                                      "workers = 4\nif True:\n    workers = 2\nthreads = 8\n",
                                      "workers = 40\nworker_class = 'gevent'\n", "threads = 40\n"])
    def test_room_enough_or_nobody_knows(self, bouncer, behind, check, text):
        pooler = bouncer()
        project = behind(pooler, ATOMIC_REQUESTS=True)
        project.write("gunicorn.conf.py", text)

        silent("atomic-requests", check(project, "--console-url", pooler.console()))


class TestSearchPathConflict:
    def test_the_pooler_logs_in_as_another_role(self, bouncer, behind, database, check):
        database.sql(f"create schema core authorization app; grant usage on schema core to owner; "
                     f"alter role app in database {database.name} set search_path = core, public")
        pooler = bouncer(line=f"user=owner password={SECRET}")
        project = behind(pooler)

        seen = pooler.sql("show search_path", database.name)
        report = check(project, "--console-url", pooler.console(), direct=database.url("owner"))

        assert "core" not in seen
        found = fires("search-path-conflict", report)
        assert "owner" in found["message"] and "ALTER ROLE owner" in found["remedy"]

    def test_the_right_role_has_it(self, bouncer, behind, database, check):
        database.sql(f"create schema core authorization owner; grant usage on schema core to app; "
                     f"alter role owner in database {database.name} set search_path = core, public")
        pooler = bouncer(line=f"user=owner password={SECRET}")

        report = check(behind(pooler), "--console-url", pooler.console(), direct=database.url("owner"))

        silent("search-path-conflict", report)

    def test_connect_query_says_something_else(self, bouncer, behind, database, check):
        database.sql("create schema core authorization app")
        line = f"{database.name} = host=127.0.0.1 port={database.port} connect_query='set search_path = core, public'"
        pooler = Bouncer(database.cluster, [], lines=[line])
        try:
            project = behind(pooler)
            project.write("pgbouncer.ini", f"[databases]\n{line}\n[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {pooler.port}\n"
                          "pool_mode = transaction\n")
            assert pooler.sql("show search_path", database.name) == "core, public"
            report = check(project, "--accept", "schema-differs")
        finally:
            pooler.remove()

        found = fires("search-path-conflict", report)
        assert line_of(found, project) == line and "ALTER ROLE app" in found["remedy"]


class TestDirectEndpoint:
    def test_is_fine_where_it_is_proved(self, bouncer, behind, check):
        report = check(behind(bouncer()))

        for rule in "missing", "unreachable", "is-pooled":
            silent(f"direct-endpoint-{rule}", report)

    def test_does_not_answer(self, bouncer, behind, check):
        report = check(behind(bouncer()), direct=f"postgresql://app:{SECRET}@127.0.0.1:9/nowhere")

        assert "PGTOOL_DIRECT_URL" in fires("direct-endpoint-unreachable", report)["message"]
        silent("direct-endpoint-missing", report)

    def test_is_another_pooler(self, bouncer, behind, database, check):
        other = bouncer()

        report = check(behind(bouncer()), direct=other.url(database.name))

        assert fires("direct-endpoint-is-pooled", report)["severity"] == "error"
        silent("direct-endpoint-unreachable", report)

    def test_is_the_pooler_itself(self, bouncer, behind, database, check):
        pooler = bouncer()

        report = check(behind(pooler), direct=pooler.url(database.name))

        assert fires("direct-endpoint-is-pooled", report)["severity"] == "error"

    def test_is_nowhere(self, bouncer, behind, database, pgtool):
        """Only the server's own socket lets that role in, and nobody has said where that is."""
        database.sql("grant connect on database %s to tlsonly" % database.name)
        pooler = bouncer(line=f"host={database.cluster.home}")
        project = behind(pooler, USER="tlsonly")

        report = pgtool(project, "check", "--format", "json").json

        assert fires("direct-endpoint-missing", report)["severity"] == "warning"

    def test_offline_only_what_is_said_counts(self, bouncer, behind, database, pgtool):
        pooler = bouncer()
        project = behind(pooler)
        project.write("compose.yaml", "services:\n  pooler:\n    image: edoburu/pgbouncer:1.25.2\n    environment: {POOL_MODE: transaction, "
                      f"DB_HOST: db, DB_NAME: {database.name}}}\n    ports: ['{pooler.port}:5432']\n")
        report = pgtool(project, "check", "--offline", "--format", "json").json

        silent("direct-endpoint-missing", report)


LOCKED = """\
import pglock


def nightly():
    with pglock.advisory("nightly"{more}):
        pass
"""


class TestPackageNeedsSession:
    def test_a_lock_of_the_session_excludes_nobody(self, bouncer, behind, database, check):
        pooler = bouncer(extra="default_pool_size = 1")
        project = behind(pooler)
        project.write("shop/tasks.py", LOCKED.format(more=""))

        got = []
        for _ in range(2):  # The first one's client is not gone: it has ended its statement.
            with psycopg.connect(pooler.conninfo(database.name), autocommit=True, prepare_threshold=None) as client:
                got.append(client.execute("select pg_try_advisory_lock(815)").fetchone()[0])

        assert got == [True, True]
        found = fires("package-needs-session", check(project))
        assert found["severity"] == "error" and "pglock.advisory(" in line_of(found, project) and "xact=True" in found["remedy"]

    @pytest.mark.parametrize("text", [LOCKED.format(more=", xact=True"), LOCKED.format(more="") .replace("import pglock", "pglock = None"),
                                      LOCKED.format(more=", using='direct'")])
    def test_what_needs_none_is_fine(self, bouncer, behind, check, text):
        project = behind(bouncer())
        project.write("shop/tasks.py", text)

        silent("package-needs-session", check(project))

    def test_tests_and_migrations_are_nobody_s_work(self, bouncer, behind, check):
        project = behind(bouncer())
        for file in "shop/tests/test_tasks.py", "shop/test_tasks.py", "venv/lib/x.py", ".tox/x.py":
            project.write(file, LOCKED.format(more=""))

        silent("package-needs-session", check(project))


def test_settings_that_are_split_are_found(bouncer, make_project, database, check):
    project = make_project("", settings="from .base import *\nfrom .parts import *\nDATABASES['default']['CONN_MAX_AGE'] = 60\n")
    project.write("config/base.py", "import os\n" + ARTICLE.replace('os.environ["POSTGRES_NAME"]', f"'{database.name}'"))
    pooler = bouncer("session")
    project.write("config/parts.py", "EMPTY = {}\n")
    project.environment.update(PG_BOUNCER_HOST="127.0.0.1", PG_BOUNCER_PORT=str(pooler.port), POSTGRES_HOST="127.0.0.1",
                               POSTGRES_PORT=str(database.port), POSTGRES_USER="app", POSTGRES_PASSWORD=SECRET)

    report = check(project)

    found = fires("persistent-connections", report)
    assert found["where"]["file"] == "config/settings.py"
    assert line_of(found, project) == "DATABASES['default']['CONN_MAX_AGE'] = 60"
