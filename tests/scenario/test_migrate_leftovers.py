"""migrate names what earlier deploys have left in the database, with what mends it, and nothing that is as it should be."""
import re
import time
from types import SimpleNamespace

import psycopg
import pytest
from deploys import FIRST, Others, cluster, database
from leftovers import LEFTOVERS, STRANDED, TWINS, Ground, command_in, run_sql, sql_in
from migration_kinds import STAND, wait_until_it_stands
from projects import postgresql
from runs import Run

ADD_NOTE = 'migrations.AddField("order", "note", models.TextField(null=True))'
PLAN = "migrate", "--plan", "--format", "json"


@pytest.fixture
def due(shop):
    """A project with something to apply: else nothing need be looked at."""

    def make(*pooler):
        project = shop(*pooler)
        project.add_operations(FIRST, ADD_NOTE)
        return project

    return make


def run_pgtool(project, *arguments):
    """For what is shared by many tests, and so by no fixture of one."""
    run = Run(project, arguments, {})
    try:
        return run.finish(60)
    finally:
        run.end()


def rules_in(outcome):
    assert outcome.stdout.startswith("{"), outcome.text
    return [finding["rule"] for finding in outcome.json["findings"]]


@pytest.fixture(scope="module")
def ground(deploy_cluster, tmp_path_factory):
    made = Ground(deploy_cluster, tmp_path_factory.mktemp("leftovers") / "project")
    made.plant_leftovers()
    yield made
    made.remove()


@pytest.fixture(scope="module")
def told(ground):
    """All of them at once: as JSON and as text."""
    first = run_pgtool(ground.project, *PLAN)
    assert first.status == 0, first.text
    return SimpleNamespace(findings=first.json["findings"], unknown=first.json["unknown"], stranded=ground.stranded(),
                           text=run_pgtool(ground.project, "migrate", "--plan").text)


@pytest.fixture(scope="module")
def cured(ground, told):
    """What is told after all remedies were carried out, and what they were answered."""
    answers = {}
    for finding in told.findings:
        sql, command = sql_in(finding["remedy"]), command_in(finding["remedy"])
        if sql:
            try:
                run_sql(ground.database, sql)
            except RuntimeError as error:
                answers[finding["where"]["object"]] = str(error)
        if command and "made_model" in command:
            answers[finding["where"]["object"]] = run_pgtool(ground.project, *command)
        elif command:  # One of them is enough.
            migrate, fake, app, name = command
            assert (migrate, fake) == ("migrate", "--fake"), command
            ground.database.sql(f"insert into django_migrations (app, name, applied) values ('{app}', '{name}', now())")
    ground.renew_pool()
    outcome = run_pgtool(ground.project, *PLAN)
    assert outcome.status == 0, outcome.text
    return SimpleNamespace(findings=outcome.json["findings"], answers=answers)


def plain(text):
    """Without the line breaks that a narrow page needs, and what grows with time."""
    return re.sub(r"for\d+s", "", "".join(text.split()))


# Which of two is to go is for a person to see: the remedy shows what is in them.
LOOKED_AT_FIRST = {"phantom-table", "second-django-migrations"}


class TestEachLeftover:
    @pytest.mark.parametrize("leftover", LEFTOVERS, ids=str)
    def test_is_told_once_with_its_object_and_its_remedy(self, told, leftover):
        found = leftover.is_in(told.findings)
        assert len(found) == 1, told.findings
        assert found[0]["severity"] == leftover.severity and found[0]["message"] and found[0]["remedy"], found

    @pytest.mark.parametrize("leftover", LEFTOVERS, ids=str)
    def test_stands_in_the_text(self, told, leftover):
        [finding] = leftover.is_in(told.findings)
        assert leftover.rule in told.text
        assert plain(finding["where"]["object"]) in plain(told.text) and plain(finding["message"]) in plain(told.text)
        assert all(plain(line) in plain(told.text) for line in finding["remedy"].splitlines()), (finding, told.text)

    @pytest.mark.parametrize("leftover", LEFTOVERS, ids=str)
    def test_is_gone_after_its_remedy(self, told, cured, leftover):
        [finding] = leftover.is_in(told.findings)
        remedy = command_in(finding["remedy"]) if leftover.rule == "unrecorded-migration" else sql_in(finding["remedy"])
        assert remedy, finding
        if leftover.rule in LOOKED_AT_FIRST:
            assert "SELECT" in finding["remedy"] and "DROP" not in finding["remedy"], finding
            return
        assert leftover.is_in(cured.findings) == [], cured.answers

    def test_there_is_nothing_else(self, told, cured):
        assert sorted(one["rule"] for one in told.findings) == sorted(leftover.rule for leftover in LEFTOVERS)
        assert {one["rule"] for one in cured.findings} == LOOKED_AT_FIRST, cured.answers

    def test_the_remedies_have_kept_what_is_in_use(self, ground, cured):
        assert list(cured.answers) == ["made_model.0002_made"], cured.answers
        assert ground.database.sql("select count(*), max(id) from public.shop_customer") == "2001|9000"
        assert ground.database.sql("select string_agg(app, ' ' order by app) from django_migrations where name like '0002_made' "
                                   "or name = '0003_later'") == "made_constraint made_field made_index made_model"
        assert ground.database.sql("select count(*) from public.ticket, public.stamp") == "35"
        assert ground.database.sql("select nextval('ticket_id_seq'), nextval('coupon_id_seq'), nextval('stamp_id_seq'), nextval("
                                   "pg_get_serial_sequence('shop_customer', 'id'))") == "8|2|6|9001"

    def test_the_stranded_lock_has_its_key_and_its_session(self, told):
        [finding] = [one for one in told.findings if one["rule"] == "advisory-lock-stranded"]
        assert str(STRANDED) in " ".join([finding["message"], finding["where"]["object"], finding["detail"] or ""]), finding
        assert told.stranded[0] in finding["remedy"] + finding["message"] + (finding["detail"] or ""), finding


@pytest.mark.parametrize("table", ["secret", "vault"])
def test_what_may_not_be_read_is_unknown_and_spoils_nothing(told, table):
    assert [one for one in told.findings if table in str(one)] == []
    about = [one for one in told.unknown if re.search(rf"\b{table}", one["what"] + (one["why"] or ""))]
    assert about and plain(about[0]["what"]) in plain(told.text), told.unknown


class TestInnocentTwins:
    @pytest.fixture(scope="class")
    @staticmethod
    def innocent(deploy_cluster, tmp_path_factory):
        made = Ground(deploy_cluster, tmp_path_factory.mktemp("twins") / "project")
        made.plant_twins()
        with made.busy_twins():
            outcome = run_pgtool(made.project, *PLAN)
        assert outcome.status == 0, outcome.text
        yield outcome.json
        made.remove()

    @pytest.mark.parametrize("twin", TWINS)
    def test_are_not_told(self, innocent, twin):
        about = [one for one in innocent["findings"] if twin in str(one)]
        assert about == [] or twin == "reading" and {one["severity"] for one in about} == {"info"}

    def test_nothing_at_all_is_told(self, innocent):
        assert [one for one in innocent["findings"] if one["severity"] != "info"] == []


def test_a_clean_database_has_none_before_and_after(shop, pgtool):
    project = shop()
    project.add_operations(FIRST, 'migrations.AddIndex("order", models.Index(fields=["paid"], name="order_paid"))')

    report = pgtool(project, "migrate", "--format", "json").json

    assert (report["status"], report["findings"], report["unknown"]) == (0, [], [])


def test_a_run_that_applies_something_tells_it_once_and_goes_well(due, database, pgtool):
    database.sql("create unique index concurrently order_once on shop_order (paid)", check=False)

    outcome = pgtool(due(), "migrate", "--format", "json", "--fail-level", "warning")

    assert outcome.status == 1, outcome.text
    assert [rule for rule in rules_in(outcome) if rule != "cached-plans"] == ["invalid-index"]
    assert database.applied()[-1] == f"shop.{FIRST}"


def test_an_index_that_the_run_itself_replaces_is_told_by_nobody_afterwards(shop, database, pgtool):
    database.sql("create unique index concurrently order_paid on shop_order (paid)", "app", check=False)
    project = shop()
    project.add_operations(FIRST, 'migrations.RunSQL("drop index order_paid")')

    outcome = pgtool(project, "migrate", "--format", "json")

    assert outcome.status == 0 and rules_in(outcome).count("invalid-index") <= 1, outcome.text
    assert database.sql("select 1 from pg_class where relname = 'order_paid'") == ""


@pytest.mark.parametrize("path", ["public, backup", "backup, public"])
def test_the_remedy_of_a_phantom_never_drops_the_rows_nor_fails_at_a_view(due, database, pgtool, path):
    """Where the empty one comes first on the path, the one with the rows is out of sight."""
    database.sql("create schema backup; create table backup.shop_customer (like public.shop_customer including all);"
                 "create view backup.shop_order as select * from public.shop_order", "app")
    database.sql(f"alter role app in database {database.name} set search_path = {path}")

    outcome = pgtool(due(), *PLAN)

    assert outcome.status == 0, outcome.text
    found = [one for one in outcome.json["findings"] if one["rule"] == "phantom-table"]
    assert [one for one in found if "shop_customer" in one["where"]["object"]], found
    answers = [database.sql(sql, check=False) for sql in (sql_in(one["remedy"]) for one in found) if sql]
    assert [answer for answer in answers if "is not a table" in answer] == []
    counts = [database.sql(f"select count(*) from public.{table}", check=False) for table in ("shop_order", "shop_customer")]
    assert counts == ["2001", "2000"], found


class TestAdvisoryLocksOfOthers:
    def test_another_deploy_s(self, shop, start_pgtool, pgtool):
        project = shop()
        project.add_operations(FIRST, "migrations.RunPython(stand)", before=STAND)
        run = start_pgtool(project, "migrate")
        wait_until_it_stands(project, run)

        outcome = pgtool(project, *PLAN)

        assert outcome.status == 0 and "advisory-lock-stranded" not in rules_in(outcome), outcome.text

    def test_a_leader_s_that_came_past_the_pooler(self, deploy_cluster, tmp_path, pgtool):
        """Beside one that is stranded, so that it is seen that they are looked at."""
        ground = Ground(deploy_cluster, tmp_path / "project")
        ground.project.add_operations(FIRST, ADD_NOTE)
        ground.strand_lock()
        with Others(ground.database) as others:
            leader = others.hold("select pg_advisory_lock(9)", application="leader", autocommit=True)
            outcome = pgtool(ground.project, *PLAN)
        [pid] = ground.stranded()
        ground.remove()

        assert outcome.status == 0, outcome.text
        told = [finding["message"] for finding in outcome.json["findings"] if finding["rule"] == "advisory-lock-stranded"]
        assert [one for one in told if f"pid {pid}" in one] and not [one for one in told if f"pid {leader.pid}" in one], told

    def test_a_client_s_that_has_its_session_for_itself(self, bouncer, due, database, pgtool):
        pooler = bouncer("session")
        with psycopg.connect(pooler.conninfo(database.name), autocommit=True, prepare_threshold=None) as client:
            client.execute("select pg_advisory_lock(10)")

            outcome = pgtool(due(pooler), *PLAN)

        assert outcome.status == 0 and "advisory-lock-stranded" not in rules_in(outcome), outcome.text


def test_a_table_that_is_locked_holds_nothing_up(due, database, others, pgtool):
    database.sql("insert into shop_order (id, number, paid) values (9000, 'by hand', true)")
    others.hold("lock table shop_customer in access exclusive mode", user="postgres")
    began = time.monotonic()

    outcome = pgtool(due(), *PLAN)

    assert outcome.status == 0 and time.monotonic() - began < 8, outcome.text
    told = [one["where"]["object"] for one in outcome.json["findings"] if one["rule"] == "sequence-behind"]
    assert len(told) == 1 and "shop_order" in told[0], (told, outcome.json["unknown"])
    assert [one for one in outcome.json["unknown"] if "shop_customer" in str(one)], outcome.json["unknown"]


class TestNoCreatePrivilege:
    @pytest.fixture
    def restricted(self, make_database, cluster, make_project):
        """An empty database of somebody else."""
        database = make_database(cluster, "owner")
        return database, make_project({"default": postgresql(database, database.name)})

    def test_is_told_and_gone_after_the_grant(self, restricted, pgtool):
        database, project = restricted
        outcome = pgtool(project, *PLAN)

        [finding] = [one for one in outcome.json["findings"] if one["rule"] == "no-create-privilege"]
        assert "public" in finding["where"]["object"] and sql_in(finding["remedy"]), finding
        run_sql(database, finding["remedy"], "owner")
        again = pgtool(project, *PLAN)
        assert (again.status, rules_in(again)) == (0, []), again.text

    def test_is_told_in_the_text_of_a_run_that_it_stops(self, restricted, pgtool):
        _, project = restricted
        outcome = pgtool(project, "migrate")
        assert outcome.status == 3 and "[no-create-privilege]" in outcome.text, outcome.text
        assert plain("GRANT CREATE ON SCHEMA public TO app") in plain(outcome.text)


class TestConflictingMigrations:
    @pytest.fixture
    def torn(self, shop):
        project = shop()
        project.add_operations("0006_left", ADD_NOTE)
        left = (project.dir / "shop/migrations/0006_left.py").read_text(encoding="utf-8")
        project.write("shop/migrations/0006_right.py", left.replace('"note"', '"remark"'))
        return project

    def test_are_an_error_that_names_the_leaves(self, torn, database, pgtool):
        outcome = pgtool(torn, *PLAN)

        assert outcome.status in (1, 3), outcome.text
        [finding] = [one for one in outcome.json["findings"] if one["rule"] == "conflicting-migrations"]
        assert finding["severity"] == "error" and "makemigrations --merge" in finding["remedy"], finding
        told = finding["where"]["object"] + finding["message"] + (finding["detail"] or "")
        assert "0006_left" in told and "0006_right" in told and "shop" in finding["where"]["object"], finding
        assert "Traceback" not in outcome.stderr and database.applied()[-1] == "shop.0005_customer"

    def test_are_told_in_the_text_of_a_run_that_they_stop(self, torn, database, pgtool):
        outcome = pgtool(torn, "migrate")

        assert outcome.status in (1, 3) and "[conflicting-migrations]" in outcome.text, outcome.text
        assert all(plain(words) in plain(outcome.text) for words in ("0006_left", "0006_right", "makemigrations --merge"))
        assert "Traceback" not in outcome.stderr and database.applied()[-1] == "shop.0005_customer"

    def test_are_gone_after_the_merge(self, torn, pgtool):
        done = Run(torn, ["manage.py", "makemigrations", "--merge", "--no-input"], {}, program=str(torn.python))
        assert done.finish().status == 0
        outcome = pgtool(torn, *PLAN)
        assert (outcome.status, rules_in(outcome)) == (0, []), outcome.text


_MANY = """\
do $$ begin
    for n in 0..29 loop
        execute (select string_agg(format('create table many_%s (id integer generated by default as identity primary key)',
                                          m), ';') from generate_series(100 * n, 100 * n + 99) m);
        commit;
    end loop;
end $$"""


def test_three_thousand_tables_are_no_matter(shop, database, pgtool):
    """As many tables, each with a key and a sequence, as one transaction could not lock."""
    database.sql(_MANY, "app")
    database.sql("insert into many_2999 (id) values (1)", "app")
    database.sql(f"alter role app in database {database.name} set log_min_duration_statement = '1s'")
    project = shop()
    project.add_operations(FIRST, ADD_NOTE)
    before = len(database.cluster.log.records())
    began = time.monotonic()

    outcome = pgtool(project, "migrate", "--format", "json")

    assert outcome.status == 0 and time.monotonic() - began < 8, outcome.text
    assert {finding["rule"] for finding in outcome.json["findings"]} - {"cached-plans"} <= {"sequence-behind"}
    assert all("many_2999" in one["where"]["object"] for one in outcome.json["findings"] if one["rule"] == "sequence-behind")
    records = [one for one in database.cluster.log.records()[before:] if one.get("dbname") == database.name]
    assert [one["message"] for one in records if re.match(r"duration: \d{4,}\.", one["message"])] == []
    assert len([one for one in records if "statement: " in one["message"]]) < 600, "a statement for each table"
    assert [one["message"] for one in records if one.get("state_code") == "53200"] == []
