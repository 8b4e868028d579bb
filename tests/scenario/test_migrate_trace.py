"""migrate --trace FILE tells what happens as it happens, so that a run that was killed leaves what it had."""
import os
import signal

import pytest
from deploys import FIRST, cluster, database, records_of
from migration_kinds import STAND, wait_until_it_stands
from projects import SHOP
from runs import alive, assert_no_secret
from trace_files import events_of, kinds_in, migrations_in
from waiting import until

SECOND, THIRD = "0007_second", "0008_third"
ADD_NOTE = 'migrations.AddField("order", "note", models.TextField(null=True))'
NOTE_CUSTOMER = 'migrations.AddField("customer", "note", models.TextField(null=True))'
LITERAL = """migrations.RunSQL("update shop_customer set name = 'hidden-literal' where id = 1")"""


@pytest.fixture
def noted(shop):
    """A project of three migrations; the last one may stand still."""

    def make(*third, **options):
        project = shop(**options)
        project.add_operations(FIRST, ADD_NOTE)
        project.add_operations(SECOND, NOTE_CUSTOMER, LITERAL)
        project.add_operations(THIRD, *third or ['migrations.RemoveField("customer", "note")'], before=STAND)
        return project

    return make


def test_it_tells_what_the_report_tells(noted, pgtool):
    project = noted()
    trace = project.dir / "trace"

    outcome = pgtool(project, "migrate", "--format", "json", "--trace", trace)

    assert outcome.status == 0, outcome.text
    events, report = events_of(trace), outcome.json
    assert [one["name"] for one in report["migrate"]["migrations"]] == [f"shop.{name}" for name in (FIRST, SECOND, THIRD)]
    assert migrations_in(events) == report["migrate"]["migrations"]
    assert kinds_in(events)[0] == "begin" and kinds_in(events)[-1] == "end" and kinds_in(events).count("end") == 1
    assert (events[-1]["status"], events[-1]["verdict"]) == (0, report["verdict"])
    assert_no_secret(trace.read_text(encoding="utf-8"))
    assert "hidden-literal" not in trace.read_text(encoding="utf-8")


def test_it_is_added_to_what_is_there(noted, pgtool):
    """And may be named by the environment and by the file."""
    project = noted()
    trace = project.write("trace", '{"time": "2001-01-01T00:00:00Z", "event": "end", "status": 0, "verdict": "of an old run"}\n')

    assert pgtool(project, "migrate", "shop", "0006", PGTOOL_TRACE=str(trace)).status == 0
    project.write("pgtool.yaml", f"migrate:\n  trace: {trace}\n")
    assert pgtool(project, "migrate").status == 0

    events = events_of(trace)
    assert events[0]["verdict"] == "of an old run" and kinds_in(events).count("end") == 3
    assert [one["name"] for one in migrations_in(events)] == [f"shop.{name}" for name in (FIRST, SECOND, THIRD)]


def test_after_a_kill_it_has_what_was_finished(noted, database, start_pgtool):
    project = noted("migrations.RunPython(stand)")
    trace = project.dir / "trace"
    run = start_pgtool(project, "migrate", "--trace", trace)
    wait_until_it_stands(project, run)
    family = run.tree()

    run.send(signal.SIGKILL)
    run.wait()

    events = events_of(trace)
    assert [(one["name"], one["state"]) for one in migrations_in(events)] == [
        (f"shop.{FIRST}", "done"), (f"shop.{SECOND}", "done")]
    assert [table["table"] for table in migrations_in(events)[0]["tables"]] == ["public.shop_order"]
    assert kinds_in(events)[0] == "begin" and "end" not in kinds_in(events)
    assert (records_of(database, SECOND), records_of(database, THIRD)) == (1, 0)
    until(lambda: not alive(family), "its processes have ended", 15)


def test_a_signal_ends_it_with_its_status(noted, start_pgtool):
    project = noted("migrations.RunPython(stand)")
    trace = project.dir / "trace"
    run = start_pgtool(project, "migrate", "--trace", trace)
    wait_until_it_stands(project, run)

    run.send(signal.SIGTERM)
    outcome = run.finish()

    events = events_of(trace)
    assert outcome.status != 0 and (kinds_in(events)[-1], events[-1]["status"]) == ("end", outcome.status), outcome.text
    assert [one["name"] for one in migrations_in(events) if one["state"] == "done"] == [f"shop.{FIRST}", f"shop.{SECOND}"]


@pytest.mark.parametrize("kind", ["no folder", "a folder", "a pipe that nobody reads"])
def test_where_it_cannot_be_written_nothing_runs(noted, database, witness, start_pgtool, kind):
    project = noted()
    trace = project.dir / ("there/trace" if kind == "no folder" else "trace")
    if kind == "a folder":
        trace.mkdir()
    elif kind == "a pipe that nobody reads":
        os.mkfifo(trace)

    run = start_pgtool(project, "migrate", "--trace", trace)
    until(lambda: run.process.poll() is not None, "it has ended", 10)
    outcome = run.finish()

    assert outcome.status == 2 and str(trace) in outcome.stderr, outcome.text
    assert (records_of(database, FIRST), witness.sent("ALTER"), "Operations to perform" in outcome.text) == (0, [], False)


def test_a_full_disk_is_said_and_leaves_no_half_done_run(noted, database, pgtool):
    outcome = pgtool(noted(), "migrate", "--trace", "/dev/full")

    assert "/dev/full" in outcome.stderr, outcome.text
    assert (outcome.status, len(database.applied())) in [(2, len(SHOP) + 1), (0, len(SHOP) + 4)], outcome.text
