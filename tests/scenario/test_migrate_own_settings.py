"""A migration's own timeouts win, and what a rollback undoes is set again: the rest is as under plain Django."""
import re

import pytest
from deploys import FIRST, cluster, columns, database, fingerprint, records_of

DRIVERS = ["psycopg", "psycopg2"]
SECOND = "0007_second"
AT_ONCE = "--max-transaction-age", "0"
DEFAULT = "2s"


def insert(number):
    return f"""migrations.RunSQL("insert into shop_order (number, paid) values ('{number}', false)")"""


CODE = """\
from django.db.utils import DatabaseError, IntegrityError


def run(schema_editor, sql, params=None):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(sql, params)


def insert(schema_editor, number, **values):
    run(schema_editor, "insert into shop_order (number, paid) values (%s, false)", [number])


def fail(schema_editor):
    run(schema_editor, "insert into shop_order (id, number, paid) values (1, 'twice', false)")


"""


def code(*lines):
    """A RunPython `step` of these lines."""
    return CODE + "def step(apps, schema_editor):\n" + "".join(f"    {line}\n" for text in lines for line in text.split("\n"))


STEP = "migrations.RunPython(step)"


@pytest.fixture
def as_plain(database, twin, pgtool):
    """Runs the project with us and without: both end alike and leave the same behind. Returns our outcome."""

    def run(project, *arguments, ends=0):
        ours = pgtool(project, "migrate", *arguments)
        copy, plain = twin(project)
        assert (ours.status, plain.status) == (ends, min(ends, 1)), (ours.text, plain.text)
        assert fingerprint(database) == fingerprint(copy)
        assert last_error(ours) == last_error(plain)
        return ours

    return run


def last_error(outcome):
    """The last line of a traceback of Django's."""
    found = re.findall(r"^[\w.]*(?:Error|Exception)\b: .*", outcome.stderr, re.M)
    return found[-1] if found else None


OWN = [
    ('migrations.RunSQL("set lock_timeout = \'7s\'")', True),
    ('migrations.RunSQL("SET SESSION LOCK_TIMEOUT TO 7000")', True),
    ('migrations.RunSQL("set local lock_timeout = \'7s\'")', False),
    ("""migrations.RunSQL("select set_config('lock_timeout', '7s', false)")""", True),
    ("""migrations.RunSQL("select pg_catalog.set_config('lock_timeout', '7s', true)")""", False),
    ("migrations.RunPython(lambda apps, editor: run(editor, 'select set_config(%s, %s, false)', ['lock_timeout', '7s']))", True),
    ("""migrations.RunSQL("do $$begin perform set_config('lock_timeout', '7s', false); end$$")""", True),
]


@pytest.mark.parametrize("driver", DRIVERS)
@pytest.mark.parametrize("setting, _", OWN)
def test_a_setting_of_the_migration_s_own_wins_until_its_end(shop, witness, as_plain, setting, _, driver):
    project = shop(driver=driver)
    alter = 'migrations.AddField("order", "{}", models.TextField(null=True))'
    project.add_operations(FIRST, insert("before"), setting, insert("own"), alter.format("note"), insert("later"), before=CODE)
    project.add_operations(SECOND, insert("next"), alter.format("second"))

    as_plain(project)

    assert {text: witness.locks_seen_at(text) for text in ("before", "own", '"note"', "later", "next")} == {
        "before": [DEFAULT], "own": ["7s"], '"note"': ["7s"], "later": ["7s"], "next": [DEFAULT]}


@pytest.mark.parametrize("setting", [setting for setting, holds_outside in OWN if holds_outside])
def test_so_it_does_outside_of_transactions_and_for_concurrently(shop, witness, as_plain, setting):
    project = shop()
    index = 'AddIndexConcurrently("order", models.Index(fields=["paid"], name="{}"))'
    project.add_operations(FIRST, index.format("by_paid"), setting, insert("own"), index.format("by_paid_too"), before=CODE, atomic=False)
    project.add_operations(SECOND, insert("next"), index.format("by_paid_again"), atomic=False)

    as_plain(project)

    assert {text: witness.locks_seen_at(text) for text in ('"by_paid"', "own", "by_paid_too", "next", "by_paid_again")} == {
        '"by_paid"': ["0"], "own": ["7s"], "by_paid_too": ["7s"], "next": [DEFAULT], "by_paid_again": ["0"]}


def test_a_statement_timeout_of_its_own_too(shop, witness, as_plain):
    project = shop()
    project.add_operations(FIRST, 'migrations.RunSQL("set local statement_timeout = \'70s\'")', insert("own"))
    project.add_operations(SECOND, insert("next"))

    as_plain(project, "--statement-timeout", "30s")

    assert {text: witness.seen_at(text) for text in ("own", "next")} == {"own": [(DEFAULT, "70s")], "next": [(DEFAULT, "30s")]}


@pytest.mark.parametrize("reading", ["select current_setting('lock_timeout')", "show lock_timeout",
                                     "comment on table shop_order is 'lock_timeout'", "select 'set lock_timeout = 0'"])
def test_to_read_it_is_not_to_set_it(shop, witness, pgtool, reading):
    project = shop()
    project.add_operations(FIRST, f'migrations.RunSQL("{reading}")', insert("after"),
                           'AddIndexConcurrently("order", models.Index(fields=["paid"], name="by_paid"))', atomic=False)

    assert pgtool(project, "migrate").status == 0
    assert (witness.locks_seen_at("after"), witness.locks_seen_at("by_paid")) == ([DEFAULT], ["0"])


@pytest.mark.parametrize("resetting", ["reset lock_timeout", "reset all", "discard plans", "discard all"])
def test_what_is_reset_is_bounded_again_by_the_next_migration(shop, witness, pgtool, resetting):
    project = shop()
    project.add_operations(FIRST, f'migrations.RunSQL("{resetting}")', insert("own"), atomic=False)
    project.add_operations(SECOND, insert("next"))

    assert pgtool(project, "migrate").status == 0
    assert witness.locks_seen_at("next") == [DEFAULT]


@pytest.mark.parametrize("atomic", [True, False])
@pytest.mark.parametrize("driver", DRIVERS)
@pytest.mark.parametrize("word", ["", "local "])
def test_ten_statements_with_a_setting_in_their_middle(shop, witness, as_plain, atomic, driver, word):
    statements = [f"insert into shop_order (number, paid) values ('one {n}', false)" for n in range(1, 10)]
    statements.insert(5, f"set {word}lock_timeout = '7s'")
    project = shop(driver=driver)
    project.add_operations(FIRST, f'migrations.RunSQL("{"; ".join(statements)}")', insert("later"), atomic=atomic)
    project.add_operations(SECOND, insert("next"))

    as_plain(project)

    assert [witness.locks_seen_at(f"one {n}") for n in range(1, 10)] == [[DEFAULT]] * 5 + [["7s"]] * 4
    assert witness.locks_seen_at("next") == [DEFAULT]
    assert witness.locks_seen_at("later") == (["7s"] if atomic or not word else [DEFAULT])


@pytest.mark.parametrize("text", [
    "\\n                alter table shop_order add column note text\\n            ", "  ;  ", "-- nothing\\n", "", "/* a */ /* b */ alter "
    "table shop_order add column note text -- c", "alter table shop_order add column note text default ';'",
    "create function f() returns int language sql as 'select 1; select 2'", "begin; alter table shop_order add note text; commit",
    "set transaction isolation level serializable; select 1", "lock table shop_order; alter table shop_order add note text",
    "select count(*) from shop_order where number like '%%'", "notify something, 'lock_timeout'", "vacuum shop_order"])
def test_texts_as_people_write_them(shop, as_plain, text):
    project = shop()
    statement = text.replace('"', '\\"')
    project.add_operations(FIRST, f'migrations.RunSQL("{statement}")', insert("after"), atomic=not text.startswith(("begin", "vacuum")))

    as_plain(project)


@pytest.mark.parametrize("driver", DRIVERS)
class TestWhatARollbackUndoes:
    def test_an_integrity_error_that_is_caught_in_a_nested_atomic(self, shop, witness, as_plain, driver):
        project = shop(driver=driver)
        project.add_operations(FIRST, STEP, insert("after"), before=code("""\
insert(schema_editor, "first")
try:
    with transaction.atomic():
        insert(schema_editor, "undone")
        fail(schema_editor)
except IntegrityError:
    insert(schema_editor, "caught")
for round in range(3):
    try:
        with transaction.atomic():
            apps.get_model("shop", "Order").objects.create(id=1, number="twice")
    except IntegrityError:
        pass
insert(schema_editor, "at last")"""))

        as_plain(project)

        assert {n: witness.locks_seen_at(n) for n in ("first", "undone", "caught", "at last", "after")} == dict.fromkeys(
            ("first", "undone", "caught", "at last", "after"), [DEFAULT])

    @pytest.mark.parametrize("undoing", ["sid = transaction.savepoint()\n{}\ntransaction.savepoint_rollback(sid)",
                                         "try:\n    with transaction.atomic():\n        {}\n        fail(schema_editor)\nexcept DatabaseError:\n    pass",
                                         "run(schema_editor, 'savepoint own')\n{}\nrun(schema_editor, 'rollback to own')"])
    @pytest.mark.parametrize("inside", [
        "run(schema_editor, 'alter table shop_customer add column gone text')",
        "run(schema_editor, 'alter table shop_customer validate constraint known')",
        "run(schema_editor, \"set local lock_timeout = '7s'\")"])
    def test_a_savepoint_that_is_rolled_back_after_the_timeout_was_set(self, shop, database, others, witness, pgtool, driver, undoing, inside):
        database.sql("alter table shop_customer add constraint known check (id > 0) not valid")
        project = shop(driver=driver)
        project.add_operations(FIRST, insert("first"), STEP, insert("second"),
                               'migrations.RunSQL("alter table shop_order add column note text")', before=code(undoing.format(inside)))
        others.read("shop_order")

        outcome = pgtool(project, "migrate", *AT_ONCE, "--lock-timeout", "600ms", "--retries", "0")

        assert outcome.status == 5, outcome.text
        assert ["column note" in text for text in witness.given_up()] == [True]
        assert (columns(database, "shop_customer"), "note" in columns(database)) == (["id", "name"], False)
        assert witness.locks_seen_at("second") != ["0"] and witness.locks_seen_at("column note") != ["0"]

    def test_a_transaction_that_is_aborted(self, shop, database, as_plain, driver):
        project = shop(driver=driver)
        project.add_operations(FIRST, insert("first"), STEP, before=code("""\
try:
    fail(schema_editor)
except IntegrityError:
    pass
insert(schema_editor, "in vain")"""))

        as_plain(project, ends=3)

        assert records_of(database, FIRST) == 0

    def test_an_outer_atomic_that_is_told_to_roll_back(self, shop, as_plain, driver):
        project = shop(driver=driver)
        project.add_operations(FIRST, STEP, insert("after"), before=code("""\
with transaction.atomic():
    insert(schema_editor, "first")
    with transaction.atomic():
        insert(schema_editor, "second")
        transaction.set_rollback(True)
    insert(schema_editor, "third")"""))

        as_plain(project)

    def test_a_transaction_of_a_migration_that_is_not_atomic(self, shop, witness, as_plain, driver):
        project = shop(driver=driver)
        project.add_operations(FIRST, STEP, insert("after"), atomic=False, before=code("""\
try:
    with transaction.atomic():
        run(schema_editor, "alter table shop_customer add column gone text")
        fail(schema_editor)
except IntegrityError:
    insert(schema_editor, "caught")
with transaction.atomic():
    insert(schema_editor, "kept")
    run(schema_editor, "alter table shop_customer add column kept text")
connection.close()
insert(schema_editor, "reopened")"""))

        as_plain(project)

        assert {n: witness.locks_seen_at(n) for n in ("caught", "kept", "reopened", "after")} == {
            "caught": [DEFAULT], "kept": [DEFAULT, DEFAULT], "reopened": [DEFAULT], "after": [DEFAULT]}

    def test_connections_that_come_and_go_are_bounded_once_each(self, shop, witness, as_plain, driver):
        project = shop(driver=driver)
        project.add_operations(FIRST, STEP, atomic=False, before=code("""\
for number in range(4):
    connection.close()
    insert(schema_editor, "reopened")"""))

        as_plain(project)

        assert witness.locks_seen_at("reopened") == [DEFAULT] * 4
        assert len([text for text in witness.sent("lock_timeout") if "set_config('lock_timeout'" in text]) == 1 + 4
