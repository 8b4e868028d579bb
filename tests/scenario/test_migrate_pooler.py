"""After tables in use have changed, what pooled sessions have prepared does not fit them any more."""
import psycopg
from deploys import FIRST, cluster, database, records_of

CONSTRAINT = 'migrations.AddConstraint("order", models.UniqueConstraint(fields=["number"], name="once"))'


def pooled_backend(pooler, database):
    with psycopg.connect(pooler.conninfo(database.name), autocommit=True, prepare_threshold=None) as client:
        return client.execute("select pg_backend_pid()").fetchone()[0]


def rules_in(outcome):
    return [finding["rule"] for finding in outcome.json["findings"]]


def test_reconnect_pooler_gives_clients_fresh_sessions(noted, bouncer, database, pgtool):
    pooler = bouncer()
    before = pooled_backend(pooler, database)

    outcome = pgtool(noted(pooler=pooler), "migrate", "--reconnect-pooler", "--console-url", pooler.console(), "--format", "json")

    assert (outcome.status, records_of(database, FIRST)) == (0, 1), outcome.text
    assert "RECONNECT" in outcome.stderr and rules_in(outcome) == [], outcome.text
    assert pooled_backend(pooler, database) != before


def test_without_a_change_of_columns_or_the_option_the_sessions_stay(noted, bouncer, database, pgtool):
    pooler = bouncer()
    before = pooled_backend(pooler, database)

    unchanged = pgtool(noted(CONSTRAINT, pooler=pooler), "migrate", "--reconnect-pooler", "--console-url", pooler.console())

    assert unchanged.status == 0 and "RECONNECT" not in unchanged.text, unchanged.text
    assert pooled_backend(pooler, database) == before


def test_a_pooler_that_cannot_be_told_is_named_and_the_run_is_done(noted, bouncer, database, pgtool):
    outcome = pgtool(noted(pooler=bouncer()), "migrate", "--reconnect-pooler", "--format", "json")

    assert (outcome.status, records_of(database, FIRST)) == (0, 1), outcome.text
    [finding] = [finding for finding in outcome.json["findings"] if finding["rule"] == "no-recycling"]
    assert "--console-url" in finding["remedy"], finding


def test_prepared_statements_of_the_project_are_warned_of(noted, pgtool):
    prepares = noted(settings="\nDATABASES['default']['OPTIONS'] = {'prepare_threshold': 1}\n")
    assert rules_in(pgtool(prepares, "migrate", "--format", "json")) == ["cached-plans"]
