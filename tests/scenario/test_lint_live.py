"""lint --live: what the database knows sharpens what is said of the statements, and nothing is changed there."""
import pytest

from live_tables import folder, live
from processes import free_port
from projects import postgresql

def told(outcome):
    return [(finding["rule"], finding["severity"]) for finding in outcome.json["findings"]]


def messages(outcome):
    return [finding["message"] for finding in outcome.json["findings"]]


def test_a_large_table_is_told_with_its_size_and_a_small_one_is_for_information(live):
    large = live("CREATE INDEX i ON large (note);\n")
    small = live("CREATE INDEX i ON small (name);\n")

    assert large.status == 1 and told(large) == [("index-not-concurrent", "error")]
    assert "about 30000 rows" in messages(large)[0] and "MB" in messages(large)[0]
    assert small.status == 0 and told(small) == [("index-not-concurrent", "info")]
    assert "about 100 rows" in messages(small)[0]


def test_a_table_of_that_name_elsewhere_is_not_taken_for_it(live):
    findings = live("CREATE INDEX i ON small (name);\nCREATE INDEX i ON other.small (name);\n").json["findings"]
    assert {finding["where"]["object"]: finding["severity"] for finding in findings} == {"small": "info", "other.small": "error"}


def test_a_table_that_nobody_knows_is_judged_as_without_a_database(live):
    assert told(live("CREATE INDEX i ON unheard_of (name);\n")) == [("index-not-concurrent", "error")]


@pytest.mark.parametrize("sql, alone, told_live", [
    ("ALTER TABLE large ALTER name TYPE varchar(40);", [("alter-column-type", "info")], []),
    ("ALTER TABLE large ALTER name TYPE varchar(10);", [("alter-column-type", "info")], [("alter-column-type", "error")]),
    ("ALTER TABLE large ALTER note SET NOT NULL;", [("set-not-null", "error")], []),
    ("ALTER TABLE large ALTER name SET NOT NULL;", [("set-not-null", "error")], [("set-not-null", "error")]),
    ("CREATE INDEX CONCURRENTLY i ON parent (id);", [], [("concurrently-unsupported-form", "error")]),
    ("ALTER TABLE large ADD p positive;", [], [("add-column-constrained-domain", "error")]),
    ("ALTER TABLE large ADD p plain;", [], []),
    ("UPDATE small SET total = 1;", [("update-without-where", "warning")], []),
    ("UPDATE large SET total = 1;", [("update-without-where", "warning")], [("update-without-where", "warning")]),
    ("REINDEX INDEX large_total;", [("reindex-not-concurrent", "error")], [("reindex-not-concurrent", "error")]),
    ("REINDEX INDEX small_pkey;", [("reindex-not-concurrent", "error")], [("reindex-not-concurrent", "info")]),
], ids=lambda value: value if isinstance(value, str) else "")
def test_what_is_there_decides(live, sql, alone, told_live):
    assert told(live(sql + "\n", live=False)) == alone
    assert told(live(sql + "\n")) == told_live


def test_what_the_server_is_counts_unless_another_one_is_named(live):
    sql = "ALTER TABLE large ALTER note SET NOT NULL;\n"
    assert told(live(sql)) == []
    assert told(live(sql, "--server-version", "11")) == [("set-not-null", "error")]


def test_a_table_that_the_file_makes_is_new_whatever_it_was(live):
    assert told(live("ALTER TABLE large RENAME TO old;\nCREATE TABLE large (id int);\nCREATE INDEX i ON large (id);\n")) == [
        ("rename-table", "error")]
    assert told(live("ALTER TABLE small RENAME TO old;\nCREATE INDEX i ON old (id);\n")) == [
        ("rename-table", "error"), ("index-not-concurrent", "info")]


def test_behind_a_pooler_the_mode_is_found_and_the_facts_come_through_it(pgtool, folder, bouncer, database):
    folder.write("a.sql", "SET statement_timeout = '1s';\nCREATE INDEX i ON small (name);\n")
    pooled = bouncer().url(database.name)
    outcome = pgtool(folder, "lint", "--format", "json", "--live", "--pooled-url", pooled, "a.sql")

    assert ("session-set-under-pooler", "error") in told(outcome) and ("index-not-concurrent", "info") in told(outcome)
    assert [finding["where"]["file"] for finding in outcome.json["findings"]] == ["a.sql"] * 2
    direct = pgtool(folder, "lint", "--format", "json", "--live", "--direct-url", database.url(), "a.sql")
    assert "session-set-under-pooler" not in [rule for rule, severity in told(direct) if severity != "info"]


def test_a_database_that_does_not_answer_is_no_clean_one(pgtool, folder):
    folder.write("a.sql", "SELECT 1;\n")
    url = f"postgresql://app:hunter22@127.0.0.1:{free_port()}/shop"
    outcome = pgtool(folder, "lint", "--format", "json", "--live", "--direct-url", url, "a.sql")

    assert outcome.status == 3 and outcome.json["unknown"][0]["what"] == "the tables in the database"
    assert "hunter22" not in outcome.text
    nothing = pgtool(folder, "lint", "--live", "a.sql")
    assert nothing.status == 2 and "--direct-url" in nothing.text


def test_it_reads_only(live, database):
    before = database.sql("select pg_current_xact_id_if_assigned() is null, n_tup_ins from pg_stat_all_tables where relname = 'large'")
    live("CREATE INDEX i ON large (note);\nDROP TABLE small;\n", "--timeline")
    assert database.sql("select pg_current_xact_id_if_assigned() is null, n_tup_ins from pg_stat_all_tables"
                        " where relname = 'large'") == before
    assert [one.text for one in database.writes() if "create table small" not in one.text.lower()] == []


def test_unapplied_migrations_are_judged_by_what_the_database_holds(make_project, database, pgtool):
    project = make_project({"default": postgresql(database, database.name)})
    assert pgtool(project, "manage", "migrate").status == 0
    project.add_operations("0101_index", "migrations.AddIndex('order', models.Index(fields=['paid'], name='by_paid'))")
    words = ("lint", "--format", "json", "--unapplied", "--migrations-only")
    small = pgtool(project, *words)
    database.sql("insert into shop_order (number, paid) select i, true from generate_series(1, 30000) i; analyze shop_order")
    large = pgtool(project, *words)

    assert told(small) == [("index-not-concurrent", "info")], small.text
    assert told(large) == [("index-not-concurrent", "error")] and "about 3000" in messages(large)[0], messages(large)


def test_what_must_run_outside_of_a_transaction_is_known_with_a_database_too(make_project, database, pgtool):
    project = make_project({"default": postgresql(database, database.name)})
    outcome = pgtool(project, "lint", "--format", "json", "--unapplied", "--migrations-only")

    assert outcome.json["unknown"] == [] and outcome.status == 0, outcome.text
    project.add_operations("0101_index", "AddIndexConcurrently('order', models.Index(fields=['paid'], name='by_paid'))")
    assert "concurrently-in-transaction" in [rule for rule, _ in told(pgtool(project, "lint", "--format", "json", "--unapplied"))]
