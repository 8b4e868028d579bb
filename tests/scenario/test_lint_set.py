"""Lint against a set of labelled migrations, hazards and their nearest innocent twins. Each label is proved first: on a real
server, beside a reader and a writer and what the old release does, and through a real PgBouncer where pooling matters."""
import json
import subprocess
from contextlib import closing

import pytest

from lint_pool import Pool
from lint_proofs import assert_harmless, assert_leaves_nothing, harms
from lint_rooms import Rooms
from lint_set import SNIPPETS, pooling
from lint_watch import Watch
from processes import own, version_of
from runs import PGTOOL
from servers import Cluster

MAJOR = version_of("postgres")[0]
ROUTES = {"file": True, "none": False}
# A short lock alone is no harm: most changes of a table need one. These have a way that needs none.
LOCKS_ONLY = {"drop-index-not-concurrent", "explicit-lock-table"}


@pytest.fixture(scope="module")
def server():
    """Where the application's role may do everything."""
    cluster = Cluster(roles=("app", "clerk"), settings={"log_statement": "none", "log_connections": "off", "checkpoint_timeout": "1h",
                                                        "max_wal_size": "8GB"})
    folder = cluster.home / "other_disk"
    folder.mkdir()
    own(folder)
    cluster.sql("alter role app superuser", "postgres")
    cluster.sql(f"create tablespace other_disk location '{folder}'", "postgres")
    yield cluster
    cluster.server.stop()


@pytest.fixture(scope="module")
def rooms(server):
    rooms = Rooms(server)
    yield rooms
    rooms.close()


@pytest.fixture(scope="module")
def pool(server):
    pool = Pool(server)
    yield pool
    pool.remove()


def observe(server, rooms, snippet):
    with closing(Watch(server.conninfo(rooms.furnished(snippet), "app"), snippet.uses, snippet.refused)) as watch:
        return watch.run(snippet.sql, ROUTES[snippet.run])


def follow(pool, rooms, snippet):
    return pool.run(rooms.furnished(snippet), snippet.sql, ROUTES[snippet.run])


def lint(folder, snippet):
    """The rules of a report's findings by their severity."""
    (folder / "migration.sql").write_text(snippet.sql)
    mode = "none" if snippet.innocent and not snippet.pooled else "transaction"
    arguments = ["--format", "json", "--transaction", snippet.run, "--pool-mode", mode]
    for number, earlier in enumerate(snippet.history, 1):
        (folder / f"earlier{number}.sql").write_text(earlier)
        arguments += ["--history", f"earlier{number}.sql"]
    done = subprocess.run([PGTOOL, "lint", *arguments, "migration.sql"], cwd=folder, capture_output=True, text=True, timeout=30,
                          check=False)
    assert done.returncode in (0, 1), done.stderr
    return {(finding["rule"], finding["severity"]) for finding in json.loads(done.stdout)["findings"]}


each = pytest.mark.parametrize("snippet", SNIPPETS, ids=str)


def test_the_set_is_large_and_as_many_snippets_are_innocent_as_not():
    hazards = [one for one in SNIPPETS if not one.innocent]

    assert len(SNIPPETS) >= 170 and abs(len(hazards) / len(SNIPPETS) - 0.5) < 0.1
    assert all(one.proofs for one in hazards)
    assert len({one.name for one in SNIPPETS}) == len({(one.sql, one.run, one.history, one.setup,
                                                        one.pooled) for one in SNIPPETS}) == len(SNIPPETS)


@each
def test_the_label_is_true(server, rooms, pool, snippet):
    if MAJOR >= snippet.before:
        pytest.skip(f"true before PostgreSQL {snippet.before}")
    if snippet.contrib and not server.sql("select name from pg_available_extensions where name = 'pgcrypto'", "postgres"):
        pytest.skip("this server comes without contrib")
    observed = observe(server, rooms, snippet)
    trail = follow(pool, rooms, snippet) if snippet in pooling.SNIPPETS and snippet.pooled else None

    for proof in snippet.proofs:
        proof(observed, trail)
    if not snippet.innocent:
        # What innocents are held to would have seen it.
        assert trail or snippet.rules[0] in LOCKS_ONLY or list(harms(observed, snippet))
    else:
        assert_harmless(observed, snippet, trail)
        if trail:
            assert_leaves_nothing(trail)


@each
def test_lint_says_what_the_label_says(tmp_path, snippet):
    found = lint(tmp_path, snippet)

    told = {rule for rule, severity in found if severity in ("error", "warning")}
    if snippet.innocent:
        assert not told, found
    for wanted in snippet.rules:
        assert told & set(wanted.split("|")), found
