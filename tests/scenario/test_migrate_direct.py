"""migrate --direct: no statement of the migration comes by the pooler, by the server's own log."""
import pytest
from projects import ARTICLE, SHOP, article_environment, postgresql

DRIVERS = ["psycopg", "psycopg2"]


@pytest.mark.parametrize("driver", DRIVERS)
@pytest.mark.parametrize("mode", ["session", "transaction", "statement"])
def test_no_statement_of_the_migration_comes_by_the_pooler(bouncer, article_project, database, pgtool, mode, driver):
    outcome = pgtool(article_project(bouncer(mode), driver=driver), "migrate", "--direct")

    assert outcome.status == 0, outcome.text
    database.assert_written_directly_only()
    assert database.applied() == SHOP
    assert any("CREATE INDEX CONCURRENTLY" in text for text in database.direct())
    database.wait_until_left()


@pytest.mark.parametrize("driver", DRIVERS)
def test_a_named_direct_url_is_used(bouncer, project, database, pgtool, driver):
    outcome = pgtool(project(bouncer(), driver), "migrate", "--direct", "--direct-url", database.url())

    assert outcome.status == 0, outcome.text
    database.assert_written_directly_only()
    assert database.applied() == SHOP


def test_a_direct_url_in_pgtool_yaml_is_used(bouncer, project, database, pgtool):
    through_pooler = project(bouncer())
    through_pooler.environment["DIRECT"] = database.url()
    through_pooler.write("pgtool.yaml", "databases:\n  default:\n    direct: ${DIRECT}\n")

    outcome = pgtool(through_pooler, "migrate", "--direct")

    assert outcome.status == 0, outcome.text
    database.assert_written_directly_only()


def test_without_direct_a_pooler_is_bypassed_all_the_same(bouncer, article_project, database, pgtool):
    outcome = pgtool(article_project(bouncer()), "migrate")

    assert outcome.status == 0, outcome.text
    database.assert_written_directly_only()


@pytest.mark.parametrize("flags", [[], ["--direct"]])
def test_a_project_without_a_pooler_just_runs(project, database, pgtool, flags):
    outcome = pgtool(project(database), "migrate", *flags)

    assert outcome.status == 0, outcome.text
    assert database.applied() == SHOP


def test_a_unix_socket_is_proved_without_a_port(bouncer, project, database, pgtool):
    through_pooler = project(bouncer())
    socket_url = f"postgresql:///{database.name}?host={database.cluster.home}&port={database.port}&user=app"

    outcome = pgtool(through_pooler, "migrate", "--direct", PGTOOL_DIRECT_URL=socket_url)

    assert outcome.status == 0, outcome.text
    database.assert_written_directly_only()


def test_a_second_run_has_nothing_to_do(bouncer, article_project, database, pgtool):
    article = article_project(bouncer())
    pgtool(article, "migrate", "--direct")
    recorded, written = database.recorded(), len(database.writes())

    outcome = pgtool(article, "migrate", "--direct")

    assert (outcome.status, database.recorded()) == (0, recorded), outcome.text
    assert "No migrations to apply" in outcome.stdout
    assert [s.text for s in database.writes()[written:] if "create" in s.text.lower()] == []


def test_django_s_words_and_options_are_django_s(bouncer, article_project, database, pgtool):
    article = article_project(bouncer())

    assert pgtool(article, "migrate", "--direct", "shop", "0002").status == 0
    assert database.applied() == SHOP[:2]

    assert pgtool(article, "migrate", "--direct", "--fake", "--", "shop", "0003").status == 0
    assert database.applied() == SHOP[:3]
    assert database.sql("select count(*) from shop_order") == "0"

    quiet = pgtool(article, "migrate", "--direct", "-v", "0")
    assert (quiet.status, database.applied()) == (0, SHOP)
    assert "Applying" not in quiet.stdout


def test_django_starts_once(bouncer, make_project, database, pgtool):
    counted = make_project(ARTICLE, environment=article_environment(bouncer(), database),
                           settings="open('starts.txt', 'a').write('start\\n')\n")

    outcome = pgtool(counted, "migrate", "--direct")

    assert outcome.status == 0, outcome.text
    assert (counted.dir / "starts.txt").read_text() == "start\n"


def test_a_failing_migration_says_what_was_done(bouncer, article_project, database, pgtool):
    article = article_project(bouncer())
    article.add_migration("0005_broken", "def run(apps, schema_editor):\n    raise ValueError('the shelf is empty')")

    outcome = pgtool(article, "migrate", "--direct")

    assert outcome.status == 4, outcome.text
    assert "0005_broken" in outcome.text and "the shelf is empty" in outcome.text
    assert database.applied() == SHOP
    database.wait_until_left()


def test_a_connection_that_is_turned_back_to_the_pooler_goes_direct_all_the_same(bouncer, article_project, database, pgtool):
    pooler = bouncer()
    article = article_project(pooler)
    article.add_migration("0005_back", f'''\
def run(apps, schema_editor):
    from django.db import connection
    other = connection.copy()
    other.settings_dict["HOST"], other.settings_dict["PORT"] = "127.0.0.1", "{pooler.port}"
    with other.cursor() as cursor:
        cursor.execute("create table turned()")''')

    pgtool(article, "migrate", "--direct")

    assert database.applied()[:4] == SHOP
    database.assert_written_directly_only()


class TestAnEngineThatKnowsThePoolerOnly:
    """It connects to the pooler whatever the settings say: only the proof from inside the connection can tell."""

    ENGINE = """\
from django.db.backends.postgresql import base


class DatabaseWrapper(base.DatabaseWrapper):
    def get_connection_params(self):
        return {{**super().get_connection_params(), "host": "127.0.0.1", "port": {port}}}
"""

    def make(self, make_project, pooler, database, alias):
        aliases = {"default": postgresql(pooler, database.name), "jobs": postgresql(pooler, database.name)}
        aliases[alias]["ENGINE"] = "stubborn"
        project = make_project(aliases)
        project.write("stubborn/__init__.py", "")
        project.write("stubborn/base.py", self.ENGINE.format(port=pooler.port))
        return project

    def test_the_run_is_refused_before_its_first_statement(self, bouncer, make_project, database, pgtool):
        project = self.make(make_project, bouncer(), database, "default")

        outcome = pgtool(project, "migrate", "--direct", PGTOOL_DIRECT_URL=database.url())

        assert outcome.status == 1, outcome.text
        database.assert_untouched()

    def test_the_project_cannot_swallow_the_refusal(self, bouncer, make_project, database, pgtool):
        project = self.make(make_project, bouncer(), database, "jobs")
        project.add_migration("0005_swallow", '''\
def run(apps, schema_editor):
    from django.db import connections
    for attempt in range(2):
        try:
            with connections["jobs"].cursor() as cursor:
                cursor.execute("create table phantom()")
        except BaseException:
            pass''')

        outcome = pgtool(project, "migrate", "--direct", PGTOOL_DIRECT_URL=database.url())

        assert outcome.status in (1, 4), outcome.text
        assert "shop.0005_swallow" not in database.applied()
        assert [s.text for s in database.statements() if "phantom" in s.text] == []
