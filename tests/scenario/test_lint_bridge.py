"""What the bridge tells of migrations without a database, beside what Django itself says on a real one."""
from itertools import zip_longest

import pytest

from deploys import CUSTOMER
from migration_kinds import TABLES, add_kinds
from named_migrations import add_links, add_steps, ask, by_operation, django_version, named, told_by_django
from projects import NOWHERE, postgresql


@pytest.fixture(params=["psycopg", "psycopg2"])
def driver(request):
    return request.param


def compare(make_project, database, driver, add):
    """Every operation of a project that reaches nothing and of the same one that is migrated step by step."""
    offline, migrated = make_project(NOWHERE, driver=driver), make_project({"default": postgresql(database, database.name)}, driver=driver)
    add(offline)
    add(migrated)
    expected, told = told_by_django(migrated), ask(offline)

    found = {name: one for name, one in named(told).items() if name in expected}
    assert told["error"] is None and list(found) == list(expected) and len(found) > 10
    assert [(name, part["error"]) for name, one in found.items() for part in one["operations"] if part["error"]] == []
    for name, one in found.items():
        for ours, djangos in zip_longest(by_operation(one), expected[name]):
            assert (name, *(ours or ())) == (name, *(djangos or ()))


def test_every_usual_kind_is_told_as_sqlmigrate_says(make_project, production, driver):
    production.sql(TABLES, user="app")
    def add(project):
        project.add_operations("0005_customer", CUSTOMER)
        add_kinds(project)

    compare(make_project, production, driver, add)


def test_names_quotes_and_versions_are_told_as_sqlmigrate_says(make_project, database, driver):
    database.sql("create schema archive authorization app")
    compare(make_project, database, driver, lambda project: add_steps(project, django_version(project)))


def test_foreign_keys_are_followed_through_renames(make_project, database):
    compare(make_project, database, "psycopg", add_links)
