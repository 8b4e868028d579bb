"""What the bridge tells of migrations without a database, beside what Django itself says on a real one."""
from itertools import zip_longest

import pytest

from deploys import CUSTOMER
from migration_kinds import TABLES, add_kinds
from named_migrations import add_steps, by_operation, django_version, told_by_django
from projects import postgresql
from supervisor import Supervisor

NOWHERE = {"default": {"ENGINE": "django.db.backends.postgresql", "HOST": "127.0.0.1", "PORT": 1, "NAME": "nowhere", "USER": "app"}}


@pytest.fixture(params=["psycopg", "psycopg2"])
def driver(request):
    return request.param


def ask(project, **question):
    """What is told of migrations; `question` may change any part of it."""
    whole = {"do": "migrations", "alias": "default", "apps": [], "names": [], "files": [], "unapplied": False, "all_apps": False,
             "server_version": 150000, "connect": False, **question}
    run = Supervisor(project, "manage.py", "check", mode="settings", questions=[whole]).finish()
    assert (run.status, run.out, run.err) == (7, "", "")
    assert run.of("connected") == []
    return run.of("migrations")[0]


def named(told):
    return {f"{migration['app']}.{migration['name']}": migration for migration in told["migrations"]}


def compare(make_project, database, driver, add):
    """Every operation of a project that reaches nothing and of the same one that is migrated step by step."""
    offline, migrated = make_project(NOWHERE, driver=driver), make_project({"default": postgresql(database, database.name)}, driver=driver)
    for project in offline, migrated:
        project.add_operations("0005_customer", CUSTOMER)
        add(project)
    expected, told = told_by_django(migrated), ask(offline)

    found = {name: one for name, one in named(told).items() if name in expected}
    assert told["error"] is None and list(found) == list(expected) and len(found) > 20
    assert [(name, part["error"]) for name, one in found.items() for part in one["operations"] if part["error"]] == []
    for name, one in found.items():
        for ours, djangos in zip_longest(by_operation(one), expected[name]):
            assert (name, ours) == (name, djangos)


def test_every_usual_kind_is_told_as_sqlmigrate_says(make_project, production, driver):
    production.sql(TABLES, user="app")
    compare(make_project, production, driver, add_kinds)


def test_names_quotes_and_versions_are_told_as_sqlmigrate_says(make_project, database, driver):
    database.sql("create schema archive authorization app")
    compare(make_project, database, driver, lambda project: add_steps(project, django_version(project)))
