"""Small Django projects, written for one test each."""
import os
import pprint
from pathlib import Path

from servers import SECRET

CACHE = Path(__file__).resolve().parents[2] / ".cache"
# The project's interpreter for each driver; tests/matrix names another one for all of them.
PYTHON = {"psycopg": CACHE / "venv/bin/python", "psycopg2": CACHE / "venv-psycopg2/bin/python",
          "styles": CACHE / "venv-styles/bin/python"}
if "PGTOOL_TEST_PYTHON" in os.environ:
    PYTHON = dict.fromkeys(PYTHON, Path(os.environ["PGTOOL_TEST_PYTHON"]))
STYLES = Path(__file__).resolve().parent / "styles"

_MANAGE = """\
#!/usr/bin/env python
import os
import sys

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    from django.core.management import execute_from_command_line
    execute_from_command_line(sys.argv)
"""
_SETTINGS = """\
import os

SECRET_KEY = "only-for-tests"
INSTALLED_APPS = ["django.contrib.contenttypes", "django.contrib.auth", "shop"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
"""
# As in the article: the pooler's host and port where they are set, else the server's.
ARTICLE = """\
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": os.environ["POSTGRES_NAME"],
        "USER": os.environ["POSTGRES_USER"],
        "PASSWORD": os.environ["POSTGRES_PASSWORD"],
        "HOST": os.environ.get("PG_BOUNCER_HOST") or os.environ["POSTGRES_HOST"],
        "PORT": os.environ.get("PG_BOUNCER_PORT") or os.environ["POSTGRES_PORT"],
    }
}
"""
_MODELS = """\
from django.db import models


class Order(models.Model):
    number = models.CharField(max_length=20)
    paid = models.BooleanField(default=False)
"""
_INITIAL = """\
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.CreateModel("Order", [
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("number", models.CharField(max_length=20)),
        ]),
    ]
"""
_INDEX = """\
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("shop", "0001_initial")]
    operations = [
        AddIndexConcurrently("order", models.Index(fields=["number"], name="order_number")),
    ]
"""
# With GATE=server the migration waits inside one statement until the test opens the gate, with
# GATE=python in between statements. SIGINTs are counted in a file, in the order in which they come.
_FILL = """\
import os
import signal

from django.db import migrations

WAIT = "do $$begin while not pg_try_advisory_xact_lock_shared(4711) loop perform pg_sleep(0.02); end loop; end$$"


def count_interrupts(number, frame):
    with open("interrupts.txt", "a") as file:
        file.write("SIGINT\\n")
    raise KeyboardInterrupt


def wait_for_the_gate(connection):
    signal.signal(signal.SIGINT, count_interrupts)
    with connection.cursor() as cursor:
        if os.environ.get("GATE") == "server":
            cursor.execute(WAIT)
        while os.environ.get("GATE") == "python":
            cursor.execute("select pg_try_advisory_xact_lock_shared(4711) /* at the gate */")
            if cursor.fetchone()[0]:
                break


def fill(apps, schema_editor):
    if os.environ.get("GATE"):
        wait_for_the_gate(schema_editor.connection)
    Order = apps.get_model("shop", "Order")
    Order.objects.using(schema_editor.connection.alias).create(number="first")


class Migration(migrations.Migration):
    dependencies = [("shop", "0002_index")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
"""
_PAID = """\
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop", "0003_fill")]
    operations = [migrations.AddField("order", "paid", models.BooleanField(default=False))]
"""
_OPERATIONS = """\
from django.contrib.postgres.operations import AddConstraintNotValid, AddIndexConcurrently, ValidateConstraint
from django.db import connection, migrations, models, transaction

{before}


class Migration(migrations.Migration):
    atomic = {atomic}
    dependencies = [("shop", "{last}")]
    operations = [
{listed}    ]
"""
# Databases of a project that is only read.
NOWHERE = {"default": {"ENGINE": "django.db.backends.postgresql", "HOST": "127.0.0.1", "PORT": 1, "NAME": "nowhere", "USER": "app"}}
SHOP = ["shop.0001_initial", "shop.0002_index", "shop.0003_fill", "shop.0004_paid"]


def postgresql(endpoint, database, user="app", password=SECRET, **more):
    """The entry of settings.DATABASES for a server or a pooler."""
    return {"ENGINE": "django.db.backends.postgresql", "HOST": "127.0.0.1", "PORT": endpoint.port, "NAME": str(database),
            "USER": user, "PASSWORD": password, **more}


class Project:
    """A folder with a manage.py, and the environment in which it is run."""

    def __init__(self, folder, python, environment):
        self.dir, self.python = folder, python
        home = folder / "home"
        home.mkdir(parents=True)
        self.environment = {"PATH": os.environ["PATH"], "HOME": str(home), "LANG": "C.UTF-8", "PGTOOL_PYTHON": str(python),
                            "PYTHONDONTWRITEBYTECODE": "1", **environment}

    @classmethod
    def bare(cls, folder):
        """The folder and the environment only."""
        return cls(folder, PYTHON["psycopg"], {})

    @classmethod
    def shop(cls, folder, databases, driver="psycopg", environment=None, settings=""):
        """A project with one app; `databases` is a dict, or the text of an assignment."""
        made = cls(folder, PYTHON[driver], environment or {})
        text = databases if isinstance(databases, str) else f"DATABASES = {pprint.pformat(databases, width=100)}\n"
        made.write("manage.py", _MANAGE)
        made.write("config/__init__.py", "")
        made.write("config/settings.py", _SETTINGS + text + settings)
        made.write("shop/__init__.py", "")
        made.write("shop/models.py", _MODELS)
        made.write("shop/migrations/__init__.py", "")
        for name, text in ("0001_initial", _INITIAL), ("0002_index", _INDEX), ("0003_fill", _FILL), ("0004_paid", _PAID):
            made.write(f"shop/migrations/{name}.py", text)
        return made

    def add_migration(self, name, code):
        """One more migration of the shop, whose RunPython is `run(apps, schema_editor)` of the code."""
        last = max(path.stem for path in (self.dir / "shop/migrations").glob("0*.py"))
        self.write(f"shop/migrations/{name}.py", f"from django.db import migrations\n\n\n{code}\n\n\nclass Migration(migrations.Migration):\n"
                   f"    dependencies = [('shop', '{last}')]\n    operations = [migrations.RunPython(run)]\n")

    def add_operations(self, name, *operations, before="", atomic=True):
        """One more migration of the shop, of these operations; `before` is code that they need."""
        last = max(path.stem for path in (self.dir / "shop/migrations").glob("0*.py"))
        listed = "".join(f"        {operation},\n" for operation in operations)
        self.write(f"shop/migrations/{name}.py", _OPERATIONS.format(before=before, atomic=atomic, last=last, listed=listed))

    def lay_over(self, style, **words):
        """Writes the files of one folder of styles/ over the project, with each @word@ replaced."""
        for source in sorted(path for path in (STYLES / style).rglob("*") if path.is_file() and path.suffix != ".pyc"):
            text = source.read_text(encoding="utf-8")
            for word, value in words.items():
                text = text.replace(f"@{word}@", str(value))
            self.write(source.relative_to(STYLES / style), text).chmod(0o600)

    def write(self, name, text):
        path = self.dir / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def interrupts(self):
        path = self.dir / "interrupts.txt"
        return path.read_text().count("SIGINT") if path.exists() else 0


def article_environment(bouncer, database):
    return {"PG_BOUNCER_HOST": "127.0.0.1", "PG_BOUNCER_PORT": str(bouncer.port), "POSTGRES_HOST": "127.0.0.1",
            "POSTGRES_PORT": str(database.port), "POSTGRES_NAME": database.name, "POSTGRES_USER": "app",
            "POSTGRES_PASSWORD": SECRET}
