"""Every pooler at hand is known by an ordinary user and by its console, and migrate --direct goes round it."""
import pytest
from poolers import AT_HAND, Pgpool
from projects import SHOP, postgresql


def through(kinds):
    """One test for each of these poolers in each of its modes."""
    return pytest.mark.parametrize("pooler", [(kind, mode) for kind in kinds for mode in kind.modes],
                                   ids=lambda pair: f"{pair[0].__name__}-{pair[1]}", indirect=True)


def detect(pgtool, nowhere, pooler, database, *arguments):
    outcome = pgtool(nowhere, "detect", "--format", "json", "--pooled-url", pooler.url(database.name), *arguments)
    assert outcome.status == 0, outcome.text
    return outcome.json


@through(AT_HAND)
def test_an_ordinary_user_learns_the_kind_and_the_mode(pooler, nowhere, database, pgtool):
    report = detect(pgtool, nowhere, pooler, database, "--direct-url", database.url())

    assert (report["pooler"]["kind"], report["pooler"]["mode"]) == (pooler.kind, pooler.mode)
    assert report["route"]["pooled"] == f"postgresql://app@127.0.0.1:{pooler.port}/{database.name}"
    assert report["route"]["direct"] == f"postgresql://app@127.0.0.1:{database.port}/{database.name}"
    database.assert_untouched()


@through([Pgpool])
def test_every_user_is_told_its_version(pooler, nowhere, database, pgtool):
    version = detect(pgtool, nowhere, pooler, database)["pooler"]["version"]

    assert version.split()[0] == pooler.version()


@through([kind for kind in AT_HAND if hasattr(kind, "console")])
def test_the_console_tells_version_and_mode(pooler, nowhere, database, pgtool):
    report = detect(pgtool, nowhere, pooler, database, "--console-url", pooler.console())

    assert (report["pooler"]["kind"], report["pooler"]["mode"]) == (pooler.kind, pooler.mode)
    assert report["pooler"]["version"] == pooler.version()
    assert report["route"]["direct"] == f"postgresql://app@127.0.0.1:{database.port}/{database.name}"
    database.assert_untouched()


@through(AT_HAND)
def test_no_statement_of_a_migration_comes_by_it(pooler, project, database, pgtool):
    outcome = pgtool(project(pooler), "migrate", "--direct", "--direct-url", database.url())

    assert outcome.status == 0, outcome.text
    database.assert_written_directly_only()
    assert database.applied() == SHOP
    database.wait_until_left()
