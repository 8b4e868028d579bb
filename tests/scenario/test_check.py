"""check looks at whatever it can have, says what it could not look at, and objects to what breaks."""
import json

import pytest
from judged import LOOSE, QUIET, SOURCES, Counter, Tuned, fires, seen, silent, slugs
from processes import free_port
from projects import ARTICLE, postgresql
from servers import SECRET, Bouncer, Cluster

CURSORS = "server-side-cursors"
LISTENS = "listen-all-addresses"


@pytest.fixture
def check(pgtool):
    """Runs check and holds its report to what it printed: an Outcome with `json`."""

    def run(project, *arguments, status=0, **environment):
        outcome = pgtool(project, "check", "--format", "json", *arguments, **environment)
        assert outcome.status == status, outcome.text
        assert (outcome.json["command"], outcome.json["status"], outcome.json["version"]) == ("check", status, 1)
        return outcome.json

    return run


@pytest.fixture
def counter():
    listener = Counter()
    yield listener
    listener.close()


@pytest.fixture
def tuned(database):
    started = []

    def start(**settings):
        started.append(Tuned(database, **settings))
        return started[-1]

    yield start
    for one in started:
        one.remove()


@pytest.fixture(scope="module")
def small_cluster():
    """A server with fewer sessions than the article's pools hold."""
    return Cluster(settings={"max_connections": 50})


def test_everything_there_is_is_looked_at(bouncer, project, database, check):
    pooler = bouncer()
    made = project(pooler)
    made.write("pgbouncer.ini", LOOSE.replace("6432", str(pooler.port)).replace("shop =", f"{database.name} ="))

    report = check(made, "--require", "live,files", "--require", "django,console", status=1, PGTOOL_CONSOLE_URL=pooler.console(),
                   PGTOOL_DIRECT_URL=database.url())

    assert seen(report) == SOURCES and report["unknown"] == []
    assert fires(CURSORS, report)["where"]["file"] == "config/settings.py"
    assert fires(CURSORS, report)["severity"] == "error"
    database.assert_untouched()


def test_files_alone_are_enough_without_any_django(nowhere, check, pgtool):
    nowhere.environment.pop("PGTOOL_PYTHON")
    nowhere.environment["PATH"] = "/nonexistent"
    nowhere.write("pgbouncer.ini", LOOSE)

    report = check(nowhere, "--offline")
    text = pgtool(nowhere, "check", "--offline")

    assert seen(report) == ["files"]
    assert fires(LISTENS, report, file="pgbouncer.ini", line=LOOSE.split("\n").index("listen_addr = *") + 1)
    for source in "django", "live", "console":
        assert f"not looked at: {source}" in " ".join(text.stdout.split()), text.text
    assert "not looked at: files" not in text.stdout


def test_a_database_alone_is_enough(bouncer, nowhere, database, check):
    report = check(nowhere, "--pooled-url", bouncer().url(database.name), "--direct-url", database.url())

    assert seen(report) == ["live"]
    assert report["unknown"] == []
    database.assert_untouched()


def test_a_console_alone_tells_the_settings(bouncer, nowhere, database, check):
    pooler = bouncer(extra="server_lifetime = 0")

    report = check(nowhere, "--pooled-url", pooler.url(database.name), "--direct-url", database.url(), "--console-url", pooler.console())

    assert seen(report) == ["live", "console"]
    assert fires(LISTENS, report)["where"]["file"] is None


def test_settings_alone_are_enough_offline(project, bouncer, check):
    report = check(project(bouncer()), "--offline")

    assert seen(report) == ["django"]


@pytest.mark.parametrize("missing", SOURCES)
def test_what_is_required_and_not_there_is_a_failure(nowhere, make_project, check, missing):
    where = make_project({"default": postgresql(Port(6432), "shop", **QUIET)}) if missing != "django" else nowhere
    if missing != "files":
        where.write("pgbouncer.ini", LOOSE)

    assert missing not in seen(check(where, "--offline"))
    report = check(where, "--offline", "--require", missing, status=3)

    assert any(missing in unknown["what"] for unknown in report["unknown"]), report["unknown"]


class Port:
    """Stands for a server that nobody is to connect to."""

    def __init__(self, port):
        self.port = port


def test_what_is_required_and_there_is_no_failure(make_project, check):
    made = make_project({"default": postgresql(Port(6432), "shop", **QUIET)})
    made.write("pgbouncer.ini", LOOSE)

    check(made, "--offline", "--require", "files,django")


@pytest.mark.parametrize("word", ["everything", "file", ""])
def test_a_source_that_there_is_not_cannot_be_required(nowhere, pgtool, word):
    outcome = pgtool(nowhere, "check", "--offline", "--require", word)

    assert outcome.status == 2 and "files" in outcome.stderr, outcome.text


def test_findings_that_fail_are_1_although_something_was_not_seen(nowhere, check):
    nowhere.write("pgbouncer.ini", LOOSE)

    report = check(nowhere, "--offline", "--require", "live", "--fail-level", "warning", status=1)

    assert any("live" in unknown["what"] for unknown in report["unknown"])


@pytest.mark.parametrize("level, status", [("error", 0), ("warning", 1), ("info", 1)])
def test_the_least_severity_that_fails_is_heeded(nowhere, check, level, status):
    nowhere.write("pgbouncer.ini", LOOSE)

    assert fires(LISTENS, check(nowhere, "--offline", "--fail-level", level, status=status))["severity"] == "warning"


def test_a_server_that_is_down_is_unknown_and_not_clean(project, check, pgtool):
    port = free_port()
    made = project(Port(port), **QUIET)

    report = check(made, status=3)

    assert any(str(port) in unknown["what"] + unknown["why"] for unknown in report["unknown"]), report["unknown"]
    assert "live" not in seen(report)
    assert "nothing to object to" not in pgtool(made, "check").stdout


def test_a_pooler_that_is_down_does_not_hide_what_its_file_says(project, check):
    port = free_port()
    made = project(Port(port))
    made.write("pgbouncer.ini", LOOSE.replace("6432", str(port)).replace("shop =", "* ="))

    report = check(made, status=1)

    assert fires(CURSORS, report) and fires(LISTENS, report)
    assert report["unknown"]


def test_a_project_that_does_not_load_is_unknown_and_its_files_are_judged_all_the_same(make_project, check, pgtool):
    broken = make_project("raise RuntimeError('no settings today')\n")
    broken.write("pgbouncer.ini", LOOSE)

    report = check(broken, status=3)
    failing = pgtool(broken, "check", "--fail-level", "warning", "--format", "json")

    assert "no settings today" in json.dumps(report["unknown"]) + pgtool(broken, "check").stderr
    assert fires(LISTENS, report) and "django" not in seen(report)
    assert failing.status == 1, failing.text


def test_offline_opens_no_database(make_project, counter, database, check):
    made = make_project({"default": postgresql(counter, database.name), "straight": postgresql(database, database.name)})
    made.write("pgbouncer.ini", LOOSE.replace("6432", str(counter.port)).replace("shop =", f"{database.name} ="))
    url = f"postgresql://app:{SECRET}@127.0.0.1:{counter.port}/{database.name}"
    before = len([r for r in database.cluster.log.records() if r.get("dbname") == database.name])

    report = check(made, "--offline", status=1, PGTOOL_DIRECT_URL=url, PGTOOL_CONSOLE_URL=f"{url}?application_name=x")

    assert counter.count == 0
    assert len([r for r in database.cluster.log.records() if r.get("dbname") == database.name]) == before
    assert fires(CURSORS, report) and fires(LISTENS, report), "what is written is judged"
    assert "live" not in seen(report)
    check(made, status=1, PGTOOL_DIRECT_URL=url)
    assert counter.count > 0, "without it somebody comes"


def test_each_alias_behind_the_pooler_is_judged_and_no_other(bouncer, make_project, database, check):
    pooler = bouncer()
    made = make_project({"default": postgresql(pooler, database.name, **QUIET), "second": postgresql(pooler, database.name),
                         "straight": postgresql(database, database.name),
                         "local": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}})

    report = check(made, status=1)

    assert "'second'" in fires(CURSORS, report)["message"]


@pytest.mark.parametrize("mode, severity", [("session", None), ("transaction", "error"), ("statement", "error")])
def test_a_rule_is_as_grave_as_the_pool_mode_makes_it(bouncer, project, check, pgtool, mode, severity):
    report = pgtool(project(bouncer(mode)), "check", "--format", "json", "--select", CURSORS).json

    assert [finding["severity"] for finding in report["findings"]] == [severity] * (severity is not None)


def test_a_project_without_a_pooler_has_nothing_to_object_to(project, database, check):
    report = check(project(database), "--fail-level", "info")

    assert slugs(report) == []
    database.assert_untouched()


@pytest.mark.parametrize("driver", ["psycopg", "psycopg2"])
def test_what_is_well_configured_is_left_alone(tuned, project, database, check, driver):
    pooler = tuned()
    made = project(pooler, driver, CONN_MAX_AGE=0, **QUIET)
    made.write("deploy/pgbouncer.ini", pooler.ini).chmod(0o600)

    report = check(made, "--fail-level", "info", "--require", ",".join(SOURCES), PGTOOL_CONSOLE_URL=pooler.console(),
                   PGTOOL_DIRECT_URL=database.url())

    assert [(f["rule"], f["message"]) for f in report["findings"]] == [] == report["silenced"]
    database.assert_untouched()


ARTICLE_COMPOSE = """\
services:
  db:
    image: postgres:16
    ports: ["{server}:5432"]
  pgbouncer:
    image: bitnami/pgbouncer:1.24.1
    environment:
      PGBOUNCER_LISTEN_ADDRESS: "*"
      PGBOUNCER_POOL_MODE: transaction
      PGBOUNCER_PORT: "6432"
      PGBOUNCER_MAX_CLIENT_CONN: "1000"
      PGBOUNCER_DEFAULT_POOL_SIZE: "80"
      PGBOUNCER_MIN_POOL_SIZE: "30"
      PGBOUNCER_AUTH_TYPE: md5
      PGBOUNCER_IGNORE_STARTUP_PARAMETERS: extra_float_digits,options
      PGBOUNCER_DATABASE: {name}
      POSTGRESQL_HOST: db
      POSTGRESQL_PORT: "5432"
      POSTGRESQL_USERNAME: app
      POSTGRESQL_PASSWORD: {password}
      POSTGRESQL_DATABASE: {name}
    ports: ["{pooler}:6432"]
"""


def test_the_article_s_configuration_has_the_article_s_surprises(small_cluster, make_database, article_project, check):
    database = make_database(small_cluster)
    pooler = Bouncer(small_cluster, [database.name], extra="ignore_startup_parameters = extra_float_digits,options\n")
    try:
        options = 'DATABASES["default"]["OPTIONS"] = {"options": "-c search_path=billing"}\n'
        made = article_project(pooler, settings=options, environment={"POSTGRES_PORT": str(database.port), "POSTGRES_NAME": database.name})
        made.write("compose.yaml", ARTICLE_COMPOSE.format(server=database.port, pooler=pooler.port, name=database.name, password=SECRET))

        report = check(made, status=1)
    finally:
        pooler.remove()

    assert slugs(report, "warning") == sorted([CURSORS, "search-path-option", LISTENS, "auth-md5", "pool-exceeds-server"])
    assert "compose.yaml" in fires("auth-md5", report)["where"]["file"]
    assert ARTICLE in (made.dir / "config/settings.py").read_text()


def test_it_says_the_same_twice(nowhere, pgtool):
    nowhere.write("pgbouncer.ini", LOOSE)
    nowhere.write("deploy/pgbouncer.ini", LOOSE.replace("6432", "6433"))

    first, second = (pgtool(nowhere, "check", "--offline", "--format", "json") for _ in range(2))

    assert first == second


def test_text_starts_with_the_verdict_and_shows_place_and_remedy(nowhere, pgtool):
    nowhere.write("pgbouncer.ini", LOOSE)

    outcome = pgtool(nowhere, "check", "--offline", "--fail-level", "warning")

    assert outcome.stdout.splitlines()[0].startswith("1 warning") or "warning" in outcome.stdout.splitlines()[0]
    assert "pgbouncer.ini:7" in outcome.stdout and LISTENS in outcome.stdout, outcome.text


class TestExplain:
    def test_each_rule_that_a_report_has_is_explained(self, nowhere, pgtool):
        nowhere.write("pgbouncer.ini", LOOSE)
        rules = pgtool(nowhere, "check", "--offline", "--format", "json").json["rules"]
        listed = pgtool(nowhere, "explain").stdout

        for rule in rules:
            assert rule["rule"] in listed
            assert rule["summary"] and rule["why"] and rule["remedy"] and rule["grades"], rule

    @pytest.mark.parametrize("slug", [CURSORS, f"pgtool.{CURSORS}"])
    def test_a_rule_is_told_of_by_either_name(self, nowhere, pgtool, slug):
        text, outcome = pgtool(nowhere, "explain", slug), pgtool(nowhere, "explain", slug, "--format", "json")

        assert (text.status, outcome.status) == (0, 0)
        assert "DISABLE_SERVER_SIDE_CURSORS" in text.stdout and "transaction" in text.stdout
        [rule] = outcome.json["rules"]
        assert rule["rule"] == CURSORS and (rule["severity"], rule["area"]) == ("error", "both")

    def test_all_are_listed_in_json(self, nowhere, pgtool):
        listed = [rule["rule"] for rule in pgtool(nowhere, "explain", "--format", "json").json["rules"]]

        assert {CURSORS, LISTENS, "phantom-table"} <= set(listed) and len(listed) == len(set(listed))

    def test_an_unknown_rule_is_answered_with_the_nearest(self, nowhere, pgtool):
        outcome = pgtool(nowhere, "explain", "server-side-cursor")

        assert outcome.status == 2 and CURSORS in outcome.stderr, outcome.text


def test_silent_rules_have_a_place_in_the_report_too(nowhere, check):
    nowhere.write("pgbouncer.ini", LOOSE.replace("listen_addr = *", "listen_addr = 127.0.0.1"))

    report = check(nowhere, "--offline", "--fail-level", "warning")

    silent(LISTENS, report)
    assert LISTENS in [rule["rule"] for rule in report["rules"]]
