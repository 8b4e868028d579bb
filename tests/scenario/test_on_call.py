"""What a tired person reads: the reason that holds, said once, and a next command that works when it is pasted."""
import os
import re

import pytest

from listeners import other_name_of_this_host
from processes import free_port
from projects import SHOP, postgresql
from waiting import until


def test_a_copy_of_the_alias_goes_where_the_named_server_is(bouncer, make_project, database, pgtool):
    """The server is on another host than the pooler: nobody but the user named it, and for the migrated alias only."""
    through = postgresql(bouncer(), database.name)
    project = make_project({"default": through, "job_logs": through, "owned": {**through, "USER": "owner"}})
    direct = f"postgresql://{other_name_of_this_host()}:{database.port}"

    outcome = pgtool(project, "migrate", "--direct", "--format", "json", PGTOOL_DIRECT_URL=direct)

    assert outcome.status == 0, outcome.text
    actions = {alias["alias"]: alias["action"] for alias in outcome.json["migrate"]["aliases"]}
    assert actions == {"default": "direct", "job_logs": "direct", "owned": "direct"}


def test_who_is_waited_for_is_said_once(bouncer, article_project, database, start_pgtool):
    article = article_project(bouncer())
    with database.closed_gate() as open_gate:
        first = start_pgtool(article, "migrate", "--direct", GATE="server")
        database.wait_at_gate()
        second = start_pgtool(article, "migrate", "--direct")
        until(lambda: "waiting for another deploy" in second.output("stderr"), "the second says that it waits", 30)
        polls = len([s for s in database.statements() if "pg_try_advisory_lock(" in s.text])
        until(lambda: len([s for s in database.statements() if "pg_try_advisory_lock(" in s.text]) > polls + 20, "it has waited on", 30)
        open_gate()
        assert (first.finish().status, second.finish().status) == (0, 0)

    assert second.output("stderr").count("waiting for another deploy") == 1


@pytest.mark.parametrize("named", [False, True])
def test_a_wrong_password_is_blamed_on_the_alias_that_holds_it(bouncer, project, database, pgtool, named):
    made = project(bouncer(), PASSWORD="not-the-password")
    environment = {"PGTOOL_DIRECT_URL": f"postgresql://127.0.0.1:{database.port}"} if named else {}

    outcome = pgtool(made, "migrate", "--direct", **environment)

    assert outcome.status == 3 and "check user and password of alias 'default'" in outcome.stderr, outcome.text


def test_a_place_that_could_not_be_compared_is_said_before_anything_is_migrated(bouncer, project, database, start_pgtool):
    pooler = bouncer()
    made = project(pooler)
    pooler.server.stop()
    with database.closed_gate() as open_gate:
        run = start_pgtool(made, "migrate", "--direct", PGTOOL_DIRECT_URL=database.url(), GATE="server")
        database.wait_at_gate()

        assert "warning: not compared with the pooled endpoint" in run.output("stderr")
        open_gate()
        assert run.finish().status == 0


def test_the_next_command_is_one_that_can_be_pasted(bouncer, article_project, tmp_path, pgtool):
    article = article_project(bouncer())
    elsewhere = type(article).bare(tmp_path / "elsewhere")
    elsewhere.environment = article.environment

    said = pgtool(elsewhere, "detect", "--project", str(article.dir), "--settings", "config.settings").stdout
    check = pgtool(elsewhere, "migrate", f"--project={article.dir}", "--check")

    proposed = re.search(r"Next: pgtool (.*)", " ".join(said.split()))[1].split()
    assert proposed == ["migrate", "--direct", f"--project={article.dir}", "--settings=config.settings"]
    assert check.status == 1 and f"pgtool migrate --project={article.dir}" in " ".join(check.stdout.split())
    assert pgtool(elsewhere, *proposed).status == 0


def test_an_alias_that_is_down_is_described_by_its_own_place(bouncer, make_project, database, pgtool):
    dead = {**postgresql(bouncer(), database.name), "PORT": free_port()}
    project = make_project({"default": postgresql(bouncer(), database.name), "replica": dead})

    outcome = pgtool(project, "migrate", "--direct", "--format", "json", PGTOOL_DIRECT_URL=database.url())

    [unknown] = [entry for entry in outcome.json["unknown"] if entry["what"] == "alias 'replica'"]
    assert unknown["why"].startswith(f"127.0.0.1:{dead['PORT']}/{database.name} (alias 'replica') cannot be used")


def test_a_verdict_starts_on_a_line_of_its_own(bouncer, article_project, database, start_pgtool):
    article = article_project(bouncer())
    with database.closed_gate():
        run = start_pgtool(article, "migrate", "--direct", GATE="server")
        database.wait_at_gate()
        run.send(2)
        outcome = run.finish()

    assert outcome.status == 130 and "Applying shop.0003_fill...\ninterrupted: 16 of 18" in outcome.stdout, outcome.text


def test_ctrl_c_while_another_deploy_is_waited_for_says_so_and_no_more(bouncer, article_project, database, start_pgtool):
    article = article_project(bouncer())
    with database.closed_gate() as open_gate:
        first = start_pgtool(article, "migrate", "--direct", GATE="server")
        database.wait_at_gate()
        second = start_pgtool(article, "migrate", "--direct", terminal=True, TERM="xterm")
        until(lambda: "waiting for another deploy" in second.output(), "the second says that it waits", 30)
        second.type(b"\x03")
        outcome = second.finish()
        open_gate()
        assert first.finish().status == 0

    assert outcome.status == 130 and "nothing was changed" in outcome.stdout and "Traceback" not in outcome.stdout, outcome.stdout
    assert database.applied() == SHOP


def test_what_is_set_already_is_not_advised(bouncer, project, database, pgtool):
    pooler = bouncer()

    bare = pgtool(project(pooler), "detect", PGTOOL_DIRECT_URL=database.url())
    careful = pgtool(project(pooler, DISABLE_SERVER_SIDE_CURSORS=True), "detect", PGTOOL_DIRECT_URL=database.url())

    assert "DISABLE_SERVER_SIDE_CURSORS" in bare.stdout and "transaction mode" in careful.stdout
    assert "DISABLE_SERVER_SIDE_CURSORS" not in careful.stdout


def test_a_project_that_ran_unseen_is_not_called_harmless(bouncer, article_project, pgtool):
    article = article_project(bouncer())
    article.write("manage.py", "print('no Django here')\n")

    outcome = pgtool(article, "migrate", "--direct")

    assert outcome.status == 3 and "what ran there is not known" in outcome.stderr, outcome.text


class TestConfigurationAboveTheProject:
    @pytest.fixture
    def above(self, bouncer, project, database, tmp_path):
        made = project(bouncer())
        (tmp_path / "pgtool.yaml").write_text(f"databases:\n  default:\n    direct: {database.url()}\n")
        return made

    def test_it_is_found_where_only_we_can_write(self, above, pgtool):
        assert pgtool(above, "migrate", "--direct").status == 0

    def test_it_is_not_believed_where_everybody_can(self, above, pgtool, tmp_path):
        os.chmod(tmp_path, 0o777)

        outcome = pgtool(above, "migrate", "--direct", "--format", "json")

        assert "pgtool.yaml" not in outcome.json["route"]["origin"]
