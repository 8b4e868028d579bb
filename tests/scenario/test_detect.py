"""detect names the pooler, its mode and the direct endpoint, and changes nothing."""
import pytest
from servers import SECRET

MODES = ["session", "transaction", "statement"]
SHARED_KEYS = {"version", "command", "status", "verdict", "route", "pooler", "facts", "findings", "steps", "unknown"}


@pytest.mark.parametrize("mode", MODES)
def test_the_mode_is_found_by_behaviour(bouncer, project, database, pgtool, mode):
    pooler = bouncer(mode)

    outcome = pgtool(project(pooler), "detect", "--format", "json", PGTOOL_DIRECT_URL=database.url())

    report = outcome.json
    assert outcome.status == report["status"] == 0, outcome.text
    assert (report["pooler"]["kind"], report["pooler"]["mode"]) == ("pgbouncer", mode)
    assert report["route"]["pooled"] == f"postgresql://app@127.0.0.1:{pooler.port}/{database.name}"
    assert report["route"]["direct"] == f"postgresql://app@127.0.0.1:{database.port}/{database.name}"
    assert report["route"]["proofs"] and report["pooler"]["evidence"]
    database.assert_untouched()


@pytest.mark.parametrize("mode", MODES)
def test_the_console_s_word_gives_mode_and_version(bouncer, project, database, pgtool, mode):
    pooler = bouncer(mode)

    report = pgtool(project(pooler), "detect", "--format", "json", PGTOOL_CONSOLE_URL=pooler.console()).json

    assert (report["pooler"]["mode"], report["pooler"]["version"]) == (mode, pooler.version())
    assert report["route"]["direct"] == f"postgresql://app@127.0.0.1:{database.port}/{database.name}"


@pytest.mark.parametrize("driver", ["psycopg", "psycopg2"])
def test_a_project_without_a_pooler_has_none(project, database, pgtool, driver):
    outcome = pgtool(project(database, driver), "detect", "--format", "json")

    report = outcome.json
    assert outcome.status == 0, outcome.text
    assert (report["pooler"]["kind"], report["pooler"]["mode"]) == ("none", "none")
    assert report["route"]["direct"] == f"postgresql://app@127.0.0.1:{database.port}/{database.name}"
    database.assert_untouched()


def test_a_server_on_a_unix_socket_has_no_pooler(project, database, pgtool):
    on_socket = project(database, HOST=str(database.cluster.home))

    outcome = pgtool(on_socket, "detect", "--format", "json")

    assert (outcome.status, outcome.json["pooler"]["kind"]) == (0, "none"), outcome.text


def test_the_article_s_environment_is_enough(bouncer, article_project, database, pgtool):
    outcome = pgtool(article_project(bouncer()), "detect", "--format", "json")

    assert outcome.status == 0, outcome.text
    assert outcome.json["route"]["direct"] == f"postgresql://app@127.0.0.1:{database.port}/{database.name}"
    assert "POSTGRES_HOST" in outcome.json["route"]["origin"]


def test_the_server_s_own_word_is_enough_on_the_pooler_s_host(bouncer, project, database, pgtool):
    outcome = pgtool(project(bouncer()), "detect", "--format", "json")

    assert outcome.json["route"]["direct"] == f"postgresql://app@127.0.0.1:{database.port}/{database.name}"


def test_two_urls_need_no_project(bouncer, nowhere, database, pgtool):
    pooler = bouncer()

    outcome = pgtool(nowhere, "detect", "--format", "json", "--pooled-url", pooler.url(database.name), "--direct-url",
                     database.url())

    assert outcome.status == 0, outcome.text
    assert (outcome.json["pooler"]["kind"], outcome.json["pooler"]["mode"]) == ("pgbouncer", "transaction")


def test_text_starts_with_the_verdict(bouncer, project, database, pgtool):
    first = pgtool(project(bouncer()), "detect", PGTOOL_DIRECT_URL=database.url()).stdout.splitlines()[0]

    assert "pgbouncer" in first.lower() and "transaction" in first.lower()


def test_every_shared_key_is_in_the_report(bouncer, project, database, pgtool):
    report = pgtool(project(bouncer()), "detect", "--format", "json", PGTOOL_DIRECT_URL=database.url()).json

    assert SHARED_KEYS <= report.keys()
    assert (report["version"], report["command"]) == (1, "detect")
    assert all({"name", "holds", "observed"} <= proof.keys() for proof in report["route"]["proofs"])


def test_a_pooler_that_is_down_is_unknown_and_not_clean(bouncer, project, database, pgtool):
    pooler = bouncer()
    pooler.server.stop()

    outcome = pgtool(project(pooler), "detect", "--format", "json")

    assert outcome.status == 3, outcome.text
    assert str(pooler.port) in outcome.text and SECRET not in outcome.text
