"""Projects behind a pooler, what check says of them, and their own work, which shows whether that is true."""
import subprocess

import pytest
from projects import postgresql

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
