"""check --fix writes what is mechanical into pgbouncer.ini and .env, after a yes, and no letter more."""
import os
import shutil

import pytest
from judged import own_copy, rights_of, slugs
from processes import as_servant, new_home, remove_home
from projects import Project
from runs import PGTOOL
from waiting import until

LIFETIME, PLAIN, CURSORS = "server-lifetime", "auth-plain", "server-side-cursors"
HIDDEN = "hush-W0rd"  # stands beside what is changed
# What stands here twice, or is a comment, or is odd, is to stay as it is.
BROKEN = f"""\
;; Ask before you change this: ops
[databases]
* = host=127.0.0.1 port=5432 password={HIDDEN}
server_lifetime = host=127.0.0.1 port=5432

[pgbouncer]
listen_addr = 127.0.0.1
listen_port = 6432
admin_users = ops
# server_lifetime = 1200
; the database restarts at night
server_lifetime=0
\tauth_type   =   plain
auth_query = select usename, passwd from lookup($1) where token = '{HIDDEN}'
auth_file = /etc/pgbouncer/userlist.txt
pool_mode = transaction

[users]
app = pool_mode=transaction
"""
MENDED = BROKEN.replace("server_lifetime=0\n", "server_lifetime=3600\n").replace("=   plain", "=   scram-sha-256")
ALL = "--fail-level", "info"


@pytest.fixture
def broken(nowhere):
    nowhere.write("pgbouncer.ini", BROKEN)
    return nowhere


@pytest.fixture
def fix(pgtool):
    def run(project, *arguments, status=0, form="json", **environment):
        outcome = pgtool(project, "check", "--offline", "--select", f"{LIFETIME},{PLAIN},{CURSORS}", *ALL, "--fix", "--format", form,
                         *arguments, **environment)
        assert outcome.status == status, outcome.text
        assert HIDDEN not in outcome.text
        return outcome

    return run


def kept(folder):
    """Every file below the folder, by name."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_without_a_yes_and_without_a_terminal_nothing_is_written(broken, fix):
    broken.write("pgbouncer.ini", BROKEN.replace(HIDDEN, "x"))
    before = kept(broken.dir)

    outcome = fix(broken, status=1, form="text")

    assert kept(broken.dir) == before
    assert "--yes" in outcome.text and "-server_lifetime=0" in outcome.stdout and "+server_lifetime=3600" in outcome.stdout, outcome.text


def test_with_a_yes_the_lines_are_changed_and_no_other(broken, fix):
    report = fix(broken, "--yes").json

    assert (broken.dir / "pgbouncer.ini").read_text() == MENDED
    assert (broken.dir / "pgbouncer.ini.orig").read_text() == BROKEN
    assert slugs(report) == [] and len(report["steps"]) == 2
    assert {path.name for path in broken.dir.iterdir()} == {"pgbouncer.ini", "pgbouncer.ini.orig", "home"}


def test_what_is_mended_is_found_no_more_and_a_second_run_writes_nothing(broken, fix, pgtool):
    fix(broken, "--yes")
    after = kept(broken.dir)

    assert slugs(pgtool(broken, "check", "--offline", "--select", f"{LIFETIME},{PLAIN}", "--format", "json").json) == []
    outcome = fix(broken, "-y", form="text")

    assert kept(broken.dir) == after
    assert "nothing to write" in outcome.stdout, outcome.text


def test_a_copy_that_is_there_is_never_written_over(broken, fix):
    broken.write("pgbouncer.ini.orig", "of somebody else")

    fix(broken, "--yes")
    broken.write("pgbouncer.ini", BROKEN)
    fix(broken, "--yes")

    assert (broken.dir / "pgbouncer.ini.orig").read_text() == "of somebody else"
    copies = [path.read_text() for path in broken.dir.glob("pgbouncer.ini.orig?*")]
    assert copies == [BROKEN, BROKEN]


@pytest.mark.parametrize("rights", [0o600, 0o640, 0o4664])
def test_rights_and_owner_stay_and_the_copy_is_not_wider(nowhere, fix, rights):
    path = own_copy(BROKEN, nowhere.dir / "pgbouncer.ini", rights)
    before = rights_of(path)

    fix(nowhere, "--yes")

    assert rights_of(path) == before
    copy = rights_of(nowhere.dir / "pgbouncer.ini.orig")
    assert copy[1:] == before[1:] and int(copy[0], 8) & ~int(before[0], 8) == 0


@pytest.mark.parametrize("text", [BROKEN.replace("\n", "\r\n"), BROKEN.rstrip("\n"), BROKEN + "\n\n; end", BROKEN.replace("ops", "öps\x80".encode(
    "utf-8", "surrogateescape").decode("latin-1"))], ids=["Windows", "no last newline", "blank lines", "bytes"])
def test_line_ends_and_bytes_stay(nowhere, fix, text):
    (nowhere.dir / "pgbouncer.ini").write_bytes(text.encode("latin-1"))

    fix(nowhere, "--yes")

    expected = text.replace("server_lifetime=0", "server_lifetime=3600").replace("=   plain", "=   scram-sha-256")
    assert (nowhere.dir / "pgbouncer.ini").read_bytes() == expected.encode("latin-1")


def test_a_link_stays_one_and_its_file_is_changed(nowhere, fix):
    real = nowhere.write("etc/real.ini", BROKEN)
    (nowhere.dir / "pgbouncer.ini").symlink_to("etc/real.ini")

    fix(nowhere, "--yes")

    assert (nowhere.dir / "pgbouncer.ini").is_symlink() and real.read_text() == MENDED


def test_the_file_that_is_included_is_the_one_that_is_changed(nowhere, fix):
    nowhere.write("pgbouncer.ini", BROKEN.replace("server_lifetime=0", "%include more.txt"))
    nowhere.write("more.txt", "server_lifetime = 0 \n")

    fix(nowhere, "--yes")

    assert (nowhere.dir / "more.txt").read_text() == "server_lifetime = 3600\n"
    assert (nowhere.dir / "pgbouncer.ini").read_text() == MENDED.replace("server_lifetime=3600", "%include more.txt")


def test_the_last_of_two_lines_is_the_one_that_counts(nowhere, fix):
    nowhere.write("pgbouncer.ini", BROKEN.replace("server_lifetime=0", "server_lifetime=1200\n; again\nserver_lifetime=0"))

    fix(nowhere, "--yes")

    assert (nowhere.dir / "pgbouncer.ini").read_text() == MENDED.replace("lifetime=3600", "lifetime=1200\n; again\nserver_lifetime=3600")


def test_two_files_are_changed_together(broken, fix):
    broken.write("deploy/pgbouncer.ini", BROKEN.replace("6432", "6433"))

    fix(broken, "--yes")

    assert (broken.dir / "deploy/pgbouncer.ini").read_text() == MENDED.replace("6432", "6433")
    assert (broken.dir / "pgbouncer.ini").read_text() == MENDED


def test_what_is_silenced_is_not_written(broken, fix):
    broken.write("pgbouncer.ini", BROKEN.replace("server_lifetime=0", f"# pgtool: ignore[{LIFETIME}] a test\nserver_lifetime=0"))

    fix(broken, "--yes", "--ignore", PLAIN)

    assert "=   plain" in (broken.dir / "pgbouncer.ini").read_text() and "lifetime=0" in (broken.dir / "pgbouncer.ini").read_text()


POOLER_ENV = f"""\
# of the pooler's container
POSTGRESQL_HOST=127.0.0.1
POSTGRESQL_PASSWORD='{HIDDEN}' # rotate it
export PGBOUNCER_POOL_MODE=transaction
PGBOUNCER_LISTEN_ADDRESS=127.0.0.1
PGBOUNCER_SERVER_LIFETIME="0" # the database restarts at night
PGBOUNCER_AUTH_TYPE=plain
PGBOUNCER_DATABASE=shop
"""


def test_an_env_file_is_changed_as_well(nowhere, fix):
    path = nowhere.write("pooler.env", POOLER_ENV)
    path.chmod(0o600)

    fix(nowhere, "--yes", "--pooler-config", "pooler.env")

    assert path.read_text().replace('="3600"', "=3600") == POOLER_ENV.replace('"0"', "3600").replace("=plain", "=scram-sha-256")
    assert (nowhere.dir / "pooler.env.orig").read_text() == POOLER_ENV
    assert rights_of(nowhere.dir / "pooler.env.orig")[0] == "0o600"


@pytest.mark.parametrize("before, after", [("0 # why", "3600 # why"), ("0\t# why", "3600\t# why"), ("'0' # it's so", "3600 # it's so"),
                                           ("0\r", "3600\r"), ("  0", "  3600")])
def test_what_stands_behind_a_variable_stays(nowhere, fix, before, after):
    text = POOLER_ENV.replace("plain", "scram-sha-256").replace('"0" # the database restarts at night', "{}")
    (nowhere.dir / "pooler.env").write_bytes(text.format(before).encode())

    fix(nowhere, "--yes", "--pooler-config", "pooler.env")

    written = (nowhere.dir / "pooler.env").read_bytes().decode().replace("'3600'", "3600")
    assert written == text.format(after)


def test_python_is_shown_and_never_written(make_project, fix):
    made = make_project({"default": {"ENGINE": "django.db.backends.postgresql", "HOST": "127.0.0.1", "PORT": 6432, "NAME": "shop",
                                     "USER": "app", "PASSWORD": HIDDEN}})
    made.write("pgbouncer.ini", MENDED)
    before = kept(made.dir)

    outcome = fix(made, "--yes", status=1)

    assert kept(made.dir) == before
    assert slugs(outcome.json) == [CURSORS]
    assert "DISABLE_SERVER_SIDE_CURSORS" in str(outcome.json["findings"])


def test_a_compose_file_is_not_written(nowhere, fix):
    variables = "".join(f"      {line}\n" for line in POOLER_ENV.replace("export ", "").replace("=", ": ").splitlines())
    nowhere.write("compose.yaml", f"services:\n  pooler:\n    image: bitnami/pgbouncer:1.24.1\n    environment:\n{variables}")
    before = kept(nowhere.dir)

    fix(nowhere, "--yes", status=1)

    assert kept(nowhere.dir) == before


@pytest.mark.skipif(os.geteuid() != 0, reason="needs a second user")
def test_a_file_of_another_user_is_refused_and_left(start_pgtool):
    """A new file could not be given to its owner, and the pooler could not read it."""
    home = new_home("fix")
    try:
        folder = Project.bare(home / "work")
        folder.write("pgbouncer.ini", BROKEN)
        shutil.chown(folder.dir, "postgres", "postgres")
        command = as_servant(PGTOOL, "check", "--offline", "--fix", "--yes")

        outcome = start_pgtool(folder, *command[1:], program=shutil.which(command[0])).finish()

        assert outcome.status == 2 and "another user" in outcome.stderr, outcome.text
        assert [path.name for path in folder.dir.glob("pgbouncer.ini*")] == ["pgbouncer.ini"]
        assert (folder.dir / "pgbouncer.ini").read_text() == BROKEN
    finally:
        remove_home(home)


class TestOnATerminal:
    @pytest.fixture
    def asked(self, broken, start_pgtool):
        run = start_pgtool(broken, "check", "--offline", "--select", f"{LIFETIME},{PLAIN}", *ALL, "--fix", terminal=True)
        until(lambda: "[y/N]" in run.output(), "it asks")
        assert "+server_lifetime=3600" in run.output()
        assert (broken.dir / "pgbouncer.ini").read_text() == BROKEN, "before the answer"
        return run

    def test_what_stands_beside_is_not_shown(self, asked):
        assert HIDDEN not in asked.output()

    def test_yes_writes(self, broken, asked):
        asked.type(b"y\n")

        assert asked.finish().status == 0
        assert (broken.dir / "pgbouncer.ini").read_text() == MENDED

    @pytest.mark.parametrize("keys", [b"n\n", b"\n", b"\x04", b"yep\n"])
    def test_anything_else_writes_nothing(self, broken, asked, keys):
        asked.type(keys)

        assert asked.finish().status == 1
        assert [path.name for path in broken.dir.glob("pgbouncer.ini*")] == ["pgbouncer.ini"]
        assert (broken.dir / "pgbouncer.ini").read_text() == BROKEN

    def test_ctrl_c_writes_nothing(self, broken, asked):
        asked.type(b"\x03")

        assert asked.finish().status == 130
        assert kept(broken.dir) == {"pgbouncer.ini": BROKEN.encode()}

    def test_a_file_that_changes_before_the_answer_is_not_written(self, broken, asked):
        broken.write("pgbouncer.ini", BROKEN + "; a colleague was here\n")

        asked.type(b"y\n")

        assert asked.finish().status == 3
        assert (broken.dir / "pgbouncer.ini").read_text() == BROKEN + "; a colleague was here\n"
        assert not (broken.dir / "pgbouncer.ini.orig").exists()


@pytest.mark.parametrize("form", ["text", "sarif", "junit", "github", "gitlab"])
def test_no_form_shows_what_stands_beside(broken, fix, form):
    fix(broken, status=1, form=form)
    fix(broken, "--yes", form=form)


def test_preflight_does_not_write(broken, pgtool):
    outcome = pgtool(broken, "preflight", "--offline", "--fix", "--yes")

    assert outcome.status == 2 and kept(broken.dir) == {"pgbouncer.ini": BROKEN.encode()}, outcome.text
