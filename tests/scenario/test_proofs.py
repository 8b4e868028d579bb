"""Each proof fails for the right reason, and then nothing is sent."""
import re
import time

import pytest
from processes import free_port
from projects import postgresql
from servers import SECRET
from waiting import until


@pytest.fixture
def refused(pgtool, database):
    """Runs migrate --direct with this direct endpoint; it must end with the status, give the reason and change nothing."""

    def check(project, status, reason, *arguments, direct=None):
        named = {"PGTOOL_DIRECT_URL": direct} if direct else {}
        outcome = pgtool(project, "migrate", "--direct", *arguments, **named)
        assert outcome.status == status, outcome.text
        assert re.search(reason, outcome.text, re.I), outcome.text
        database.assert_untouched()
        return outcome

    return check


@pytest.mark.parametrize("mode", ["session", "transaction", "statement"])
def test_a_pooler_is_not_direct(bouncer, project, database, refused, mode):
    pooler, second = bouncer("transaction"), bouncer(mode)

    outcome = refused(project(pooler), 1, "pooler|pgbouncer", direct=second.url(database.name))

    assert str(second.port) in outcome.text


def test_the_pooler_itself_is_not_direct(bouncer, project, database, refused):
    pooler = bouncer()

    refused(project(pooler), 1, "pooler|pgbouncer", direct=pooler.url(database.name))


def test_another_cluster_is_another_place(bouncer, project, database, other_cluster, refused):
    other_cluster.create(database.name)

    outcome = refused(project(bouncer()), 1, "cluster|same|another|place", direct=other_cluster.url(database.name))

    assert str(other_cluster.port) in outcome.text
    assert other_cluster.sql("select count(*) from pg_tables where schemaname = 'public'", database.name) == "0"


@pytest.mark.parametrize("mode", ["transaction", "statement"])
def test_another_database_of_the_same_cluster_is_another_place(bouncer, project, cluster, refused, mode):
    elsewhere = cluster.database()

    outcome = refused(project(bouncer(mode)), 1, "database", direct=elsewhere.url())

    assert elsewhere.name in outcome.text
    elsewhere.assert_untouched()


def test_a_streaming_replica_is_no_place_to_migrate(bouncer, project, database, replica, refused):
    until(lambda: replica.sql("select 1", database.name, check=False) == "1", "the replica has the database")

    refused(project(bouncer()), 1, "recovery|standby|replica", direct=replica.url(database.name))


def test_a_promoted_copy_of_the_cluster_is_another_place(bouncer, project, cluster, database, refused):
    """It has the same system identifier, the same database and no recovery."""
    copy = cluster.replica()
    copy.sql("select pg_promote()", "postgres")
    until(lambda: copy.sql("select pg_is_in_recovery()", "postgres") == "f", "the copy is promoted")

    for mode in "transaction", "statement":
        refused(project(bouncer(mode)), 1, "copy", direct=copy.url(database.name))

    assert copy.sql("select count(*) from pg_tables where schemaname = 'public'", database.name) == "0"


def test_a_dead_host_is_named(bouncer, project, database, refused):
    port = free_port()

    refused(project(bouncer()), 3, str(port), direct=f"postgresql://app:{SECRET}@127.0.0.1:{port}/{database.name}")


def test_a_wrong_password_is_said(bouncer, project, database, refused):
    refused(project(bouncer()), 3, "password", direct=database.url(password="a-wrong-one"))


def test_a_server_that_demands_tls_is_said(bouncer, make_project, tls_cluster, pgtool):
    secured = tls_cluster.database(owner="tlsonly")
    pooler = bouncer(of=secured, extra="server_tls_sslmode = require")
    plain = make_project({"default": postgresql(pooler, secured.name, user="tlsonly", OPTIONS={"sslmode": "disable"})})

    outcome = pgtool(plain, "migrate", "--direct", PGTOOL_DIRECT_URL=secured.url("tlsonly") + "?sslmode=disable")

    assert outcome.status == 3, outcome.text
    assert re.search("encryption|tls|ssl", outcome.text, re.I)
    secured.assert_untouched()


def test_a_server_without_the_tls_that_was_demanded_is_said(bouncer, project, database, refused):
    refused(project(bouncer()), 3, "tls|ssl", direct=database.url() + "?sslmode=require")


def test_a_server_with_tls_is_proved_as_well(bouncer, make_project, tls_cluster, pgtool):
    secured = tls_cluster.database(owner="tlsonly")
    pooler = bouncer(of=secured, extra="server_tls_sslmode = require")
    project = make_project({"default": postgresql(pooler, secured.name, user="tlsonly")})

    outcome = pgtool(project, "migrate", "--direct", PGTOOL_DIRECT_URL=secured.url("tlsonly") + "?sslmode=require")

    assert outcome.status == 0, outcome.text
    secured.assert_written_directly_only()


def test_a_host_that_swallows_packets_costs_the_connect_timeout_only(bouncer, project, database, refused, swallowing_host):
    silent = f"postgresql://app:{SECRET}@127.0.0.1:{swallowing_host.port}/{database.name}"
    begin = time.monotonic()

    refused(project(bouncer()), 3, str(swallowing_host.port), "--connect-timeout", "1", direct=silent)

    assert time.monotonic() - begin < 15


class TestSearchPathThatThePoolerDrops:
    """The pooled migrate built everything in public; the direct one would build it again in tenant1."""

    @pytest.fixture
    def tenant_project(self, bouncer, project, database):
        database.sql("create schema tenant1 authorization app")
        pooler = bouncer(extra="ignore_startup_parameters = options, search_path")  # from 1.26 on the former would not do
        return project(pooler, OPTIONS={"options": "-c search_path=tenant1"})

    def test_it_is_refused(self, tenant_project, database, refused):
        refused(tenant_project, 1, "search_path|schema", direct=database.url())

    def test_it_is_accepted_when_that_is_said(self, tenant_project, database, pgtool):
        outcome = pgtool(tenant_project, "migrate", "--direct", "--accept", "schema-differs", PGTOOL_DIRECT_URL=database.url())

        assert outcome.status == 0, outcome.text
        database.assert_written_directly_only()
        assert "tenant1.shop_order" in database.tables()


def test_a_forced_user_is_another_view(bouncer, project, database, refused):
    pooler = bouncer(line=f"user=owner password={SECRET}")

    outcome = refused(project(pooler), 1, "user|role", direct=database.url())

    assert "owner" in outcome.text and "app" in outcome.text


@pytest.mark.parametrize("bad", ["pooler", "cluster"])
def test_a_guessed_endpoint_is_proved_like_a_named_one(bouncer, article_project, database, other_cluster, pgtool, bad):
    """What POSTGRES_HOST and POSTGRES_PORT name is not used for being named there."""
    other_cluster.create(database.name)
    port = {"pooler": bouncer("session").port, "cluster": other_cluster.port}[bad]

    pgtool(article_project(bouncer(), environment={"POSTGRES_PORT": str(port)}), "migrate", "--direct")

    assert [s.text for s in database.writes() if s.pooled] == []
    assert other_cluster.sql("select count(*) from pg_tables where schemaname = 'public'", database.name) == "0"


class TestAPoolerThatIsOfNoUse:
    @pytest.fixture(params=["down", "paused"])
    def useless_pooler(self, bouncer, database, request):
        pooler = bouncer()
        if request.param == "down":
            pooler.server.stop()
        else:
            pooler.sql("select 1", database.name)  # it lets in nobody before it has seen the server
            pooler.sql(f"pause {database.name}", "pgbouncer", "pooladmin")
        return pooler

    def test_a_named_endpoint_is_used_with_a_warning(self, useless_pooler, project, database, pgtool):
        outcome = pgtool(project(useless_pooler), "migrate", "--direct", PGTOOL_DIRECT_URL=database.url())

        assert outcome.status == 0, outcome.text
        assert str(useless_pooler.port) in outcome.text and "compare" in outcome.text
        database.assert_written_directly_only()

    def test_a_guessed_endpoint_is_not_used(self, useless_pooler, article_project, refused):
        refused(article_project(useless_pooler), 3, str(useless_pooler.port))
