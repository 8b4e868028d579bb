"""check judges the pooler's files, and what describes its container, as a real PgBouncer would."""
import subprocess

import pytest

from judged import fires, line_of, of_poolers, silent
from processes import as_servant, free_port, program, version_of
from servers import SECRET

VERSION = version_of("pgbouncer")
LOCAL = "listen_addr = 127.0.0.1"


def starts(pooler, text):
    """Whether a real PgBouncer takes this file."""
    path = pooler.home / "tried.ini"
    path.write_text(text, encoding="utf-8")
    try:
        return subprocess.run(as_servant(program("pgbouncer"), path), timeout=1.5, capture_output=True, check=False).returncode == 0
    except subprocess.TimeoutExpired:
        return True


REFUSED = [("config-unknown-key", "poolmode = session"), ("config-unknown-key", "POOL_MODE = session"),
           ("config-unknown-key", "[databases]\nx = host=127.0.0.1 sslmode=require"),
           ("config-inline-comment", "default_pool_size = 20 ; per user"), ("config-inline-comment", "pool_mode = session # yes"),
           ("config-inline-comment", "[databases]\nx = host=127.0.0.1 ; the shop"),
           ("config-broken", "server_lifetime = 1h"), ("config-broken", "server_reset_query_always = yes"),
           ("config-broken", "client_tls_sslmode = on"), ("config-broken", "auth_type = scram"), ("config-broken", "[nosuch]\na = b"),
           ("config-broken", "pool_mode = transactional"), ("config-broken", "listen_port = 6432x")]
TAKEN = ["server_check_query = select 1; select 2 # all", "server_lifetime = 0x10", "default_pool_size = -1", "auth_type = SCRAM-SHA-256",
         "# pool_mode = nonsense ; here", "stats_period = 0x20", "[databases]\nx = host=127.0.0.1 connect_query='select 1 ; select 2'",
         "[users]\napp = pool_mode=session", "syslog = 0"]


@pytest.mark.parametrize("rule, lines", REFUSED)
def test_what_pgbouncer_refuses_is_said(bouncer, checked, rule, lines):
    at = 2 if lines.startswith("[databases]") else 1
    pooler = bouncer(extra=LOCAL)
    text = (pooler.home / "pgbouncer.ini").read_text(encoding="utf-8")
    pooler.edit( text, f"{text}{lines}\n")

    assert not starts(pooler, (pooler.home / "pgbouncer.ini").read_text(encoding="utf-8"))
    found = fires(rule, checked(pooler, "--offline"))

    assert found["severity"] == "error" and found["where"]["line"] == len(text.splitlines()) + at, found


@pytest.mark.parametrize("lines", TAKEN)
def test_what_pgbouncer_takes_is_left_alone(bouncer, checked, lines):
    pooler = bouncer(extra=LOCAL)
    text = (pooler.home / "pgbouncer.ini").read_text(encoding="utf-8")
    other = text.replace(f"listen_port = {pooler.port}", f"listen_port = {free_port()}").replace(f"unix_socket_dir = {pooler.home}", "unix_socket_dir =")
    pooler.edit( text, f"{text}{lines}\n")

    assert starts(pooler, f"{other}{lines}\n")
    assert of_poolers(checked(pooler, "--offline")) == []


def test_a_key_of_another_version_is_said_before_the_restart(bouncer, checked):
    line = "transaction_timeout = 0" if VERSION < (1, 25) else "suspend_timeout = 10"
    pooler = bouncer(extra=LOCAL)
    silent("config-deprecated-key", checked(pooler))
    pooler.edit( LOCAL, f"{LOCAL}\n{line}")

    if VERSION < (1, 25) or VERSION >= (1, 26):
        assert not starts(pooler, (pooler.home / "pgbouncer.ini").read_text(encoding="utf-8"))
        assert fires("config-deprecated-key", checked(pooler))["severity"] == "error"
    silent("config-deprecated-key", checked(pooler, "--offline", named=True))  # nobody tells the version


def test_a_file_that_is_not_loaded_is_said_until_it_is(bouncer, checked):
    pooler = bouncer(extra=f"{LOCAL}\nquery_wait_timeout = 60")
    silent("config-not-loaded", checked(pooler))

    pooler.edit( "query_wait_timeout = 60", "query_wait_timeout = 30")
    found = fires("config-not-loaded", checked(pooler))
    assert pooler.shown("config") and "RELOAD" in found["remedy"], found
    pooler.reload()
    silent("config-not-loaded", checked(pooler))

    pooler.edit( "query_wait_timeout = 30", "query_wait_timeout = 30\nlisten_backlog = 64")
    pooler.reload()
    assert fires("config-not-loaded", checked(pooler))["remedy"].startswith("restart")


def test_a_copy_that_is_not_the_pooler_s_own_file_is_no_reload(bouncer, checked, tmp_path):
    pooler = bouncer(extra=LOCAL)
    copy = tmp_path / "pgbouncer.ini"
    text = (pooler.home / "pgbouncer.ini").read_text(encoding="utf-8")
    copy.write_text(text.replace("default_pool_size = 10", "default_pool_size = 15"), encoding="utf-8")

    silent("config-not-loaded", checked(pooler, "--pooler-config", copy, named=False))


# Containers


ARTICLE = {"PGBOUNCER_LISTEN_ADDRESS": "'*'", "PGBOUNCER_POOL_MODE": "transaction", "PGBOUNCER_PORT": "6432",
           "PGBOUNCER_MAX_CLIENT_CONN": "1000", "PGBOUNCER_DEFAULT_POOL_SIZE": "80", "PGBOUNCER_MIN_POOL_SIZE": "30",
           "PGBOUNCER_AUTH_TYPE": "md5", "POSTGRESQL_HOST": "db", "POSTGRESQL_USERNAME": "app", "POSTGRESQL_PASSWORD": SECRET,
           "POSTGRESQL_DATABASE": "shop", "PGBOUNCER_DATABASE": "shop"}


def compose(variables, ports="", server=""):
    listed = "".join(f"      {name}: {value}\n" for name, value in variables.items())
    return (f"services:\n  db:\n    image: postgres:16\n{server}  pooler:\n    image: bitnami/pgbouncer:1.26.1\n    environment:\n{listed}"
            f"{ports}")


@pytest.fixture
def described(make_project, pgtool):
    """What check says, without a look at any server, of a project with these files beside it."""

    def check(files, host="pooler", port=6432):
        made = make_project({"default": {"ENGINE": "django.db.backends.postgresql", "HOST": host, "PORT": port, "NAME": "shop",
                                         "USER": "web", "PASSWORD": SECRET, "DISABLE_SERVER_SIDE_CURSORS": True}})
        for name, text in files.items():
            made.write(name, text)
        return made, pgtool(made, "check", "--offline", "--format", "json").json

    return check


def test_the_article_s_container_is_published_and_speaks_md5(described):
    _, report = described({"compose.yaml": compose(ARTICLE, ports='    ports: ["6432:6432"]\n')})

    assert {finding["rule"] for finding in of_poolers(report)} == {"listen-all-addresses", "auth-md5"}, report["findings"]
    assert "127.0.0.1:6432:6432" in fires("listen-all-addresses", report)["remedy"]
    assert fires("auth-md5", report)["remedy"] == "PGBOUNCER_AUTH_TYPE=scram-sha-256"


@pytest.mark.parametrize("ports", ["", '    ports: ["127.0.0.1:6432:6432"]\n'])
def test_a_project_in_one_compose_file_is_left_alone(described, ports):
    variables = {**ARTICLE, "PGBOUNCER_AUTH_TYPE": "scram-sha-256"}

    _, report = described({"compose.yaml": compose(variables, ports)})

    assert of_poolers(report) == []


def test_a_line_of_an_env_file_is_the_place(described):
    variables = {**ARTICLE, "PGBOUNCER_AUTH_TYPE": "${BOUNCER_AUTH:-scram-sha-256}"}
    made, report = described({"compose.yaml": compose(variables, '    ports: ["6432:6432"]\n    env_file: pooler.env\n'),
                              ".env": "# of all services\nBOUNCER_AUTH=trust\n", "pooler.env": "PGBOUNCER_SERVER_LIFETIME=0\n"})

    trust, lifetime = fires("auth-trust", report), fires("server-lifetime", report)
    assert (trust["where"]["file"], line_of(trust, made), trust["remedy"]) == (".env", "BOUNCER_AUTH=trust", "BOUNCER_AUTH=scram-sha-256")
    assert (lifetime["where"]["file"], line_of(lifetime, made)) == ("pooler.env", "PGBOUNCER_SERVER_LIFETIME=0")


def test_a_variable_of_another_image_is_not_read(described):
    _, report = described({"compose.yaml": compose({**ARTICLE, "PGBOUNCER_AUTH_TYPE": "scram-sha-256", "PGBOUNCER_LISTEN_PORT": "6432"})
                           .replace("PGBOUNCER_PORT: 6432", "PGBOUNCER_STATS_PERIOD: 60")})

    assert "PGBOUNCER_LISTEN_PORT" in fires("variable-not-read", report)["message"]


@pytest.mark.parametrize("told, speaks", [("    command: postgres -c max_connections=60\n", True),
                                          ("    command: [postgres, -c, max_connections=200]\n", False), ("", False)])
def test_the_server_s_own_command_tells_how_large_it_is(described, told, speaks):
    variables = {**ARTICLE, "PGBOUNCER_AUTH_TYPE": "scram-sha-256"}

    _, report = described({"compose.yaml": compose(variables, server=told)})

    (fires if speaks else silent)("pool-exceeds-server", report)


def test_an_ini_that_a_container_is_given_is_judged_once_and_by_who_reaches_it(described):
    ini = "[databases]\nshop = host=db\n[pgbouncer]\nlisten_addr = *\nauth_type = scram-sha-256\nserver_lifetime = 0\n"
    text = ("services:\n  db:\n    image: postgres:16\n  pooler:\n    image: edoburu/pgbouncer:v1.26.1-p0\n    volumes:\n"
            "      - ./pgbouncer.ini:/etc/pgbouncer/pgbouncer.ini:ro\n")

    made, report = described({"compose.yaml": text, "pgbouncer.ini": ini})

    assert [finding["rule"] for finding in of_poolers(report)] == ["server-lifetime"], report["findings"]
    assert line_of(fires("server-lifetime", report), made) == "server_lifetime = 0"
