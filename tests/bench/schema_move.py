"""Moving ten thousand tables: the plan, its memory, and the move beside the same statements sent by psql."""
import json
import os
import resource
import subprocess
import sys
import time

import processes
from runs import PGTOOL
from servers import Bouncer, Cluster

TABLES = 10_000
_TABLES = ("do $$ begin for i in {first}..{last} loop execute format("
           "'create table t%s (id bigint generated always as identity primary key, note text)', i); end loop; end $$")


def fill(database):
    for first in range(1, TABLES, 500):
        database.sql("set role app; " + _TABLES.format(first=first, last=first + 499))
    vacuum(database)


def vacuum(database):
    """Each change of ten thousand tables leaves dead rows in the catalog: nobody starts with another one's."""
    for catalog in ("pg_class", "pg_type", "pg_depend", "pg_attribute", "pg_constraint"):
        database.sql(f"vacuum analyze {catalog}")


def run(*arguments, check=(0,), **options):
    begin = time.perf_counter()
    done = subprocess.run(list(map(str, arguments)), capture_output=True, text=True, **options)
    if done.returncode not in check:
        sys.exit(f"tests/bench: {arguments[0]} ended with {done.returncode}: {done.stdout[-300:]} {done.stderr[-500:]}")
    return time.perf_counter() - begin, done


def peak_megabytes(arguments):
    pid = os.posix_spawn(arguments[0], list(map(str, arguments)), os.environ, file_actions=[
        (os.POSIX_SPAWN_OPEN, 1, "/dev/null", os.O_WRONLY, 0)])
    _, _, usage = os.wait4(pid, 0)
    return usage.ru_maxrss / 1024


def statements(plan):
    """What pgtool sends for each object, as a file for psql: one transaction each."""
    for moving in plan["schema-move"]["moving"]:
        name = moving["identity"]
        yield (f"begin; set local lock_timeout = '100ms'; lock table only {name} in access exclusive mode; "
               f"set local lock_timeout = '100ms'; {moving['statement']}; "
               f"insert into bench_note (what, name, detail) values ('object', '{name}', 'public: {name}'); commit;\n")


def main():
    database = Cluster(settings={"log_statement": "'none'", "log_connections": "off"}).database()
    fill(database)
    pooler = Bouncer(database.cluster, [database.name])
    move = [PGTOOL, "schema-move", "--to", "shop", "--pooled-url", pooler.url(database.name), "--direct-url", database.url(),
            "--console-url", pooler.console()]
    seconds, done = run(*move, "--plan", "--format", "json", cwd="/")
    plan = json.loads(done.stdout)
    print(f"the plan of {plan['schema-move']['to_move']} tables: {seconds:.2f} s (bar 5), "
          f"{peak_megabytes([*move, '--plan', '--format', 'json']):.0f} MB (bar 100)")
    rounds = []
    for _ in range(3):
        ours, done = run(*move, "--yes", "-q", "--format", "json", cwd="/")
        moving = next(step["seconds"] for step in json.loads(done.stdout)["steps"] if step["name"].startswith("move "))
        run(*move, "--undo", "--yes", "-q", cwd="/")
        vacuum(database)
        database.sql("create schema shop authorization app; create table public.bench_note (what text, name text, detail text, "
                     "at timestamptz default clock_timestamp(), primary key (what, name)); grant all on public.bench_note to app")
        theirs, _ = run(processes.program("psql"), "-Xq", "-v", "ON_ERROR_STOP=1", database.url(), "-f", "-",
                        input="".join(statements(plan)))
        back = "".join(f"alter table shop.t{number} set schema public;\n" for number in range(1, TABLES + 1))
        run(processes.program("psql"), "-Xq", "-v", "ON_ERROR_STOP=1", database.url(), "-f", "-", input=back)
        database.sql("drop table public.bench_note; drop schema shop")
        vacuum(database)
        rounds.append((moving / theirs, moving, ours, theirs))
        print(f"moving: pgtool {moving:.2f} s (whole command {ours:.2f} s), psql {theirs:.2f} s, ratio {moving / theirs:.2f}", flush=True)
    ratio = sorted(rounds)[1][0]
    print(f"median ratio {ratio:.2f}    bar 1.50  {'ok' if ratio <= 1.5 else 'MISSED'}")
    pooler.remove()


if __name__ == "__main__":
    processes.end_on_signals()
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    main()
