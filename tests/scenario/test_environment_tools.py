"""A project whose environment uv, poetry, pipenv, pdm or hatch keeps elsewhere runs in that environment."""
import os
import subprocess
from pathlib import Path

import pytest

from projects import CACHE, SHOP

TOOLS = CACHE / "venv-tools/bin"
PYPROJECT = '[project]\nname = "shop"\nversion = "1"\nrequires-python = ">=3.8"\ndependencies = []\n'
# What a person types once to get the environment, and what the project's folder has to say.
MADE_BY = {
    "poetry": (PYPROJECT + "[tool.poetry]\npackage-mode = false\n", [["lock"], ["env", "use", "{python}"]]),
    "pipenv": ("", [["--python", "{python}"]]),
    "pdm": (PYPROJECT + "[tool.pdm]\ndistribution = false\n",
            [["config", "--local", "venv.in_project", "false"], ["venv", "create", "--name", "shop", "{python}"], ["use", "--venv", "shop"], ["lock"]]),
    "hatch": (PYPROJECT + "[tool.hatch.envs.default]\nskip-install = true\n", [["env", "create"]]),
    "uv": (PYPROJECT, [["venv", "--no-project", "--python", "{python}", "{home}/uv-environment"], ["lock"]]),
}


class Tool:
    """One of them, in a project: it makes the environment, which then is given the Django of the suite."""

    def __init__(self, name, project):
        self.name, self.project = name, project
        home = project.environment["HOME"]
        bin_folder = Path(home) / "bin"
        bin_folder.mkdir()
        (bin_folder / name).symlink_to(TOOLS / name)
        for variable in "PGTOOL_PYTHON", "VIRTUAL_ENV":
            project.environment.pop(variable, None)
        project.environment.update(PATH=f"{bin_folder}:/usr/bin:/bin", UV_PROJECT_ENVIRONMENT=f"{home}/uv-environment")
        text, commands = MADE_BY[name]
        project.write("pyproject.toml", text)
        for command in commands:
            self.run(*(word.format(python="/usr/bin/python3", home=home) for word in command))

    def run(self, *words):
        done = subprocess.run([self.name, *words], cwd=self.project.dir, env=self.project.environment, stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, timeout=120)
        assert done.returncode == 0, f"{self.name} {' '.join(words)}: {done.stdout}{done.stderr}"
        return done.stdout.strip()

    def give_django(self):
        """Without a download: the suite's own packages, by a .pth file. Returns the environment's folder."""
        home = Path(self.project.environment["HOME"])
        [configuration] = [path for path in home.rglob("pyvenv.cfg")]
        [packages] = configuration.parent.glob("lib/python3*/site-packages")
        [ours] = (CACHE / "venv/lib").glob("python3*/site-packages")
        (packages / "suite.pth").write_text(f"{ours}\n")
        return configuration.parent


@pytest.fixture(params=MADE_BY)
def tool(request, bouncer, article_project):
    article = article_project(bouncer())
    if request.param == "pipenv":
        article.write("Pipfile", "")
    return Tool(request.param, article)


def test_the_environment_is_found(tool, pgtool, database):
    folder = tool.give_django()
    assert not folder.is_relative_to(tool.project.dir / ".venv")

    outcome = pgtool(tool.project, "migrate", "--direct", "-v", "2")

    assert outcome.status == 0, outcome.text
    assert f"manage.py with {folder}/bin/python" in outcome.stderr and tool.name in outcome.stderr.lower()
    assert database.applied() == SHOP
    database.assert_written_directly_only()


RUNS = {"poetry": "poetry run python manage.py", "pipenv": "pipenv run python manage.py", "pdm": "pdm run python manage.py",
        "hatch": "hatch run python manage.py", "uv": "uv run --no-sync --offline python manage.py"}


def test_the_tool_s_own_run_command_works_as_well(tool, pgtool, database):
    tool.give_django()

    outcome = pgtool(tool.project, "migrate", "--direct", "--manage", RUNS[tool.name])

    assert outcome.status == 0, outcome.text
    assert database.applied() == SHOP
    database.assert_written_directly_only()
