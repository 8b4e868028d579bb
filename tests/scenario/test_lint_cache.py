"""lint does not start a project of which nothing has changed, and starts it whenever something has."""
import os

import pytest

from projects import PYTHON


def test_a_second_run_starts_no_python(counted):
    made = counted()
    log, wrapper = made.dir / "home/starts", made.dir / "home/python"
    wrapper.write_text(f'#!/bin/sh\necho start >> {log}\nexec {PYTHON["psycopg"]} "$@"\n')
    wrapper.chmod(0o755)

    first, _ = made.lint("--python", wrapper)
    second, _ = made.lint("--python", wrapper)

    assert log.read_text() == "start\n", second.stderr
    assert (second.status, second.stdout) == (first.status, first.stdout)
    assert "order_paid" in first.stdout and "set role app" in first.stdout
    wrapper.write_text(wrapper.read_text() + "# changed\n")
    made.assert_loads("--python", wrapper)


def test_a_program_that_chooses_the_python_is_asked_again_when_its_files_change(counted):
    made = counted()
    wrapper = made.dir / "home/python"
    wrapper.write_text(f'#!/bin/sh\nexec {PYTHON["psycopg"]} "$@"\n')
    wrapper.chmod(0o755)
    made.warm("--python", wrapper)

    (made.dir / ".python-version").write_text("3.11\n")

    made.assert_loads("--python", wrapper)


def test_a_program_that_sets_variables_is_always_started(counted):
    made = counted()
    wrapper = made.dir / "home/python"
    wrapper.write_text(f'#!/bin/sh\nexport SHOP_NAME=other\nexec {PYTHON["psycopg"]} "$@"\n')
    wrapper.chmod(0o755)

    made.assert_loads("--python", wrapper)

    assert "sets SHOP_NAME" in made.assert_loads("--python", wrapper).stderr


@pytest.mark.parametrize("arguments", [[], ["--format", "json"], ["--format", "sarif"], ["--format", "github"], ["--app", "shop.0005_index"],
                                       ["--migrations-only"], ["shop/views.py"], ["shop/migrations/0005_index.py"], ["--all-apps"]])
def test_the_output_is_that_of_a_run_that_has_read_everything(counted, arguments):
    made = counted()
    made.warm(*arguments)
    made.assert_kept(*arguments)


def _same_size_and_time(made):
    made.rewrite("shop/migrations/0005_index.py", "order_paid", "order_pale")


def _new_migration(made):
    made.project.add_operations("0006_more", "migrations.RemoveField('order', 'paid')")


def _removed_migration(made):
    (made.dir / "shop/migrations/0005_index.py").unlink()


def _renamed_migration(made):
    folder = made.dir / "shop/migrations"
    (folder / "0005_index.py").rename(folder / "0005_other.py")


def _broken_migration(made):
    (made.dir / "shop/migrations/0005_index.py").write_text("raise RuntimeError('not yet')\n")


def _models(made):
    made.rewrite("shop/models.py", "max_length=20", "max_length=21")


def _settings(made):
    made.rewrite("config/settings.py", "only-for-tests", "only-for-texts")


def _source(made):
    made.rewrite("shop/views.py", "set role app", "set role abb")


def _new_source(made):
    made.project.write("shop/more.py", "def more(cursor):\n    cursor.execute('listen orders')\n")


def _manage(made):
    path = made.dir / "manage.py"
    path.write_text(path.read_text() + "# changed\n")


def _shadowing_module(made):
    made.project.write("django_filters.py", "")


def _shadowing_folder(made):
    made.project.write("colorama/__init__.py", "")


CHANGES = [_same_size_and_time, _new_migration, _removed_migration, _renamed_migration, _broken_migration, _models, _settings, _source,
           _new_source, _manage, _shadowing_module, _shadowing_folder]


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__[1:])
def test_a_change_of_the_project_counts_at_once(counted, change):
    made = counted()
    made.warm()

    change(made)

    made.assert_loads()


READS = {
    "a file": "open('extra.env').read()",
    "a file by its path": "__import__('pathlib').Path('extra.env').read_text()",
    "a file by its descriptor": "os.read(os.open('extra.env', os.O_RDONLY), 99)",
    "a file that is executed": "exec(compile(open('extra.env').read(), 'extra.env', 'exec'))",
}


@pytest.mark.parametrize("read", READS.values(), ids=READS)
def test_a_file_that_the_settings_read_counts(counted, read):
    made = counted(read + "\n")
    made.project.write("extra.env", "NAME = 1\n")
    made.warm()

    made.rewrite("extra.env", "NAME = 1", "NAME = 2")

    assert "extra.env changed" in made.assert_loads().stderr


LOOKS = {
    "opened": "try:\n    open('extra.env')\nexcept OSError:\n    pass\n",
    "exists": "os.path.exists('extra.env')\n",
    "isfile": "os.path.isfile('extra.env')\n",
    "access": "os.access('extra.env', os.R_OK)\n",
    "pathlib": "__import__('pathlib').Path('extra.env').exists()\n",
    "pathlib is_file": "__import__('pathlib').Path('extra.env').is_file()\n",
    "listed": "os.listdir('.')\n",
    "scanned": "list(os.scandir('.'))\n",
    "walked": "list(os.walk('.'))\n",
    "glob": "__import__('glob').glob('*.env')\n",
    "pathlib glob": "list(__import__('pathlib').Path('.').glob('*.env'))\n",
}


@pytest.mark.parametrize("look", LOOKS.values(), ids=LOOKS)
def test_a_file_that_was_absent_counts_when_it_appears(counted, look):
    made = counted(look)
    made.warm()

    made.project.write("extra.env", "")

    made.assert_loads()


def test_settings_of_the_machine_count_when_they_appear(counted):
    made = counted("try:\n    from config.local import *\nexcept ImportError:\n    pass\n")
    made.warm()

    made.project.write("config/local.py", "SILENCED_SYSTEM_CHECKS = ['pgtool.index-not-concurrent']\n")

    assert made.assert_loads().stdout != ""
    made.assert_kept()
    made.rewrite("config/local.py", "index-not-concurrent", "index-not-concurrenz")
    made.assert_loads()


def test_a_module_that_fails_to_load_counts(counted):
    made = counted("try:\n    from config.local import *\nexcept ImportError:\n    pass\n")
    made.project.write("config/local.py", "raise ImportError\n")
    made.warm()

    made.rewrite("config/local.py", "raise ImportError", "RAISE=ImportError")

    made.assert_loads()


@pytest.mark.parametrize("name", ["PYTHONPATH", None])
def test_a_file_outside_of_the_project_counts(counted, tmp_path, name):
    (tmp_path / "outside").mkdir()
    module = tmp_path / "outside/company.py"
    module.write_text("NAME = 1\n")
    insert = "" if name else f"import sys\nsys.path.insert(0, {str(module.parent)!r})\n"
    made = counted(insert + "import company\n", environment={name: str(module.parent)} if name else {})
    made.warm()

    module.write_text("NAME = 2\n")

    assert "company.py changed" in made.assert_loads().stderr


def test_compiled_files_do_not_hide_their_source(counted):
    """Python writes them in the first run, and reads only them later."""
    made = counted(environment={"PYTHONDONTWRITEBYTECODE": ""})
    made.lint("--no-cache")
    assert list(made.dir.rglob("*.pyc"))
    made.warm()

    made.rewrite("shop/models.py", "max_length=20", "max_length=21")

    outcome, loaded = made.lint()
    assert loaded, outcome.stderr


def test_a_first_run_that_writes_compiled_files_is_kept(counted):
    made = counted(environment={"PYTHONDONTWRITEBYTECODE": ""})
    made.warm()
    assert list(made.dir.rglob("*.pyc"))


def test_a_variable_counts_and_those_of_a_terminal_do_not(counted):
    made = counted()
    made.warm()

    made.assert_kept(TERM="other", SHLVL="7", SSH_TTY="/dev/pts/9", GIT_INDEX_FILE=".git/index.lock", COLUMNS="99")
    made.assert_loads(SHOP_NAME="other")
    made.assert_kept(SHOP_NAME="other")
    made.assert_kept()


def test_what_does_not_change_anything_is_no_reason_to_start(counted):
    made = counted()
    made.warm()

    for path in made.dir.rglob("*.py"):
        os.utime(path)
    for name in "shop/migrations/.0005_index.py.swp", "shop/migrations/0005_index.py~", "config/__pycache__/a.pyc", "debug.log", ".coverage":
        made.project.write(name, "")

    made.assert_kept()


def test_a_log_that_the_settings_write_is_no_reason_to_start(counted):
    made = counted("LOGGING = {'version': 1, 'handlers': {'file': {'class': 'logging.FileHandler', 'filename': 'debug.log'}},\n"
                   "           'root': {'handlers': ['file']}}\nimport logging\nlogging.getLogger('shop').warning('loaded')\n")
    made.warm()


@pytest.mark.parametrize("other", [["--app", "shop"], ["--all-apps"], ["--server-version", "13"], ["--settings", "config.other"], ["--database", "default", "--app", "auth"]])
def test_another_question_is_asked(counted, other):
    made = counted()
    made.project.write("config/other.py", "from config.settings import *\n")
    made.warm()

    made.assert_loads(*other)
    made.assert_kept(*other)


def test_rules_and_their_silencing_are_applied_anew(counted):
    made = counted()
    before = made.warm()

    ignored = made.assert_kept("--ignore", "index-not-concurrent")
    assert ignored.stdout != before.stdout
    made.project.write("pgtool.yaml", "rules:\n  ignore:\n    - rule: index-not-concurrent\n      reason: small\n")
    assert made.assert_kept().stdout != before.stdout


def test_the_poolers_file_is_read_anew(counted):
    made = counted()
    ini = made.project.write("pgbouncer.ini", "[databases]\nshop = host=db\n[pgbouncer]\npool_mode = transaction\n")
    before = made.warm("--pooler-config", ini)
    assert "set role app" in before.stdout

    ini.write_text(ini.read_text().replace("transaction", "session"))

    after, loaded = made.lint("--pooler-config", ini)
    assert not loaded and "set role app" not in after.stdout
