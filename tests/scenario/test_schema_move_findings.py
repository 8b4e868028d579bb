"""What is found before anything moves: each rule beside a near look-alike, and no error that lets anything change."""
import re

import psycopg
import pytest
from moves import SMALL
from projects import postgresql

_JOB = ("create schema cron; create table cron.job (jobid bigint, schedule text, command text, nodename text, nodeport integer,"
        " database text, username text, active boolean, jobname text);"
        "insert into cron.job values (1, '* * * * *', 'delete from {}.line', 'localhost', 5432, current_database(), 'app', true, 'tidy');"
        "grant usage on schema cron to app; grant select on cron.job to app")
_ELSEWHERE = "create schema republic; create table republic.line (id integer);"
_COUNT = "create function f() returns bigint language sql as 'select count(*) from {}.line';"
_FUNCTION = "create function f() returns integer language sql set {} as 'select 1';"

# Rule, who does it, what raises it, and what must not.
CASES = [
    ("name-clash", "app", "create schema shop; create table shop.line (id integer)",
     f"{_ELSEWHERE} create schema shop; create table shop.lines (id integer)"),
    ("name-clash", "app", "create schema shop; create view shop.line as select 1", "create schema shop; create type shop.lines as (x integer)"),
    ("name-clash", "app", "create schema shop; create type shop.kind as enum ('x')",
     "create schema shop; create function shop.kind() returns integer language sql as 'select 1'"),
    ("name-clash", "app", "create schema shop; create function shop.total(integer) returns bigint language sql as 'select 1::bigint'",
     "create schema shop; create function shop.total(text) returns bigint language sql as 'select 1::bigint'"),
    ("name-clash", "app", "create schema shop; create sequence shop.line_id_seq", "create schema shop; create sequence shop.line_number_seq"),
    ("missing-privilege", "postgres", "alter table line owner to owner", "alter table line owner to team"),
    ("replicated-table", "postgres", "create publication p for table line", f"{_ELSEWHERE} create publication p for table republic.line"),
    ("replicated-table", "postgres", "create publication p for all tables", "create publication p"),
    ("function-names-schema", "app", _COUNT.format("public"), _ELSEWHERE + _COUNT.format("republic")),
    ("function-names-schema", "app", _COUNT.format('"public"'),
     "create function f() returns bigint language sql begin atomic select count(*) from public.line; end"),
    ("function-path", "app", _FUNCTION.format("search_path = public"), _FUNCTION.format("search_path = pg_catalog")),
    ("function-path", "app", _FUNCTION.format("search_path = pg_catalog, public"), _FUNCTION.format("work_mem = '5MB'")),
    ("job-names-schema", "postgres", _JOB.format("public"), _JOB.format("republic")),
    ("setting-names-schema", "app", "create text search configuration words (copy = pg_catalog.english);"
     "alter role app in database {database} set default_text_search_config = 'public.words'",
     "alter role app in database {database} set default_text_search_config = 'pg_catalog.english'"),
    ("setting-names-schema", "postgres", "alter role reader in database {database} set search_path = public",
     "alter role reader in database {database} set search_path = pg_catalog"),
    ("database-path", "app", "alter database {database} set search_path = public", "alter database {database} set work_mem = '5MB'"),
    ("role-not-changed", "app", "grant select on line to reader", f"{_ELSEWHERE} grant select on republic.line to reader"),
]
ALL = pytest.mark.parametrize("rule, user, raising, alike", CASES, ids=[f"{n}-{case[0]}" for n, case in enumerate(CASES)])
# What stops in every case, for no move can be right then.
ERRORS = {"name-clash", "missing-privilege", "replicated-table"}
# What the move itself cannot get past.
NEVER = {"name-clash", "missing-privilege"}


def prepare(site, user, text):
    site.database.sql(text.replace("{database}", site.database.name), user)


@ALL
def test_a_near_look_alike_raises_nothing(make_site, rule, user, raising, alike):
    site = make_site(SMALL)
    prepare(site, user, alike)

    assert rule not in site.findings()


@ALL
def test_an_error_stops_and_nothing_has_changed(make_site, rule, user, raising, alike):
    site = make_site(SMALL)
    prepare(site, user, raising)
    before = site.untouched()
    found = site.findings()
    assert rule in found, sorted(found)
    finding = found[rule]
    assert finding["remedy"] and site.untouched() == before
    assert finding["severity"] == "error" or rule not in ERRORS

    if finding["severity"] == "error":
        outcome = site.run("--yes")
        assert outcome.status == 1 and rule in outcome.text, outcome.text
        assert site.untouched() == before
    if rule not in NEVER:
        site.move("--accept", rule)
        assert site.places()["line"] == "shop"
        site.assert_serves()


def test_a_publication_of_the_schema_is_found(make_site):
    site = make_site(SMALL)
    if int(site.database.sql("show server_version_num")) < 150000:
        pytest.skip("needs PostgreSQL 15")
    site.database.sql("create publication p for tables in schema public")

    assert site.findings()["replicated-table"]["severity"] == "error"


def test_a_subscription_s_table_is_found(make_site):
    """It need not be connected to be broken by the move."""
    site = make_site(SMALL)
    site.database.sql("create subscription s connection 'dbname=nowhere' publication p with (connect = false, slot_name = none)")
    site.database.sql("insert into pg_subscription_rel select oid, 'public.line'::regclass, 'r', null from pg_subscription "
                      "where subname = 's'", check=False)
    if site.database.sql("select count(*) from pg_subscription_rel") == "0":
        site.database.sql("set allow_system_table_mods = on; insert into pg_subscription_rel select oid, 'public.line'::regclass, 'r', null "
                          "from pg_subscription where subname = 's'")

    try:
        assert site.findings()["replicated-table"]["severity"] == "error"
    finally:
        site.database.sql("drop subscription s")


def test_a_role_that_is_named_is_not_complained_of(make_site):
    site = make_site(SMALL)
    site.database.sql("grant select on line to reader", "app")
    site.direct = site.database.url("postgres")

    assert "role-not-changed" in site.findings()
    assert "role-not-changed" not in site.findings("--role", "reader")


@pytest.mark.parametrize("elsewhere", [False, True], ids=["here", "elsewhere"])
def test_a_role_with_a_session_on_the_tables(make_site, elsewhere):
    site = make_site(SMALL)
    site.database.sql("grant select on line to reader", "app")
    with psycopg.connect(site.database.cluster.conninfo("postgres" if elsewhere else site.database.name, "reader")) as session:
        session.execute("select 1" if elsewhere else "select count(*) from line")

        assert ("role-in-use" in site.findings()) is not elsewhere


@pytest.mark.parametrize("granted", [False, True], ids=["hidden", "seen"])
def test_sessions_whose_age_is_hidden(make_site, granted):
    site = make_site(SMALL)
    grant, cluster = "grant pg_read_all_stats to app", site.database.cluster
    try:
        cluster.sql(grant if granted else "select 1", "postgres")
        with psycopg.connect(cluster.conninfo(site.database.name, "reader")) as session:
            session.execute("select 1")
            found = site.findings("--role", "reader")
    finally:
        cluster.sql("revoke pg_read_all_stats from app", "postgres")

    assert ("hidden-sessions" in found) is not granted
    if not granted:
        finding = found["hidden-sessions"]
        assert grant in (finding["remedy"] + str(finding.get("detail", ""))).lower().replace('"', "")


@pytest.mark.parametrize("query, raised", [("set search_path = public", True), ("set work_mem = ''5MB''", False)])
def test_a_path_that_the_pooler_sets(make_site, query, raised):
    site = make_site(SMALL)
    site.pooler.add_line(f"storefront = host=127.0.0.1 port={site.database.port} dbname={site.database.name} connect_query='{query}'")
    site.pooled = site.pooler.url("storefront")
    before = site.untouched()

    found = site.findings("--pooler-config", site.pooler.home / "pgbouncer.ini")

    assert ("path-set-by-pooler" in found) is raised, sorted(found)
    assert site.untouched() == before


@pytest.mark.parametrize("options, raised", [("-c search_path=public", True), ("-c statement_timeout=5000", False)])
def test_a_path_that_the_settings_set(make_site, make_project, options, raised):
    """It would win over the role's wherever the pooler lets it through; the very line to remove is named."""
    site = make_site(SMALL, extra="ignore_startup_parameters = options")
    site.folder = make_project({"default": postgresql(site.pooler, site.database.name, OPTIONS={"options": options})})
    site.pooled = None

    found = site.findings()

    assert ("path-set-by-client" in found) is raised, sorted(found)
    if raised:
        finding = found["path-set-by-client"]
        assert "search_path" in finding["message"] + finding["remedy"] + str(finding.get("detail", ""))


@pytest.mark.parametrize("table, raised", [('\'"public"."line"\'', True), ("'public_line'", False)])
def test_a_model_that_names_the_schema(make_site, make_project, table, raised):
    site = make_site(SMALL)
    project = make_project({"default": postgresql(site.pooler, site.database.name)})
    with open(project.dir / "shop/models.py", "a", encoding="utf-8") as models:
        models.write(f"\n\nclass Line(models.Model):\n    class Meta:\n        managed = False\n        db_table = {table}\n")
    site.folder, site.pooled = project, None

    assert ("quoted-db-table" in site.findings()) is raised


def test_a_pooler_that_cannot_be_told_to_recycle(make_site):
    site = make_site(SMALL)
    assert "no-recycling" not in site.findings()
    before = site.untouched()
    site.consoles = []

    outcome = site.run("--yes")

    assert outcome.status == 1 and "no-recycling" in outcome.text and "--console-url" in outcome.text, outcome.text
    assert site.untouched() == before


LACKING = {
    "ownership": ([], "alter table line owner to owner; alter type kind owner to owner; grant all on line to app; grant all on line_id_seq to app"),
    "create-on-database": ([], "alter database {database} owner to owner; grant usage, create on schema public to app"),
    "create-on-schema": ([], "create schema shop"),
    "another-role": (["--role", "reader"], "grant select on line to reader; grant usage on schema public to reader"),
}


@pytest.mark.parametrize("lacking", LACKING)
def test_the_printed_statements_cure_what_is_missing(make_site, lacking):
    site = make_site(SMALL)
    arguments, preparation = LACKING[lacking]
    prepare(site, "postgres", preparation)
    before = site.untouched()
    outcome = site.run("--yes", *arguments)
    assert outcome.status == 1 and site.untouched() == before, outcome.text

    try:
        for _ in range(4):
            missing = [one for one in site.report("--plan", *arguments)["findings"] if one["rule"] in ("missing-privilege", "path-not-changeable")]
            if not missing:
                break
            for finding in missing:
                site.database.sql(statement_of(finding))
        site.move(*arguments, "--accept", "role-not-changed")
        assert site.schemas() == {"shop"}
        site.assert_serves()
    finally:
        site.database.cluster.sql("revoke owner from app; revoke reader from app; alter role app nocreaterole nosuperuser", "postgres")


def statement_of(finding):
    """The one that an administrator would copy."""
    found = re.search(r"\b(?:GRANT|ALTER|CREATE) .*?(?=;|$)", f"{finding['remedy']}", re.M)
    assert found, finding
    return found[0]
