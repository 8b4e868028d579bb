"""preflight judges the statements of the migrations that it would apply, as lint does."""
import pytest

from judged import QUIET
from projects import postgresql

INDEX = "migrations.AddIndex('order', models.Index(fields=['paid'], name='by_paid'))"
CODE = """
def run(apps, schema_editor):
    open("has-run", "w").close()
    schema_editor.execute("LOCK TABLE shop_order")
"""


@pytest.fixture
def site(make_project, bouncer, database, pgtool):
    """A project behind a pooler, up to date, with rows."""
    project = make_project({"default": postgresql(bouncer(), database.name, **QUIET)})
    assert pgtool(project, "migrate", "--direct", PGTOOL_DIRECT_URL=database.url()).status == 0
    database.sql("insert into shop_order (number, paid) select i, true from generate_series(1, 30000) i; analyze shop_order")
    return project


@pytest.fixture
def preflight(pgtool, database):
    return lambda project, *words: pgtool(project, "preflight", "--format", "json", *words, PGTOOL_DIRECT_URL=database.url())


def of_migrations(outcome):
    return [finding for finding in outcome.json["findings"] if (finding["where"]["file"] or "").startswith("shop/migrations")]


def test_a_hazard_in_what_is_to_be_applied_is_told_with_its_place_and_size(site, preflight):
    site.add_operations("0101_index", INDEX)
    outcome = preflight(site)

    found = of_migrations(outcome)
    assert [(one["rule"], one["severity"], one["where"]["object"]) for one in found] == [("index-not-concurrent", "error", "shop_order")]
    assert found[0]["where"]["file"].endswith("0101_index.py") and "about 3000" in found[0]["message"]
    assert outcome.status == 1 and "index-not-concurrent" in outcome.json["preflight"]["reasons"]


def test_what_is_applied_is_history(site, preflight):
    outcome = preflight(site)

    assert of_migrations(outcome) == [] and outcome.status == 0, outcome.text


def test_no_code_of_a_migration_runs_and_nothing_is_left(site, preflight, database):
    site.add_operations("0101_code", "migrations.RunPython(run, run)", INDEX, before=CODE)
    before = database.tables()
    outcome = preflight(site)

    assert not (site.dir / "has-run").exists() and database.tables() == before
    assert {"explicit-lock-table", "index-not-concurrent"} <= {one["rule"] for one in of_migrations(outcome)}


def test_it_is_silenced_as_everywhere(site, preflight):
    site.add_operations("0101_index", INDEX + "  # pgtool: ignore[index-not-concurrent] at night, nobody writes")
    outcome = preflight(site)

    assert of_migrations(outcome) == [] and [one["finding"]["rule"] if "finding" in one else one["rule"]
                                             for one in outcome.json["silenced"]] == ["index-not-concurrent"], outcome.text
