"""check judges the pooler's own settings: what it says goes wrong does so on a real PgBouncer, and the cured twin is quiet."""
import re
from pathlib import Path

import psycopg
import pytest

import processes
from judged import fires, of_poolers, silent
from listeners import other_name_of_this_host
from projects import postgresql
from servers import SECRET, Bouncer, Cluster
from waiting import until

DEBIAN = Path("/etc/pgbouncer/pgbouncer.ini")
LOCAL = "listen_addr = 127.0.0.1"


def secret_of(cluster, role):
    return cluster.sql(f"select rolpassword from pg_authid where rolname = '{role}'", "postgres")


def md5_of(cluster, role):
    return "md5" + cluster.sql(f"select md5('{SECRET}{role}')", "postgres")


# Quietness


@pytest.mark.parametrize("mode", ["session", "transaction"])
def test_a_well_configured_pooler_is_left_alone(bouncer, checked, mode):
    pooler = bouncer(mode, extra=LOCAL)

    assert of_poolers(checked(pooler)) == []
    assert of_poolers(checked(pooler, named=False)) == []
    assert of_poolers(checked(pooler, "--offline")) == []


def test_odd_spellings_of_what_is_in_force_are_no_difference(bouncer, checked):
    pooler = bouncer(extra=f"{LOCAL}\npool_mode = Transaction\ndefault_pool_size = 012\nserver_lifetime = 3600.0\n"
                           "server_idle_timeout = 1e2\nserver_check_query =\nclient_tls_sslmode = Disable\nunix_socket_mode = 0777\n"
                           "server_reset_query = DISCARD ALL;\nauth_user =\nadmin_users =  pooladmin , other")

    assert of_poolers(checked(pooler)) == []


@pytest.mark.skipif(not DEBIAN.exists(), reason="Debian's package is not installed")
def test_debian_s_own_file_with_a_database_is_left_alone(make_project, pgtool, database):
    made = make_project({"default": postgresql(database.cluster, database.name, PORT=6432, DISABLE_SERVER_SIDE_CURSORS=True)})
    text = DEBIAN.read_text(encoding="utf-8").replace("[databases]\n", f"[databases]\n{database.name} = host=127.0.0.1\n", 1)
    made.write("pgbouncer.ini", text.replace("\n;pool_mode = session\n", "\npool_mode = transaction\n"))

    outcome = pgtool(made, "check", "--offline", "--format", "json", "--pooler-config", "pgbouncer.ini")

    assert of_poolers(outcome.json) == [], outcome.text


# Who gets in


def test_md5_digests_cannot_log_in_to_a_server_with_scram(bouncer, checked, cluster, database):
    digests = {role: md5_of(cluster, role) for role in ("app", "owner")}
    pooler = bouncer(users=digests, extra="auth_type = md5")

    refused = pooler.sql("select 1", database.name, check=False)
    found = fires("auth-md5", checked(pooler))

    assert "password" in refused, refused
    assert found["severity"] == "warning" and found["detail"].startswith("3 of 3 secrets"), found
    assert SECRET not in str(found)


def test_auth_type_md5_with_scram_secrets_is_scram(bouncer, checked, cluster, database):
    secret = secret_of(cluster, "app")  # of any user with the same password, the pooler's admin too
    pooler = bouncer(users={"app": secret, "pooladmin": secret}, extra="auth_type = md5")

    assert pooler.sql("select 1", database.name) == "1"
    silent("auth-md5", checked(pooler))


def test_trust_asks_nobody_for_a_password(bouncer, checked):
    pooler = bouncer(extra="auth_type = trust")

    with psycopg.connect(f"host=127.0.0.1 port={pooler.port} dbname=pgbouncer user=pooladmin password=wrong", autocommit=True,
                         prepare_threshold=None) as anybody:
        assert anybody.info.user == "pooladmin"
    found = fires("auth-trust", checked(pooler))

    assert found["severity"] == "error" and found["remedy"] == "auth_type = scram-sha-256", found


def test_trust_on_loopback_is_a_warning(bouncer, checked):
    pooler = bouncer(extra=f"{LOCAL}\nauth_type = any")

    assert fires("auth-trust", checked(pooler, "--offline"))["severity"] == "warning"


def test_a_list_that_everybody_reaches_may_be_read_by_everybody(bouncer, checked):
    pooler = bouncer(extra=LOCAL)
    (pooler.home / "userlist.txt").chmod(0o644)

    silent("auth-file-readable", checked(pooler))  # its folder is shut
    pooler.home.chmod(0o755)
    found = fires("auth-file-readable", checked(pooler))
    (pooler.home / "userlist.txt").chmod(0o640)
    silent("auth-file-readable", checked(pooler))

    assert "0644" in found["message"] and SECRET not in str(found), found


def test_an_admin_who_is_the_application_can_stop_everything(bouncer, checked, database):
    pooler = bouncer(extra=f"{LOCAL}\nadmin_users = pooladmin, app")

    assert pooler.sql("pause", "pgbouncer", "app") == ""
    pooler.sql("resume", "pgbouncer", "app")
    found = fires("admin-is-application", checked(pooler))
    pooler.edit( "admin_users = pooladmin, app", "admin_users = pooladmin\nstats_users = app")
    pooler.reload()
    silent("admin-is-application", checked(pooler))

    assert found["remedy"] == "admin_users = pooladmin", found
    assert pooler.sql("pause", "pgbouncer", "app", check=False).startswith("ERROR")


@pytest.mark.parametrize("address, speaks", [("*", True), ("127.0.0.1, ::1", False), ("", False)])
def test_listening_everywhere_is_said(bouncer, checked, address, speaks):
    pooler = bouncer(extra=LOCAL)
    pooler.edit( LOCAL, f"listen_addr = {address}")

    (fires if speaks else silent)("listen-all-addresses", checked(pooler, "--offline"))


# Sessions


def test_pools_that_exceed_the_server_run_out_of_sessions(pgtool, make_project):
    small = Cluster(databases=("app",), settings={"max_connections": 12})
    pooler = Bouncer(small, ["app"], extra=f"{LOCAL}\ndefault_pool_size = 30")
    made = make_project({"default": postgresql(pooler, "app", DISABLE_SERVER_SIDE_CURSORS=True)})
    variables = {"PGTOOL_DIRECT_URL": small.url(), "PGTOOL_CONSOLE_URL": pooler.console()}

    report = pgtool(made, "check", "--format", "json", **variables).json
    clients = [psycopg.connect(pooler.conninfo("app") + " options=''") for _ in range(10)]
    try:
        for client in clients:
            client.pgconn.send_query(b"begin; select 1")
        until(lambda: any(words in pooler.server.log.read_text() for words in ("connection slots", "too many clients")),
              "the server refuses one", 20)
    finally:
        for client in clients:
            client.close()
    pooler.edit( "default_pool_size = 30", "default_pool_size = 6")
    pooler.reload()
    cured = pgtool(made, "check", "--format", "json", **variables).json
    pooler.remove()

    found = fires("pool-exceeds-server", report)
    assert found["message"].startswith("pools may grow to 30 sessions"), found
    assert "30 > 6 = 12 max_connections − 3 reserved − 3 for a deploy" in found["detail"], found
    silent("pool-exceeds-server", cured)


def test_the_pool_of_the_article_fits_a_server_of_a_hundred(bouncer, checked):
    silent("pool-exceeds-server", checked(bouncer(extra=f"{LOCAL}\ndefault_pool_size = 80\nmin_pool_size = 30")))


def test_a_reset_after_every_transaction_costs_a_statement_each(bouncer, checked, database):
    pooler = bouncer(extra=f"{LOCAL}\nserver_reset_query_always = 1")
    with psycopg.connect(pooler.conninfo(database.name), autocommit=True) as client:
        for _ in range(5):
            client.execute("select 1 /* one transaction */")

    until(lambda: sum(s.text == "DISCARD ALL" for s in database.statements()) >= 5, "each was followed by a reset", 10)
    fires("reset-query-always", checked(pooler))


def test_a_reset_in_session_mode_is_what_it_is_for(bouncer, checked):
    silent("reset-query-always", checked(bouncer("session", extra=f"{LOCAL}\nserver_reset_query_always = 1")))


def test_connect_query_sets_what_direct_sessions_do_not_have(bouncer, make_project, database, pgtool):
    line = f"front = host=127.0.0.1 port={database.port} dbname={database.name} connect_query='set search_path = tenant, public'"
    database.sql("create schema tenant authorization app")
    pooler = bouncer(extra=LOCAL, lines=[line])
    made = make_project({"default": postgresql(pooler, "front", DISABLE_SERVER_SIDE_CURSORS=True)})
    variables = {"PGTOOL_DIRECT_URL": database.url(), "PGTOOL_CONSOLE_URL": pooler.console()}

    def report():
        return pgtool(made, "check", "--format", "json", "--pooler-config", pooler.home / "pgbouncer.ini", **variables).json

    assert pooler.sql("show search_path", "front") == "tenant, public"
    assert database.sql("show search_path", "app") == '"$user", public'
    found = fires("connect-query-settings", report())
    database.sql(f"alter role app in database {database.name} set search_path = tenant, public")
    silent("connect-query-settings", report())

    assert "search_path" in found["message"] and found["where"]["file"].endswith("pgbouncer.ini"), found


def test_a_timeout_in_connect_query_is_nobody_s_loss(bouncer, make_project, database, pgtool):
    line = f"front = host=127.0.0.1 port={database.port} dbname={database.name} connect_query='set statement_timeout = 30000'"
    pooler = bouncer(extra=LOCAL, lines=[line])
    made = make_project({"default": postgresql(pooler, "front")})

    silent("connect-query-settings", pgtool(made, "check", "--offline", "--format", "json", "--pooler-config",
                                            pooler.home / "pgbouncer.ini").json)


def test_sessions_that_are_used_once_are_not_pooled(bouncer, checked, database):
    pooler = bouncer(extra=f"{LOCAL}\nserver_lifetime = 0")
    with psycopg.connect(pooler.conninfo(database.name), autocommit=True, prepare_threshold=None) as client:
        pids = {client.execute("select pg_backend_pid()").fetchone()[0] for _ in range(4)}

    assert len(pids) > 1
    fires("server-lifetime", checked(pooler))


def test_a_short_idle_transaction_timeout_ends_what_a_view_is_still_in(bouncer, checked, database):
    pooler = bouncer(extra=f"{LOCAL}\nidle_transaction_timeout = 1")
    with psycopg.connect(pooler.conninfo(database.name)) as client:
        client.execute("select 1")
        until(lambda: "idle transaction timeout" in pooler.server.log.read_text(), "the pooler ends it", 10)
        with pytest.raises(psycopg.OperationalError):
            client.execute("select 1")

    fires("idle-transaction-timeout", checked(pooler, ATOMIC_REQUESTS=True))
    silent("idle-transaction-timeout", checked(pooler))


@pytest.fixture
def few_files(monkeypatch):
    """Servers that are started meanwhile may open 64 files each; the test itself may need more."""
    servant = processes.as_servant
    monkeypatch.setattr(processes, "as_servant", lambda *arguments: ["prlimit", "--nofile=64:", *servant(*arguments)])
    return monkeypatch.undo


def test_a_process_that_may_open_few_files_lets_in_few_clients(database, few_files, bouncer, checked):
    pooler = bouncer(extra=LOCAL)
    few_files()
    pooler.edit(LOCAL, f"{LOCAL}\npidfile = {pooler.home}/pgbouncer.pid")
    pid = pooler.server.process.pid
    if Path(f"/proc/{pid}/comm").read_text(encoding="utf-8").strip() != "pgbouncer":
        pytest.skip("a loader of its own runs it")
    silent("max-client-conn", checked(pooler, "--offline"))
    (pooler.home / "pgbouncer.pid").write_text(f"{pid}\n", encoding="utf-8")

    found = fires("max-client-conn", checked(pooler, "--offline"))
    clients = []
    with pytest.raises(psycopg.OperationalError):
        for _ in range(64):
            clients.append(psycopg.connect(pooler.conninfo(database.name)))
    for client in clients:
        client.close()

    assert "gets 64" in found["message"], found


# The web server


@pytest.fixture
def behind(bouncer, project, database, pgtool):
    """What check says of a project with this Procfile behind a pooler."""

    def check(procfile, extra=""):
        pooler = bouncer(extra=f"{LOCAL}\n{extra}")
        made = project(pooler, DISABLE_SERVER_SIDE_CURSORS=True)
        made.write("Procfile", procfile)
        return pgtool(made, "check", "--format", "json", PGTOOL_DIRECT_URL=database.url(), PGTOOL_CONSOLE_URL=pooler.console()).json

    return check


def test_workers_with_more_threads_than_the_pooler_lets_in(behind):
    wanting = "web: gunicorn config.wsgi --workers 40 --threads 10\n"

    assert "400" in fires("max-client-conn", behind(wanting))["message"]
    silent("max-client-conn", behind(wanting, "max_client_conn = 400"))
    silent("max-client-conn", behind("web: gunicorn config.wsgi\n"))


def test_a_web_server_that_gives_up_before_the_pooler_does(behind):
    impatient = "web: gunicorn config.wsgi --workers 2 --timeout 30\n"

    found = fires("query-wait-timeout", behind(impatient))
    silent("query-wait-timeout", behind(impatient, "query_wait_timeout = 20"))
    silent("query-wait-timeout", behind("web: gunicorn config.wsgi --workers 2\n"))

    assert (found["severity"], found["remedy"]) == ("info", "query_wait_timeout = 15"), found


# Links


def test_a_link_that_leaves_the_machine_is_plain_where_the_pooler_offers_no_tls(bouncer, project, database, pgtool):
    address = other_name_of_this_host()
    if not re.fullmatch(r"[0-9.]+", address) or address.startswith(("127.", "172.17.")):
        pytest.skip("this machine has no address of its own")
    pooler = bouncer(line=f"host={address}")

    report = pgtool(project(pooler, HOST=address, DISABLE_SERVER_SIDE_CURSORS=True), "check", "--format", "json", "--pooler-config",
                    pooler.home / "pgbouncer.ini", PGTOOL_CONSOLE_URL=pooler.console()).json
    found = [finding for finding in report["findings"] if finding["rule"] == "tls-off"]

    assert pooler.sql("select ssl from pg_stat_ssl where pid = pg_backend_pid()", database.name) == "f"
    assert {finding["where"]["object"] for finding in found} == {"client_tls_sslmode", "server_tls_sslmode"}, report["findings"]
