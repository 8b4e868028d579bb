"""What a team answers for does not count, is still told, and for no longer and nowhere else than it was meant."""
import datetime
import json
import shutil

import pytest
from judged import LOOSE, fires, silenced, slugs

CURSORS = "server-side-cursors"
LISTENS = "listen-all-addresses"
TODAY = datetime.datetime.now(datetime.timezone.utc).date()
WARNS = "--fail-level", "warning"


@pytest.fixture
def loose(nowhere):
    """A folder with the pooler's file only, of which check has to object to the listening."""
    nowhere.write("pgbouncer.ini", LOOSE)
    return nowhere


@pytest.fixture
def check(pgtool):
    """Runs check without a database, which objects to warnings already."""

    def run(project, *arguments, status=0, **environment):
        outcome = pgtool(project, "check", "--offline", *WARNS, "--format", "json", *arguments, **environment)
        assert outcome.status == status, outcome.text
        return outcome.json

    return run


@pytest.fixture
def behind(make_project):
    """A project behind the pooler of a file beside it, that nobody has to be at the other end of."""

    def make(before="", settings=""):
        made = make_project(before + "DATABASES = {\n    'default': {\n        'ENGINE': 'django.db.backends.postgresql',\n"
                            "        'HOST': '127.0.0.1', 'PORT': 6432, 'NAME': 'shop', 'USER': 'app', 'PASSWORD': 'x',\n    },\n}\n",
                            settings=settings)
        made.write("pgbouncer.ini", LOOSE.replace("listen_addr = *", "listen_addr = 127.0.0.1"))
        return made

    return make


@pytest.mark.parametrize("words", [["--ignore", LISTENS], ["--ignore", f"pgtool.{LISTENS}"], ["--ignore", f"{CURSORS},{LISTENS}"],
                                   ["--ignore", CURSORS, "--ignore", f" {LISTENS}"]])
def test_an_ignored_rule_does_not_count_and_is_told(loose, check, words):
    check(loose, status=1)

    found = silenced(LISTENS, check(loose, *words))

    assert (found["by"], found["where"]["file"]) == ("configuration", "pgbouncer.ini")
    assert "--ignore" in found["reason"]


def test_the_environment_ignores_as_well(loose, check):
    assert "PGTOOL_IGNORE" in silenced(LISTENS, check(loose, PGTOOL_IGNORE=LISTENS))["reason"]


def test_what_the_command_line_ignores_is_not_said_to_stand_in_the_file(loose, pgtool):
    text = pgtool(loose, "check", "--offline", "--ignore", LISTENS).stdout

    assert "1 finding is silenced" in text and "pgtool.yaml" not in text, text


def test_another_rule_s_name_silences_nothing(loose, check):
    fires(LISTENS, check(loose, "--ignore", CURSORS, status=1))


@pytest.mark.parametrize("words", [[LISTENS], [f"pgtool.{LISTENS},{CURSORS}"]])
def test_selected_rules_are_the_only_ones(loose, check, words):
    assert slugs(check(loose, "--select", *words, status=1)) == [LISTENS]
    assert slugs(check(loose, "--select", CURSORS)) == []


@pytest.mark.parametrize("option", ["--select", "--ignore"])
@pytest.mark.parametrize("slug", ["listen-all-adresses", "pgtool.listen-all-adresses", f"{CURSORS},listen-all-adresses"])
def test_an_unknown_rule_is_refused_with_the_nearest(loose, pgtool, option, slug):
    outcome = pgtool(loose, "check", "--offline", option, slug)

    assert outcome.status == 2 and f"did you mean {LISTENS}?" in outcome.stderr, outcome.text


class TestTheFile:
    """rules.ignore in pgtool.yaml."""

    @pytest.fixture
    def ruled(self, loose):
        def write(*lines):
            loose.write("pgtool.yaml", "rules:\n  ignore:\n" + "".join(f"    - {line}\n" for line in lines))
            return loose

        return write

    def test_a_reason_is_told(self, ruled, check):
        found = silenced(LISTENS, check(ruled(f"{{rule: {LISTENS}, reason: a private network}}")))

        assert found["by"] == "configuration" and "a private network" in found["reason"] and "pgtool.yaml:3" in found["reason"]

    @pytest.mark.parametrize("place, status", [("pgbouncer.ini", 0), ("*.ini", 0), ("deploy/*", 1), ("bouncer", 1)])
    def test_a_place_is_the_only_one(self, ruled, check, place, status):
        check(ruled(f"{{rule: {LISTENS}, where: '{place}', reason: x}}"), status=status)

    def test_a_place_does_not_silence_another(self, ruled, check):
        made = ruled(f"{{rule: {LISTENS}, where: 'deploy/*', reason: x}}")
        made.write("deploy/pgbouncer.ini", LOOSE.replace("6432", "6433"))

        report = check(made, status=1)

        assert fires(LISTENS, report)["where"]["file"] == "pgbouncer.ini"
        assert [one["where"]["file"] for one in report["silenced"]] == ["deploy/pgbouncer.ini"]

    @pytest.mark.parametrize("days, status", [(-1, 1), (0, 0), (1, 0)])
    def test_it_holds_to_its_last_day(self, ruled, check, days, status):
        until = TODAY + datetime.timedelta(days=days)

        report = check(ruled(f"{{rule: {LISTENS}, reason: x, until: {until}}}"), status=status)

        if status:
            assert f"ignored until {until}" in fires(LISTENS, report)["detail"]

    @pytest.mark.parametrize("until", ["2027-02-30", "31.12.2027", "soon", "2027-1-1", "2027-13-01", "20270101"])
    def test_what_is_no_date_is_refused(self, ruled, pgtool, until):
        outcome = pgtool(ruled(f"{{rule: {LISTENS}, until: '{until}'}}"), "check", "--offline")

        assert outcome.status == 2 and until in outcome.stderr and "pgtool.yaml:3" in outcome.stderr, outcome.text

    @pytest.mark.parametrize("line, word", [("{rule: listen-all-adresses}", f"did you mean {LISTENS}"), ("{where: '*'}", "rule"),
                                            (f"{{rule: {LISTENS}, untill: 2027-01-01}}", "until"), ("[]", "rule")])
    def test_what_silences_nothing_is_refused(self, ruled, pgtool, line, word):
        outcome = pgtool(ruled(line), "check", "--offline")

        assert outcome.status == 2 and word in outcome.stderr and "pgtool.yaml" in outcome.stderr, outcome.text


class TestTheSource:
    @pytest.mark.parametrize("comment", ["# pgtool: ignore[{}] behind the firewall", "; pgtool: ignore[{}] behind the firewall",
                                         "#pgtool: ignore[pgtool.{}] behind the firewall",
                                         "# see wiki; pgtool: ignore[auth-md5, {}] behind the firewall"])
    def test_a_comment_above_the_line_of_an_ini_answers_for_it(self, loose, check, comment):
        loose.write("pgbouncer.ini", LOOSE.replace("listen_addr", comment.format(LISTENS) + "\nlisten_addr"))

        found = silenced(LISTENS, check(loose))

        assert (found["by"], found["reason"]) == ("source", "behind the firewall")

    @pytest.mark.parametrize("text", [
        LOOSE.replace("listen_addr", f"# pgtool: ignore[{CURSORS}] x\nlisten_addr"),
        LOOSE.replace("listen_addr", f"# pgtool: ignore[{LISTENS[:-2]}] x\nlisten_addr"),
        LOOSE.replace("listen_addr", f"# pgtool: ignore[{LISTENS}] x\n\nlisten_addr"),
        LOOSE.replace("listen_port", f"# pgtool: ignore[{LISTENS}] x\nlisten_port"),
        f"# pgtool: ignore[{LISTENS}] x\n" + LOOSE,
        LOOSE.replace("listen_addr", f"# pgtool: ignore[{LISTENS} x\nlisten_addr"),
        LOOSE.replace("listen_addr", f"# ignore[{LISTENS}] x\nlisten_addr"),
    ], ids=["another rule", "half a name", "two lines above", "below", "at the top", "no bracket", "no tool"])
    def test_another_comment_answers_for_nothing(self, loose, check, text):
        loose.write("pgbouncer.ini", text)

        fires(LISTENS, check(loose, status=1))

    def test_a_comment_in_the_settings_answers_for_the_alias(self, behind, check):
        fires(CURSORS, check(behind(), status=1))
        made = behind()
        settings = made.dir / "config/settings.py"
        settings.write_text(settings.read_text().replace("    'default'", f"    # pgtool: ignore[{CURSORS}] all in transactions\n    'default'"))

        found = silenced(CURSORS, check(made))

        assert (found["by"], found["reason"]) == ("source", "all in transactions")

    def test_silenced_system_checks_answer_for_it(self, behind, check):
        found = silenced(CURSORS, check(behind(settings=f"SILENCED_SYSTEM_CHECKS = ['pgtool.{CURSORS}']\n")))

        assert (found["by"], found["reason"]) == ("configuration", "SILENCED_SYSTEM_CHECKS")

    @pytest.mark.parametrize("name", [CURSORS, f"pgtool.{CURSORS[:-1]}", "models.W042", ""])
    def test_other_system_checks_answer_for_nothing(self, behind, check, name):
        fires(CURSORS, check(behind(settings=f"SILENCED_SYSTEM_CHECKS = ['{name}']\n"), status=1))


class TestTheBaseline:
    FILE = "--baseline", "known.json"
    UPDATE = *FILE, "--update-baseline"

    @pytest.fixture
    def known(self, loose, check):
        check(loose, *self.UPDATE)
        return loose

    def test_what_it_lists_does_not_count(self, known, check):
        assert silenced(LISTENS, check(known, *self.FILE))["by"] == "baseline"
        fires(LISTENS, check(known, status=1))

    def test_the_configuration_names_it_as_well(self, known, check):
        known.write("pgtool.yaml", "rules:\n  baseline: known.json\n")

        silenced(LISTENS, check(known))

    def test_something_new_still_fails(self, known, check):
        known.write("deploy/pgbouncer.ini", LOOSE.replace("6432", "6433"))

        fires(LISTENS, check(known, *self.FILE, status=1), file="deploy/pgbouncer.ini")

    def test_a_line_that_has_moved_is_not_new(self, known, check):
        known.write("pgbouncer.ini", LOOSE.replace("[pgbouncer]", "# one\n# two\n\n[pgbouncer]"))

        silenced(LISTENS, check(known, *self.FILE))

    def test_it_is_the_same_file_from_any_folder_and_in_any_checkout(self, loose, check, pgtool, tmp_path):
        loose.write("deploy/pgbouncer.ini", LOOSE.replace("6432", "6433"))
        (loose.dir / ".git").mkdir()
        check(loose, *self.UPDATE)
        written = (loose.dir / "known.json").read_bytes()
        copy = tmp_path / "another checkout"
        shutil.copytree(loose.dir, copy)
        (copy / "known.json").unlink()
        (copy / "deploy/inner").mkdir()
        for folder, name in (copy, "known.json"), (copy / "deploy", "../known.json"), (copy / "deploy/inner", "../../known.json"):
            loose.dir = folder
            check(loose, "--baseline", name, "--update-baseline")
            assert (copy / "known.json").read_bytes() == written, folder
            (copy / "known.json").unlink()

    def test_it_is_written_as_it_was_when_nothing_has_changed(self, known, check):
        before = (known.dir / "known.json").read_bytes()

        check(known, *self.UPDATE)

        assert (known.dir / "known.json").read_bytes() == before
        assert {"version", "findings"} == json.loads(before).keys()

    def test_what_is_gone_is_said_and_taken_out(self, known, check, pgtool):
        known.write("pgbouncer.ini", LOOSE.replace("listen_addr = *", "listen_addr = 127.0.0.1"))
        text = pgtool(known, "check", "--offline", *self.FILE).stdout

        check(known, *self.UPDATE)

        assert "not found any more" in " ".join(text.split())
        assert LISTENS not in (known.dir / "known.json").read_text()

    def test_what_could_not_be_looked_at_stays(self, known, check):
        (known.dir / "pgbouncer.ini").unlink()

        check(known, *self.UPDATE, "--require", "files", status=3)

        assert LISTENS in (known.dir / "known.json").read_text()

    def test_a_server_that_is_down_on_that_day_takes_nothing_out(self, bouncer, project, database, pgtool):
        pooler = bouncer()
        made = project(pooler)
        made.environment["PGTOOL_DIRECT_URL"] = database.url()
        pgtool(made, "check", *self.UPDATE)
        before = json.loads((made.dir / "known.json").read_text())["findings"]
        pooler.server.stop()

        pgtool(made, "check", *self.UPDATE)

        after = json.loads((made.dir / "known.json").read_text())["findings"]
        assert before and {one["fingerprint"] for one in before} <= {one["fingerprint"] for one in after}

    def test_a_part_that_is_selected_does_not_drop_the_rest(self, known, check):
        check(known, *self.UPDATE, "--select", CURSORS)

        assert LISTENS in (known.dir / "known.json").read_text()

    def test_what_others_answer_for_is_not_listed(self, loose, check):
        check(loose, *self.UPDATE, "--ignore", LISTENS)

        assert LISTENS not in (loose.dir / "known.json").read_text()

    @pytest.mark.parametrize("text", [None, "", "{", "[]", "null", '{"version": 2, "findings": []}', '{"version": 1}',
                                      '{"version": 1, "findings": [{}]}', '{"version": 1, "findings": ["x"]}', "\0\xff"])
    def test_what_is_none_is_refused_and_left(self, loose, pgtool, text):
        if text is not None:
            loose.write("known.json", text)

        outcome = pgtool(loose, "check", "--offline", *self.FILE)

        assert outcome.status == 2 and "known.json" in outcome.stderr, outcome.text
        assert not (loose.dir / "known.json").exists() if text is None else (loose.dir / "known.json").read_text() == text

    def test_a_folder_is_none(self, loose, pgtool):
        (loose.dir / "known.json").mkdir()

        for words in self.FILE, self.UPDATE:
            outcome = pgtool(loose, "check", "--offline", *words)
            assert outcome.status == 2 and "known.json" in outcome.stderr, outcome.text

    def test_one_that_is_broken_is_not_written_over(self, loose, pgtool):
        loose.write("known.json", "{ a merge conflict")

        outcome = pgtool(loose, "check", "--offline", *self.UPDATE)

        assert outcome.status == 2 and (loose.dir / "known.json").read_text() == "{ a merge conflict", outcome.text

    def test_to_update_one_its_name_is_needed(self, loose, pgtool):
        outcome = pgtool(loose, "check", "--offline", "--update-baseline")

        assert outcome.status == 2 and "--baseline" in outcome.stderr, outcome.text

    @pytest.mark.parametrize("form", ["sarif", "junit", "github", "gitlab"])
    def test_no_form_objects_to_what_is_listed(self, known, pgtool, form):
        outcome = pgtool(known, "check", "--offline", *WARNS, *self.FILE, "--format", form)

        assert outcome.status == 0
        if form == "sarif":
            assert [result["suppressions"][0]["kind"] for result in outcome.json["runs"][0]["results"]] == ["external"]
        else:
            assert "::warning" not in outcome.stdout and "<failure" not in outcome.stdout and '"major"' not in outcome.stdout
