"""A project under the Python bridge behaves as when Python had been started plainly, but for secrets."""
import json

import pytest

from projects import postgresql
from servers import SECRET
from supervisor import Supervisor, plainly


@pytest.fixture
def project(make_project, database):
    return lambda: make_project({"default": postgresql(database, database.name)})


BROKEN = {
    "an exception with the password": "raise ValueError('cannot use ' + str(DATABASES))",
    "an exception with a URL": "int('postgres://app:hunter22@db/shop')",
    "an exit": "import sys; print('bye'); sys.exit(3)",
    "a line that does not parse": "DB_PASSWORD = 'hunter22",
    "a literal in the line that fails": "ANOTHER = {'PASSWORD': 'hunter22', 'PORT': int('x')}",
    "a slash in the password of a URL": "from urllib.parse import urlsplit; urlsplit('postgres://app:hunter22/1@db/shop').port",
    "a password before a full stop": "DB_PASSWORD = 'hunterword'\nraise ValueError('cannot use ' + DB_PASSWORD + '.')",
    "an exit with words": "import sys; sys.exit('bad DATABASES: ' + DATABASES['default']['PASSWORD'])",
}


@pytest.mark.parametrize("ending", BROKEN)
def test_settings_that_end_the_process_look_as_ever_but_for_secrets(project, ending):
    here = project()
    here.write("config/settings.py", (here.dir / "config/settings.py").read_text() + BROKEN[ending] + "\n")
    expected, run = plainly(here, "manage.py", "migrate"), Supervisor(here, "manage.py", "migrate").finish()

    hidden = expected.stderr.replace(SECRET, "***").replace("app:hunter22@", "***@")
    for word in "hunter22/1", "hunter22", "hunterword":
        hidden = hidden.replace(word, "***")
    assert (run.status, run.out, run.err) == (expected.returncode, expected.stdout, hidden)
    assert SECRET not in json.dumps(run.messages) and len(run.of("failed")) == 1 and not run.of("settings")


@pytest.mark.parametrize("text", ["print('half'\n", "print('no django here', __name__, __file__)\nraise SystemExit(9)\n",
                                  "import sys\nprint(sys.argv, sys.path[0], __spec__, sorted(globals()))\n1 / 0\n"])
def test_an_entry_point_without_django_runs_as_ever(project, text):
    here = project()
    here.write("manage.py", text)
    expected, run = plainly(here, "manage.py", "a", "b"), Supervisor(here, "manage.py", "a", "b").finish()

    assert (run.status, run.out, run.err) == (expected.returncode, expected.stdout, expected.stderr)
    assert [message["event"] for message in run.messages] == ["hello", "failed"]


def test_a_module_is_an_entry_point_too(project):
    here = project()
    arguments = ["-m", "django", "migrate", "--settings", "config.settings", "--plan"]
    expected, run = plainly(here, *arguments), Supervisor(here, *arguments).finish()

    assert (run.status, run.out, run.err) == (expected.returncode, expected.stdout, expected.stderr)
    assert run.of("command") and run.of("connected")


def test_patched_modules_keep_their_loaders(project):
    here = project()
    here.write("look.py", """\
import pkgutil, inspect, importlib.util
import django.db.backends.base.base as base, django.core.management.base, django
print(len(pkgutil.get_data("django", "__init__.py")) > 0, base.__loader__.is_package(base.__name__), base.__spec__.loader.name)
print("BaseDatabaseWrapper" in inspect.getsource(base), django.__loader__.is_package("django"), vars(base.__loader__).keys())
""")
    expected, run = plainly(here, "look.py"), Supervisor(here, "look.py").finish()

    assert (run.status, run.out, run.err) == (0, expected.stdout, "")


@pytest.mark.parametrize("arguments", [["-m", "broken"], ["-m", "absent"], ["broken.py"], ["absent.py"], ["folder"]])
def test_entry_points_that_fail_look_as_ever(project, arguments):
    here = project()
    here.write("broken.py", "def fail():\n    try:\n        {}['a']\n    except KeyError as error:\n"
                            "        raise ValueError('b') from error\nfail()\n")
    here.write("folder/__main__.py", "import sys\nprint(sys.argv, __name__)\nimport absent\n")
    expected, run = plainly(here, *arguments), Supervisor(here, *arguments).finish()

    assert (run.status, run.out, run.err) == (expected.returncode, expected.stdout, expected.stderr)


def test_a_failing_import_looks_as_ever(project):
    here = project()
    here.write("asgiref/__init__.py", "raise RuntimeError('shadowed')\n")
    expected, run = plainly(here, "manage.py", "check"), Supervisor(here, "manage.py", "check").finish()

    assert (run.status, run.out, run.err) == (expected.returncode, expected.stdout, expected.stderr) and "shadowed" in run.err
