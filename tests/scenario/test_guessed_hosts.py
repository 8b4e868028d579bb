"""A host that was only guessed is never sent a password that it may not have: a listener there keeps what it was sent."""
import pytest
from listeners import other_name_of_this_host
from projects import postgresql
from servers import SECRET


@pytest.fixture
def guess(bouncer, project, password_trap):
    """A project behind a pooler, whose environment names the trap as the server of another host."""

    def make(**environment):
        made = project(bouncer())
        made.environment.update(POSTGRES_HOST=other_name_of_this_host(), POSTGRES_PORT=str(password_trap.port), **environment)
        return made

    return make


@pytest.mark.parametrize("command", [["detect"], ["migrate", "--direct"], ["migrate"]])
@pytest.mark.parametrize("environment", [{}, {"POSTGRES_PASSWORD": "a-word-of-its-own"}])
def test_a_guessed_host_is_sent_no_password(guess, pgtool, password_trap, command, environment):
    pgtool(guess(**environment), *command)

    assert SECRET not in password_trap.passwords
    assert SECRET.encode() not in password_trap.received


def test_a_passfile_is_not_read_for_a_guessed_host(guess, pgtool, password_trap, database, bouncer, make_project):
    made = make_project({"default": postgresql(bouncer(), database.name, password="")})
    made.environment.update(guess().environment, HOME=made.environment["HOME"])
    passfile = made.write("home/.pgpass", f"*:*:*:app:{SECRET}\n")
    passfile.chmod(0o600)

    assert pgtool(made, "detect").status == 0

    assert password_trap.startups and password_trap.passwords == []


def test_a_family_of_variables_that_holds_this_password_may_have_it(guess, pgtool, password_trap):
    pgtool(guess(POSTGRES_PASSWORD=SECRET), "detect")

    assert SECRET in password_trap.passwords


def test_a_trusted_origin_may_have_it(guess, pgtool, password_trap):
    pgtool(guess(), "detect", "--trust-origin")

    assert SECRET in password_trap.passwords


def test_a_host_that_was_named_may_have_it(project, bouncer, database, pgtool, password_trap):
    named = f"postgresql://app:{SECRET}@{other_name_of_this_host()}:{password_trap.port}/{database.name}"

    pgtool(project(bouncer()), "detect", PGTOOL_DIRECT_URL=named)

    assert SECRET in password_trap.passwords


@pytest.mark.parametrize("command", [["detect"], ["migrate", "--direct"]])
@pytest.mark.parametrize("way", ["host variable", "url variable", "compose file"])
def test_a_socket_at_the_head_of_a_list_opens_no_door(bouncer, project, pgtool, password_trap, database, command, way):
    """The other entries of the list are anybody's machines."""
    made = project(bouncer())
    hosts = f"/nonexistent,{other_name_of_this_host()}"
    if way == "host variable":
        made.environment.update(POSTGRES_HOST=hosts, POSTGRES_PORT=str(password_trap.port))
    elif way == "url variable":
        made.environment.update(DIRECT_URL=f"postgresql:///{database.name}?host={hosts}&port={password_trap.port}")
    else:
        made.write("compose.yaml", "services:\n  pooler:\n    image: edoburu/pgbouncer\n    environment: "
                   f"{{DB_HOST: '{hosts}', DB_PORT: '{password_trap.port}', DB_NAME: '*'}}\n")

    pgtool(made, *command)

    assert SECRET not in password_trap.passwords
    assert SECRET.encode() not in password_trap.received


@pytest.mark.parametrize("command", [["detect"], ["migrate"]])
def test_a_pgbouncer_ini_that_was_only_found_is_a_guess(bouncer, project, pgtool, password_trap, command):
    pooler = bouncer()
    made = project(pooler)
    made.write("tests/fixtures/pgbouncer-example.ini", f"[databases]\n* = host={other_name_of_this_host()} port={password_trap.port}\n"
               f"[pgbouncer]\nlisten_addr = *\nlisten_port = {pooler.port}\n")

    pgtool(made, *command)

    assert SECRET not in password_trap.passwords
    assert SECRET.encode() not in password_trap.received


@pytest.mark.parametrize("host", ["postgresql://u:TOPSECRET-word@dbhost/x", "u:TOPSECRET-word@dbhost"])
def test_a_url_in_a_hosts_place_is_not_repeated(bouncer, project, pgtool, host):
    made = project(bouncer())
    made.environment.update(POSTGRES_HOST=host)
    made.write("pgbouncer.ini", f"[databases]\n* = host={host}\n[pgbouncer]\nlisten_port = 6432\n")

    for arguments in (["detect", "--format", "json"], ["detect", "--all"], ["migrate", "--direct", "--trust-origin"]):
        assert "TOPSECRET" not in pgtool(made, *arguments).text
