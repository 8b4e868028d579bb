"""preflight says in one run what a deploy meets, and changes nothing, whatever the project tries."""
import json

import pytest
from judged import LOOSE, QUIET, READY, SOURCES, Counter, fires, plan_of, preflight, quiet, seen, silent, slugs
from machine_formats import read
from processes import free_port
from projects import SHOP, postgresql

CURSORS = "server-side-cursors"
FORMS = ["text", "json", "sarif", "junit", "github", "gitlab"]
LITE = {"ENGINE": "django.db.backends.sqlite3", "NAME": "lite.sqlite3"}
NOISE = "import sys\nprint('::stop-commands::hello {\"version\": 2}')\nprint('grumble', file=sys.stderr)\n"
# Who is started, and as what.
COUNT = "import os, sys\nopen(os.environ['STARTS'], 'a').write(f'{os.getpid()} {sys.argv}\\n')\n"


@pytest.fixture
def counter():
    listener = Counter()
    yield listener
    listener.close()


def last_line(text):
    return text.rstrip().splitlines()[-1]


@pytest.mark.parametrize("arguments", [["check"], ["preflight"], ["preflight", "--offline"]], ids="-".join)
def test_the_project_is_started_once(project, bouncer, database, pgtool, arguments):
    made = project(bouncer(), **QUIET)
    made.environment["STARTS"] = str(made.dir / "starts")
    settings = made.dir / "config/settings.py"
    settings.write_text(COUNT + settings.read_text())

    outcome = pgtool(made, *arguments, PGTOOL_DIRECT_URL=database.url())

    assert outcome.status == 0, outcome.text
    assert len((made.dir / "starts").read_text().splitlines()) == 1


@pytest.mark.parametrize("form", FORMS)
def test_what_the_project_prints_is_not_in_the_result(make_project, bouncer, database, pgtool, form):
    noisy = make_project({"default": postgresql(bouncer(), database.name, **QUIET)}, settings=NOISE)

    outcome = pgtool(noisy, "preflight", "--format", form, PGTOOL_DIRECT_URL=database.url())

    assert outcome.status == 0, outcome.text
    assert "stop-commands" not in outcome.stdout and "Planned operations" not in outcome.stdout
    if form == "json":
        assert outcome.json["command"] == "preflight"
    elif form != "text":
        assert not read(form, outcome.stdout).failed


def test_on_an_empty_database_each_migration_is_named(quiet, pgtool, preflight):
    names = [one["name"] for one in plan_of(preflight(quiet))]
    text = pgtool(quiet, "preflight").stdout

    assert [name for name in names if name in SHOP] == SHOP
    assert [name for name in names if name not in text] == []
    assert last_line(text) == f"ready: {len(names)} migrations to apply"


def test_when_all_is_applied_it_is_ready(quiet, pgtool, preflight):
    assert pgtool(quiet, "migrate").status == 0

    assert plan_of(preflight(quiet)) == []
    assert last_line(pgtool(quiet, "preflight").stdout) == "ready: no migration to apply"


def test_what_stands_against_it_is_its_last_word(project, bouncer, database, pgtool):
    made = project(bouncer())

    outcome = pgtool(made, "preflight", PGTOOL_DIRECT_URL=database.url())
    brief = pgtool(made, "preflight", "-q", PGTOOL_DIRECT_URL=database.url())

    assert outcome.status == 1 and last_line(outcome.stdout) == f"not ready: {CURSORS}"
    assert last_line(brief.stdout) == f"not ready: {CURSORS}", brief.text


def test_its_findings_are_those_of_check(project, bouncer, database, pgtool, preflight):
    made = project(bouncer())
    made.environment["PGTOOL_DIRECT_URL"] = database.url()

    report = preflight(made, status=1)
    judged = pgtool(made, "check", "--format", "json").json

    assert {f["fingerprint"] for f in judged["findings"]} <= {f["fingerprint"] for f in report["findings"]}
    detected = pgtool(made, "detect", "--format", "json").json["pooler"]
    assert seen(report) == seen(judged)
    assert [report["pooler"][key] for key in ("kind", "version", "mode")] == [detected[key] for key in ("kind", "version", "mode")]
    assert report["route"]["proofs"]


def test_what_is_silenced_for_check_is_for_it_as_well(project, bouncer, database, preflight):
    made = project(bouncer())
    made.environment["PGTOOL_DIRECT_URL"] = database.url()

    preflight(made, "--ignore", CURSORS)
    preflight(made, "--baseline", "known.json", "--update-baseline")

    report = preflight(made, "--baseline", "known.json")
    assert [(one["rule"], one["by"]) for one in report["silenced"]] == [(CURSORS, "baseline")]


def test_offline_opens_no_database(make_project, counter, preflight):
    made = make_project({"default": postgresql(counter, "shop", **QUIET)})
    made.write("shop/apps.py", READY.format(alias="default", statement="select 1"))
    made.write("pgbouncer.ini", LOOSE.replace("6432", str(counter.port)).replace("shop =", "* ="))
    url = f"postgresql://app:x@127.0.0.1:{counter.port}/shop"

    report = preflight(made, "--offline", PGTOOL_DIRECT_URL=url, PGTOOL_CONSOLE_URL=url)

    assert counter.count == 0
    assert fires("listen-all-addresses", report) and seen(report) == ["django", "files"]
    assert report["preflight"].get("plan") is None


@pytest.mark.parametrize("missing", SOURCES)
def test_what_is_required_is_required_here_too(nowhere, preflight, missing):
    if missing != "files":
        nowhere.write("pgbouncer.ini", LOOSE)

    report = preflight(nowhere, "--offline", "--require", missing, status=3)

    assert any(missing in unknown["what"] for unknown in report["unknown"])


def test_offline_says_that_the_plan_was_not_looked_at(nowhere, pgtool):
    nowhere.write("pgbouncer.ini", LOOSE)

    text = pgtool(nowhere, "preflight", "--offline").stdout

    assert "not looked at: what migrate would do" in " ".join(text.split())
    assert last_line(text).startswith("ready")


@pytest.mark.parametrize("form", FORMS)
def test_a_database_that_is_down_is_unknown_in_every_form(make_project, pgtool, form):
    port = free_port()
    made = make_project({"default": {"ENGINE": "django.db.backends.postgresql", "HOST": "127.0.0.1", "PORT": port, "NAME": "shop",
                                     "USER": "app", "PASSWORD": "x", **QUIET}})

    outcome = pgtool(made, "preflight", "--format", form)

    assert outcome.status == 3 and str(port) in outcome.stdout, outcome.text
    if form == "text":
        assert last_line(outcome.stdout).startswith("not ready: ") and "could not be examined" in last_line(outcome.stdout)
    elif form == "json":
        assert outcome.json["preflight"]["ready"] is False and outcome.json["preflight"]["reasons"]
    else:
        assert read(form, outcome.stdout).failed


@pytest.mark.parametrize("down", ["pooler", "server"])
def test_one_side_that_is_down_is_unknown(bouncer, project, database, pgtool, down):
    pooler, port = bouncer(), free_port()
    if down == "pooler":
        pooler.server.stop()
    url = database.url() if down == "pooler" else database.url().replace(f":{database.port}/", f":{port}/")

    outcome = pgtool(project(pooler, **QUIET), "preflight", "--format", "json", PGTOOL_DIRECT_URL=url)

    assert outcome.status == 3 and str(pooler.port if down == "pooler" else port) in json.dumps(outcome.json["unknown"]), outcome.text
    assert outcome.json["preflight"]["ready"] is False


@pytest.mark.parametrize("form", FORMS)
def test_a_project_that_does_not_load_shows_its_traceback(make_project, pgtool, form):
    broken = make_project("raise RuntimeError('no ]]> settings')\n")

    outcome = pgtool(broken, "preflight", "--format", form)

    assert outcome.status == 3 and "Traceback" in outcome.stderr and "no ]]> settings" in outcome.stderr, outcome.text
    assert "Traceback" not in outcome.stdout
    if form not in ("text", "json"):
        assert read(form, outcome.stdout).failed


def test_a_default_alias_that_is_no_postgresql_is_not_looked_at_and_not_made(make_project, pgtool):
    lite = make_project({"default": LITE})

    outcome = pgtool(lite, "preflight", "--format", "json")

    assert outcome.status in (2, 3) and "default" in json.dumps(outcome.json["unknown"]) + outcome.json["verdict"], outcome.text
    assert not (lite.dir / "lite.sqlite3").exists()


def test_another_alias_is_looked_at_when_it_is_named(make_project, bouncer, database, preflight):
    made = make_project({"default": LITE, "shop": postgresql(bouncer(), database.name, **QUIET)})

    report = preflight(made, "--database", "shop", PGTOOL_DIRECT_URL=database.url())

    assert [one["name"] for one in plan_of(report) if one["name"] in SHOP] == SHOP
    assert not (made.dir / "lite.sqlite3").exists()


def test_an_unknown_alias_is_a_usage_error(quiet, pgtool):
    outcome = pgtool(quiet, "preflight", "--database", "replica")

    assert outcome.status == 2 and "replica" in outcome.stderr and "default" in outcome.stderr, outcome.text


def test_conflicting_migrations_stand_against_it(quiet, database, pgtool):
    text = (quiet.dir / "shop/migrations/0004_paid.py").read_text()
    quiet.write("shop/migrations/0004_other.py", text.replace("paid", "other"))

    outcome = pgtool(quiet, "preflight", "--format", "json")

    assert outcome.status in (1, 3), outcome.text
    told = json.dumps(outcome.json["findings"] + outcome.json["unknown"])
    assert "0004_other" in told and "0004_paid" in told
    assert outcome.json["preflight"]["ready"] is False
    database.assert_untouched()


def test_a_failing_system_check_stands_against_it(quiet, database, pgtool):
    models = quiet.dir / "shop/models.py"
    models.write_text(models.read_text() + "\n    class Meta:\n        ordering = ['nothing']\n")

    outcome = pgtool(quiet, "preflight", "--format", "json")

    assert outcome.status in (1, 3), outcome.text
    assert outcome.json["unknown"] or outcome.json["findings"]
    assert "models.E015" in outcome.text
    database.assert_untouched()


def test_another_deploy_is_not_waited_for(quiet, database, start_pgtool, pgtool):
    with database.closed_gate():
        start_pgtool(quiet, "migrate", "--direct", GATE="server")
        database.wait_at_gate()

        assert pgtool(quiet, "preflight", "--fail-level", "error").status in (0, 1)


def test_a_session_pool_and_no_pooler_are_looked_at_in_the_same_way(project, bouncer, database, preflight):
    for endpoint in bouncer("session"), database:
        report = preflight(project(endpoint), PGTOOL_DIRECT_URL=database.url())

        silent(CURSORS, report)
        assert slugs(report, "error") == [] and plan_of(report)
