"""Twelve ways in which projects say where their database is, each a folder of styles/: none of them needs to be changed."""
import pytest
from projects import SHOP
from servers import POOLED, SECRET, Database
from waiting import until

# How the direct endpoint is named: by nobody but the project itself, by PGTOOL_DIRECT_URL, or by pgtool.yaml.
OWN, URL, FILE = "the project's variables", "PGTOOL_DIRECT_URL", "pgtool.yaml"
STYLES = {
    "dotenv_in_manage": OWN,
    "dotenv_override": OWN,
    "environ_url": OWN,
    "decouple": URL,
    "pydantic": FILE,
    "configurations": FILE,
    "split_settings": URL,
    "service": FILE,
    "host_in_options": URL,
    "sqlalchemy_pool": FILE,
    "geventpool": URL,
    "tenants": OWN,
}
USE_EVERY_ALIAS = '''\
def run(apps, schema_editor):
    from django.db import connections
    for alias in connections:
        with connections[alias].cursor() as cursor:
            cursor.execute(f"select 'used as {alias}'")
            if alias in ("files", "archive"):
                cursor.execute("create table kept(name text)")'''


class Style:
    """One project of that style; its default alias goes through a pooler."""

    def __init__(self, style, project, database, archive, replica, pooler):
        self.project, self.database, self.archive, self.replica, self.pooler = project, database, archive, replica, pooler
        project.lay_over(style, database=database.name, server=database.port, pooler=pooler.port, password=SECRET,
                         other_database=archive.name, other_server=archive.port, replica=replica.port)
        project.add_migration("0005_everywhere", USE_EVERY_ALIAS)
        if STYLES[style] == OWN and style == "tenants":
            project.environment.update(POSTGRES_HOST="127.0.0.1", POSTGRES_PORT=str(database.port))
        elif STYLES[style] == URL:
            project.environment["PGTOOL_DIRECT_URL"] = database.url()
        elif STYLES[style] == FILE:
            project.environment["DB_PORT_INSIDE"] = str(database.port)
            project.write("pgtool.yaml", "databases:\n  default:\n    direct: postgresql://127.0.0.1:${DB_PORT_INSIDE}\n")

    def used(self, alias):
        """Where the migration's statement on that alias arrived: the cluster's name, and how."""
        return [f"{name} {'pooled' if statement.pooled else 'straight'}"
                for name, database in (("primary", self.database), ("archive", self.archive), ("replica", self.replica))
                for statement in database.statements() if f"used as {alias}'" in statement.text]


@pytest.fixture
def styled(make_project, make_database, database, other_cluster, replica, bouncer):
    archive = make_database(other_cluster)

    def make(style):
        until(lambda: replica.sql("select 1", database.name, check=False) == "1", "the replica has the database")
        readonly = f"readonly = host=127.0.0.1 port={replica.port} dbname={database.name} connect_query='{POOLED}'"
        pooler = bouncer(lines=[readonly])
        project = make_project("from config.databases import *\n", driver="styles")
        return Style(style, project, database, archive, Database(replica, database.name), pooler)

    return make


@pytest.mark.parametrize("style", STYLES)
def test_the_whole_migration_goes_direct(styled, pgtool, style):
    made = styled(style)

    outcome = pgtool(made.project, "migrate", "--direct")

    assert outcome.status == 0, outcome.text
    assert f"around the pooler at 127.0.0.1:{made.pooler.port}" in outcome.stderr
    made.database.assert_written_directly_only()
    if style == "tenants":
        return
    assert made.database.applied() == [*SHOP, "shop.0005_everywhere"]
    assert made.used("default") == ["primary straight"]
    made.database.wait_until_left()


def test_every_tenant_s_schema_is_built_directly(styled, pgtool):
    made = styled("tenants")
    pgtool(made.project, "migrate", "--direct")
    made.database.sql("create schema acme authorization app; "
                      "insert into customers_customer(schema_name, name) values ('acme', 'Acme')")

    outcome = pgtool(made.project, "migrate", "--direct")

    assert outcome.status == 0, outcome.text
    made.database.assert_written_directly_only()
    assert "acme.shop_order" in made.database.tables() and "public.shop_order" not in made.database.tables()
    assert made.used("default") == ["primary straight"]


@pytest.mark.parametrize("executor", ["standard", "multiprocessing"])
def test_migrate_schemas_builds_many_tenants_directly(styled, pgtool, executor):
    made, tenants = styled("tenants"), [f"tenant{number}" for number in range(5)]
    assert pgtool(made.project, "migrate", "--direct", "--shared").status == 0
    for tenant in tenants:
        made.database.sql(f"create schema {tenant} authorization app; "
                          f"insert into customers_customer(schema_name, name) values ('{tenant}', '{tenant}')")

    outcome = pgtool(made.project, "manage", "--", "migrate_schemas", "--tenant", f"--executor={executor}")

    assert outcome.status == 0, outcome.text
    made.database.assert_written_directly_only()
    assert {f"{tenant}.shop_order" for tenant in tenants} <= set(made.database.tables())
    assert all(made.database.sql(f"select count(*) from {tenant}.django_migrations where app = 'shop'") == "5" for tenant in tenants)
    made.database.wait_until_left()


def test_an_alias_straight_to_another_cluster_still_goes_there(styled, pgtool):
    made = styled("environ_url")

    pgtool(made.project, "migrate", "--direct")

    assert made.used("archive") == ["archive straight"]
    assert made.archive.tables() == ["public.kept"]


def test_each_of_six_aliases_goes_where_it_belongs(styled, pgtool):
    made = styled("split_settings")

    outcome = pgtool(made.project, "migrate", "--direct")

    assert outcome.status == 0, outcome.text
    assert {alias: made.used(alias) for alias in ("default", "jobs", "replica", "pooled_replica", "archive")} == {
        "default": ["primary straight"], "jobs": ["primary straight"], "replica": ["replica straight"],
        "pooled_replica": ["replica pooled"], "archive": ["archive straight"]}
    assert (made.project.dir / "files.sqlite3").stat().st_size > 0
    assert made.archive.tables() == ["public.kept"]
