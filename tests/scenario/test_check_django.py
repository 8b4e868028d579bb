"""check says of Django and its pooler what production would say later: each is made to happen, and is cured."""
import pytest
from checked import ITERATE, OFF, behind, check, filled, run_manage, run_python, told_rules
from judged import fires, line_of, silent
from poolers import Pgpool


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
