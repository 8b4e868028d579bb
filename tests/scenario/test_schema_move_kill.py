"""Whatever is killed at whatever step: the application goes on, no pooler stays paused, and the same command finishes."""
import re
import signal
from contextlib import contextmanager

import pytest
from load import RUNS
from moves import SMALL, empty
from relay import DROP, Relay, Steps
from waiting import until

MOVE, UNDO = ["--yes"], ["--undo", "--yes"]
DIRECTIONS = pytest.mark.parametrize("direction", [MOVE, UNDO], ids=["move", "undo"])
AFTER = pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
EVERYWHERE = RUNS >= 10  # at every statement, by hand; else at one of each kind


class Stage:
    """A site whose statements pass relays on their way to the server and to the pooler's console. Each point of time
    begins with the same tables: in public, or moved when an undo is to be disturbed."""

    def __init__(self, site, arguments):
        self.site, self.arguments, self.undoes = site, arguments, "--undo" in arguments
        self.before, self.run, self.relays = None, None, []

    def set(self):
        empty(self.site.database)
        self.site.forget_sessions()
        self.site.database.sql(SMALL, "app")
        self.before = self.site.untouched()
        if self.undoes:
            self.site.move(*(word for word in self.arguments if word not in UNDO))

    @contextmanager
    def relayed(self, steps):
        """The run goes through the relays, which stay as long as what it leaves behind may need them."""
        site, kept = self.site, (self.site.direct, self.site.consoles)
        relays = [Relay(site.database.port, steps), Relay(site.pooler.port, steps)]
        site.direct = site.direct.replace(f":{site.database.port}/", f":{relays[0].port}/")
        site.consoles = [console.replace(f":{site.pooler.port}/", f":{relays[1].port}/") for console in site.consoles]
        self.run = site.start(*self.arguments)
        site.direct, site.consoles = kept
        try:
            steps.attend(lambda: self.run.process.poll() is not None)
            yield self.run.finish(90)
        finally:
            for relay in relays:
                relay.close()

    def texts(self):
        """All statements of a run that nobody disturbs."""
        self.set()
        steps = Steps()
        with self.relayed(steps) as outcome:
            assert outcome.status == 0, outcome.text
        self.assert_finished()
        return steps.texts

    def kill_pgtool(self):
        self.run.send(signal.SIGKILL)
        return DROP

    def assert_serves(self, what):
        until(lambda: not self.site.paused(), f"{what}: the pooler goes on", 10)
        until(self._serves, f"{what}: the application is served", 20)

    def _serves(self):
        """A pooler that met a dead server says so once; a name that is not found is a failure for good."""
        try:
            self.site.assert_serves()
        except Exception as error:  # pylint: disable=broad-exception-caught
            assert "does not exist" not in str(error), error
            return False
        return True

    def assert_finished(self):
        if self.undoes:
            assert self.site.untouched() == self.before
        else:
            assert self.site.schemas() == {"shop"} and self.site.path() == "shop"
            self.site.verify()
        assert self.site.paused() == []

    def disturb(self, number, text, after, action):
        """One point of time, with all that must be true afterwards: what is not, in words."""
        what = f"{'after' if after else 'before'} statement {number} ({text})"
        self.set()
        try:
            with self.relayed(Steps(number, after, action)) as outcome:
                assert outcome.status in (0, 3, 4, 5, 137) or "nothing was changed" in outcome.text, f"{what}: {outcome.text}"
                self.assert_serves(what)
            again = self.site.run(*self.arguments)
            assert again.status == 0, f"{what}: {outcome.text}; again: {again.text}"
            self.assert_serves(what)
            self.assert_finished()
        except AssertionError as error:
            return [f"{what}: {error}"]
        return []


@pytest.fixture
def stage(make_site):
    def make(arguments):
        return Stage(make_site("", extra="server_login_retry = 1"), arguments)

    return make


def points(texts, first=0, step=1):
    """Numbers and texts of the statements to disturb: all of them, or every `step`th kind of them. Those of the proofs come
    before the first that changes something."""
    start = next(number for number, text in enumerate(texts) if not re.match("begin|rollback|commit", text, re.I)) - 1
    if EVERYWHERE:
        return list(enumerate(texts))
    kinds, previous = {}, ""
    for number, text in list(enumerate(texts))[max(start, 0):]:
        words = " ".join(text.lower().split()[:2])
        kinds.setdefault((words, previous) if words.startswith("commit") else words, (number, text))
        previous = words
    return list(kinds.values())[first::step]


@AFTER
@DIRECTIONS
def test_kill_9_of_pgtool(stage, direction, after):
    made = stage(direction)

    wrong = [words for number, text in points(made.texts(), int(after), 2)
             for words in made.disturb(number, text, after, made.kill_pgtool)]

    assert not wrong, "\n\n".join(wrong)


@AFTER
@DIRECTIONS
def test_kill_9_of_pgtool_while_the_pooler_is_paused(stage, direction, after):
    made = stage([*direction, "--strategy", "pause"])
    texts = made.texts()
    assert any(text.lower().startswith("pause") for text in texts)

    wrong = [words for number, text in points(texts, int(after), 2)
             for words in made.disturb(number, text, after, made.kill_pgtool)]

    assert not wrong, "\n\n".join(wrong)


@AFTER
@DIRECTIONS
def test_kill_9_of_the_pooler(stage, direction, after):
    made = stage(direction)

    wrong = [words for number, text in points(made.texts(), int(after), 4)
             for words in made.disturb(number, text, after, made.site.pooler.kill_and_start)]

    assert not wrong, "\n\n".join(wrong)


@AFTER
@DIRECTIONS
def test_immediate_restart_of_the_server(stage, direction, after):
    made = stage(direction)

    wrong = [words for number, text in points(made.texts(), int(not after), 4)
             for words in made.disturb(number, text, after, made.site.database.cluster.restart_at_once)]

    assert not wrong, "\n\n".join(wrong)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_leaves_no_pooler_paused(stage, number):
    made = stage([*MOVE, "--strategy", "pause"])
    made.set()

    steps = Steps(lambda text: text.lower().startswith("pause"), True, lambda: made.run.send(number))
    with made.relayed(steps) as outcome:
        assert outcome.status == 128 + number, outcome.text
        assert made.site.paused() == []
        made.assert_serves("after the signal")

    made.site.move("--strategy", "pause")
    made.assert_finished()


def test_an_operator_s_own_pause_is_not_resumed(make_site):
    site = make_site(SMALL)
    pooler, database = site.pooler, site.database
    pooler.add_line(f"storefront = host=127.0.0.1 port={database.port} dbname={database.name}")
    pooler.sql("pause storefront", "pgbouncer", "pooladmin")

    site.run("--yes", "--strategy", "pause")

    assert site.paused() == ["storefront"]
    site.assert_serves()


def test_a_pause_that_cannot_begin_is_given_up(make_site):
    """A client's long transaction keeps the pooler from pausing: the others wait no longer than --pause-timeout."""
    site = make_site(SMALL)
    with site.client() as client:
        client.execute("select count(*) from line")

        outcome = site.run("--yes", "--strategy", "pause", "--pause-timeout", "1s")

        assert outcome.status in (1, 3, 4, 5), outcome.text
        assert site.paused() == []
        site.assert_serves()
    site.move("--strategy", "pause")
    assert site.schemas() == {"shop"}
