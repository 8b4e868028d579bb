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
