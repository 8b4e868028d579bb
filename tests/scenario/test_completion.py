"""What real shells offer while a command line is typed. No server is needed: nothing connects."""
import subprocess
from pathlib import Path
from types import SimpleNamespace

import pytest
from projects import postgresql
from runs import PGTOOL, Outcome
from shells import COMPLETIONS, SHELLS, Shell

NOISE = "print('hello from settings')\nimport sys; print('grumble', file=sys.stderr)\n"
NO_SERVER = SimpleNamespace(port=1)


@pytest.fixture
def shop(make_project):
    databases = {name: postgresql(NO_SERVER, name) for name in ("default", "analytics")}
    return make_project({**databases, "files": {"ENGINE": "django.db.backends.sqlite3", "NAME": "files.db"}}, settings=NOISE)


@pytest.fixture(params=SHELLS)
def open_shell(request, tmp_path):
    started = []

    def start(project):
        started.append(Shell(request.param, project, tmp_path))
        return started[-1]

    yield start
    for shell in started:
        shell.end()


@pytest.fixture
def shell(open_shell, shop):
    return open_shell(shop)


@pytest.mark.parametrize("typed, completed", [
    ("pgtool mig", "pgtool migrate "),
    ("pgtool help det", "pgtool help detect "),
    ("pgtool migrate --allow", "pgtool migrate --allow-pooled "),
    ("pgtool detect --format=js", "pgtool detect --format=json "),
    ("pgtool migrate --direct --color al", "pgtool migrate --direct --color always "),
    ("pgtool detect --project sho", "pgtool detect --project shop/"),
    ("pgtool detect --output mana", "pgtool detect --output manage.py "),
    ("pgtool generate fi", "pgtool generate fish "),
    ("pgtool detect --database=an", "pgtool detect --database=analytics "),
])
def test_a_word_is_completed(shell, typed, completed):
    shell.completed(typed, completed)


@pytest.mark.parametrize("typed, offered", [
    ("pgtool ", {"detect", "migrate", "generate", "help"}),
    ("pgtool help ", {"detect", "migrate", "generate"}),
    ("pgtool migrate --dire", {"--direct", "--direct-url"}),
    ("pgtool detect --format ", {"text", "json", "sarif", "junit", "github", "gitlab"}),
    ("pgtool detect --accept ", {"session", "schema-differs"}),
    ("pgtool detect -v ", {"0", "1", "2", "3"}),
    ("pgtool detect --database ", {"default", "analytics"}),
])
def test_all_that_fits_is_offered(shell, typed, offered):
    assert shell.offered(typed) >= offered
    assert shell.obeys()


def test_an_option_is_offered_again_only_when_it_may_be_repeated(shell):
    offered = shell.offered("pgtool detect --no-probe --database=x --console-url y --")

    assert {"--console-url", "--direct-url", "--format"} <= offered
    assert not offered & {"--no-probe", "--database", "--direct"}


@pytest.mark.parametrize("behind", ["manage loaddata", "manage --lock -v 2 loaddata", "manage --database=default loaddata",
                                    "endpoint --names django --exec gunicorn"])
def test_behind_another_command_s_name_only_files_are_offered(shell, behind):
    shell.completed(f"pgtool {behind} --fo", f"pgtool {behind} --fo")
    assert shell.obeys()
    shell.completed(f"pgtool {behind} mana", f"pgtool {behind} manage.py ")


@pytest.mark.parametrize("typed", ["manage --lo", "manage -v 2 --lo", "manage --database default --lo"])
def test_before_it_the_options_are_pgtool_s(shell, typed):
    shell.completed(f"pgtool {typed}", f"pgtool {typed}ck ")


def test_folders_alone_are_offered_for_a_folder(shell):
    offered = shell.offered("pgtool detect --project ")

    assert {name.strip("/") for name in offered} >= {"config", "shop"}
    assert "manage.py" not in offered


class TestAliases:
    def test_those_of_another_project_that_was_named_on_the_line(self, open_shell, shop, nowhere):
        offered = open_shell(nowhere).offered(f"pgtool detect --project {shop.dir} --database ")

        assert offered == {"default", "analytics"}

    def test_those_of_the_file_are_there_too(self, open_shell, shop):
        shop.write("pgtool.yaml", "databases:\n  archive:\n    direct: postgresql://nowhere\n")

        assert open_shell(shop).offered("pgtool migrate --direct --database ") == {"default", "analytics", "archive"}

    def test_they_are_one_a_line_and_nothing_else_is_printed(self, complete_aliases):
        outcome = complete_aliases("migrate", "--direct", "--database")

        assert (outcome.status, sorted(outcome.stdout.splitlines()), outcome.stderr) == (0, ["analytics", "default"], "")

    @pytest.mark.parametrize("typed", [
        ["detect", "--project", "/nowhere"],
        ["detect", "--python", "/bin/false"],
        ["detect", "--config", "/nowhere.yaml"],
        ["detect", "--settings", "no.such.module"],
    ])
    def test_nothing_is_said_when_they_cannot_be_had(self, complete_aliases, typed):
        outcome = complete_aliases(*typed)

        assert (outcome.status, outcome.text) == (0, "")

    @pytest.mark.parametrize("hang", [
        "import subprocess; subprocess.run(['sleep', '600'])",
        "import os, time; os.closerange(3, 100); time.sleep(600)",
    ])
    def test_a_project_that_hangs_is_given_up(self, shop, complete_aliases, hang):
        shop.write("config/hanging.py", hang)

        outcome = complete_aliases("detect", "--settings", "config.hanging")

        assert (outcome.status, outcome.text) == (0, "")

    @pytest.fixture
    def complete_aliases(self, shop):
        """What the completion scripts call, with the words that were typed."""

        def complete(*typed):
            done = subprocess.run([PGTOOL, "complete", "aliases"], input="\n".join(typed), cwd=shop.dir, env=shop.environment,
                                  capture_output=True, text=True, timeout=30)
            return Outcome(done.returncode, done.stdout, done.stderr)

        return complete


class TestFish:
    """Its completions can be asked for without a terminal."""

    @pytest.fixture
    def offered(self, shop):
        def ask(line):
            path = f"{Path(PGTOOL).parent}:{shop.environment['PATH']}"
            done = subprocess.run(["fish", "--no-config", "-c", 'source $argv[1]; complete -C $argv[2]', COMPLETIONS / "pgtool.fish", line],
                                  cwd=shop.dir, env={**shop.environment, "PATH": path}, capture_output=True, text=True, timeout=60)
            assert (done.returncode, done.stderr) == (0, "")
            return dict(row.split("\t", 1) if "\t" in row else (row, "") for row in done.stdout.splitlines())

        return ask

    def test_commands_come_with_their_summaries(self, offered):
        assert offered("pgtool mig") == {"migrate": "Run Django's migrate past the pooler"}

    def test_options_come_with_their_descriptions(self, offered):
        assert offered("pgtool migrate --dire") == {
            "--direct": "Demand the proof of a direct endpoint in every case", "--direct-url": "The database past the pooler"}

    @pytest.mark.parametrize("line, words", [
        ("pgtool help ", {"detect", "migrate", "manage", "endpoint", "schema-move", "check", "preflight", "lint", "explain", "generate"}),
        ("pgtool detect --format ", {"text", "json", "sarif", "junit", "github", "gitlab"}),
        ("pgtool endpoint --format ", {"text", "json", "sarif", "junit", "github", "gitlab", "url", "shell", "dotenv"}),
        ("pgtool endpoint --names ", {"libpq", "url", "django", "article"}),
        ("pgtool detect --database ", {"default", "analytics"}),
        ("pgtool detect --database=", {"--database=default", "--database=analytics"}),
        ("pgtool detect --project s", {"shop/"}),
        ("pgtool detect --output mana", {"manage.py"}),
    ])
    def test_values_are_those_of_the_option(self, offered, line, words):
        assert set(offered(line)) == words

    def test_an_option_is_offered_again_only_when_it_may_be_repeated(self, offered):
        words = set(offered("pgtool detect --no-probe --database=x --console-url y --"))

        assert {"--console-url", "--direct-url", "--format"} <= words
        assert not words & {"--no-probe", "--database", "--direct"}

    @pytest.mark.parametrize("behind", ["manage loaddata", "manage --lock -v 2 loaddata", "manage --database=default loaddata",
                                        "manage -- loaddata", "endpoint --names django --exec gunicorn"])
    def test_behind_another_command_s_name_only_files_are_offered(self, offered, behind):
        assert offered(f"pgtool {behind} --") == {}
        assert set(offered(f"pgtool {behind} mana")) == {"manage.py"}
        assert "--lock" in offered("pgtool manage -v 2 --lo")
