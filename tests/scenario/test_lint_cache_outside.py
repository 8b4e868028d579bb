"""lint keeps no answers that rest on something it cannot look at again; packages and the interpreter it can."""
import os
import shutil
import subprocess

import pytest

from projects import PYTHON

OUTSIDE = {
    "socket": "import socket\ntry:\n    socket.create_connection(('127.0.0.1', 1), 1)\nexcept OSError:\n    pass\n",
    "unix socket": "import socket\ntry:\n    socket.socket(socket.AF_UNIX).connect('nothing')\nexcept OSError:\n    pass\n",
    "datagram": "import socket\nsocket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'a', ('127.0.0.1', 9))\n",
    "name": "import socket\ntry:\n    socket.gethostbyname('localhost')\nexcept OSError:\n    pass\n",
    "http": "import urllib.request\ntry:\n    urllib.request.urlopen('http://127.0.0.1:1/', timeout=1)\nexcept OSError:\n    pass\n",
    "subprocess": "import subprocess\nsubprocess.run(['true'])\n",
    "system": "os.system('true')\n",
    "popen": "os.popen('true').read()\n",
    "posix_spawn": "os.waitpid(os.posix_spawn('/bin/true', ['true'], dict(os.environ)), 0)\n",
    "fork": "pid = os.fork()\nif not pid:\n    os._exit(0)\nos.waitpid(pid, 0)\n",
    "sqlite": "import sqlite3\nsqlite3.connect('home/state.sqlite3').close()\n",
    "psycopg": "import psycopg\ntry:\n    psycopg.connect('host=127.0.0.1 port=1 connect_timeout=2')\nexcept psycopg.Error:\n    pass\n",
    "thread": "import subprocess, threading\none = threading.Thread(target=subprocess.run, args=[['true']])\none.start()\none.join()\n",
    "pipe": "os.mkfifo('home/pipe')\nos.close(os.open('home/pipe', os.O_RDONLY | os.O_NONBLOCK))\nos.unlink('home/pipe')\n",
}


@pytest.mark.parametrize("code", OUTSIDE.values(), ids=OUTSIDE)
def test_settings_that_come_from_outside_are_loaded_each_time(counted, code):
    made = counted(code)

    for _ in range(2):
        outcome = made.assert_loads()
        assert "the answers are not kept: it " in outcome.stderr
    assert made.entries() == []


def test_psycopg2_that_connects_is_outside(counted):
    code = "import psycopg2\ntry:\n    psycopg2.connect('host=127.0.0.1 port=1 connect_timeout=2')\nexcept psycopg2.Error:\n    pass\n"
    made = counted(code, driver="psycopg2")

    made.lint()

    assert "it connects to something (" in made.assert_loads().stderr


@pytest.mark.parametrize("code", ["import ctypes.util\nctypes.util.find_library('c')\n",
                                  "import logging.handlers\nlogging.handlers.SysLogHandler(('127.0.0.1', 9))\n",
                                  "import asyncio\nloop = asyncio.new_event_loop()\n", "import multiprocessing\nmultiprocessing.Lock()\n"])
def test_what_is_the_machines_own_is_not_outside(counted, code):
    counted(code).warm()


def test_the_name_of_the_machine_is_no_obstacle(counted):
    counted("import socket\nsocket.gethostname()\n").warm()


def test_a_connection_of_a_migration_is_outside(counted):
    made = counted()
    made.project.write("shop/migrations/0006_more.py", "import subprocess\nfrom django.db import migrations\nsubprocess.run(['true'])\n\n\n"
                       "class Migration(migrations.Migration):\n    dependencies = [('shop', '0005_index')]\n")

    made.lint()

    made.assert_loads()


def test_what_fails_is_tried_again(counted):
    made = counted()
    path = made.dir / "shop/migrations/0005_index.py"
    text = path.read_text()
    path.write_text("import nothing_of_that_name\n")
    failed, _ = made.lint()
    assert failed.status == 3 and made.entries() == []

    path.write_text(text)

    made.warm()


def test_a_database_is_asked_each_time(counted):
    made = counted()
    made.warm("--migrations-only")

    for option in "--unapplied", "--live":
        outcome, loaded = made.lint("--migrations-only", option)
        assert loaded and "the database is asked" in outcome.stderr
    assert len(made.entries()) == 1


def test_no_cache_reads_everything_and_keeps_nothing(counted):
    made = counted()

    for _ in range(2):
        outcome, loaded = made.lint("--no-cache")
        assert loaded and "--no-cache" in outcome.stderr
    assert made.entries() == []
    made.warm()
    assert made.lint(PGTOOL_NO_CACHE="1")[1]


def _environment_of_its_own(made):
    """A virtual environment with one package of its own beside those of the tests'."""
    home = made.dir / "home/venv"
    subprocess.run([PYTHON["psycopg"], "-m", "venv", "--without-pip", home], check=True)
    packages = next(home.glob("lib/python*/site-packages"))
    others = next((PYTHON["psycopg"].parent.parent).glob("lib/python*/site-packages"))
    (packages / "others.pth").write_text(f"{others}\n")
    (packages / "extra.py").write_text("NAME = 1\n")
    (packages / "extra-1.0.dist-info").mkdir()
    return home, packages


@pytest.mark.parametrize("change", ["upgraded", "edited", "path file", "another package"])
def test_a_changed_package_counts(counted, change):
    made = counted("import extra\n")
    home, packages = _environment_of_its_own(made)
    made.warm("--python", home)

    if change == "upgraded":
        (packages / "extra-1.0.dist-info").rename(packages / "extra-1.1.dist-info")
    elif change == "edited":
        (packages / "extra.py").write_text("NAME = 22\n")
    elif change == "path file":
        with (packages / "others.pth").open("a") as file:
            file.write(f"{made.dir}\n")
    else:
        (packages / "more.py").write_text("")

    made.assert_loads("--python", home)


def test_a_package_that_was_installed_anew_is_the_same(counted):
    made = counted("import extra\n")
    home, packages = _environment_of_its_own(made)
    made.warm("--python", home)

    os.utime(packages / "extra.py", (1, 1))

    made.assert_kept("--python", home)


def test_another_interpreter_behind_the_same_link_counts(counted):
    made = counted("import extra\n")
    home, _ = _environment_of_its_own(made)
    made.warm("--python", home)

    link = home / "bin/python"
    copied = home / "bin/other"
    shutil.copy(link.resolve(), copied)
    link.unlink()
    link.symlink_to(copied)

    made.assert_loads("--python", home)


def test_a_migration_that_a_package_gets_under_the_same_version_counts(counted):
    made = counted("INSTALLED_APPS.append('parcel')\n")
    home, packages = _environment_of_its_own(made)
    folder = packages / "parcel/migrations"
    folder.mkdir(parents=True)
    for name in "parcel/__init__.py", "parcel/models.py", "parcel/migrations/__init__.py":
        (packages / name).write_text("")
    made.warm("--all-apps", "--python", home)

    (folder / "0001_more.py").write_text("from django.db import migrations\n\n\nclass Migration(migrations.Migration):\n"
                                         "    operations = [migrations.RunSQL('DROP TABLE gone')]\n")

    assert "drop-table" in made.assert_loads("--all-apps", "--python", home).stdout
