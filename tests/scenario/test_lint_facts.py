"""What the bridge tells of migrations beside their SQL: which ones, where they stand, what was there before."""
import pytest

from deploys import CUSTOMER
from named_migrations import add_step, ask, named, of_last, only
from projects import NOWHERE, SHOP, postgresql
from servers import SECRET

ASKS = """
from django.db import connection


def sent(text):
    with connection.cursor() as cursor:
        cursor.execute(text)
        return cursor.fetchone()[0]


def read():
    return sent('select 40 + 2')


def written():
    return sent('create table made as select 1')
"""
CHECK = 'models.CheckConstraint(condition=Q(number__isnull=False), name="numbered")'
ROUTER = """\
class Router:
    def allow_migrate(self, db, app_label, model_name=None, **hints):
        return hints.get("target", db) == db and (model_name == "event") == (db == "events")
"""
SWAPPED = """\
from django.contrib.auth.models import AbstractUser


class Person(AbstractUser):
    pass
"""
USES_PERSON = """\
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    dependencies = [("auth", "0001_initial")]
    operations = [
        migrations.CreateModel("Person", [("id", models.BigAutoField(primary_key=True)), ("username", models.CharField(max_length=9))]),
        migrations.CreateModel("Note", [
            ("id", models.BigAutoField(primary_key=True)), ("by", models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE))]),
    ]
"""


@pytest.fixture
def project(make_project):
    return make_project(NOWHERE)


class TestTheChoice:
    def test_is_the_projects_own_apps_or_all_or_those_that_were_named(self, project):
        def chosen(**question):
            told = ask(project, **question)
            return told["error"], list(named(told))

        everything = chosen(all_apps=True)[1]
        assert chosen() == (None, SHOP)
        assert len(everything) > len(SHOP) and {"auth.0001_initial", *SHOP} < set(everything)
        assert everything.index("contenttypes.0001_initial") < everything.index("auth.0001_initial")
        assert chosen(names=["shop.0002"], apps=["contenttypes"]) == (
            None, ["contenttypes.0001_initial", "contenttypes.0002_remove_content_type_name", "shop.0002_index"])
        assert chosen(files=[str(project.dir / "shop/migrations/0003_fill.py")]) == (None, ["shop.0003_fill"])

    @pytest.mark.parametrize("question, words", [
        ({"names": ["shop.0009"]}, "there is no migration 'shop.0009'"),
        ({"names": ["shop.000"]}, "'shop.000' is the beginning of several migrations: 0001_initial, 0002_index, 0003_fill, 0004_paid"),
        ({"names": ["shop"]}, "there is no migration 'shop'"),
        ({"apps": ["store"]}, "app 'store' is not installed"),
        ({"files": ["/nowhere/0001_initial.py"]}, "/nowhere/0001_initial.py is no migration of the project's apps"),
        ({"unapplied": True}, "which migrations are applied is known to the database only, and no connection is opened"),
        ({"alias": "other"}, "no database alias 'other' in settings.DATABASES"),
    ])
    def test_of_what_is_not_there_is_refused_by_its_name(self, project, question, words):
        told = ask(project, **question)

        assert (told["error"], told["migrations"]) == (words, [])

    def test_of_an_app_without_migrations_is_refused_and_models_of_it_are_known(self, make_project):
        project = make_project(NOWHERE, settings="INSTALLED_APPS += ['plain']\n")
        project.write("plain/__init__.py", "")
        project.write("plain/models.py", "from django.db import models\n\n\nclass Thing(models.Model):\n"
                                         "    code = models.CharField(max_length=3, primary_key=True)\n")
        add_step(project, "refers", ['migrations.AddField("order", "thing", models.ForeignKey("plain.thing", models.CASCADE, null=True))'])

        refers, refused = of_last(project), ask(project, apps=["plain"])

        assert refused["error"] == "app 'plain' has no migrations"
        assert only(refers)[0]["sql"][0].startswith('ALTER TABLE "shop_order" ADD COLUMN "thing_id" varchar(3) NULL CONSTRAINT')
        assert 'REFERENCES "plain_thing"("code")' in only(refers)[0]["sql"][0]

    def test_names_every_file_that_decides_it(self, project):
        told = ask(project)

        folder = project.dir / "shop/migrations"
        assert {str(folder), *map(str, folder.glob("0*.py"))} <= set(told["files"])
        assert any(file.endswith("django/contrib/auth/migrations") for file in told["files"])

    def test_tells_conflicts_and_both_branches(self, project):
        project.write("shop/migrations/0004_other.py", "from django.db import migrations\n\n\nclass Migration(migrations.Migration):\n"
                      "    dependencies = [('shop', '0003_fill')]\n    operations = [migrations.RunSQL('select 1')]\n")

        told = ask(project)

        assert told["conflicts"] == {"shop": ["0004_other", "0004_paid"]}
        assert {"shop.0004_other", "shop.0004_paid"} < set(named(told))

    def test_prefers_squashed_migrations_unless_a_replaced_one_is_named(self, project):
        project.write("shop/migrations/0001_squashed_0002_index.py", (project.dir / "shop/migrations/0001_initial.py").read_text().replace(
            "initial = True", "replaces = [('shop', '0001_initial'), ('shop', '0002_index')]\n    initial = True"))

        whole, one = ask(project), ask(project, names=["shop.0002_index"])

        squashed = ["shop.0001_squashed_0002_index", "shop.0003_fill", "shop.0004_paid"]
        assert list(named(whole)) == squashed and whole["migrations"][0]["replaces"] == ["shop.0001_initial", "shop.0002_index"]
        assert list(named(one)) == ["shop.0002_index"]
        assert only(one)[0]["sql"] == ['CREATE INDEX CONCURRENTLY "order_number" ON "shop_order" ("number");']

    def test_ends_with_the_words_of_an_app_that_does_not_load(self, project):
        project.write("shop/migrations/0005_broken.py", f"raise ValueError('no {SECRET} here')\n")
        project.environment["DATABASE_PASSWORD"] = SECRET

        assert ask(project)["error"] == "ValueError: no *** here"


class TestAnOperation:
    def test_has_its_place_in_the_file(self, project):
        project.write("shop/migrations/0005_placed.py", """\
from django.db import migrations

MORE = [
    migrations.RunSQL("select 2"),
]


class Migration(migrations.Migration):
    dependencies = [("shop", "0004_paid")]
    operations = [
        migrations.RunSQL(
            "select 1",
        ),
        *MORE,
    ] + [migrations.RunSQL("select 3")] + list(map(migrations.RunSQL, ["select 4", "select 5"]))
    operations += [migrations.RunSQL("select 6")]
""")
        told = of_last(project)

        assert told["migrations"][0]["line"] == 8
        assert [(part["line"], part["end_line"]) for part in only(told)] == [(11, 13), (4, 4), (15, 15), (8, 8), (8, 8), (16, 16)]

    def test_tells_a_columns_old_and_new_shape(self, project):
        add_step(project, "shapes", [
            'migrations.AlterField("order", "number", models.CharField(max_length=40, unique=True, null=True))',
            'migrations.AddField("order", "stamp", models.UUIDField(default=uuid.uuid4))',
            'migrations.AddField("order", "count", models.IntegerField(default=7), preserve_default=False)',
            'migrations.RemoveField("order", "paid")', 'migrations.RenameField("order", "number", "code")'])

        alter, add, count, remove, rename = only(of_last(project))

        plain = {"null": False, "default": None, "unique": False, "db_default": None}
        assert (alter["column"], alter["old"]) == ("number", {**plain, "type": "varchar(20)"})
        assert alter["new"] == {**plain, "type": "varchar(40)", "null": True, "unique": True}
        assert (add["old"], add["new"]) == (None, {**plain, "type": "uuid", "default": "uuid.uuid4()"})
        assert count["new"] == {**plain, "type": "integer", "default": "7"}
        assert (remove["column"], remove["old"], remove["new"]) == ("paid", {**plain, "type": "boolean", "default": "false"}, None)
        assert (rename["column"], rename["says"]) == ("number", "Rename field number on order to code")

    def test_that_fails_is_told_and_the_others_go_on(self, project):
        project.environment["DATABASE_PASSWORD"] = SECRET
        before = f"""
from django.db.migrations.operations.base import Operation


class Odd(Operation):
    reduces_to_sql = False

    def state_forwards(self, app_label, state):
        pass


class Bad(Odd):
    reduces_to_sql = True

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        schema_editor.execute("select 'half'")
        raise ValueError("no {SECRET} here")
"""
        add_step(project, "fails", [
            'migrations.RemoveField("order", "missing")', "Bad()", "Odd()", 'migrations.RunSQL("select 3")'], before=before)

        told = [(part["kind"], part["sql"], part["error"]) for part in only(of_last(project))]

        assert told[0][:2] == ("schema", []) and told[0][2].startswith("KeyError")
        assert told[1:3] == [("other", [], "ValueError: no *** here"), ("other", [], "Odd does not say what SQL it sends")]
        assert told[3:] == [("sql", ["select 3;"], None)]

    def test_that_may_not_be_in_a_transaction_has_its_sql(self, project):
        add_step(project, "concurrently", ['special.AddIndexConcurrently("order", models.Index(fields=["paid"], name="by_paid"))'])

        told = of_last(project)

        assert told["migrations"][0]["atomic"] is True and named(ask(project))["shop.0002_index"]["atomic"] is False
        assert only(told)[0]["sql"] == ['CREATE INDEX CONCURRENTLY "by_paid" ON "shop_order" ("paid");']

    def test_names_what_it_makes_and_what_kind_it_is(self, project):
        key = '("id", models.BigAutoField(primary_key=True))'
        inner = "database_operations=[{}]"
        add_step(project, "kinds", [
            f'migrations.CreateModel("Tag", [{key}, ("orders", models.ManyToManyField("shop.order"))], options={{"db_table": "tags"}})',
            'migrations.AlterModelOptions("tag", {"ordering": ["id"]})', 'migrations.AddField("tag", "more", models.ManyToManyField("self"))',
            f"migrations.SeparateDatabaseAndState({inner.format('migrations.RunSQL(chr(49))')})", "migrations.SeparateDatabaseAndState()",
            f"migrations.SeparateDatabaseAndState({inner.format('migrations.RunPython(fill)')})", 'special.CreateExtension("hstore")',
            'migrations.RunSQL("select 1", migrations.RunSQL.noop, elidable=True)'],
            before="\n\ndef fill(apps, schema_editor):\n    raise SystemExit('never run')\n\n")

        told = only(of_last(project))

        assert [part["kind"] for part in told] == ["schema", "state", "schema", "sql", "state", "python", "schema", "sql"]
        assert [part["creates"] for part in told] == [["tags", "tags_orders"], [], ["tags_more"], [], [], [], [], []]
        assert [part["table"] for part in told] == ["tags", "tags", "tags", None, None, None, None, None]
        assert (told[5]["sql"], told[5]["python"]["name"]) == ([], "fill")
        assert told[6]["sql"] == ['CREATE EXTENSION IF NOT EXISTS "hstore";']
        assert [part["reversible"] for part in told[3:8:4]] == [False, True] and told[7]["elidable"] is True

    def test_follows_the_routers(self, make_project):
        aliases = {name: NOWHERE["default"] for name in ("default", "events")}
        project = make_project(aliases, settings="DATABASE_ROUTERS = ['shop.routers.Router']\n")
        project.write("shop/routers.py", ROUTER)
        add_step(project, "routed", ['migrations.CreateModel("Event", [("id", models.BigAutoField(primary_key=True))])',
                                     'migrations.AddField("order", "note", models.TextField(null=True))',
                                     'migrations.RunSQL("select 1", hints={"target": "default"})'])

        default, events = ([bool(part["sql"]) for part in only(of_last(project, alias=alias))] for alias in aliases)

        assert (default, events) == ([False, True, True], [True, False, False])

    def test_refers_to_the_user_model_in_force(self, make_project):
        project = make_project(NOWHERE, settings="INSTALLED_APPS += ['people']\nAUTH_USER_MODEL = 'people.Person'\n")
        project.write("people/__init__.py", "")
        project.write("people/models.py", SWAPPED)
        project.write("people/migrations/__init__.py", "")
        project.write("people/migrations/0001_initial.py", USES_PERSON)

        told = ask(project, apps=["people"])

        assert [part["error"] for part in only(told)] == [None, None]
        assert 'REFERENCES "people_person" ("id")' in told["migrations"][0]["deferred_sql"][0]


class TestWhatWasBefore:
    def test_is_told_of_the_tables_that_a_migration_names(self, project):
        add_step(project, "customer", [CUSTOMER, 'migrations.CreateModel("Other", [("id", models.BigAutoField(primary_key=True))])'])
        add_step(project, "before", [f'special.AddConstraintNotValid("order", {CHECK})',
                                     'migrations.AddField("order", "customer", models.ForeignKey("shop.customer", models.CASCADE, null=True))'])
        add_step(project, "after", ['migrations.RunSQL("update shop_order set paid = true")'])
        add_step(project, "validated", ['special.ValidateConstraint("order", "numbered")'])
        add_step(project, "later", ['migrations.AlterField("order", "number", models.CharField(max_length=20))'])

        told = named(ask(project))
        before, after, validated, later = ([*told.values()][place]["tables"] for place in (5, 6, 7, 8))

        kinds = {"id": "bigint", "number": "varchar(20)", "paid": "boolean"}
        columns = {name: {"type": kind, "null": False} for name, kind in kinds.items()}
        check, key = {"kind": "check", "columns": ["number"], "valid": False}, {"kind": "primary", "columns": ["id"], "valid": True}
        assert set(before) == {"shop_order", "shop_customer"}
        assert before["shop_order"] == {"columns": columns, "constraints": {"shop_order_pkey": key}, "managed": True}
        assert after["shop_order"]["columns"] == {**columns, "customer_id": {"type": "bigint", "null": True}}
        assert after["shop_order"]["constraints"]["numbered"] == validated["shop_order"]["constraints"]["numbered"] == check
        assert later["shop_order"]["constraints"]["numbered"] == {**check, "valid": True}
        assert [one["columns"] for name, one in after["shop_order"]["constraints"].items() if one["kind"] == "foreign"] == [["customer_id"]]

    def test_is_told_of_a_model_that_only_the_state_has(self, project):
        add_step(project, "moved", ["migrations.SeparateDatabaseAndState(state_operations=[" + CUSTOMER.replace("max_length", "unique=True, max_length")
                                    + "])"])
        add_step(project, "altered", ['migrations.AlterField("customer", "name", models.CharField(max_length=20))'])

        told = of_last(project)

        assert only(told)[0]["sql"][0] == 'ALTER TABLE "shop_customer" DROP CONSTRAINT "shop_customer_name_key";'
        assert {name: one["kind"] for name, one in told["migrations"][0]["tables"]["shop_customer"]["constraints"].items()} == {
            "shop_customer_pkey": "primary", "shop_customer_name_key": "unique"}

    def test_is_told_of_migrations_that_were_not_chosen(self, project):
        add_step(project, "raw", ['migrations.RunSQL("create table raw (id integer)")', CUSTOMER])
        add_step(project, "check", [f'migrations.AddConstraint("order", {CHECK})'])
        add_step(project, "wrapped", ['migrations.SeparateDatabaseAndState(state_operations=[migrations.AddConstraint("order", '
                                      + CHECK.replace("numbered", "wrapped") + ')],'
                                      ' database_operations=[migrations.RunSQL("alter table shop_order validate constraint wrapped")])'])
        add_step(project, "chosen", ['migrations.RemoveConstraint("order", "numbered")'])

        told = of_last(project)

        assert [(one["name"], one["sql"]) for one in told["history"] if one["name"].startswith("shop.")] == [
            ("shop.0005_raw", ["create table raw (id integer);"]),
            ("shop.0006_check", ['ALTER TABLE "shop_order" ADD CONSTRAINT "numbered" CHECK ("number" IS NOT NULL);']),
            ("shop.0007_wrapped", ["alter table shop_order validate constraint wrapped;"])]
        assert only(told)[0]["sql"] == ['ALTER TABLE "shop_order" DROP CONSTRAINT "numbered";']


class TestWithAConnection:
    @pytest.mark.parametrize("driver", ["psycopg", "psycopg2"])
    def test_only_what_is_not_applied_is_told_and_nothing_is_written(self, make_project, database, driver):
        from supervisor import plainly

        project = make_project({"default": postgresql(database, database.name)}, driver=driver)
        assert plainly(project, "manage.py", "migrate", "shop", "0003").returncode == 0
        add_step(project, "more", [
            'migrations.AlterField("order", "id", models.BigIntegerField(primary_key=True))',
            'migrations.AddField("order", "n", models.IntegerField(default=written))',
            'migrations.AddField("order", "m", models.IntegerField(default=read))'], before=ASKS)
        written = len(database.writes())

        told = ask(project, connect=True, unapplied=True)

        first, failed, read = named(told)["shop.0005_more"]["operations"]
        assert told["error"] is None and list(named(told))[-2:] == ["shop.0004_paid", "shop.0005_more"]
        assert "shop.0003_fill" not in named(told)
        assert [migration["applied"] for migration in told["migrations"]][-2:] == [False, False]
        assert 'DROP SEQUENCE IF EXISTS "shop_order_id_seq" CASCADE;' in first["sql"]
        assert [part["sql"][0].rpartition(" DEFAULT ")[2] for part in (failed, read)] == ["'…' NOT NULL;", "42 NOT NULL;"]
        assert len(database.writes()) - written <= 1 and "public.made" not in database.tables()

    def test_that_fails_is_told_in_its_words(self, project):
        told = ask(project, connect=True)

        assert told["error"].startswith("OperationalError: ") and told["migrations"] == []
