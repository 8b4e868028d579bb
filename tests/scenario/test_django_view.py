"""What Django sees through its own connection, as pgtool lets it look; no command is needed."""
import pytest

from asking import DJANGOS_OWN, HOOKS, ODD_MODELS, ORDER, QUERY, needs_program, put_before_models, rows, view_of
from projects import SHOP, postgresql
from runs import assert_no_secret
from waiting import until

pytestmark = needs_program
# What a session has that a transaction leaves behind.
LEFT = ("select pg_backend_pid(), current_setting('search_path'), (select string_agg(name || '=' || setting, ',' order by name) "
        "from pg_settings where source = 'session'), (select count(*) from pg_prepared_statements), "
        "(select count(*) from pg_locks where pid = pg_backend_pid() and locktype = 'advisory')")


@pytest.fixture(params=["psycopg", "psycopg2"])
def driver(request):
    return request.param


def sql_of_all(database):
    """The tables of the shop as its migrations leave them, without Django, owned by the application."""
    database.sql("create table shop_order (id bigserial primary key, number varchar(20), paid boolean); "
                 "create table django_migrations (id bigserial, app varchar, name varchar, applied timestamptz)", "app")
    for _, table, _ in DJANGOS_OWN[:-1]:
        database.sql(f"create table {table} ()", "app")


@pytest.fixture
def migrated(database, bouncer, project, pgtool):
    """A project whose database is migrated, behind a pooler with one session."""

    def make(driver="psycopg", mode="transaction", **alias):
        pooler = bouncer(mode, extra="default_pool_size = 1")
        made = project(pooler, driver, **alias)
        assert pgtool(made, "migrate", PGTOOL_DIRECT_URL=database.url()).status == 0
        return made, pooler

    return make


class TestTheView:
    def test_of_a_migrated_database_is_complete(self, migrated, driver):
        here, _ = migrated(driver)

        assert view_of(here) == {"search_path": '"$user", public', "missing": [], "unapplied": [], "error": ""}

    @pytest.mark.parametrize("mode", ["session", "transaction"])
    def test_leaves_nothing_on_the_pooled_session(self, migrated, database, driver, mode):
        here, pooler = migrated(driver, mode)
        before, seen, direct = pooler.sql(LEFT, database.name), len(database.pooled()), database.direct()

        found = view_of(here)

        assert found["error"] == "" and pooler.sql(LEFT, database.name) == before
        sent = [text for text in database.pooled()[seen:] if text not in (LEFT, "DISCARD ALL")]
        assert [sent[0], sent[1], sent[-1]] == ["BEGIN", "SET TRANSACTION READ ONLY", "ROLLBACK"] and len(sent) == 8
        assert all(text.lower().lstrip().startswith("select") for text in sent[2:-1])
        assert database.direct() == direct
        pooler.sql("create table still_writable ()", database.name)

    def test_is_the_roles_search_path(self, migrated, database):
        here, pooler = migrated()
        database.sql("create schema billing authorization app")
        database.sql(f"alter role app in database {database.name} set search_path = billing, public")
        try:
            pooler.sql("reconnect", "pgbouncer", "pooladmin")
            assert view_of(here)["search_path"] == "billing, public"
        finally:
            database.sql(f"alter role app in database {database.name} reset search_path")

    def test_goes_through_what_a_hook_sets(self, migrated, database):
        here, _ = migrated(mode="session")
        here.write("shop/hooks.py", HOOKS)
        put_before_models(here, "from shop import hooks\n")
        database.sql("alter schema public rename to billing; create schema public")

        found = view_of(here)

        assert (found["search_path"], found["missing"]) == ("billing, public", [])

    def test_names_missing_tables_of_every_kind(self, project, bouncer, database, driver):
        here = project(bouncer(), driver)
        here.write("shop/models.py", ODD_MODELS)
        sql_of_all(database)
        database.sql("create schema hidden; create table hidden.shop_event (); create table hacked ()")
        database.sql('create table "Old Orders" ()')

        found = view_of(here)

        assert found["error"] == ""
        assert rows(found["missing"]) == [("shop.Order_tags", "shop_order_tags", True), ("shop.Tag", '"public"."tags"', True),
                                          ("shop.Event", "shop_event", True), ("shop.Bulk", "shop_bulk", True)]

    def test_finds_an_unmanaged_table_missing(self, project, bouncer, database):
        here = project(bouncer())
        here.write("shop/models.py", ODD_MODELS)
        sql_of_all(database)

        assert ("shop.Old", "Old Orders", False) in rows(view_of(here)["missing"])

    def test_of_tables_in_a_schema_that_is_not_on_the_path(self, migrated, database):
        here, _ = migrated()
        database.sql("create schema billing")
        database.sql("alter table shop_order set schema billing; alter table django_migrations set schema billing")

        found = view_of(here)

        assert rows(found["missing"]) == [ORDER, DJANGOS_OWN[-1]]
        assert set(SHOP) <= set(found["unapplied"])

    def test_names_unapplied_migrations_as_migrate_would(self, migrated):
        here, _ = migrated()
        here.add_migration("0005_later", "def run(apps, schema_editor): pass")
        here.add_migration("0006_last", "def run(apps, schema_editor): pass")

        assert view_of(here)["unapplied"] == ["shop.0005_later", "shop.0006_last"]

    def test_of_an_empty_database(self, project, bouncer, database):
        found = view_of(project(bouncer()))

        assert found["error"] == "" and len(found["missing"]) == len(DJANGOS_OWN) + 1
        assert [name for name in found["unapplied"] if name.startswith("shop.")] == SHOP
        database.assert_untouched()

    def test_tells_where_migrate_refuses(self, migrated, database):
        here, _ = migrated()
        here.add_migration("0005_one", "def run(apps, schema_editor): pass")
        here.write("shop/migrations/0005_two.py", (here.dir / "shop/migrations/0005_one.py").read_text())

        conflicting = view_of(here)
        database.sql("delete from django_migrations where app = 'shop' and name = '0002_index'")
        (here.dir / "shop/migrations/0005_two.py").unlink()
        inconsistent = view_of(here)

        assert conflicting["error"] == "conflicting migrations: 0005_one, 0005_two in shop"
        assert "shop.0003_fill is applied before its dependency shop.0002_index" in inconsistent["error"]
        assert (inconsistent["search_path"], inconsistent["missing"]) == ('"$user", public', [])


class TestConnectionsOfTheProject:
    def test_of_an_import_are_let_through_for_a_view(self, migrated, database):
        here, _ = migrated()
        put_before_models(here, QUERY)

        found = view_of(here)

        assert (found["error"], found["missing"]) == ("", [])
        assert "select 1 /* imported */" in database.pooled()

    def test_of_another_alias_are_not(self, make_project, bouncer, database, other_cluster):
        sql_of_all(database)
        here = make_project({"default": postgresql(bouncer(), database.name), "other": postgresql(other_cluster, "postgres")})
        put_before_models(here, QUERY.replace("connection,", "connections,").replace("connection.", "connections['other']."))

        assert "alias 'other' may not connect meanwhile" in view_of(here)["error"]


class TestAViewThatCannotBeHad:
    def test_because_nobody_answers(self, project, bouncer, driver):
        pooler = bouncer()
        here = project(pooler, driver)
        pooler.server.stop()

        found = view_of(here)

        assert "refused" in found["error"] and "\n" not in found["error"]
        assert (found["search_path"], found["missing"], found["unapplied"]) == ("", [], [])

    def test_because_the_password_is_wrong(self, project, bouncer, driver):
        wrong = "not-the-W0rd"

        found = view_of(project(bouncer(), driver, PASSWORD=wrong))

        assert "auth" in found["error"]
        assert_no_secret(found["error"], wrong)

    def test_because_transactions_are_refused(self, project, bouncer, driver):
        error = view_of(project(bouncer("statement"), driver))["error"]

        # psycopg2 does not tell what PgBouncer said.
        assert ("transaction blocks not allowed" if driver == "psycopg" else "closed the connection") in error

    def test_because_the_migrations_may_not_be_read(self, migrated, database):
        here, _ = migrated()
        database.sql("alter table django_migrations owner to postgres; revoke all on django_migrations from app")

        found = view_of(here)

        assert found["error"] == "permission denied for table django_migrations"
        assert (found["search_path"], found["missing"]) == ('"$user", public', [])

    def test_because_the_pooler_is_paused(self, migrated, database):
        here, pooler = migrated()
        pooler.sql(f"pause {database.name}", "pgbouncer", "pooladmin")

        assert view_of(here, PATIENCE="9")["error"] == "its process gave no answer within 9 seconds"

        pooler.sql(f"resume {database.name}", "pgbouncer", "pooladmin")
        until(lambda: all(row["database"] != database.name for row in pooler.shown("clients")), "its client is gone")


def test_without_autocommit_no_transaction_is_left(project, bouncer, database, driver):
    pooler = bouncer(extra="default_pool_size = 1")
    here = project(pooler, driver, AUTOCOMMIT=False)
    sql_of_all(database)
    before = pooler.sql(LEFT, database.name)

    found = view_of(here)

    assert (found["error"], found["missing"]) == ("", []) and set(SHOP) <= set(found["unapplied"])
    assert pooler.sql(LEFT, database.name) == before
