"""endpoint: the pooled one while it answers, else the direct one, in the form that was asked for."""
import os
import subprocess

import psycopg
import pytest

from listeners import Silent
from processes import free_port
from projects import postgresql
from servers import SECRET


@pytest.fixture
def pooler(bouncer):
    return bouncer()


@pytest.fixture
def article(pooler, article_project):
    return article_project(pooler)


def evaluated(lines, names, environment):
    """What a POSIX shell makes of the lines."""
    shown = "; ".join(f'printf "%s=%s\\n" {name} "${name}"' for name in names)
    done = subprocess.run(["sh", "-c", f"{lines}\n{shown}"], capture_output=True, text=True, check=True, env={"PATH": environment["PATH"]})
    return dict(line.split("=", 1) for line in done.stdout.splitlines())


def test_a_pooler_that_answers_is_used(article, pgtool, pooler, database):
    outcome = pgtool(article, "endpoint")

    assert (outcome.status, outcome.stdout, outcome.stderr) == (0, f"postgresql://app@127.0.0.1:{pooler.port}/{database.name}\n", "")
    assert not database.direct(), "the server was asked although the pooler answers"


class TestAPoolerThatIsOfNoUse:
    @pytest.fixture(params=["down", "paused", "silent"])
    def broken(self, request, pooler, database, article):
        if request.param == "silent":
            silent = Silent()
            request.addfinalizer(silent.close)
            article.environment["PG_BOUNCER_PORT"] = str(silent.port)
        elif request.param == "down":
            pooler.server.stop()
        else:
            with psycopg.connect(pooler.conninfo("pgbouncer", "pooladmin"), autocommit=True, prepare_threshold=None) as console:
                console.pgconn.exec_(b"PAUSE")
        return article

    def test_the_server_itself_is_used_and_that_is_said(self, broken, pgtool, database):
        outcome = pgtool(broken, "endpoint", "--connect-timeout", "1")

        assert (outcome.status, outcome.stdout) == (0, f"postgresql://app@127.0.0.1:{database.port}/{database.name}\n"), outcome.text
        assert "cannot be used" in outcome.stderr and "using 127.0.0.1:" in outcome.stderr and "POSTGRES_HOST" in outcome.stderr

    def test_without_a_fallback_it_is_an_error(self, broken, pgtool):
        outcome = pgtool(broken, "endpoint", "--connect-timeout", "1", "--fallback", "none")

        assert outcome.status == 3 and "cannot be used" in outcome.stderr
        assert "postgresql://" not in outcome.stdout


def test_a_guessed_server_is_not_used_when_nothing_can_be_compared(pooler, project, pgtool, database):
    plain = project(pooler)
    pooler.server.stop()

    outcome = pgtool(plain, "endpoint", POSTGRES_HOST="127.0.0.1", POSTGRES_PORT=str(database.port))

    assert outcome.status == 3 and "cannot be compared" in outcome.stderr, outcome.text
    assert "Is the server running" not in outcome.text  # libpq's advice, which our hint replaces


def test_both_reasons_are_told_when_neither_answers(pooler, project, pgtool):
    plain = project(pooler)
    pooler.server.stop()
    dead = free_port()

    outcome = pgtool(plain, "endpoint", "--direct-url", f"postgresql://127.0.0.1:{dead}")

    assert outcome.status == 3
    assert f"127.0.0.1:{pooler.port}" in outcome.stderr and f"127.0.0.1:{dead}" in outcome.stderr, outcome.text


def test_a_pooler_does_not_pass_for_the_server(pooler, bouncer, project, pgtool, database):
    plain, other = project(pooler), bouncer()
    pooler.server.stop()

    outcome = pgtool(plain, "endpoint", "--direct-url", other.url(database.name))

    assert outcome.status == 3 and "not proved" in outcome.stderr, outcome.text


def test_the_direct_one_may_be_preferred(article, pgtool, database, pooler):
    assert pgtool(article, "endpoint", "--prefer", "direct").stdout == f"postgresql://app@127.0.0.1:{database.port}/{database.name}\n"

    outcome = pgtool(article, "endpoint", "--prefer", "direct", "--direct-url", f"postgresql://127.0.0.1:{free_port()}")
    assert (outcome.status, outcome.stdout) == (0, f"postgresql://app@127.0.0.1:{pooler.port}/{database.name}\n"), outcome.text
    assert "using 127.0.0.1" in outcome.stderr


def test_it_needs_no_project(nowhere, pgtool, pooler, database):
    outcome = pgtool(nowhere, "endpoint", "--pooled-url", pooler.url(database.name))

    assert (outcome.status, outcome.stdout) == (0, f"postgresql://app@127.0.0.1:{pooler.port}/{database.name}\n")


NAMES = {
    "libpq": lambda host, port, name: {"PGHOST": host, "PGPORT": port, "PGDATABASE": name, "PGUSER": "app", "PGPASSWORD": SECRET},
    "django": lambda host, port, name: {"DB_HOST": host, "DB_PORT": port, "DB_NAME": name, "DB_USER": "app", "DB_PASSWORD": SECRET},
    "url": lambda host, port, name: {"DATABASE_URL": f"postgresql://app:{SECRET}@{host}:{port}/{name}"},
    "article": lambda host, port, name: {"PG_BOUNCER_HOST": host, "PG_BOUNCER_PORT": port, "POSTGRES_NAME": name, "POSTGRES_USER": "app",
                                         "POSTGRES_PASSWORD": SECRET},
}


@pytest.mark.parametrize("names", NAMES)
def test_variables_have_the_names_of_their_users(article, start_pgtool, pooler, database, names):
    expected = NAMES[names]("127.0.0.1", str(pooler.port), database.name)
    run = start_pgtool(article, "endpoint", "--names", names, "--format", "shell", "--show-password")
    run.wait()

    assert evaluated(run.output(), expected, article.environment) == expected


def test_the_article_s_pooler_variables_are_empty_when_the_server_is_chosen(article, pgtool, database):
    lines = pgtool(article, "endpoint", "--prefer", "direct", "--names", "article").stdout.splitlines()

    assert lines == ["PG_BOUNCER_HOST=", "PG_BOUNCER_PORT=", "POSTGRES_HOST=127.0.0.1", f"POSTGRES_PORT={database.port}",
                     f"POSTGRES_NAME={database.name}", "POSTGRES_USER=app"]


@pytest.mark.parametrize("form", ["url", "shell", "dotenv", "json"])
def test_the_password_is_shown_on_request_only(article, start_pgtool, form):
    outputs = []
    for flags in [], ["--show-password"]:
        run = start_pgtool(article, "endpoint", "--format", form, *flags)
        run.wait()
        outputs.append(run.output())

    assert SECRET not in outputs[0] and SECRET in outputs[1]


def test_a_file_that_holds_a_password_is_its_owner_s_alone(article, pgtool):
    pgtool(article, "endpoint", "--format", "dotenv", "--output", "plain.env")
    pgtool(article, "endpoint", "--format", "dotenv", "--show-password", "--output", "secret.env")

    assert SECRET in (article.dir / "secret.env").read_text()
    assert [(article.dir / name).stat().st_mode & 0o077 != 0 for name in ("plain.env", "secret.env")] == [True, False]


def test_the_rights_of_a_file_that_is_replaced_stay(article, pgtool):
    article.write("shared.env", "").chmod(0o640)

    assert pgtool(article, "endpoint", "--format", "dotenv", "--show-password", "--output", "shared.env").status == 0

    assert (article.dir / "shared.env").stat().st_mode & 0o777 == 0o640


def test_json_names_what_could_not_be_examined(article, pooler, pgtool):
    pooler.server.stop()

    report = pgtool(article, "endpoint", "--fallback", "none", "--format", "json").json

    assert report["status"] == 3 and report["pooler"]["kind"] == "unknown"
    assert [str(pooler.port) in one["what"] and one["cure"] != "" for one in report["unknown"]] == [True]


@pytest.fixture
def with_password(cluster, bouncer, make_project):
    """A project whose role has this password and a name with a space: (project, role)."""

    def make(password):
        role = cluster.sql("select 'ugly end' || count(*) from pg_roles where rolname like 'ugly end%'", "postgres")
        escaped = password.replace("'", "''").replace("\\", "\\\\")
        cluster.sql(f"create role \"{role}\" login password e'{escaped}'", "postgres")
        database = cluster.database()
        pooler = bouncer(of=database, users={role: password})
        return make_project({"default": postgresql(pooler, database.name, user=role, password=password,
                                                   OPTIONS={"sslmode": "allow", "keepalives_idle": 7})}), role

    return make


@pytest.mark.parametrize("password", ["pa$HOME #x `id` \\ü", "it's a \"word\" \\ #x", "double \\\\ end\\", "plain-one"])
def test_python_dotenv_reads_a_value_back(with_password, start_pgtool, python, tmp_path, password):
    run = start_pgtool(with_password(password)[0], "endpoint", "--format", "dotenv", "--show-password")
    run.wait()
    (tmp_path / ".env").write_text(run.output())
    code = "import sys; from dotenv import dotenv_values; print(dotenv_values(sys.argv[1])['PGPASSWORD'], end='')"

    assert subprocess.run([python, "-c", code, tmp_path / ".env"], capture_output=True, text=True, check=True).stdout == password


class TestUglyValues:
    PASSWORD = "p@ss/w:rd %41'\"\\ #?&=ü$HOME${HOME}`id`"

    @pytest.fixture
    def ugly(self, with_password):
        return with_password(self.PASSWORD)

    @pytest.mark.parametrize("names", ["libpq", "url"])
    def test_a_shell_reads_them_back(self, ugly, start_pgtool, names):
        project, role = ugly
        run = start_pgtool(project, "endpoint", "--names", names, "--format", "shell", "--show-password")
        run.wait()
        script = f"{run.output()}\n" + ('psql -Atc "select session_user"' if names == "libpq" else 'psql "$DATABASE_URL" -Atc "select session_user"')

        done = subprocess.run(["sh", "-c", script], capture_output=True, text=True, env={"PATH": os.environ["PATH"]})

        assert done.stdout == f"{role}\n", done.stderr
        if names == "libpq":
            assert "export PGSSLMODE=allow" in run.output()
        else:
            assert "sslmode=allow" in run.output() and "keepalives_idle=7" in run.output()

    def test_a_value_that_no_env_file_can_hold_is_refused(self, ugly, pgtool):
        outcome = pgtool(ugly[0], "endpoint", "--format", "dotenv", "--show-password")

        assert outcome.status == 2 and "PGPASSWORD cannot stand in a .env file" in outcome.stderr

    def test_a_command_gets_them(self, ugly, start_pgtool):
        project, role = ugly
        run = start_pgtool(project, "endpoint", "--exec", "psql", "-Atc", "select session_user")
        run.wait()

        assert run.output() == f"{role}\n", run.output("stderr")


class TestExec:
    def test_the_command_takes_pgtool_s_place(self, article, start_pgtool):
        run = start_pgtool(article, "endpoint", "--exec", "sh", "-c", 'echo "$$ $PGUSER ${PGTOOL_DIRECT_URL-none}"; exit 7', PGTOOL_DIRECT_URL="host=x")

        outcome = run.finish()

        assert (outcome.status, outcome.stdout) == (7, f"{run.process.pid} app none\n"), outcome.text

    def test_signals_have_their_usual_meaning_there(self, article, pgtool):
        assert pgtool(article, "endpoint", "--exec", "sh", "-c", "kill -PIPE $$; echo survived").stdout == ""

    def test_dashes_may_stand_before_the_command(self, article, pgtool):
        assert pgtool(article, "endpoint", "--names", "django", "--exec", "--", "sh", "-c", 'echo "$DB_USER"').stdout == "app\n"

    @pytest.mark.parametrize("command, words", [([], "--exec needs a command"), (["no-such-program"], "no-such-program could not be started")])
    def test_a_command_that_is_none_is_named(self, article, pgtool, command, words):
        outcome = pgtool(article, "endpoint", "--exec", *command)

        assert outcome.status == 2 and words in outcome.stderr


@pytest.mark.parametrize("arguments, words", [
    (["--names", "rails"], "--names: unknown value 'rails'"), (["--format", "yaml"], "--format: unknown value 'yaml'"),
    (["psql"], "unexpected argument 'psql'"), (["--fallback", "pooled"], "is the preferred one already"),
    (["--prefer", "direct", "--fallback", "direct"], "is the preferred one already"), (["--excec", "x"], "unknown option '--excec'")])
def test_a_wrong_word_is_named(nowhere, pgtool, arguments, words):
    outcome = pgtool(nowhere, "endpoint", *arguments)

    assert outcome.status == 2 and words in outcome.stderr, outcome.text


def test_another_command_has_none_of_its_formats(nowhere, pgtool):
    outcome = pgtool(nowhere, "detect", "--format", "shell")

    assert outcome.status == 2 and "--format: unknown value 'shell'" in outcome.stderr
