"""stdout is the result; secrets are in no output and in no argument list."""
import json
from pathlib import Path
from urllib.parse import quote

import pytest
from projects import SHOP, postgresql
from runs import assert_no_secret

NOISE = "print('hello from settings')\nimport sys; print('grumble', file=sys.stderr)\n"


@pytest.mark.parametrize("arguments", [["detect"], ["migrate", "--direct"], ["migrate", "--direct", "--plan"]])
def test_json_is_valid_whatever_the_project_prints(bouncer, make_project, database, pgtool, arguments):
    noisy = make_project({"default": postgresql(bouncer(), database.name)}, settings=NOISE)

    outcome = pgtool(noisy, *arguments, "--format", "json", PGTOOL_DIRECT_URL=database.url())

    report = outcome.json
    assert (report["version"], report["command"], report["status"]) == (1, arguments[0], outcome.status) == (1, arguments[0], 0)
    assert "hello from settings" in outcome.stderr


def test_an_error_is_json_too(project, bouncer, pgtool):
    outcome = pgtool(project(bouncer()), "migrate", "--direct", "--database", "nobody", "--format", "json")

    assert (outcome.status, outcome.json["status"]) == (2, 2)
    assert "nobody" in outcome.json["verdict"]


def test_steps_are_the_migrations_that_ran(project, bouncer, database, pgtool):
    report = pgtool(project(bouncer()), "migrate", "--direct", "--format", "json", PGTOOL_DIRECT_URL=database.url()).json

    names = [step["name"] for step in report["steps"] if step["state"] == "done"]
    assert [name for name in names if name in SHOP] == SHOP, report["steps"]
    assert all(step["seconds"] >= 0 for step in report["steps"])


def test_output_goes_into_a_file(project, bouncer, database, pgtool):
    through_pooler = project(bouncer())

    outcome = pgtool(through_pooler, "detect", "--format", "json", "--output", "report.json", PGTOOL_DIRECT_URL=database.url())

    assert outcome.status == 0, outcome.text
    assert json.loads((through_pooler.dir / "report.json").read_text())["command"] == "detect"


def test_django_s_own_output_stays_on_stdout(project, bouncer, database, pgtool):
    outcome = pgtool(project(bouncer()), "migrate", "--direct", PGTOOL_DIRECT_URL=database.url())

    assert "Applying shop.0002_index... OK" in outcome.stdout
    assert "Applying" not in outcome.stderr


class TestSecrets:
    """A password with everything in it that URLs, shells and libpq treat specially."""

    UGLY = "p@ss/w:rd %41'\"\\ #?&=ü"

    @pytest.fixture
    def ugly(self, cluster, bouncer, make_project):
        role = cluster.sql("select 'ugly' || count(*) from pg_roles where rolname like 'ugly%'", "postgres")
        escaped = self.UGLY.replace("'", "''").replace("\\", "\\\\")
        cluster.sql(f"create role {role} login password e'{escaped}'", "postgres")
        database = cluster.database(owner=role)
        pooler = bouncer(of=database, users={role: self.UGLY})
        project = make_project({"default": postgresql(pooler, database.name, user=role, password=self.UGLY)})
        project.environment["PGTOOL_DIRECT_URL"] = database.url(role, password=quote(self.UGLY, safe=""))
        return project, database

    @pytest.mark.parametrize("arguments", [["-v", "3"], ["-v", "3", "--format", "json"]])
    def test_they_work_and_are_not_shown(self, ugly, pgtool, arguments):
        project, database = ugly

        for command in ["detect"], ["migrate", "--direct"]:
            outcome = pgtool(project, *command, *arguments)
            assert outcome.status == 0, outcome.text
            assert_no_secret(outcome.text, self.UGLY)
            assert json.dumps(self.UGLY)[1:-1] not in outcome.text

        database.assert_written_directly_only()

    def test_they_are_in_no_argument_list(self, ugly, start_pgtool):
        project, database = ugly
        with database.closed_gate() as open_gate:
            run = start_pgtool(project, "migrate", "--direct", GATE="server")
            database.wait_at_gate()

            for pid in run.tree():
                assert_no_secret(Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace"), self.UGLY)

            open_gate()
            assert run.finish().status == 0
