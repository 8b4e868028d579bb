"""The main job, shown on real parts: a project behind PgBouncer is migrated directly, and the server says who wrote."""
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import processes
from projects import ARTICLE, CACHE, Project, article_environment
from runs import PGTOOL
from servers import Bouncer, Cluster


def say(text):
    print(text, flush=True)


def heading(text):
    say(f"\n\033[1m{text}\033[0m" if sys.stdout.isatty() else f"\n{text}")


def show(project, *arguments):
    """Runs pgtool as one would type it. When the demo is ended meanwhile, pgtool is given the time to clean up."""
    heading("$ pgtool " + " ".join(arguments))
    process = subprocess.Popen([PGTOOL, *arguments], cwd=project.dir, env=project.environment)
    try:
        status = process.wait()
    except (KeyboardInterrupt, SystemExit) as ended:
        if isinstance(ended, SystemExit):
            process.terminate()
        process.wait(15)
        raise
    if status == 130:  # the Ctrl-C went to pgtool alone, which had the terminal
        raise KeyboardInterrupt
    return status


def make_project(folder, pooler, database):
    environment = article_environment(pooler, database)
    heading("A Django project, configured as in production: settings take the pooler where it is set")
    for name, value in environment.items():
        say(f"  {name}={'…' if 'PASSWORD' in name else value}")
    project = Project.shop(folder, ARTICLE, environment=environment)
    del project.environment["PGTOOL_PYTHON"]
    venv = CACHE / "venv"
    project.environment.update(VIRTUAL_ENV=str(venv), PATH=f"{venv}/bin:{os.environ['PATH']}")
    project.environment.update({name: os.environ[name] for name in ("TERM", "NO_COLOR", "LANG") if name in os.environ})
    return project


def prove(database):
    """Prints what the server logged; False when any write came by the pooler."""
    heading("What PostgreSQL's own log says")
    statements, writes = database.statements(), database.writes()
    for way, pooled in ("through PgBouncer", True), ("directly", False):
        count = sum(s.pooled == pooled for s in statements if s.user != "postgres")
        say(f"  {way:18} {count:4} statements, {sum(s.pooled == pooled for s in writes):4} of them write")
    for statement in writes:
        if statement.text.startswith(("CREATE INDEX CONCURRENTLY", 'CREATE TABLE "shop')):
            way = "by the pooler" if statement.pooled else "direct"
            say(f"  client port {statement.port}, {way}: {' '.join(statement.text.split())[:90]}")
    return bool(writes) and not any(statement.pooled for statement in writes)


def main():
    say("Starting a throw-away PostgreSQL and a throw-away PgBouncer in transaction mode …")
    database = Cluster().database()
    pooler = Bouncer(database.cluster, [database.name], "transaction")
    say(f"  PostgreSQL listens on port {database.port}, PgBouncer on port {pooler.port}")
    with tempfile.TemporaryDirectory(prefix="pgtool-demo-") as folder:
        project = make_project(Path(folder) / "shop", pooler, database)
        failed = show(project, "detect")
        say("\nOne sees: the project's connections go through PgBouncer in transaction mode, where a migration cannot")
        say("hold a lock or a setting; and pgtool has proved which endpoint is the same database without a pooler.")
        failed = show(project, "migrate", "--direct") or failed
        proved = prove(database)
    heading("Every write of the migration reached the server directly." if proved and not failed
            else "Something is wrong: see above.")
    return 0 if proved and not failed else 1


if __name__ == "__main__":
    processes.end_on_signals()
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        say("\ntests/demo: interrupted, the servers are stopped")
        sys.exit(130)
