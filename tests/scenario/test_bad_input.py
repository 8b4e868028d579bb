"""Bad input: a clear message with what was expected, status 2 or 3, nothing sent."""
import re
import shutil

import pytest
from processes import free_port


@pytest.fixture
def rejected(pgtool, database):
    """migrate --direct must end with the status and these words, and change nothing."""

    def check(project, status, words, *arguments, **environment):
        outcome = pgtool(project, "migrate", "--direct", *arguments, **{"PGTOOL_DIRECT_URL": database.url(), **environment})
        assert outcome.status == status, outcome.text
        for word in words:
            assert re.search(word, outcome.text, re.I), f"{word} in {outcome.text}"
        database.assert_untouched()
        return outcome

    return check


@pytest.fixture
def good(project, bouncer):
    return project(bouncer())


def test_an_unknown_alias_is_named_with_the_known_ones(good, rejected):
    rejected(good, 2, ["replica", "default"], "--database", "replica")


def test_an_engine_that_is_not_postgresql_is_named(make_project, rejected):
    lite = make_project({"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": "files.sqlite3"}})

    rejected(lite, 2, ["sqlite", "postgresql", "default"])

    assert not (lite.dir / "files.sqlite3").exists()


@pytest.mark.parametrize("url", ["postgresql://app@127.0.0.1:port/shop", "mysql://app@127.0.0.1/shop", "postgresql://[::1/shop",
                                 "host=127.0.0.1 nonsense=1", "postgresql://app@127.0.0.1/shop?nonsense=1", "%%%"])
def test_a_malformed_url_says_what_was_expected(good, rejected, url):
    rejected(good, 2, ["url", "direct"], PGTOOL_DIRECT_URL=url)


def test_a_malformed_url_does_not_show_its_password(good, pgtool):
    outcome = pgtool(good, "migrate", "--direct", PGTOOL_DIRECT_URL="postgresql://app:hush-hush@127.0.0.1:port/shop")

    assert outcome.status == 2 and "hush-hush" not in outcome.text


def test_a_project_that_does_not_load_names_its_interpreter(good, rejected):
    good.write("config/settings.py", "import absent_package")

    rejected(good, 3, ["absent_package", f"ran with {re.escape(str(good.python))}"])


def test_a_config_file_that_is_not_there_is_named(good, rejected):
    rejected(good, 2, ["absent.yaml"], "--config", "absent.yaml")


def test_a_config_file_that_is_a_folder_is_named(good, rejected):
    rejected(good, 2, ["config"], "--config", "config")


@pytest.mark.parametrize("text, words", [
    ("databses:\n  default: {}\n", ["databses", "databases", "pgtool.yaml"]),
    ("connect:\n  timout: 2\n", ["timout", "timeout"]),
    ("connect: [\n", ["pgtool.yaml"]),
    ("connect:\n  timeout: soon\n", ["timeout", "soon"]),
    ("databases:\n  default:\n    direct: ${NOT_SET_ANYWHERE}\n", ["NOT_SET_ANYWHERE"]),
])
def test_a_bad_pgtool_yaml_says_where_and_what(good, rejected, text, words):
    good.write("pgtool.yaml", text)

    rejected(good, 2, words)


def test_a_manage_py_with_a_syntax_error_shows_it(good, rejected):
    good.write("manage.py", "import os\nthis is no python\n")

    rejected(good, 3, ["SyntaxError", "manage.py"])


def test_settings_that_raise_show_their_traceback_without_the_secret(good, rejected):
    settings = good.dir / "config/settings.py"
    settings.write_text(settings.read_text() + "raise RuntimeError('cannot use ' + DATABASES['default']['PASSWORD'])\n")

    rejected(good, 3, ["Traceback", "RuntimeError", r"cannot use \*+"])


def test_settings_that_exit_are_said(good, rejected):
    settings = good.dir / "config/settings.py"
    settings.write_text(settings.read_text() + "raise SystemExit(0)\n")

    rejected(good, 3, ["settings|django|handshake|project"])


def test_a_manage_py_that_is_not_django_s_does_not_run_on(good, rejected):
    good.write("manage.py", "print('a script of another kind')\n")

    rejected(good, 3, ["manage.py", "django"])


def test_two_manage_py_are_both_named(good, rejected):
    for folder in "front", "back":
        (good.dir / folder).mkdir()
        shutil.copy(good.dir / "manage.py", good.dir / folder)
    (good.dir / "manage.py").unlink()

    rejected(good, 2, ["front/manage.py", "back/manage.py", "--manage|--project"])


def test_no_manage_py_is_said(nowhere, rejected):
    rejected(nowhere, 2, ["manage.py", "--manage|--project"])


def test_a_python_that_is_not_there_is_named(good, rejected):
    rejected(good, 2, ["no-such-python"], "--python", "no-such-python")


def test_a_python_without_django_is_said(good, rejected):
    bare = good.write("bare-python", "#!/bin/sh\nexec python3 -S \"$@\"\n")
    bare.chmod(0o755)

    rejected(good, 3, ["django"], "--python", bare)


def test_no_password_is_said(project, bouncer, database, rejected):
    rejected(project(bouncer(), PASSWORD=""), 3, ["password"], PGTOOL_DIRECT_URL=database.url(password=""))


def test_an_unreachable_project_database_is_named(project, database, rejected):
    port = free_port()

    rejected(project(database, PORT=port), 3, [str(port)], PGTOOL_DIRECT_URL="")


def test_an_unwritable_output_is_said_before_anything_starts(good, rejected):
    rejected(good, 2, ["absent/report.json"], "--format", "json", "--output", "absent/report.json")


def test_an_unknown_format_is_named(good, rejected):
    rejected(good, 2, ["jsn", "json"], "--format", "jsn")


def test_an_alias_of_pgtool_yaml_that_does_not_exist_is_named(good, pgtool, database):
    good.write("pgtool.yaml", f"databases:\n  defualt:\n    direct: {database.url()}\n")

    outcome = pgtool(good, "detect", "--fail-level", "warning")

    assert outcome.status == 1 and "'defualt'" in outcome.text and "'default'" in outcome.text, outcome.text


@pytest.mark.parametrize("variable, value", [("PGTOOL_PYTHON", "no-such-python"), ("PGTOOL_PYTHON", "/nowhere/python"),
                                             ("PGTOOL_MANAGE", "no-such-command"), ("PGTOOL_PROJECT", "/nowhere")])
def test_a_wrong_value_is_said_to_stand_where_it_stands(nowhere, pgtool, variable, value):
    nowhere.write("manage.py", "")

    outcome = pgtool(nowhere, "detect", **{variable: value})

    assert outcome.status == 2 and f"error: {variable}: " in outcome.stderr, outcome.text


def test_the_file_is_named_for_a_wrong_value_in_it(nowhere, pgtool):
    del nowhere.environment["PGTOOL_PYTHON"]
    nowhere.write("pgtool.yaml", "project:\n  python: no-such-python\n  settings: config.settings\n")

    outcome = pgtool(nowhere, "detect")

    assert outcome.status == 2 and "pgtool.yaml:2: project.python: no program" in outcome.stderr, outcome.text
