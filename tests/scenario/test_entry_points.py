"""Whichever way a project is started, the migration goes direct, in the Python that the project means."""
import os
import signal
import subprocess
import zipapp

import pytest

from projects import SHOP
from waiting import until

CONSOLE = "import os, sys\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'config.settings')\nsys.path.insert(0, {folder!r})\n" \
          "from django.core.management import execute_from_command_line\nexecute_from_command_line(sys.argv)\n"


@pytest.fixture
def article(bouncer, article_project):
    return article_project(bouncer())


@pytest.fixture
def migrates(pgtool, database):
    """Runs migrate --direct with these options and environment; returns what was printed once all is applied directly."""

    def run(project, *options, **environment):
        outcome = pgtool(project, "migrate", "--direct", "-v", "2", *options, **environment)
        assert outcome.status == 0, outcome.text
        assert database.applied() == SHOP
        database.assert_written_directly_only()
        return outcome.text

    return run


def script(project, name, text, mode=0o755):
    path = project.write(name, text)
    path.chmod(mode)
    return path


def at(project, folder):
    """The same project, seen from another of its folders."""
    (project.dir / folder).mkdir(parents=True, exist_ok=True)
    seen = type(project).bare(project.dir / folder)
    seen.environment = project.environment
    return seen


def test_manage_py_is_found_from_a_folder_below(article, migrates):
    migrates(at(article, "shop/static/img"))


def test_manage_py_is_found_from_a_folder_beside_it(article, tmp_path, migrates):
    (tmp_path / ".git").mkdir()

    migrates(at(article, "../docs"))


def test_several_manage_py_are_named(article, pgtool, tmp_path):
    for name in "one", "two":
        article.write(f"../{name}/manage.py", "")

    outcome = pgtool(at(article, "../"), "migrate", "--direct")

    assert outcome.status == 2
    assert str(tmp_path / "one/manage.py") in outcome.stderr and "--project" in outcome.stderr


def test_a_module_is_started(article, migrates):
    article.write("acme/__init__.py", "")
    article.write("acme/__main__.py", (article.dir / "manage.py").read_text())

    migrates(article, "--manage", f"{article.python} -m acme")


def test_python_m_django_needs_a_settings_module_only(article, migrates):
    (article.dir / "manage.py").unlink()

    assert "python -m django" in migrates(article, "--settings", "config.settings")


def test_without_manage_py_the_error_says_what_to_name(article, pgtool):
    (article.dir / "manage.py").unlink()

    outcome = pgtool(article, "migrate", "--direct")

    assert outcome.status == 2 and "--settings" in outcome.stderr and "--manage" in outcome.stderr


LONG = "'''exec' \"{python}\" \"$0\" \"$@\"\n' '''\n"
SHEBANGS = {"a path": "#!{python}\n", "a path with a flag": "#!{python} -E\n", "env": "#!/usr/bin/env python3\n",
            "env with words": "#!/usr/bin/env -S python3 -E\n", "a line that is too long": "#!/bin/sh\n" + LONG}


@pytest.mark.parametrize("shebang", SHEBANGS)
def test_a_console_script_runs_with_the_python_of_its_first_lines(article, migrates, shebang):
    first = SHEBANGS[shebang].format(python=article.python)
    script(article, "bin/acme-server", first + CONSOLE.format(folder=str(article.dir)))
    del article.environment["PGTOOL_PYTHON"]
    venv = str(article.python.parent)

    said = migrates(article, "--manage", "acme-server", PATH=f"{article.dir}/bin:{venv}:{os.environ['PATH']}")

    assert f"acme-server with {article.python}" in said or f"acme-server with {venv}/python3" in said


def test_a_console_script_is_found_beside_an_interpreter_that_is_not_active(article, migrates):
    python = script(article, ".venv/bin/python", f'#!/bin/sh\nexec {article.python} "$@"\n')
    script(article, ".venv/bin/acme-server", f"#!{python}\n" + CONSOLE.format(folder=str(article.dir)))
    del article.environment["PGTOOL_PYTHON"]

    migrates(article, "--manage", "acme-server")


def test_an_archive_is_started(article, migrates):
    article.write("packed/__main__.py", CONSOLE.format(folder=str(article.dir)))
    zipapp.create_archive(article.dir / "packed", article.dir / "acme.pyz", interpreter=str(article.python))

    migrates(article, "--manage", "./acme.pyz")


@pytest.mark.parametrize("flags", ["-E", "-I", "-Es -X dev -Wignore", "-I -W ignore"])
def test_an_isolated_interpreter_works(article, migrates, flags):
    start = (article.dir / "manage.py").read_text()
    article.write("manage.py", f"import sys\nsys.path.insert(0, {str(article.dir)!r})\nprint('FLAGS', sys.flags.ignore_environment)\n"
                  + start)

    assert "FLAGS 1" in migrates(article, "--manage", f"{article.python} {flags} manage.py")


def test_variables_may_stand_before_the_command(article, migrates):
    article.write("config/other.py", "import os\nassert os.environ['GREETING'] == 'good day'\nfrom config.settings import *\n")

    migrates(article, "--manage", f"DJANGO_SETTINGS_MODULE=config.other GREETING='good day' {article.python} manage.py")


class TestAProgramThatStartsPythonByItself:
    def test_a_shell_script_works(self, article, migrates):
        script(article, "run.sh", f'#!/bin/bash\nset -e\ncd "$(dirname "$0")"\necho STARTING\n{article.python} manage.py "$@"\necho DONE\n')

        said = migrates(article, "--manage", "./run.sh")

        assert said.count("STARTING") == said.count("DONE") == 1 and "starts Python by itself" in said

    def test_a_script_that_runs_other_commands_first_works(self, article, migrates):
        script(article, "run.sh", f'#!/bin/sh\n{article.python} manage.py check && exec {article.python} manage.py "$@"\n')

        assert "no issues" in migrates(article, "--manage", "./run.sh")

    @pytest.mark.parametrize("start", ['exec {python} manage.py "$@"', '{python} manage.py "$@"\necho AFTER'])
    def test_a_failure_behind_it_is_told_even_where_it_hides_the_status(self, article, pgtool, database, start):
        article.add_migration("0005_broken", "def run(apps, schema_editor):\n    raise ValueError('the shelf is empty')")
        script(article, "run.sh", f"#!/bin/sh\n{start.format(python=article.python)}\n")

        outcome = pgtool(article, "migrate", "--direct", "--manage", "./run.sh")

        assert outcome.status == 4 and "the shelf is empty" in outcome.stderr.rpartition("pgtool: error")[2], outcome.text
        assert database.applied() == SHOP

    @pytest.mark.parametrize("start", ['{python} -I -c "import sys; sys.path.insert(0, {folder!r}); sys.argv[0] = {script!r}; '
                                       'exec(open(sys.argv[0]).read())" "$@"',
                                       'env -i PATH="$PATH" {variables} {python} manage.py "$@"',
                                       '{python} manage.py check && env -i PATH="$PATH" {variables} {python} manage.py "$@"',
                                       'PYTHONPATH=. {python} manage.py "$@"'])
    def test_one_whose_python_cannot_be_watched_is_refused(self, article, pgtool, database, start):
        variables = " ".join(f"{name}={value}" for name, value in article.environment.items() if name.startswith(("POSTGRES", "PG_")))
        script(article, "run.sh", "#!/bin/sh\n" + start.format(python=article.python, folder=str(article.dir), variables=variables,
                                                               script=str(article.dir / "manage.py")) + "\n")

        outcome = pgtool(article, "migrate", "--direct", "--manage", "./run.sh")

        assert outcome.status == 3 and "started no Django that pgtool can watch" in outcome.stderr, outcome.text
        database.assert_untouched()

    def test_what_it_says_when_it_fails_is_shown(self, article, pgtool):
        script(article, "run.sh", "#!/bin/sh\necho 'the vault is sealed' >&2\nexit 9\n")

        outcome = pgtool(article, "migrate", "--direct", "--manage", "./run.sh")

        assert outcome.status == 3 and "status 9" in outcome.stderr and "the vault is sealed" in outcome.stderr

    def test_its_name_may_begin_like_an_interpreter_s(self, article, migrates):
        script(article, "python_manage.sh", f'#!/bin/sh\nexec {article.python} manage.py "$@"\n')

        migrates(article, "--manage", "./python_manage.sh")

    def test_a_failure_that_it_gets_over_is_none(self, article, migrates):
        article.write("config/settings.py", (article.dir / "config/settings.py").read_text()
                      + "if os.environ.get('TRY') == '1':\n    raise OSError('not yet')\n")
        script(article, "run.sh", f'#!/bin/sh\nTRY=1 {article.python} manage.py "$@" || TRY=2 {article.python} manage.py "$@"\n')

        migrates(article, "--manage", "./run.sh")

    def test_its_question_is_asked_once(self, article, database, start_pgtool):
        script(article, "run.sh", f'#!/bin/sh\nif [ -t 0 ]; then echo SURE; read -r answer; fi\nexec {article.python} manage.py "$@"\n')
        run = start_pgtool(article, "migrate", "--direct", "--manage", "./run.sh", terminal=True)
        until(lambda: "SURE" in run.output(), "the question is asked")

        run.type(b"yes\n")

        assert run.finish().status == 0, run.output()
        assert database.applied() == SHOP

    def test_a_path_that_is_assigned_to_it_is_kept(self, article, migrates):
        article.write("more/config_of_live.py", "from config.settings import *\n")
        script(article, "run.sh", f'#!/bin/sh\nexec {article.python} manage.py "$@"\n')

        migrates(article, "--manage", "PYTHONPATH=more DJANGO_SETTINGS_MODULE=config_of_live ./run.sh")

    def test_its_end_by_force_ends_the_migration(self, article, database, start_pgtool):
        script(article, "run.sh", f'#!/bin/sh\necho $$ > shell.pid\n{article.python} manage.py "$@"\n')
        with database.closed_gate():
            run = start_pgtool(article, "migrate", "--direct", "--manage", "./run.sh", GATE="server")
            database.wait_at_gate()
            os.kill(int((article.dir / "shell.pid").read_text()), signal.SIGKILL)
            outcome = run.finish()

        assert outcome.status == 4 and "0003_fill rolled back" in outcome.stderr, outcome.text
        assert database.applied() == SHOP[:2]
        database.wait_until_left()

    def test_a_migration_that_it_left_behind_is_not_done(self, article, database, start_pgtool):
        script(article, "run.sh", f'#!/bin/sh\n{article.python} manage.py "$@" &\n'
                                  'while kill -0 $! && ! [ -e begun ]; do sleep 0.02; done 2>/dev/null\n')
        with database.closed_gate():
            run = start_pgtool(article, "migrate", "--direct", "--manage", "./run.sh", GATE="server")
            database.wait_at_gate()
            article.write("begun", "")
            outcome = run.finish()

        assert outcome.status == 4 and "0003_fill rolled back" in outcome.stderr, outcome.text
        assert database.applied() == SHOP[:2]
        database.wait_until_left()

    @pytest.mark.parametrize("around", ["", "trap '' HUP; trap 'true' INT"])
    def test_a_signal_reaches_python_behind_a_shell(self, article, database, start_pgtool, around):
        script(article, "run.sh", f'#!/bin/sh\n{around}\n{article.python} manage.py "$@"\n' + (around and "echo AFTER\n"))
        with database.closed_gate():
            run = start_pgtool(article, "migrate", "--direct", "--manage", "./run.sh", GATE="server")
            database.wait_at_gate()
            run.send(2)
            outcome = run.finish()

        assert outcome.status == 130, outcome.text
        assert database.applied() == SHOP[:2]
        database.wait_until_left()


def test_a_project_that_ends_is_not_waited_for_because_of_what_it_started(article, pgtool):
    article.write("manage.py", """\
import subprocess, sys
helper = "import subprocess, sys, time; print('up', flush=True); time.sleep(300)"
subprocess.Popen([sys.executable, '-c', helper], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout.readline()
sys.exit(9)
""")

    outcome = pgtool(article, "migrate", "--direct")

    assert outcome.status == 3 and "ended with status 9" in outcome.stderr, outcome.text


def test_a_project_that_ends_while_its_password_is_asked_for_is_not_waited_for(article, pgtool, database):
    article.write("signing/__init__.py", "")
    article.write("signing/base.py", """\
import os, subprocess, sys
from django.db.backends.postgresql import base

HELPER = "import subprocess, sys, time; print('up', flush=True); time.sleep(300)"

class DatabaseWrapper(base.DatabaseWrapper):
    def get_connection_params(self):
        if str(self.settings_dict["PORT"]) == os.environ["POSTGRES_PORT"]:
            subprocess.Popen([sys.executable, "-c", HELPER], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout.readline()
            os._exit(9)
        return {**super().get_connection_params(), "password": os.environ["POSTGRES_PASSWORD"]}
""")
    article.write("config/settings.py", (article.dir / "config/settings.py").read_text()
                  + "DATABASES['default'].update(ENGINE='signing', PASSWORD='')\n")

    outcome = pgtool(article, "migrate", "--direct")

    assert outcome.status in (1, 3) and "its process has ended" in outcome.text, outcome.text
    database.assert_untouched()


def test_a_project_that_migrates_nowhere_in_sight_is_not_done(article, pgtool, database):
    article.write("manage.py", "import os, django\nos.environ['DJANGO_SETTINGS_MODULE'] = 'config.settings'\ndjango.setup()\n")

    outcome = pgtool(article, "migrate", "--direct")

    assert outcome.status == 3 and "saw no migrate" in outcome.stderr, outcome.text
    database.assert_untouched()


def test_a_project_that_starts_itself_anew_is_still_watched(article, migrates):
    start = (article.dir / "manage.py").read_text()
    article.write("manage.py", "import os, sys\nif 'AGAIN' not in os.environ:\n    os.environ['AGAIN'] = 'yes'\n"
                  "    os.execv(sys.executable, [sys.executable, *sys.argv])\n" + start)

    migrates(article)


def test_a_project_that_starts_itself_anew_isolated_is_watched_as_well(article, migrates):
    start = (article.dir / "manage.py").read_text()
    article.write("manage.py", "import os, sys\nif 'AGAIN' not in os.environ:\n    os.environ['AGAIN'] = 'yes'\n"
                  "    os.execv(sys.executable, [sys.executable, '-E', *sys.argv])\n" + start)

    migrates(article)


@pytest.mark.parametrize("command", ["docker compose exec web ./manage.py", "kubectl exec deploy/web -- python manage.py",
                                     "/usr/bin/ssh web python manage.py"])
def test_a_command_that_runs_elsewhere_is_refused_with_the_hint_to_run_inside(article, pgtool, database, command):
    outcome = pgtool(article, "migrate", "--direct", "--manage", command)

    assert outcome.status == 2
    assert "elsewhere" in outcome.stderr and "run pgtool itself there" in outcome.stderr
    database.assert_untouched()


BAD = {"python": "names no script and no module", "python -c 'import x'": "python -c", "'python manage.py": "a quote is not closed",
       "  ": "it is empty", "no-such-server": "no command 'no-such-server'", "./data.txt": "neither a Python script nor a program"}


@pytest.mark.parametrize("command", BAD)
def test_a_command_that_cannot_be_run_is_named(article, pgtool, database, command):
    article.write("data.txt", "text")

    outcome = pgtool(article, "migrate", "--direct", "--manage", command)

    assert outcome.status == 2 and BAD[command] in outcome.stderr, outcome.text
    database.assert_untouched()


def test_python_may_be_the_folder_of_an_environment(article, migrates):
    del article.environment["PGTOOL_PYTHON"]

    migrates(article, "--python", str(article.python.parent.parent))


@pytest.mark.parametrize("python", ["no-such-python", "./manage.py/python", "./shop"])
def test_a_python_that_is_none_is_named(article, pgtool, python):
    outcome = pgtool(article, "migrate", "--direct", "--python", python)

    assert outcome.status == 2 and "--python" in outcome.stderr and python in outcome.stderr


def test_it_says_which_python_and_which_django(article, migrates):
    version = subprocess.run([article.python, "-V"], capture_output=True, text=True, check=True).stdout.strip()

    said = migrates(article)

    assert f"manage.py with {article.python} (from PGTOOL_PYTHON)" in said
    assert f"project: {version}, Django " in said and "settings config.settings" in said
