"""Every command in every form for programs: valid for the strictest reader, and it says the same as the JSON."""
import pytest
from judged import LOOSE
from machine_formats import commands, read
from moves import SMALL
from projects import postgresql

FORMS = ["sarif", "junit", "github", "gitlab"]
NOISE = "import sys\nprint('::stop-commands::hello')\nprint('grumble', file=sys.stderr)\n"

every_form = pytest.mark.parametrize("form", FORMS)


@every_form
@pytest.mark.parametrize("arguments", [["detect"], ["detect", "--all"], ["endpoint"], ["migrate", "--direct", "--plan"],
                                       ["migrate", "--direct"], ["manage", "--", "check"], ["check"], ["preflight"], ["explain"]],
                         ids="-".join)
def test_a_clean_run_is_a_document_and_nothing_else(bouncer, make_project, database, pgtool, form, arguments):
    noisy = make_project({"default": postgresql(bouncer(), database.name, DISABLE_SERVER_SIDE_CURSORS=True)}, settings=NOISE)

    outcome = pgtool(noisy, *arguments, PGTOOL_FORMAT=form, PGTOOL_DIRECT_URL=database.url())

    told = read(form, outcome.stdout)
    assert outcome.status == 0, outcome.text
    assert not told.failed and not told.troubles, outcome.stdout
    assert "::stop-commands::hello" in outcome.stderr or arguments[0] in ("explain", "preflight")


@every_form
def test_a_pooler_that_is_down_is_unknown_and_not_clean(bouncer, project, pgtool, form):
    pooler = bouncer()
    pooler.server.stop()

    outcome = pgtool(project(pooler), "detect", "--format", form)

    told = read(form, outcome.stdout)
    assert (outcome.status, told.failed) == (3, True)
    assert any(str(pooler.port) in trouble for trouble in told.troubles), told


@every_form
def test_a_project_that_does_not_load_is_told_in_the_same_form(make_project, pgtool, form):
    broken = make_project("raise RuntimeError('no ]]> settings')\n", settings="")

    outcome = pgtool(broken, "migrate", "--direct", "--format", form)

    told = read(form, outcome.stdout)
    assert (outcome.status, told.failed, told.findings) == (3, True, [])
    assert len(told.troubles) == 1


@every_form
def test_a_refusal_is_no_success(bouncer, project, database, other_cluster, pgtool, form):
    """Another cluster: its answer is a no without a finding."""
    through_pooler = project(bouncer())
    expected = pgtool(through_pooler, "migrate", "--direct", "--format", "json", PGTOOL_DIRECT_URL=other_cluster.url()).json

    outcome = pgtool(through_pooler, "migrate", "--direct", "--format", form, PGTOOL_DIRECT_URL=other_cluster.url())

    told = read(form, outcome.stdout)
    assert outcome.status == expected["status"] != 0
    assert told.findings or any(expected["verdict"] in trouble for trouble in told.troubles), told


@every_form
def test_findings_are_those_of_the_json(make_site, form):
    site = make_site(SMALL + "create schema shop; create table shop.line (id integer);")
    expected = site.report("--plan")
    rows = [(f"pgtool.{finding['rule']}", finding["severity"]) for finding in expected["findings"]]
    assert ("pgtool.name-clash", "error") in rows

    outcome = site.run("--plan", "--format", form)

    told = read(form, outcome.stdout)
    assert (outcome.status, expected["status"]) == (1, 1)
    if form == "junit":
        assert [f"pgtool.{rule}" for rule, *_ in told.findings] == [rule for rule, severity in rows if severity == "error"]
    else:
        assert [(rule, severity) for rule, severity, *_ in told.findings] == rows
        assert {file for _, _, file, _ in told.findings} <= {"pgtool.yaml", None}


@pytest.mark.parametrize("form", ["sarif", "github", "gitlab"])
def test_a_place_is_told_from_the_top_of_the_work_tree(make_site, make_project, pgtool, form):
    """Run in the project, which is a folder of the repository."""
    site = make_site(SMALL)
    options = {"options": "-c search_path=public"}
    project = make_project({"default": postgresql(site.pooler, site.database.name, OPTIONS=options)})
    (project.dir.parent / ".git").mkdir()
    line = next(number for number, text in enumerate((project.dir / "config/settings.py").read_text().splitlines(), 1)
                if "search_path" in text)

    outcome = pgtool(project, "schema-move", "--to", "shop", "--plan", "--format", form, PGTOOL_DIRECT_URL=site.direct)

    told = read(form, outcome.stdout)
    places = {rule: (file, line) for rule, _, file, line in told.findings}
    assert places["pgtool.path-set-by-client"] == (f"{project.dir.name}/config/settings.py", line), outcome.text
    assert {file for file, _ in places.values()} <= {f"{project.dir.name}/{name}" for name in ("config/settings.py", "manage.py")} | {None}


@every_form
@pytest.mark.parametrize("command", ["check", "preflight"])
def test_what_is_judged_is_that_of_the_json(bouncer, make_project, database, pgtool, form, command):
    pooler = bouncer()
    judged = make_project({"default": postgresql(pooler, database.name)})
    for folder, port in ("", pooler.port), ("deploy/", 6433):
        judged.write(f"{folder}pgbouncer.ini", LOOSE.replace("6432", str(port)).replace("shop =", f"{database.name} ="))
    asked = command, "--require", "console", "--fail-level", "warning"
    judged.environment["PGTOOL_DIRECT_URL"] = database.url()
    expected = pgtool(judged, *asked, "--format", "json").json

    outcome = pgtool(judged, *asked, "--format", form)

    told = read(form, outcome.stdout)
    assert outcome.status == expected["status"] == 1
    rows = [(f"pgtool.{finding['rule']}", finding["severity"], finding["where"]["file"]) for finding in expected["findings"]]
    assert {"pgtool.server-side-cursors", "pgtool.listen-all-addresses"} <= {rule for rule, *_ in rows}
    if form == "junit":
        assert sorted(f"pgtool.{rule}" for rule, *_ in told.findings) == sorted(rule for rule, severity, _ in rows if severity != "info")
    else:
        assert [(rule, severity) for rule, severity, *_ in told.findings] == [row[:2] for row in rows]
        assert {file for _, _, file in rows if file} <= {file for _, _, file, _ in told.findings}
    assert any("console" in trouble for trouble in told.troubles), "what could not be looked at is told as well"


@every_form
def test_hostile_names_in_files_are_quoted_and_mean_nothing(nowhere, pgtool, form):
    """Of folders, of databases and of users; all that a pull request may bring."""
    hostile = "::error::x %0A##[add-mask]v ]]> <&\"' \x1b[31m"
    nowhere.write(f"{hostile}/pgbouncer.ini".replace("/", "\n/", 1), LOOSE)
    nowhere.write("deploy/pgbouncer.ini", LOOSE.replace("shop =", f'"{hostile}" =').replace("= *", f"= *, {hostile}") + f"{hostile} = 1\n")

    outcome = pgtool(nowhere, "check", "--offline", "--format", form)

    read(form, outcome.stdout)
    assert "\x1b" not in outcome.text
    assert form != "github" or not list(commands(outcome.stderr))


@every_form
def test_hostile_words_are_quoted_and_mean_nothing(bouncer, project, pgtool, form):
    hostile = "x\n::stop-commands::t\r::error::u ##[add-mask]v ]]> \x1b[31m\udcff <&\"'"

    for arguments in ["detect", "--database", hostile], ["detect", hostile], [hostile]:
        outcome = pgtool(project(bouncer()), *arguments, "--format", form)
        told = read(form, outcome.stdout)
        assert (outcome.status, told.failed) == (2, True), outcome.text
        assert form != "github" or not list(commands(outcome.stderr))


@every_form
def test_a_file_holds_the_document(bouncer, project, database, pgtool, form):
    through_pooler = project(bouncer())

    outcome = pgtool(through_pooler, "detect", "--format", form, "--output", "report", PGTOOL_DIRECT_URL=database.url())

    assert (outcome.status, outcome.stdout) == (0, ""), outcome.text
    assert not read(form, (through_pooler.dir / "report").read_text(encoding="utf-8")).failed
