"""Processes that a project starts during a run go direct, too, each proved by itself; none slips by unseen."""
import os

import pytest

from projects import SHOP

WORK = '''\
def work(name):
    import django
    django.setup()
    from django.db import connection
    own = connection.copy()
    with own.cursor() as cursor:
        cursor.execute(f'create table "{name}"()')
    own.close()
'''
RUN = "def run(apps, schema_editor):\n"


@pytest.fixture
def article(bouncer, article_project):
    made = article_project(bouncer())
    made.write("tenants.py", WORK)
    return made


@pytest.fixture
def migrate(article, pgtool):
    """Runs migrate --direct with one more migration, whose code this is."""

    def run(code, *options, **environment):
        article.add_migration("0005_tenants", RUN + "".join(f"    {line}\n" for line in code.splitlines()))
        return pgtool(article, "migrate", "--direct", *options, **environment)

    return run


@pytest.mark.parametrize("method", ["fork", "spawn", "forkserver"])
def test_processes_of_multiprocessing_go_direct(migrate, database, method):
    outcome = migrate(f"""\
import multiprocessing, tenants
with multiprocessing.get_context({method!r}).Pool(2) as pool:
    pool.map(tenants.work, ["one", "two", "three"])""")

    assert outcome.status == 0, outcome.text
    assert {"public.one", "public.two", "public.three"} <= set(database.tables())
    database.assert_written_directly_only()
    database.wait_until_left()


@pytest.mark.parametrize("method", ["spawn", "forkserver"])
def test_a_worker_ends_by_sigterm_as_ever(migrate, article, method):
    article.write("tenants.py", WORK + "    import signal\n    return signal.getsignal(signal.SIGTERM) is signal.SIG_DFL\n")

    outcome = migrate(f"""\
import multiprocessing, tenants
with multiprocessing.get_context({method!r}).Pool(1) as pool:
    print("AS EVER", pool.map(tenants.work, ["one"]))""")

    assert "AS EVER [True]" in outcome.stdout, outcome.text


STARTS = {
    "a clean environment": "subprocess.run(command, check=True, env={**wanted})",
    "a clean environment by its place": "assert subprocess.Popen(command, -1, *[None] * 5, True, False, None, wanted).wait() == 0",
    "an inherited one": "subprocess.run(command, check=True)",
    "one that was emptied": "os.environ.clear()\nos.environ.update(wanted)\nsubprocess.run(command, check=True)",
    "one that was emptied, os.system": "os.environ.clear()\nos.environ.update(wanted)\nassert os.system(' '.join(command)) == 0",
    "one that was emptied, os.spawnv": "os.environ.clear()\nos.environ.update(wanted)\nassert os.spawnv(os.P_WAIT, command[0], command) == 0",
    "a path of its own": "subprocess.run(command, check=True, env={**os.environ, 'PYTHONPATH': '/srv'})",
    "a sitecustomize of its own": "subprocess.run(command, check=True, env={**os.environ, 'PYTHONPATH': 'site:' + os.environ['PYTHONPATH']})",
    "a shell": "subprocess.run(' '.join(command), check=True, shell=True, env=wanted)",
    "os.system": "assert os.system(' '.join(command)) == 0",
    "os.posix_spawn": "assert os.waitpid(os.posix_spawn(command[0], command, wanted), 0)[1] == 0",
    "fork and exec": "assert os.waitpid(os.fork() or os.execve(command[0], command, wanted), 0)[1] == 0",
    "execve by keyword": "assert os.waitpid(os.fork() or os.execve(command[0], command, env=wanted), 0)[1] == 0",
    "execve of a descriptor": "assert os.waitpid(os.fork() or os.execve(os.open(command[0], 0), command, wanted), 0)[1] == 0",
    "an iterator of words": "subprocess.run(map(os.fsencode, command), check=True, env=wanted)",
    "a Python in between": "subprocess.run([command[0], '-c', f'import os; os.execve({command[0]!r}, {command}, {wanted})'], check=True)",
}


COMMAND = """\
import os, subprocess, sys
command = [sys.executable, 'manage.py', 'tenant']
wanted = {name: value for name, value in os.environ.items() if name.startswith(('POSTGRES_', 'PG_'))}
"""


@pytest.fixture
def with_command(article):
    """The project has a command `tenant`, which creates a table."""
    article.write("shop/management/__init__.py", "")
    article.write("shop/management/commands/__init__.py", "")
    article.write("shop/management/commands/tenant.py", """\
from django.core.management.base import BaseCommand
from django.db import connection

class Command(BaseCommand):
    def handle(self, **options):
        connection.cursor().execute("create table tenant()")
""")
    return article


def assert_tenant_went_direct(outcome, database):
    assert outcome.status == 0, outcome.text
    assert "public.tenant" in database.tables()
    database.assert_written_directly_only()


@pytest.mark.parametrize("how", STARTS)
def test_another_command_of_the_project_goes_direct(migrate, with_command, database, how):
    with_command.write("site/sitecustomize.py", "")

    outcome = migrate(COMMAND + STARTS[how])

    assert_tenant_went_direct(outcome, database)


def early(project, line):
    """The project's environment once more, with a .pth file that runs a line before any sitecustomize: a path in the project."""
    packages = next(project.python.parent.parent.glob("lib/*/site-packages"))
    project.write("early/pyvenv.cfg", f"home = {project.python.resolve().parent}\n")
    project.write(f"early/lib/{packages.parent.name}/site-packages/early.pth", f"{packages}\n{line}\n")
    (project.dir / "early/bin").mkdir()
    (project.dir / "early/bin/python").symlink_to(project.python.resolve())
    return str(project.dir / "early/bin/python")


@pytest.mark.parametrize("module", ["django", "subprocess"])
def test_a_python_whose_environment_loads_modules_early_is_watched(migrate, with_command, database, module):
    python = early(with_command, f"import {module}")

    outcome = migrate(COMMAND + f"""\
command[0] = {python!r}
code = f"import sys; assert '{module}' in sys.modules; import subprocess; subprocess.run({{command}}, check=True, env={{wanted}})"
subprocess.run([command[0], '-c', code], check=True)""")

    assert_tenant_went_direct(outcome, database)


def test_a_python_that_is_too_old_may_do_all_but_use_django(migrate, article):
    python = early(article, "import sys; sys.version_info = (3, 7, 0)")

    outcome = migrate(f"""\
import subprocess
code = "import os, subprocess; os.system('echo OLD'); import django"
print(subprocess.run([{python!r}, '-c', code], capture_output=True, text=True))""")

    assert "returncode=4, stdout='OLD" in outcome.stdout and "expected 3.8 or newer" in outcome.stdout, outcome.text


UNWATCHED = {
    "a shell": "subprocess.run(f'cd . && {sys.executable} -I manage.py check', check=True, shell=True)",
    "os.system": "assert os.system(f'{sys.executable} -E manage.py check;') == 0",
    "env -i": "subprocess.run(['env', '-i', 'A=b', sys.executable, 'manage.py', 'check'], check=True)",
    "stdin": "subprocess.run([sys.executable, '-I', '-'], input=b'import django', check=True)",
}


@pytest.mark.parametrize("how", UNWATCHED)
def test_a_python_that_would_not_join_is_refused_before_it_starts(migrate, database, how):
    outcome = migrate(f"import os, subprocess, sys\n{UNWATCHED[how]}")

    assert outcome.status == 4 and "cannot watch" in outcome.stderr, outcome.text
    assert database.applied() == SHOP


@pytest.mark.parametrize("command", ["['echo', 'python', '-E', 'words']", "'echo python -I words && A=b echo python -E words', shell=True"])
def test_the_word_python_among_others_is_only_a_word(migrate, command):
    outcome = migrate(f"import subprocess\nprint('SAYS', subprocess.check_output({command}, text=True))")

    assert outcome.status == 0 and "SAYS python" in outcome.stdout and "words" in outcome.stdout, outcome.text


@pytest.mark.parametrize("start", ["'nice', '-n', '5'", "'env', 'A=b'", "'timeout', '60'"])
def test_an_isolated_python_behind_another_program_joins(migrate, article, database, start):
    article.write("work.py", f"import os, sys\nsys.path.insert(0, {str(article.dir)!r})\n"
                  "os.environ['DJANGO_SETTINGS_MODULE'] = 'config.settings'\nimport tenants\ntenants.work('one')\n")

    outcome = migrate(f"import subprocess, sys\nsubprocess.run([{start}, sys.executable, '-I', 'work.py'], check=True)")

    assert outcome.status == 0, outcome.text
    assert "public.one" in database.tables()
    database.assert_written_directly_only()


def test_a_process_with_other_settings_may_not_connect(migrate, article, bouncer, database, cluster):
    other = cluster.database()
    article.write("config/other.py", f"from config.settings import *\nDATABASES['default']['NAME'] = {other.name!r}\n")

    outcome = migrate("""\
import os, subprocess, sys
subprocess.run([sys.executable, 'manage.py', 'migrate'], env={**os.environ, 'DJANGO_SETTINGS_MODULE': 'config.other'}, check=True)""")

    assert outcome.status == 4 and other.name in outcome.text, outcome.text
    other.assert_untouched()


def test_a_refused_process_ends_the_whole_run(migrate, article, database, bouncer):
    article.write("stubborn/__init__.py", "")
    article.write("stubborn/base.py", f"""\
import os
from django.db.backends.postgresql import base

class DatabaseWrapper(base.DatabaseWrapper):
    def get_new_connection(self, conn_params):
        port = {{"port": {bouncer().port}}} if "STUBBORN" in os.environ else {{}}
        return super().get_new_connection({{**conn_params, **port}})
""")
    article.write("config/settings.py", (article.dir / "config/settings.py").read_text()
                  + "DATABASES['default']['ENGINE'] = 'stubborn'\n")

    outcome = migrate("""\
import os, subprocess, sys, time
from django.db import connection
code = "import django; django.setup(); from django.db import connection; connection.cursor()"
child = subprocess.Popen([sys.executable, '-c', code], env={**os.environ, 'STUBBORN': 'yes'})
child.wait()
for _ in range(1000):
    connection.cursor().execute("select 'still there'")
    time.sleep(0.01)""")

    assert outcome.status == 4 and "stopped" in outcome.text and "0005_tenants rolled back" in outcome.text, outcome.text
    assert database.applied() == SHOP


SAY = """\
import gc, os, time
from pgtool_bridge import channel
own = next(other for other in gc.get_objects() if isinstance(other, channel.Channel))
"""


def test_a_process_that_talks_nonsense_ends_the_run(migrate, database):
    outcome = migrate(SAY + "os.write(own._fd, b'nonsense\\n')\ntime.sleep(60)")

    assert outcome.status == 4 and "not JSON" in outcome.stderr and "0005_tenants rolled back" in outcome.text, outcome.text
    assert database.applied() == SHOP


def test_a_process_may_say_much(migrate):
    outcome = migrate(SAY + "for _ in range(100000):\n    own.tell('noise', text='x' * 100)\nown.tell('noise', text='x' * 50_000_000)")

    assert outcome.status == 0, outcome.text


def test_a_python_that_has_nothing_to_do_with_django_is_left_alone(migrate, database):
    outcome = migrate("""\
import subprocess, sys
code = "import sys, threading, os, json; print('PLAIN', threading.active_count(), [p for p in sys.path if 'pgtool' in p])"
print(subprocess.run([sys.executable, '-c', code + "; sys.exit(7)"], capture_output=True, text=True))""")

    assert outcome.status == 0, outcome.text
    assert "returncode=7" in outcome.stdout and "PLAIN 1 []" in outcome.stdout and "stderr=''" in outcome.stdout


def test_a_sitecustomize_of_the_project_still_runs(migrate, article):
    article.write("site/sitecustomize.py", "import os\nos.environ['CUSTOM'] = os.environ.get('CUSTOM', '') + 'x'\n")

    outcome = migrate("""\
import subprocess, sys
code = "import os, sys; print('CUSTOM', os.environ['CUSTOM'], sys.modules['sitecustomize'].__file__)"
print(subprocess.run([sys.executable, '-c', code], capture_output=True, text=True).stdout)""", PYTHONPATH=str(article.dir / "site"))

    assert outcome.status == 0, outcome.text
    assert f"CUSTOM xx {article.dir}/site/sitecustomize.py" in outcome.stdout


@pytest.mark.parametrize("name", ["with space", "a:b", "l" * 100, b"\xff"])
def test_a_folder_for_temporary_files_may_have_any_name(migrate, with_command, database, tmp_path, name):
    folder = os.fsencode(tmp_path) + b"/" + os.fsencode(name)
    os.mkdir(folder)

    outcome = migrate(COMMAND + STARTS["an inherited one"], TMPDIR=os.fsdecode(folder))

    assert_tenant_went_direct(outcome, database)


def test_the_meeting_point_of_a_killed_pgtool_is_removed_by_the_next_one(article, database, start_pgtool, pgtool, tmp_path):
    folder = tmp_path / "tmp"
    folder.mkdir()
    (folder / "pgtool-abcdef").mkdir()  # somebody's own, without a socket
    with database.closed_gate():
        killed = start_pgtool(article, "migrate", "--direct", GATE="python", TMPDIR=str(folder))
        database.wait_at_gate()
        [meeting_point] = [path for path in folder.iterdir() if path.name != "pgtool-abcdef"]
        assert pgtool(article, "detect", TMPDIR=str(folder)).status == 0
        assert meeting_point.exists(), "one that is in use was removed"
        killed.send(9)
        database.wait_until_left()

    assert pgtool(article, "detect", TMPDIR=str(folder)).status == 0
    assert [path.name for path in folder.iterdir()] == ["pgtool-abcdef"]


def test_the_meeting_point_is_gone_afterwards(migrate, tmp_path):
    (tmp_path / "tmp").mkdir()

    outcome = migrate("import os\nprint('MET', os.listdir(os.environ['TMPDIR']))", TMPDIR=str(tmp_path / "tmp"))

    assert outcome.status == 0 and "MET ['pgtool-" in outcome.stdout, outcome.text
    assert list((tmp_path / "tmp").iterdir()) == []


ISOLATED = {
    "a text": "subprocess.run([sys.executable, '-I', '-W', 'ignore', '-c', text, 'a', 'b'], check=True)",
    "a text behind a flag": "subprocess.run([sys.executable, '-Ic', text, 'a', 'b'], check=True)",
    "a text without a space": "subprocess.run([sys.executable, '-IXdev', '-Sc' + text, 'a', 'b'], check=True)",
    "a text by os.execv": "assert os.waitpid(os.fork() or os.execv(sys.executable, [sys.executable, '-E', '-c', text, 'a', 'b']), 0)[1] == 0",
    "a script": "subprocess.run([sys.executable, '-I', 'work.py', 'a', 'b'], check=True)",
    "a script by another name": "subprocess.run(['acme', '-sE', b'work.py', 'a', 'b'], check=True, executable=sys.executable)",
    "a script without site": "subprocess.run([sys.executable, '-S', 'work.py', 'a', 'b'], check=True)",
    "a module": "subprocess.run([sys.executable, '-E', '-m', 'work', 'a', 'b'], check=True)",
}


@pytest.mark.parametrize("how", ISOLATED)
def test_an_isolated_python_joins(migrate, article, database, how):
    packages = [str(path) for path in article.python.parent.parent.glob("lib/python3*/site-packages")]
    text = (f"from __future__ import annotations\nimport os, sys\nsys.path[:0] = {[str(article.dir), *packages]!r}\n"
            "assert sys.argv[1:] == ['a', 'b'] and __name__ == '__main__', (sys.argv, __name__)\n"
            "os.environ['DJANGO_SETTINGS_MODULE'] = 'config.settings'\nimport tenants\ntenants.work('one')\n")
    article.write("work.py", text + "assert sys.argv[0].endswith('work.py') and __file__.endswith('work.py')\n")

    outcome = migrate(f"import os, subprocess, sys\ntext = {text!r}\n{ISOLATED[how]}")

    assert outcome.status == 0, outcome.text
    assert "public.one" in database.tables()
    database.assert_written_directly_only()


def test_an_isolated_python_that_runs_nothing_is_left_alone(migrate):
    outcome = migrate("import subprocess, sys\nprint('SAYS', subprocess.check_output([sys.executable, '-IV'], text=True))")

    assert outcome.status == 0 and "SAYS Python 3" in outcome.stdout, outcome.text


def test_processes_of_an_isolated_interpreter_go_direct(article, pgtool, database):
    start = (article.dir / "manage.py").read_text()
    article.write("manage.py", f"import sys\nsys.path.insert(0, {str(article.dir)!r})\n" + start)
    article.add_migration("0005_tenants", RUN + """\
    import multiprocessing, tenants
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        pool.map(tenants.work, ["one", "two", "three"])""")

    outcome = pgtool(article, "migrate", "--direct", "--manage", f"{article.python} -I manage.py")

    assert outcome.status == 0, outcome.text
    assert {"public.one", "public.two", "public.three"} <= set(database.tables())
    database.assert_written_directly_only()
