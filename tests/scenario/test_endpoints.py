"""Every way in which libpq lets an endpoint be said."""
import os
import signal

import pytest
from processes import free_port
from projects import SHOP, postgresql
from servers import SECRET
from waiting import until


@pytest.fixture
def service_project(make_project, database):
    """A project that knows its database by the name of a service only; the password stands in a passfile."""

    def make(pooler, options=()):
        made = make_project({"default": {"ENGINE": "django.db.backends.postgresql", "NAME": "",
                                         "OPTIONS": {"service": "shop", **dict(options)}}})
        service = made.write("service.conf", f"[shop]\nhost=127.0.0.1\nport={pooler.port}\ndbname={database.name}\nuser=app\n")
        passfile = made.write("passfile", f"127.0.0.1:{pooler.port}:*:app:{SECRET}\n127.0.0.1:{database.port}:*:app:{SECRET}\n")
        passfile.chmod(0o600)
        made.environment.update(PGSERVICEFILE=str(service), PGPASSFILE=str(passfile))
        return made

    return make


def test_a_service_and_a_passfile_are_read_as_libpq_reads_them(bouncer, service_project, database, pgtool):
    outcome = pgtool(service_project(bouncer()), "migrate", "--direct")

    assert outcome.status == 0, outcome.text
    assert database.applied() == SHOP
    database.assert_written_directly_only()


def test_an_unknown_service_is_named_and_nothing_is_sent(bouncer, service_project, database, pgtool):
    outcome = pgtool(service_project(bouncer(), {"service": "shpo"}), "migrate", "--direct")

    assert outcome.status in (2, 3) and "shpo" in outcome.text, outcome.text
    database.assert_untouched()


def test_host_and_port_inside_options_go_direct(bouncer, make_project, database, pgtool):
    pooler = bouncer()
    alias = postgresql(pooler, database.name, OPTIONS={"host": "127.0.0.1", "port": str(pooler.port)})
    del alias["HOST"], alias["PORT"]

    outcome = pgtool(make_project({"default": alias}), "migrate", "--direct")

    assert outcome.status == 0, outcome.text
    assert database.applied() == SHOP
    database.assert_written_directly_only()


def test_a_pooler_on_a_unix_socket_is_bypassed(bouncer, make_project, database, pgtool):
    pooler = bouncer()
    alias = postgresql(pooler, database.name, HOST=str(pooler.home))

    outcome = pgtool(make_project({"default": alias}), "migrate", "--direct")

    assert outcome.status == 0, outcome.text
    assert database.applied() == SHOP
    database.assert_written_directly_only()


def test_a_pooler_on_a_unix_socket_is_not_direct(bouncer, project, database, pgtool):
    pooler = bouncer(extra="ignore_startup_parameters = options")
    direct = f"postgresql://app:{SECRET}@/{database.name}?host={pooler.home}&port={pooler.port}"

    outcome = pgtool(project(pooler), "migrate", "--direct", PGTOOL_DIRECT_URL=direct)

    assert outcome.status == 1, outcome.text
    database.assert_untouched()


def test_the_living_host_of_a_list_is_pinned(bouncer, project, database, pgtool):
    direct = f"postgresql://app:{SECRET}@127.0.0.1:{free_port()},127.0.0.1:{database.port}/{database.name}"

    outcome = pgtool(project(bouncer()), "migrate", "--direct", "--format", "json", PGTOOL_DIRECT_URL=direct)

    assert outcome.status == 0, outcome.text
    assert outcome.json["route"]["direct"] == f"postgresql://app@127.0.0.1:{database.port}/{database.name}"
    database.assert_written_directly_only()


def test_the_database_behind_the_pooler_s_name_is_found(bouncer, make_project, database, pgtool):
    pooler = bouncer(lines=(f"storefront = host=127.0.0.1 port={database.port} dbname={database.name}"
                            " connect_query='select 1 /* pooled */'",))
    names = {"POSTGRES_HOST": "127.0.0.1", "POSTGRES_PORT": str(database.port)}

    outcome = pgtool(make_project({"default": postgresql(pooler, "storefront")}, environment=names), "migrate", "--direct")

    assert outcome.status == 0, outcome.text
    assert database.applied() == SHOP
    database.assert_written_directly_only()


def test_a_session_pooler_is_taken_only_when_that_is_accepted(bouncer, project, database, pgtool):
    pooler, session = bouncer(), bouncer("session")
    named = {"PGTOOL_DIRECT_URL": session.url(database.name)}
    refused = pgtool(project(pooler), "migrate", "--direct", **named)
    assert refused.status == 1, refused.text
    database.assert_untouched()

    outcome = pgtool(project(pooler), "migrate", "--direct", "--accept", "session", **named)

    assert outcome.status == 0, outcome.text
    assert "session-safe" in outcome.text
    assert database.applied() == SHOP


def test_a_transaction_pooler_is_not_taken_for_a_session_pooler(bouncer, project, database, pgtool):
    pooler = bouncer()

    outcome = pgtool(project(pooler), "migrate", "--direct", "--accept", "session",
                     PGTOOL_DIRECT_URL=bouncer().url(database.name))

    assert outcome.status == 1, outcome.text
    database.assert_untouched()


def test_a_warning_fails_where_that_level_is_asked_for(bouncer, project, database, pgtool):
    pooler = bouncer()
    pooler.server.stop()

    outcome = pgtool(project(pooler), "migrate", "--direct", "--fail-level", "warning", PGTOOL_DIRECT_URL=database.url())

    assert outcome.status == 1, outcome.text
    assert "compare" in outcome.text and database.applied() == SHOP


def test_the_run_ends_when_the_session_with_the_deploy_lock_is_lost(bouncer, article_project, database, start_pgtool):
    with database.closed_gate():
        run = start_pgtool(article_project(bouncer()), "migrate", "--direct", GATE="server")
        backend = database.wait_at_gate()

        database.sql("select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'pgtool'")

        outcome = run.finish()
        until(lambda: str(backend) not in database.sql("select pid from pg_stat_activity").split(),
              "Django's backend ends while its gate is still shut", 10)

    assert outcome.status == 4, outcome.text
    assert "deploy lock" in outcome.text and "shop.0003_fill" in outcome.text
    assert database.applied() == SHOP[:2]


def test_sigkill_of_python_alone_is_said_and_frees_the_lock(bouncer, article_project, database, start_pgtool, pgtool):
    article = article_project(bouncer())
    with database.closed_gate():
        run = start_pgtool(article, "migrate", "--direct", GATE="server")
        database.wait_at_gate()
        os.kill(run.tree()[1], signal.SIGKILL)
        outcome = run.finish()

    assert outcome.status == 4 and "137" in outcome.text, outcome.text
    assert pgtool(article, "migrate", "--direct").status == 0
    assert database.applied() == SHOP
