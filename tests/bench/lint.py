"""pgtool lint beside squawk on files of SQL, and beside django-migration-linter on a project's migrations: CPU of turns A B A B."""
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from projects import Project, postgresql
from runs import PGTOOL
from servers import Cluster

PEERS = Path(__file__).resolve().parents[2] / ".cache/venv-bench/bin"
ROUNDS, LONG_ROUNDS = 7, 3
STATEMENTS = [
    "ALTER TABLE shop_order{n} ADD COLUMN note varchar(50) DEFAULT 'none' NOT NULL;",
    "CREATE INDEX CONCURRENTLY order{n}_note ON shop_order{n} (note, id);",
    "UPDATE shop_order{n} SET note = 'none' WHERE id > 5 AND note IS NULL;",
    "CREATE TABLE line{n} (id bigserial PRIMARY KEY, name text NOT NULL, at timestamptz DEFAULT now(), parent bigint REFERENCES a (id));",
    "ALTER TABLE line{n} ADD CONSTRAINT named{n} CHECK (name <> '') NOT VALID;",
    "SELECT count(*) FROM line{n} JOIN shop_order{n} USING (id) WHERE note = 'none' GROUP BY name;",
    "DROP TABLE IF EXISTS old{n};",
]
MIGRATION = """\
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop", "{before}")]
    operations = [
        migrations.CreateModel("Thing{n}", [("id", models.BigAutoField(primary_key=True)), ("name", models.CharField(max_length=50))]),
        migrations.AddField("Thing{n}", "note", models.CharField(max_length=100, null=True)),
        migrations.AlterField("Thing{n}", "name", models.CharField(max_length=60)),
    ]
"""


def cpu_seconds(arguments, folder, environment):
    """User and system time of one run and of its children."""
    before = os.times()
    subprocess.run(list(map(str, arguments)), cwd=folder, env=environment, capture_output=True, check=False)
    after = os.times()
    return after.children_user + after.children_system - before.children_user - before.children_system


def print_ratio(title, ours, theirs, bar):
    turns = [(ours(), theirs()) for _ in range(ROUNDS + 1)][1:]
    one, other = (statistics.median(column) for column in zip(*turns))
    print(f"{title}\n  {'pgtool lint':36} {one * 1000:8.1f} ms of CPU\n  {'the peer':36} {other * 1000:8.1f} ms of CPU\n"
          f"  {'ratio':36} {one / other:8.2f}    bar {bar:.2f}  {'ok' if one <= bar * other else 'MISSED'}", flush=True)


def sql_files(folder):
    chance = random.Random(1)
    for number in range(200):
        lines = [chance.choice(STATEMENTS).format(n=chance.randint(1, 50)) for _ in range(8)]
        (folder / f"{number:03}.sql").write_text("\n".join(lines) + "\n")
    return sorted(folder.glob("*.sql"))


def migrations(project):
    before = "0001_initial"
    for file in (project.dir / "shop/migrations").glob("0*.py"):
        if file.stem != before:
            file.unlink()
    for number in range(2, 202):
        name = f"{number:04}_thing"
        project.write(f"shop/migrations/{name}.py", MIGRATION.format(before=before, n=number))
        before = name


def lint_migrations(home):
    """With nothing kept, to be kept, and from what was kept. The peer keeps nothing, and asks a database."""
    cluster = Cluster()
    database = cluster.database("app")
    project = Project.shop(home / "project", {"default": postgresql(database, database.name)})
    project.environment["PGTOOL_PYTHON"] = str(PEERS / "python")
    project.write("config/peer.py", "from config.settings import *\nINSTALLED_APPS = [*INSTALLED_APPS, 'django_migration_linter']\n")
    migrations(project)
    ours = [PGTOOL, "lint", "--migrations-only"]
    columns = [("pgtool lint, which keeps nothing", [*ours, "--no-cache"], 0.4, 2.5), ("pgtool lint, the first time", ours, 0.4, 2.5),
               ("pgtool lint, again", ours, 0.01, 0.05),
               ("the peer", [PEERS / "python", "manage.py", "lintmigrations", "--no-cache", "--settings", "config.peer"], 1, None)]
    turns = []
    for _ in range(LONG_ROUNDS):
        shutil.rmtree(project.dir / "home/.cache", ignore_errors=True)
        turns.append([cpu_seconds(command, project.dir, project.environment) for _, command, _, _ in columns])
    medians = [statistics.median(column) for column in zip(*turns)]
    print("200 migrations of Django, beside django-migration-linter")
    for (name, _, bar, absolute), seconds in zip(columns, medians):
        good = seconds <= bar * medians[-1] or absolute is not None and seconds <= absolute
        limit = f"    bar {bar} of the peer, or {absolute * 1000:.0f} ms  {'ok' if good else 'MISSED'}" if absolute else ""
        print(f"  {name:36} {seconds * 1000:8.1f} ms of CPU{limit}", flush=True)
    database.drop()


def main():
    with tempfile.TemporaryDirectory() as home:
        folder = Path(home) / "sql"
        folder.mkdir()
        files = sql_files(folder)
        size = sum(file.stat().st_size for file in files)
        print_ratio(f"200 files of SQL, {size // 1000} kB, beside squawk", lambda: cpu_seconds([PGTOOL, "lint", *files], folder, os.environ),
                    lambda: cpu_seconds([PEERS / "squawk", *files], folder, os.environ), 1.0)
        lint_migrations(Path(home))


if __name__ == "__main__":
    sys.exit(main())
