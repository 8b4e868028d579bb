"""At most two server sessions by the pooler and eight logins for a detect, and never the same wrong password twice."""
import re
import time
from dataclasses import dataclass

import pytest
from servers import SECRET
from waiting import until

MODES = ["session", "transaction", "statement"]
CANDIDATES = ["DIRECT_URL", "DIRECT_DATABASE_URL", "DATABASE_URL_UNPOOLED", "POSTGRES_URL_NON_POOLING", "DATABASE_UNPOOLED_URL",
              "DATABASE_PUBLIC_UNPOOLED_URL"]
WATCHER = {"users": {"app": SECRET, "watcher": SECRET}}  # may look at the console, and is not counted


@dataclass
class Cost:
    pooled: list  # what PgBouncer wrote at the end of each client, the watcher's apart
    served: int  # server sessions that the pooler opened
    direct: int  # logins at the server that are neither the pooler's nor the test's

    @property
    def logins(self):
        return len(self.pooled) + self.direct


def sessions_of(cluster):
    """The sessions that came to the server, but for the superuser's, who is the test: id and what it logged."""
    sessions = {}
    for record in cluster.log.records():
        if record.get("backend_type", "") in ("client backend", "not initialized"):
            sessions.setdefault(record["session_id"], []).append(record)
    return {key: records for key, records in sessions.items()
            if "postgres" not in [record.get("user") for record in records] and any(record.get("user") for record in records)}


@pytest.fixture
def cost_of(database, nowhere, pgtool):
    """What one detect costs: a Cost, and its Outcome."""

    def measure(pooler, *arguments, url=None, **environment):
        before, position = set(sessions_of(database.cluster)), pooler.server.log.stat().st_size
        outcome = pgtool(nowhere, "detect", "--format", "json", "--pooled-url", url or pooler.url(database.name), *arguments,
                         **environment)
        until(lambda: len(pooler.shown("clients", "watcher")) == 1, "the pooler has noticed that pgtool left")
        with open(pooler.server.log, encoding="utf-8") as log:
            log.seek(position)
            ends = re.findall(r"LOG C-\S+: (\S+@\S+ closing because: .*) \(age", log.read())
        new = {key: records for key, records in sessions_of(database.cluster).items() if key not in before}
        served = [key for key, records in new.items() if any(mark in r["message"] for r in records for mark in database.marks)]
        logins = [end for end in ends if "/watcher@" not in end and "cancel" not in end]
        return Cost(logins, len(served), len(new) - len(served)), outcome

    return measure


@pytest.fixture
def watched(bouncer):
    def start(mode="transaction", extra="", **options):
        return bouncer(mode, extra=f"stats_users = watcher\n{extra}", **{**WATCHER, **options})

    return start


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("console", [False, True], ids=["ordinary", "console"])
def test_a_detect_is_cheap(watched, database, cost_of, mode, console):
    pooler = watched(mode)

    cost, outcome = cost_of(pooler, *(["--console-url", pooler.console()] if console else []))

    assert (outcome.status, outcome.json["pooler"]["mode"]) == (0, mode), outcome.text
    assert cost.served <= 2 and cost.logins <= 5, cost  # plain, with our option, a second client, the console, the server


@pytest.mark.parametrize("mode", MODES)
def test_many_candidates_are_not_all_tried(watched, database, make_database, cost_of, mode):
    others = {name: make_database(database.cluster).url() for name in CANDIDATES}

    cost, outcome = cost_of(watched(mode), **others)

    assert outcome.json["route"]["direct"] == f"postgresql://app@127.0.0.1:{database.port}/{database.name}", outcome.text
    assert cost.served <= 2 and 5 <= cost.logins <= 8, cost


def test_a_wrong_password_is_sent_once(watched, database, cost_of):
    pooler = watched()

    cost, outcome = cost_of(pooler, url=pooler.url(database.name, password="not-it"))

    assert outcome.status == 3 and "password" in outcome.text
    assert [end for end in cost.pooled if "authentication failed" in end] == [
        end for end in cost.pooled if end.startswith(f"{database.name}/")], cost
    assert len([end for end in cost.pooled if end.startswith(f"{database.name}/")]) == 1, cost
    assert (cost.served, cost.direct) == (0, 0), cost


def test_a_user_without_rights_asks_the_console_once(watched, database, cost_of):
    pooler = watched()

    cost, outcome = cost_of(pooler, "--console-url", pooler.url("pgbouncer"))

    assert (outcome.status, outcome.json["pooler"]["kind"]) == (0, "pgbouncer"), outcome.text
    assert len([end for end in cost.pooled if end.startswith("pgbouncer/")]) == 1, cost
    assert cost.served <= 2 and cost.logins <= 5, cost


@pytest.mark.parametrize("mode", MODES)
def test_a_pool_of_one_is_named_without_a_long_wait(watched, database, cost_of, mode):
    began = time.monotonic()

    cost, outcome = cost_of(watched(mode, extra="default_pool_size = 1"))

    assert time.monotonic() - began < 8, "a statement was awaited to its limit of 10 s"
    assert (outcome.status, outcome.json["pooler"]["mode"]) == (0, mode), outcome.text
    assert cost.served <= 1 + (mode == "statement") and cost.logins <= 5, cost  # BEGIN costs the session in statement mode
