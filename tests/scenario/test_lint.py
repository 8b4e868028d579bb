"""pgtool lint as people and CI call it: files, stdin, projects, what it says and how it ends."""
import subprocess

import pytest

from projects import postgresql
from runs import PGTOOL

INDEX = "CREATE INDEX order_total ON shop_order (total);\n"


@pytest.fixture
def folder(make_project, database):
    """A folder without a project."""
    project = make_project({"default": postgresql(database, database.name)})
    (project.dir / "manage.py").unlink()
    return project


@pytest.fixture
def project(make_project):
    """A project whose database does not exist: lint opens none."""
    return make_project({"default": {"ENGINE": "django.db.backends.postgresql", "NAME": "shop", "USER": "app",
                                     "PASSWORD": "none", "HOST": "127.0.0.1", "PORT": "1"}})


@pytest.fixture
def lint(pgtool):
    return lambda where, *words: pgtool(where, "lint", "--format", "json", *words)


def told(outcome):
    return {(finding["rule"], finding["where"]["file"], finding["where"]["line"]) for finding in outcome.json["findings"]}


def rules(outcome):
    return sorted(finding["rule"] for finding in outcome.json["findings"])


def test_a_hazard_is_told_with_its_line_and_a_safe_file_is_a_pass(lint, folder):
    folder.write("a.sql", "-- the order's total\n\n" + INDEX)
    folder.write("b.sql", "CREATE INDEX CONCURRENTLY order_total ON shop_order (total);\n")
    outcome = lint(folder, "a.sql")

    assert outcome.status == 1 and told(outcome) == {("index-not-concurrent", "a.sql", 3)}
    assert "CREATE INDEX CONCURRENTLY order_total ON shop_order (total)" in outcome.json["findings"][0]["remedy"]
    assert lint(folder, "b.sql").status == 0
    assert rules(lint(folder, "--transaction", "file", "b.sql")) == ["concurrently-in-transaction"]


def test_stdin_and_folders_are_read_too(lint, folder):
    piped = subprocess.run([PGTOOL, "lint", "-"], input=INDEX, cwd=folder.dir, env=folder.environment, capture_output=True, text=True,
                           timeout=60)
    folder.write("deploy/2.sql", INDEX)
    folder.write("deploy/deep/1.sql", "SELECT 1;\n")
    folder.write("deploy/notes.txt", "DROP TABLE a;\n")

    assert told(lint(folder, "deploy")) == {("index-not-concurrent", "deploy/2.sql", 1)}
    assert piped.returncode == 1 and "[index-not-concurrent]" in piped.stdout


def test_what_one_file_makes_the_next_one_knows(lint, folder):
    folder.write("1.sql", "CREATE TABLE a (name varchar(20));\n")
    folder.write("2.sql", "ALTER TABLE a ALTER name TYPE varchar(40);\n")
    folder.write("3.sql", "ALTER TABLE a ALTER name TYPE varchar(10);\n")

    assert told(lint(folder, "1.sql", "2.sql", "3.sql")) == {("alter-column-type", "3.sql", 1)}
    assert lint(folder, "--history", "1.sql", "2.sql").json["findings"] == []
    # Alone it depends on the type that the column has.
    assert [finding["severity"] for finding in lint(folder, "2.sql").json["findings"]] == ["info"]


def test_a_statement_that_does_not_parse_is_told_and_the_rest_is_judged(lint, folder):
    folder.write("a.sql", "SELECT FROM WHERE 'hunter22';\n" + INDEX + "\\i other.sql\nCOPY a FROM stdin;\n1;2\n\\.\n" + INDEX)
    outcome = lint(folder, "a.sql")

    assert told(outcome) == {("invalid-syntax-or-unsupported", "a.sql", 1), ("index-not-concurrent", "a.sql", 2),
                             ("opaque-dynamic-sql", "a.sql", 3), ("index-not-concurrent", "a.sql", 7)}
    assert "hunter22" not in outcome.text


def test_a_finding_is_silenced_where_it_stands(lint, folder):
    folder.write("a.sql", "-- pgtool: ignore[index-not-concurrent] the table is small\n" + INDEX + INDEX.replace("total;", "total; -- no"))
    outcome = lint(folder, "a.sql")

    assert [one["reason"] for one in outcome.json["silenced"]] == ["the table is small"]
    assert told(outcome) == {("index-not-concurrent", "a.sql", 3)}


@pytest.mark.parametrize("words, expected", [
    (["absent.sql"], "absent.sql"),
    (["--transaction", "perhaps", "a.sql"], "perhaps"),
    (["--server-version", "new", "a.sql"], "new"),
    (["--pool-mode", "swimming", "a.sql"], "swimming"),
    (["--since", "no-such"], "no-such"),
    ([], "nothing to judge"),
])
def test_bad_input_is_a_usage_error_that_names_it(pgtool, folder, words, expected):
    folder.write("a.sql", INDEX)
    outcome = pgtool(folder, "lint", *words)

    assert outcome.status == 2 and expected in outcome.stderr and outcome.stdout == ""


def test_the_pool_mode_decides_how_grave_a_session_setting_is(lint, folder):
    folder.write("a.sql", "SET search_path = shop;\n")

    for mode, severity in {"transaction": ["error"], "session": [], "none": []}.items():
        assert [finding["severity"] for finding in lint(folder, "--pool-mode", mode, "a.sql").json["findings"]] == severity
    assert [finding["severity"] for finding in lint(folder, "a.sql").json["findings"]] == ["warning"]
    folder.write("pgbouncer.ini", "[databases]\n* =\n[pgbouncer]\npool_mode = transaction\n")
    assert [finding["severity"] for finding in lint(folder, "a.sql").json["findings"]] == ["error"]


WIDER = """\
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]
    operations = [
        migrations.AlterField("order", "number", models.CharField(max_length={length})),
        migrations.AddIndex("order", models.Index(fields=["number"], name="by_number")),
    ]
"""


def clear(project):
    for file in (project.dir / "shop/migrations").glob("0*.py"):
        if file.name != "0001_initial.py":
            file.unlink()


def test_a_project_is_judged_by_djangos_own_sql_without_a_database(lint, project):
    clear(project)
    project.write("shop/migrations/0002_wider.py", WIDER.format(length=200))
    outcome = lint(project)

    assert told(outcome) == {("index-not-concurrent", "shop/migrations/0002_wider.py", 8)}, outcome.stdout
    assert outcome.status == 1 and "AddIndexConcurrently" in outcome.json["findings"][0]["remedy"]
    project.write("shop/migrations/0002_wider.py", WIDER.format(length=5))
    assert rules(lint(project, "--app", "shop.0002")) == ["alter-column-type", "index-not-concurrent"]
    assert lint(project, "--app", "shop.0001").json["findings"] == []
    assert told(lint(project, "shop/migrations/0002_wider.py")) == told(lint(project))


def test_an_app_that_is_not_there_is_named(pgtool, project):
    outcome = pgtool(project, "lint", "--app", "absent")

    assert outcome.status == 2 and "'absent'" in outcome.stderr


RUNS = """\
from django.db import migrations
from shop.models import Order


def fill(apps, schema_editor):
    for order in Order.objects.iterator():
        order.save()


class Migration(migrations.Migration):
    atomic = {atomic}
    dependencies = [("shop", "0001_initial")]
    operations = [
        migrations.RunSQL("ALTER TABLE shop_order ADD COLUMN note text"),
        migrations.RunPython(fill),
    ]
"""


def test_djangos_own_traps_are_told(lint, project):
    clear(project)
    project.write("shop/migrations/0002_runs.py", RUNS.format(atomic=True))
    both = ["runpython-model-import", "runpython-not-reversible", "runsql-not-reversible"]

    assert rules(lint(project)) == sorted([*both, "runpython-mixed-with-schema"])
    project.write("shop/migrations/0002_runs.py", RUNS.format(atomic=False))
    assert rules(lint(project)) == sorted([*both, "iterator-outside-transaction"])
    project.write("shop/migrations/0002_other.py", RUNS.format(atomic=False))
    assert "conflicting-leaf-nodes" in rules(lint(project))


VIEWS = """\
from django.db import connection, transaction


def locked(request):
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(1)")
        cursor.execute("SET ROLE %s" % request.user)


@transaction.atomic
def fine(request):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = '1s'")
        cursor.execute("SELECT pg_advisory_xact_lock(1)")
        cursor.execute("TRUNCATE shop_order")
"""


def test_the_projects_source_is_judged_for_what_stays_in_a_session(lint, project):
    clear(project)
    project.write("shop/views.py", VIEWS)

    assert told(lint(project, "--pool-mode", "transaction")) == {("session-advisory-lock-under-pooler", "shop/views.py", 6),
                                                                 ("set-role-under-pooler", "shop/views.py", 7)}
    assert lint(project, "--pool-mode", "session").json["findings"] == []
    assert lint(project, "--pool-mode", "transaction", "--migrations-only").json["findings"] == []


def test_only_what_git_says_has_changed(lint, pgtool, project):
    clear(project)
    git = ["git", "-c", "user.name=a", "-c", "user.email=a@b"]
    for words in (["init", "-q"], ["add", "."], ["commit", "-qm", "all"]):
        subprocess.run([*git, *words], cwd=project.dir, check=True, env=project.environment)
    assert lint(project, "--since", "HEAD").json["findings"] == []
    project.write("shop/migrations/0002_wider.py", WIDER.format(length=200))
    project.write("deploy/1.sql", INDEX)

    assert told(lint(project, "--since", "HEAD")) == {("index-not-concurrent", "shop/migrations/0002_wider.py", 8),
                                                      ("index-not-concurrent", "deploy/1.sql", 1)}
    assert pgtool(project, "lint", "--since", "absent").status == 2


def test_only_what_the_database_has_not_got(lint, pgtool, database, make_project):
    project = make_project({"default": postgresql(database, database.name)})
    clear(project)
    assert pgtool(project, "migrate", "--direct").status == 0
    project.write("shop/migrations/0002_wider.py", WIDER.format(length=200))
    outcome = lint(project, "--unapplied")

    assert told(outcome) == {("index-not-concurrent", "shop/migrations/0002_wider.py", 8)}, outcome.text
    assert "1 migration" in outcome.json["verdict"]
    assert pgtool(project, "migrate", "--direct").status == 0
    assert lint(project, "--unapplied").json["findings"] == [] and lint(project, "--unapplied").status == 0


def test_a_load_of_rows_is_read_by_its_beginning(lint, folder):
    rows = ", ".join("(%d, 'hunter22')" % number for number in range(20000))
    folder.write("a.sql", f"INSERT INTO shop_order (id, name) VALUES {rows};\n{INDEX}")

    assert told(lint(folder, "a.sql")) == {("index-not-concurrent", "a.sql", 2)}


def test_a_chain_of_operators_ends_in_time(lint, folder):
    folder.write("a.sql", f"SELECT {'1+' * 30000}1;\nSELECT {'1+' * 300000}1;\n{INDEX}")

    assert told(lint(folder, "a.sql")) == {("invalid-syntax-or-unsupported", "a.sql", 2), ("index-not-concurrent", "a.sql", 3)}
