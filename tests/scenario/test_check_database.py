"""check names what stands wrong in a database, through the pool too where there is no way past it; and no twin."""
import pytest
from judged import fires, silent
from leftovers import LEFTOVERS, TWINS, Ground
from runs import Run
from servers import SECRET

# Only a project that is about to migrate tells what its migrations make.
FOUND = [leftover for leftover in LEFTOVERS if leftover.rule != "unrecorded-migration"]
# These need a session past the pooler.
PAST_THE_POOLER = {"sequence-behind", "advisory-lock-stranded"}
RULES = {leftover.rule for leftover in LEFTOVERS}
NOWHERE = f"postgresql://app:{SECRET}@127.0.0.1:9/nowhere"


def check(project, **environment):
    run = Run(project, ["check", "--format", "json"], environment)
    try:
        return run.finish(60).json
    finally:
        run.end()


@pytest.fixture(scope="module")
def ground(deploy_cluster, tmp_path_factory):
    made = Ground(deploy_cluster, tmp_path_factory.mktemp("wrong") / "project")
    made.plant_leftovers()
    yield made
    made.remove()


@pytest.fixture(scope="module")
def past(ground):
    return check(ground.project)


@pytest.fixture(scope="module")
def through(ground):
    """The report where no direct endpoint is proved."""
    return check(ground.project, PGTOOL_DIRECT_URL=NOWHERE)


@pytest.fixture(scope="module")
def innocent(deploy_cluster, tmp_path_factory):
    made = Ground(deploy_cluster, tmp_path_factory.mktemp("innocent") / "project")
    made.plant_twins()
    with made.busy_twins():
        reports = check(made.project), check(made.project, PGTOOL_DIRECT_URL=NOWHERE)
    yield reports
    made.remove()


@pytest.mark.parametrize("leftover", FOUND, ids=str)
def test_it_is_told(past, leftover):
    found = leftover.is_in(past["findings"])
    assert [one["severity"] for one in found] == [leftover.severity] and found[0]["remedy"], past["findings"]


@pytest.mark.parametrize("leftover", [one for one in FOUND if one.rule not in PAST_THE_POOLER], ids=str)
def test_it_is_told_through_the_pool_too(through, leftover):
    assert [one["severity"] for one in leftover.is_in(through["findings"])] == [leftover.severity], through["findings"]


def test_what_a_pooled_session_cannot_see_is_unknown(through):
    fires("direct-endpoint-unreachable", through)
    assert [one for one in through["unknown"] if "sequences and advisory locks" in one["what"]], through["unknown"]
    for rule in PAST_THE_POOLER:
        silent(rule, through)


@pytest.mark.parametrize("twin", TWINS)
def test_a_twin_is_not_told(innocent, twin):
    for report in innocent:
        about = [one for one in report["findings"] if twin in str(one) and one["rule"] in RULES]
        assert about == [] or twin == "reading" and {one["severity"] for one in about} == {"info"}


def test_a_role_that_may_not_create_is_told(database, bouncer, project, pgtool):
    database.sql(f"alter database {database.name} owner to owner; revoke create on schema public from public")
    made = project(bouncer(), DISABLE_SERVER_SIDE_CURSORS=True)

    assert "public" in fires("no-create-privilege", pgtool(made, "check", "--format", "json").json)["message"]
    database.sql("grant create on schema public to app")
    silent("no-create-privilege", pgtool(made, "check", "--format", "json").json)
