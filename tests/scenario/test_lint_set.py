"""Lint against a set of labelled migrations, hazards and their nearest innocent twins. Each label is proved first: on a real
server, beside a reader and a writer and what the old release does, and through a real PgBouncer where pooling matters."""
import json
import subprocess
from contextlib import contextmanager

import psycopg
import pytest

from lint_pool import Pool
from lint_proofs import assert_harmless, assert_leaves_nothing
from lint_set import SNIPPETS, pooling
from lint_set.schema import BASE, ROWS
from lint_set.snippets import statements
from lint_watch import Watch
from processes import own
from runs import PGTOOL
from servers import Cluster

ROUTES = {"file": True, "none": False}


@pytest.fixture(scope="module")
def server():
    """Where the application's role may do everything, with the schema as a template."""
    cluster = Cluster(roles=("app", "clerk"), settings={"log_statement": "none", "log_connections": "off", "checkpoint_timeout": "1h",
                                                        "max_wal_size": "8GB"})
    folder = cluster.home / "other_disk"
    folder.mkdir()
    own(folder)
    for text in ("alter role app superuser", f"create tablespace other_disk location '{folder}'", "create database template_shop"):
        cluster.sql(text, "postgres")
    run_all(cluster, "template_shop", BASE, ROWS, "create access method heap2 type table handler heap_tableam_handler", "vacuum analyze")
    yield cluster
    cluster.server.stop()


@pytest.fixture(scope="module")
def pool(server):
    pool = Pool(server)
    yield pool
    pool.remove()


def run_all(cluster, database, *texts):
    with psycopg.connect(cluster.conninfo(database, "app"), autocommit=True) as connection:
        for text in texts:
            for statement in statements(text):
                try:
                    connection.execute(statement)
                except psycopg.errors.UniqueViolation:  # that leaves an invalid index behind
                    assert "concurrently" in statement.lower(), statement


@contextmanager
def prepared(cluster, snippet):
    """A database in which the migration is next."""
    database = cluster.database(like="template_shop")
    earlier = [text for text in (snippet.setup, *snippet.history, snippet.fill) if text and text is not BASE]
    try:
        if earlier:
            run_all(cluster, database.name, *earlier)
        yield database
    finally:
        database.drop()


def observe(cluster, snippet):
    with prepared(cluster, snippet) as database:
        watch = Watch(cluster.conninfo(database.name, "app"), snippet.uses, snippet.refused)
        try:
            return watch.run(snippet.sql, ROUTES[snippet.run])
        finally:
            watch.close()


def follow(cluster, pool, snippet):
    with prepared(cluster, snippet) as database:
        return pool.run(database.name, snippet.sql, ROUTES[snippet.run])


def lint(folder, snippet):
    """The rules of a report's findings by their severity."""
    (folder / "migration.sql").write_text(snippet.sql)
    arguments = ["--format", "json", "--transaction", snippet.run, *(["--pool-mode", "transaction"] if snippet.pooled else [])]
    for number, earlier in enumerate(snippet.history, 1):
        (folder / f"earlier{number}.sql").write_text(earlier)
        arguments += ["--history", f"earlier{number}.sql"]
    done = subprocess.run([PGTOOL, "lint", *arguments, "migration.sql"], cwd=folder, capture_output=True, text=True, timeout=30, check=False)
    assert done.returncode in (0, 1), done.stderr
    return {(finding["rule"], finding["severity"]) for finding in json.loads(done.stdout)["findings"]}


each = pytest.mark.parametrize("snippet", SNIPPETS, ids=str)


def test_the_set_is_large_and_as_many_snippets_are_innocent_as_not():
    hazards = [one for one in SNIPPETS if not one.innocent]

    assert len(SNIPPETS) >= 170 and abs(len(hazards) / len(SNIPPETS) - 0.5) < 0.1
    assert all(one.proofs for one in hazards)
    assert len({one.name for one in SNIPPETS}) == len({(one.sql, one.run, one.history, one.setup, one.pooled) for one in SNIPPETS}) == len(SNIPPETS)


@each
def test_the_label_is_true(server, pool, snippet):
    observed = observe(server, snippet)
    trail = follow(server, pool, snippet) if snippet in pooling.SNIPPETS and snippet.pooled else None

    for proof in snippet.proofs:
        proof(observed, trail)
    if snippet.innocent:
        assert_harmless(observed, snippet)
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
