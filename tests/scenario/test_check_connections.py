"""check says what becomes of Django's connections behind a pooler, and of the ways past it: each is made to happen, and is cured."""
import psycopg
import pytest
from checked import ITERATE, behind, check, filled, run_python
from judged import fires, line_of, silent
from projects import ARTICLE
from servers import SECRET, Bouncer


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
        silent("forced-user", report)

    def test_a_path_of_connect_query_is_told_once(self, bouncer, behind, database, check):
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

        assert line_of(fires("connect-query-settings", report), project) == line
        silent("search-path-conflict", report)


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


@pytest.fixture
def style(make_project, database):
    """A project of styles/, whose packages are the real ones, behind that pooler."""

    def make(name, pooler):
        project = make_project("from config.databases import *\nDATABASES['default']['DISABLE_SERVER_SIDE_CURSORS'] = True\n",
                               driver="styles")
        project.lay_over(name, database=database.name, server=database.port, pooler=pooler.port, password=SECRET)
        return project

    return make


class TestRealPackages:
    def test_tenants_read_each_other_s_tables(self, bouncer, style, database, check):
        pooler = bouncer(extra="default_pool_size = 1")
        project = style("tenants", pooler)

        run_python(project, "from django.db import connection\nconnection.set_schema('tenant1')\nconnection.cursor().execute('select 1')")

        assert "tenant1" in pooler.sql("show search_path", database.name), "another client has it"
        found = fires("package-needs-session", check(project))
        assert found["severity"] == "error" and "django_tenants" in line_of(found, project)

    def test_tenants_are_fine_in_session_mode(self, bouncer, style, check):
        silent("package-needs-session", check(style("tenants", bouncer("session"))))

    def test_an_engine_s_pool_holds_sessions(self, bouncer, style, database, check):
        pooler = bouncer("session", extra="default_pool_size = 1\nquery_wait_timeout = 2")
        project = style("sqlalchemy_pool", pooler)

        _, text = run_python(project, HOLD)

        assert "query_wait_timeout" in text, text
        assert "dj_db_conn_pool" in line_of(fires("driver-pool", check(project)), project)

    def test_an_engine_s_pool_is_fine_in_transaction_mode(self, bouncer, style, check):
        silent("driver-pool", check(style("sqlalchemy_pool", bouncer())))
