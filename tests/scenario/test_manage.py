"""manage: any other management command over the same road, with its own output, terminal and status."""
import json

import pytest

from projects import SHOP, postgresql
from servers import SECRET
from waiting import until

APPLIED = {"PGTOOL_VERBOSITY": "1"}


@pytest.fixture
def pooler(bouncer):
    return bouncer()


@pytest.fixture
def article(pooler, article_project, pgtool, database):
    """The article's project with its tables, and what was logged until then out of the way."""
    made = article_project(pooler)
    assert pgtool(made, "migrate", "--direct").status == 0
    return made


@pytest.fixture
def since(database):
    """Statements from now on."""
    before = len(database.statements())
    return lambda: database.statements()[before:]


def went_direct(statements, text):
    found = [s for s in statements if text in s.text]
    return found and not any(s.pooled for s in found)


def test_loaddata_writes_directly(article, pgtool, database, since):
    article.write("orders.json", json.dumps([{"model": "shop.order", "pk": 41, "fields": {"number": "B-41", "paid": True}}]))

    outcome = pgtool(article, "manage", "--", "loaddata", "orders.json")

    assert outcome.status == 0, outcome.text
    assert outcome.stdout == "Installed 1 object(s) from 1 fixture(s)\n"
    assert database.sql("select number from shop_order where id = 41") == "B-41"
    assert went_direct(since(), "shop_order")


def test_stdout_holds_what_the_command_prints_and_nothing_else(article, pgtool):
    outcome = pgtool(article, "manage", "dumpdata", "shop")

    assert [row["fields"]["number"] for row in json.loads(outcome.stdout)] == ["first"]
    assert "running dumpdata at 127.0.0.1" in outcome.stderr
    assert pgtool(article, "manage", "-q", "--", "dumpdata", "shop").stderr == ""


def test_a_report_is_there_when_it_is_asked_for(article, pgtool):
    outcome = pgtool(article, "manage", "--format", "json", "--", "dumpdata", "shop")

    report = outcome.json
    assert (report["status"], report["command"], report["manage"]["command"], report["manage"]["status"]) == (0, "manage", "dumpdata", 0)
    assert report["manage"]["connections_proved"] == 1 and '"number": "first"' in outcome.stderr


def test_the_outcome_goes_into_a_file_and_stdout_stays_the_command_s(article, pgtool):
    outcome = pgtool(article, "manage", "--output", "outcome.txt", "--", "dumpdata", "shop")

    assert [row["fields"]["number"] for row in json.loads(outcome.stdout)] == ["first"]
    assert (article.dir / "outcome.txt").read_text().startswith("done: dumpdata at 127.0.0.1:")


@pytest.mark.parametrize("text, status", [("import sys; sys.exit(7)", 7), ("raise ValueError('empty shelf')", 1), ("pass", 0)])
def test_the_status_is_the_command_s_own(article, pgtool, text, status):
    outcome = pgtool(article, "manage", "--", "shell", "-c", text)

    assert outcome.status == status
    assert "pgtool: error" not in outcome.stderr


def test_words_behind_the_name_are_the_command_s(article, pgtool):
    said = pgtool(article, "manage", "shell", "--command", "import sys; print(sys.argv)", "-v", "2", "--no-color")

    assert said.stdout.endswith("['manage.py', 'shell', '--command', 'import sys; print(sys.argv)', '-v', '2', '--no-color']\n")


def test_settings_reach_the_command_and_not_what_stands_behind_dashes(article, pgtool):
    article.write("config/other.py", "from config.settings import *\nGREETING = 'good day'\n")

    said = pgtool(article, "manage", "--settings", "config.other", "--", "shell", "-c", "from django.conf import settings; print(settings.GREETING)")

    assert said.stdout.endswith("good day\n"), said.text


def test_dbshell_opens_psql_at_the_server(article, pgtool, since):
    outcome = pgtool(article, "manage", "--", "dbshell", "--", "-Atc", "select 'asked by psql', inet_server_port()")

    assert outcome.status == 0, outcome.text
    assert outcome.stdout == f"asked by psql|{article.environment['POSTGRES_PORT']}\n"
    assert went_direct(since(), "asked by psql")


def test_dbshell_stays_at_the_proved_address(article, pgtool):
    article.environment["POSTGRES_HOST"] = "localhost"

    outcome = pgtool(article, "manage", "dbshell", "--", "-At", "-c", "\\getenv address PGHOSTADDR", "-c", "\\echo :address", "-c", "\\conninfo")

    assert outcome.status == 0 and outcome.stdout.startswith("127.0.0.1\n"), outcome.text
    assert 'on host "localhost" (address "127.0.0.1")' in outcome.stdout
    assert SECRET not in outcome.text


def test_createcachetable_builds_its_table_directly(article, pgtool, database, since):
    article.write("config/settings.py", (article.dir / "config/settings.py").read_text() +
                  "CACHES = {'default': {'BACKEND': 'django.core.cache.backends.db.DatabaseCache', 'LOCATION': 'cached'}}\n")

    outcome = pgtool(article, "manage", "--", "createcachetable")

    assert outcome.status == 0, outcome.text
    assert "public.cached" in database.tables() and went_direct(since(), "CREATE TABLE")


TESTS = """\
from django.db import connection
from django.test import TestCase
from shop.models import Order


class OrderTest(TestCase):
    def test_it(self):
        Order.objects.create(number="T-1")
        self.assertTrue(connection.settings_dict["NAME"].startswith("test_"))
        with connection.cursor() as cursor:
            cursor.execute("select inet_server_port()")
            self.assertEqual(cursor.fetchone()[0], {port})


class OtherTest(TestCase):
    def test_it(self):
        self.assertEqual(Order.objects.filter(number="T-1").count(), 0)
"""


@pytest.mark.parametrize("more", [[], ["--parallel", "2"]])
def test_the_tests_of_the_project_run_in_a_database_of_their_own(article, pgtool, database, cluster, more):
    cluster.sql("alter role app createdb", "postgres")
    article.write("shop/tests.py", TESTS.format(port=database.port))

    outcome = pgtool(article, "manage", "--", "test", "--noinput", *more)

    assert outcome.status == 0, outcome.text
    assert "Ran 2 tests" in outcome.stderr and "OK" in outcome.stderr
    assert cluster.sql(f"select count(*) from pg_database where datname like 'test_{database.name}%'", "postgres") == "0"
    assert not [s for s in cluster.log.statements(f"test_{database.name}", database.marks) if s.pooled]


def test_a_command_named_migrate_waits_for_another_deploy(article, start_pgtool, pgtool, database):
    article.write("shop/management/__init__.py", "")
    article.write("shop/management/commands/__init__.py", "")
    article.write("shop/management/commands/migrate_tenants.py", """\
from django.core.management.base import BaseCommand
from django.db import connection

class Command(BaseCommand):
    def handle(self, **options):
        connection.cursor().execute("select 'tenants migrated'")
""")
    database.sql("delete from django_migrations where app = 'shop' and name > '0003'")
    database.sql("alter table shop_order drop column paid")
    database.sql("delete from django_migrations where app = 'shop' and name = '0003_fill'")
    with database.closed_gate() as open_gate:
        first = start_pgtool(article, "migrate", "--direct", GATE="server")
        database.wait_at_gate()

        busy = pgtool(article, "manage", "--no-wait", "--", "migrate_tenants")
        locked = pgtool(article, "manage", "--no-wait", "--lock", "--", "check")
        free = pgtool(article, "manage", "--no-wait", "--", "check", "--database", "default")

        open_gate()
        assert first.finish().status == 0
    assert (busy.status, locked.status, free.status) == (5, 5, 0), busy.text + locked.text + free.text
    assert not [s for s in database.statements() if "tenants migrated" in s.text]
    assert pgtool(article, "manage", "--", "migrate_tenants").status == 0


def test_it_is_refused_when_nothing_is_proved(pooler, project, pgtool, database):
    plain = project(pooler)

    refused = pgtool(plain, "manage", "--", "shell", "-c", "print('ran')", PGTOOL_DIRECT_URL=pooler.url(database.name))
    allowed = pgtool(plain, "manage", "--allow-pooled", "--", "shell", "-c", "print('ran')", PGTOOL_DIRECT_URL=pooler.url(database.name))

    assert (refused.status, refused.stdout) == (1, "") and "refused" in refused.stderr, refused.text
    assert allowed.status == 0 and allowed.stdout.endswith("ran\n") and "NOT direct" in allowed.stderr, allowed.text


def test_a_connection_that_is_not_direct_ends_the_command(pooler, make_project, database, pgtool):
    project = make_project({"default": {**postgresql(pooler, database.name), "ENGINE": "stubborn"}})
    project.write("stubborn/__init__.py", "")
    project.write("stubborn/base.py", f"""\
from django.db.backends.postgresql import base

class DatabaseWrapper(base.DatabaseWrapper):
    def get_connection_params(self):
        return {{**super().get_connection_params(), "host": "127.0.0.1", "port": {pooler.port}}}
""")

    outcome = pgtool(project, "manage", "--", "createcachetable", "cached", PGTOOL_DIRECT_URL=database.url())

    assert outcome.status == 1 and "not proved direct" in outcome.stderr, outcome.text
    database.assert_untouched()


@pytest.mark.parametrize("arguments, words", [(["manage"], "needs a management command"), (["manage", "--"], "needs a management command"),
                                              (["manage", "--locc", "--", "check"], "unknown option '--locc'")])
def test_a_missing_or_misspelt_word_is_named(nowhere, pgtool, arguments, words):
    outcome = pgtool(nowhere, *arguments)

    assert outcome.status == 2 and words in outcome.stderr


class TestOnATerminal:
    def test_a_shell_is_interactive_and_ctrl_c_does_not_end_it(self, article, start_pgtool):
        run = start_pgtool(article, "manage", "--", "shell", terminal=True, TERM="xterm")
        until(lambda: ">>> " in run.output(), "the prompt is there", 30)

        run.type(b"from shop.models import Order; print('COUNT', Order.objects.count())\n")
        until(lambda: "COUNT 1" in run.output(), "the answer is there", 30)
        run.type(b"from django.db import connection; c = connection.cursor(); c.execute('select pg_sleep(600)')\n")
        until(lambda: "pg_sleep" in run.output(), "the statement is typed", 10)
        run.type(b"\x03")
        until(lambda: "KeyboardInterrupt" in run.output() or "canceling statement" in run.output(), "the statement is cancelled", 30)
        run.type(b"print('STILL', 'HERE')\n")
        until(lambda: "STILL HERE" in run.output(), "the shell goes on", 30)
        run.type(b"\x04")

        assert run.finish().status == 0
