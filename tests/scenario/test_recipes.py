"""README's recipes for CI are run as they stand there: what a runner would type, in a project behind a real pooler."""
import json
import os
import re
import shlex
import subprocess
import xml.etree.ElementTree as xml
from pathlib import Path

import pytest
import yaml

from projects import postgresql
from runs import PGTOOL, assert_no_secret
from servers import SECRET

ROOT = Path(__file__).resolve().parents[2]


def recipes():
    """The YAML documents of README, by what they are."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    blocks = [yaml.safe_load(block) for block in re.findall(r"^```yaml\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)]
    kinds = {"github": "jobs", "gitlab": "pgtool", "kubernetes": "kind", "pre-commit": "repos"}
    found = {name: next((block for block in blocks if key in block), None) for name, key in kinds.items()}
    assert all(found.values()) and len(blocks) == len(kinds), "README has another recipe, or lacks one"
    return found


@pytest.fixture
def checked_project(bouncer, database, make_project, tmp_path):
    """A project that has nothing to object to, with pgtool on PATH as in an image of its own."""
    pooler = bouncer()
    project = make_project({"default": postgresql(pooler, database.name, DISABLE_SERVER_SIDE_CURSORS=True)},
                           environment={"PGTOOL_DIRECT_URL": database.url()})
    tools = tmp_path / "bin"
    tools.mkdir()
    (tools / "pgtool").symlink_to(Path(PGTOOL).resolve())
    project.environment["PATH"] = f"{tools}:{project.environment['PATH']}"
    subprocess.run(["git", "init", "-q", project.dir], check=True)
    return project


def typed(project, line, status=0):
    done = subprocess.run(["bash", "-euc", line], cwd=project.dir, env=project.environment, capture_output=True, text=True, timeout=60)
    assert done.returncode == status, f"{line}\n{done.stdout}\n{done.stderr}"
    assert_no_secret(done.stdout + done.stderr)
    return done


def break_it(project):
    """The same project with its cursors on, which no recipe may let pass."""
    settings = project.dir / "config/settings.py"
    settings.write_text(settings.read_text().replace("'DISABLE_SERVER_SIDE_CURSORS': True", "'DISABLE_SERVER_SIDE_CURSORS': False"))


def ini_for(project, database):
    project.write("pgbouncer.ini", f"[databases]\n{database.name} = host=127.0.0.1 port={database.port}\n[pgbouncer]\n"
                                   f"listen_addr = 127.0.0.1\nlisten_port = {port_of(project)}\nauth_type = scram-sha-256\n"
                                   "auth_file = userlist.txt\npool_mode = transaction\n")


def port_of(project):
    return re.search(r"'PORT': (\d+)", (project.dir / "config/settings.py").read_text())[1]


def test_the_steps_for_github_pass_and_fail_with_the_project(checked_project, database):
    ini_for(checked_project, database)
    steps = [step["run"] for job in recipes()["github"]["jobs"].values() for step in job["steps"] if "run" in step]
    assert len(steps) == 2

    for step in steps:
        typed(checked_project, step)
    assert json.loads((checked_project.dir / "pgtool.sarif").read_text())["runs"][0]["results"] == []

    break_it(checked_project)
    annotated = typed(checked_project, steps[0], status=1).stdout
    assert re.search(r"^::error .*title=.*server-side-cursors", annotated, re.MULTILINE), annotated
    typed(checked_project, steps[1], status=1)
    results = json.loads((checked_project.dir / "pgtool.sarif").read_text())["runs"][0]["results"]
    assert [result["ruleId"] for result in results] == ["pgtool.server-side-cursors"]


def test_the_script_for_gitlab_writes_the_reports_that_it_names(checked_project, database):
    ini_for(checked_project, database)
    break_it(checked_project)
    job = recipes()["gitlab"]["pgtool"]

    for line in job["script"]:
        typed(checked_project, line, status=1)

    quality = json.loads((checked_project.dir / job["artifacts"]["reports"]["codequality"]).read_text())
    assert [issue["check_name"] for issue in quality] == ["pgtool.server-side-cursors"]
    suites = xml.parse(checked_project.dir / job["artifacts"]["reports"]["junit"])
    assert suites.findall(".//failure")


def test_the_job_for_kubernetes_says_ready_before_a_roll_out(checked_project):
    container = recipes()["kubernetes"]["spec"]["template"]["spec"]["containers"][0]
    command = shlex.join(container["command"])

    assert typed(checked_project, command).stdout.splitlines()[-1].startswith("ready")

    break_it(checked_project)
    assert typed(checked_project, command, status=1).stdout.splitlines()[-1] == "not ready: server-side-cursors"


def test_the_hook_runs_in_pre_commit(checked_project, database, tmp_path):
    """With the real program, and a repository that is made of this one's hooks."""
    ini_for(checked_project, database)
    git = {**os.environ, "GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@b", "GIT_COMMITTER_NAME": "a", "GIT_COMMITTER_EMAIL": "a@b"}
    hooks = tmp_path / "hooks"
    hooks.mkdir()
    (hooks / ".pre-commit-hooks.yaml").write_text((ROOT / ".pre-commit-hooks.yaml").read_text())
    for arguments in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "hooks"], ["tag", "v0.1.0"]):
        subprocess.run(["git", *arguments], cwd=hooks, env=git, check=True)
    recipe = recipes()["pre-commit"]
    recipe["repos"][0]["repo"] = str(hooks)
    checked_project.write(".pre-commit-config.yaml", yaml.safe_dump(recipe))
    subprocess.run(["git", "add", "manage.py", "config", "pgbouncer.ini", ".pre-commit-config.yaml"], cwd=checked_project.dir, check=True)
    program = ROOT / ".cache/venv/bin/pre-commit"

    typed(checked_project, f"{shlex.quote(str(program))} run --all-files")

    break_it(checked_project)
    done = typed(checked_project, f"{shlex.quote(str(program))} run --all-files", status=1)
    assert "server-side-cursors" in done.stdout and SECRET not in done.stdout
