"""What lint says to do in place of a hazard is pasted and run on a real server, and comes to what the hazard comes to."""
import json
import re
import subprocess

import psycopg
import pytest

from lint_set import SNIPPETS
from lint_set.schema import BASE, ROWS
from lint_set.snippets import statements
from moves import dump, in_lines
from projects import postgresql
from remedy_cases import DJANGO, DJANGO_ROWS, MODELS, NOT_TO_BE_PASTED, SQL
from runs import PGTOOL

LATER = re.compile(r"^(?:--|#) in the next (?:release|migration):.*$", re.M)
GRAVE = {"error", "warning"}
HEAD = """\
import django
from django.db import migrations, models
from django.db.models import Q

CHECK = "condition" if django.VERSION >= (5, 1) else "check"
"""


def lint(folder, text, history="", wrapped=False):
    """The findings of a file of SQL."""
    (folder / "earlier.sql").write_text(history)
    (folder / "change.sql").write_text(text)
    route = "file" if wrapped else "none"
    done = subprocess.run([PGTOOL, "lint", "--format", "json", "--pool-mode", "none", "--transaction", route,
                           "--history", "earlier.sql", "change.sql"], cwd=folder, capture_output=True, text=True, timeout=30, check=False)
    assert done.returncode in (0, 1), done.stderr
    return json.loads(done.stdout)["findings"]


def remedy_of(findings, rule):
    found = [finding["remedy"] for finding in findings if finding["rule"] == rule]
    assert found, [finding["rule"] for finding in findings]
    return found[0]


def grave(findings):
    return {finding["rule"] for finding in findings if finding["severity"] in GRAVE}


def parts_of(remedy, mark):
    """What is to be pasted now, and what in the next release, which stands in comments."""
    now, *later = LATER.split(remedy)
    return now, "\n".join(line.removeprefix(mark) for line in "".join(later).splitlines())


def run(database, *texts):
    with psycopg.connect(database.cluster.conninfo(database.name, "app"), autocommit=True) as connection:
        for text in texts:
            for statement in statements(text):
                connection.execute(statement)


def furnished(database, case):
    run(database, BASE, case.setup, "" if case.empty else ROWS, "" if case.empty else case.fill)
    run(database, "analyze")


def lines_of(database):
    """Of pg_dump; the order of columns is not compared, for a new column comes last."""
    return in_lines(re.sub(r",$", "", dump(database), flags=re.M))


def assert_alike(pasted, original, case):
    one, other = lines_of(pasted), lines_of(original)
    if not case.differs:
        assert one == other
        return
    different = set(one) ^ set(other)  # nothing, where an older Django has no form that differs
    assert [line for line in different if not re.search(case.in_lines, line)] == []


@pytest.mark.parametrize("case", SQL, ids=str)
def test_the_sql_of_a_remedy_does_what_the_statement_does(tmp_path, cluster, make_database, case):
    history = f"{BASE};{case.setup};"
    remedy = remedy_of(lint(tmp_path, case.text, history, case.wrapped), case.rule)
    now, later = parts_of(remedy, "-- ")
    pasted, original = make_database(cluster), make_database(cluster)
    furnished(original, case)
    furnished(pasted, case)
    before = case.text.split(";")[0] if case.wrapped else ""

    run(pasted, before, now, later)

    if case.in_lines or not case.differs:
        run(original, case.text)
        assert_alike(pasted, original, case)
    if case.holds:
        assert pasted.sql(case.holds) == "t"
    assert case.rule not in grave(lint(tmp_path, now, f"{history}{before};")), now
    assert "invalid-syntax-or-unsupported" not in grave(lint(tmp_path, later)), later


class Shop:
    """A project whose database has rows, and migrations that are added to it."""

    def __init__(self, project, database):
        self.project, self.database, self.imports, self.last = project, database, (), ""
        for file in (project.dir / "shop/migrations").glob("0*.py"):
            file.unlink()
        project.write("shop/models.py", "")
        project.write("shop/migrations/0001_initial.py", MODELS)
        self.migrate()
        database.sql(DJANGO_ROWS, "app")

    def migrate(self):
        done = subprocess.run([self.project.python, "manage.py", "migrate", "shop"], cwd=self.project.dir,
                              env=self.project.environment, capture_output=True, text=True, timeout=120, check=False)
        assert done.returncode == 0, done.stderr[-2000:] + self.last

    def add(self, name, after, text):
        """Pastes operations, with what their comments ask for."""
        imports = "".join(line + "\n" for line in self.imports)
        atomic = "atomic = False" not in text
        self.last = (f"{HEAD}{imports}\n\nclass Migration(migrations.Migration):\n    atomic = {atomic}\n"
                     f"    dependencies = [('shop', '{after}')]\n    operations = [\n{text}\n    ]\n")
        self.project.write(f"shop/migrations/{name}.py", self.last)

    def lint(self, migration):
        done = subprocess.run([PGTOOL, "lint", "--format", "json", "--pool-mode", "none", "--app", f"shop.{migration}"],
                              cwd=self.project.dir, env=self.project.environment, capture_output=True, text=True, timeout=60,
                              check=False)
        assert done.returncode in (0, 1), done.stderr + done.stdout
        return json.loads(done.stdout)["findings"]


@pytest.mark.parametrize("case", DJANGO, ids=str)
def test_the_operations_of_a_remedy_do_what_the_operation_does(cluster, make_database, make_project, case):
    shops = []
    for _ in range(2):
        database = make_database(cluster)
        shops.append(Shop(make_project({"default": postgresql(database, database.name)}), database))
    original, pasted = shops
    original.add("0002_change", "0001_initial", case.text + ",")
    remedy = remedy_of(original.lint("0002_change"), case.rule)
    now, later = parts_of(remedy, "# ")

    pasted.imports = [line[2:] for line in now.splitlines() if re.match(r"# (?:import|from) ", line)]
    pasted.add("0002_change", "0001_initial", now)
    pasted.migrate()
    assert case.rule not in grave(pasted.lint("0002_change")), remedy
    if later.strip():
        pasted.add("0003_later", "0002_change", later)
        pasted.migrate()

    original.migrate()
    assert_alike(pasted.database, original.database, case)


def test_every_rule_about_statements_has_a_remedy_to_paste_or_says_why_not():
    told = subprocess.run([PGTOOL, "explain", "--format", "json"], capture_output=True, text=True, timeout=30, check=True).stdout
    rules = {rule["rule"] for rule in json.loads(told)["rules"] if rule["area"] == "migrations"}
    pasted = {case.rule for case in [*SQL, *DJANGO]}
    reasons = set(NOT_TO_BE_PASTED)

    assert not pasted & reasons
    assert rules == pasted | reasons, rules ^ (pasted | reasons)


def test_no_remedy_of_a_statement_leaves_something_out(tmp_path):
    """A gap (…) stands only in what a rule says in general."""
    told = subprocess.run([PGTOOL, "explain", "--format", "json"], capture_output=True, text=True, timeout=30, check=True).stdout
    general = {rule["rule"]: rule["remedy"] for rule in json.loads(told)["rules"]}
    gaps = set()
    for snippet in SNIPPETS:
        for finding in lint(tmp_path, snippet.sql, "\n".join(snippet.history), snippet.run == "file"):
            if "…" in finding["remedy"] and finding["remedy"] != general[finding["rule"]]:
                gaps.add(finding["remedy"])

    assert not gaps
