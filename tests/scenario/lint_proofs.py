"""What must have been observed for a label to be true."""
from lint_watch import MANY, MODES

WEAK = MODES.index("ShareUpdateExclusiveLock")
EXCLUSIVE = MODES.index("AccessExclusiveLock")
_ANYWHERE = "public."


def _full(table):
    return table if "." in table else _ANYWHERE + table


def _mode(step, table):
    return MODES.index(step.locks.get(_full(table), MODES[0]))


# --- Hazards. Each proof is a function of what was observed directly, and through a pooler where that is asked for.

def _works(table, kind, mode, keeps_out):
    """At some step the table was worked on under the lock, which others ran into."""

    def proof(observed, _):
        assert observed.error is None, observed.steps[-1].message
        found = [step for step in observed.steps if kind in step.work.get(_full(table), ())]
        assert found, f"no {kind} of {table}: {[step.work for step in observed.steps]}"
        held = [step for step in found if _mode(step, table) >= MODES.index(mode)]
        assert held, f"{kind} of {table} under {[step.locks for step in found]} only"
        assert any(keeps_out in step.blocked.get(_full(table), ()) for step in held), [step.blocked for step in held]

    return proof


def rewrites(table):
    return _works(table, "rewrite", "AccessExclusiveLock", "read")


def verifies(table):
    return _works(table, "verify", "AccessExclusiveLock", "read")


def builds_index(table, keeps_out="write"):
    return _works(table, "index", "AccessExclusiveLock" if keeps_out == "read" else "ShareLock", keeps_out)


def validates_key(table):
    return _works(table, "foreign key", "ShareRowExclusiveLock", "write")


def scans(table, keeps_out="write"):
    """Without a word of the server: its counters tell that the rows were read."""
    return _works(table, "rows", "AccessExclusiveLock" if keeps_out == "read" else "ShareLock", keeps_out)


def keeps_out(table, what="read"):
    def proof(observed, _):
        assert observed.error is None, observed.steps[-1].message
        assert any(what in step.blocked.get(_full(table), ()) for step in observed.steps), [step.blocked for step in observed.steps]

    return proof


def moves_index(table):
    """The index alone is locked, yet every query of the table waits for it."""

    def proof(observed, _):
        assert observed.error is None, observed.steps[-1].message
        found = [step for step in observed.steps if "index" in step.work.get(_full(table), ())]
        assert any("read" in step.blocked.get(_full(table), ()) for step in found), [(step.locks, step.blocked) for step in found]

    return proof


def works_while_locked(locked, worked):
    """Many rows are read or written by a statement that finds the other table locked by an earlier one."""

    def proof(observed, _):
        assert observed.error is None, observed.steps[-1].message
        pairs = [(before, step) for before, step in zip(observed.steps, observed.steps[1:]) if step.within]
        assert any(_mode(before, locked) == EXCLUSIVE and "rows" in step.work.get(_full(worked), ()) for before, step in pairs), \
            [(step.locks, step.work) for step in observed.steps]

    return proof


def locks_all(*tables):
    def proof(observed, _):
        assert observed.error is None, observed.steps[-1].message
        assert any(all("read" in step.blocked.get(_full(table), ()) for table in tables) for step in observed.steps), \
            [step.blocked for step in observed.steps]

    return proof


def fails(sqlstate):
    def proof(observed, _):
        assert observed.error in sqlstate.split("|"), (observed.error, observed.steps[-1].message)

    return proof


def breaks(use, sqlstate):
    """What the old release does works before and not afterwards."""

    def proof(observed, _):
        assert observed.error is None, observed.steps[-1].message
        assert observed.uses[use] == sqlstate, observed.uses[use]

    return proof


def breaks_reading(table, sqlstate):
    def proof(observed, _):
        assert observed.error is None, observed.steps[-1].message
        broken = {use: error for use,
                  error in observed.uses.items() if use.startswith("select") and use.endswith(f" from {_full(table)} limit 1")}
        assert list(broken.values()) == [sqlstate], broken

    return proof


def lets_in(text):
    """What was refused before is taken now."""

    def proof(observed, _):
        assert observed.error is None, observed.steps[-1].message
        assert observed.refused[text] is None

    return proof


def loses(table, rows=None):
    """Rows as they were: all of them, unless it is said how many."""

    def proof(observed, _):
        assert observed.error is None, observed.steps[-1].message
        gone, all_of_them = observed.rows[_full(table)]
        assert gone == (all_of_them if rows is None else rows) > 0, (gone, all_of_them)

    return proof


def gone(*objects):
    def proof(observed, _):
        assert observed.error is None, observed.steps[-1].message
        assert set(objects) <= observed.gone, observed.gone

    return proof


def warns(sqlstate):
    def proof(observed, _):
        assert sqlstate in {state for severity, state, _ in observed.notices if severity == "WARNING"}, observed.notices

    return proof


def stays_open(observed, _):
    assert observed.error is None, observed.steps[-1].message
    assert observed.still_open


def stays_invalid(index):
    def proof(observed, _):
        assert observed.error is None, observed.steps[-1].message
        assert index in observed.invalid, observed.invalid

    return proof


def leaves(kind, name):
    """Another client finds it in its session afterwards."""

    def proof(observed, trail):
        assert observed.error is None, observed.steps[-1].message
        assert (kind, name) in trail.left, trail.left

    return proof


def takes(kind, name):
    """What every client had in its session is gone afterwards."""

    def proof(observed, trail):
        assert observed.error is None, observed.steps[-1].message
        assert (kind, name) in trail.lost, trail.lost

    return proof


def is_lost_on_the_way(sqlstate):
    """It runs directly, and fails where the next transaction has another server session."""

    def proof(observed, trail):
        assert observed.error is None, observed.steps[-1].message
        assert trail.error == sqlstate, trail.error

    return proof


# --- Innocents.

def harms(observed, snippet, trail=None):
    """All that a migration may do to those who use the database meanwhile, or afterwards. What a session keeps does no
    harm where a pooler did not hand it on."""
    if observed.error:
        yield f"{observed.steps[-1].text} fails: {observed.steps[-1].message}"
    if observed.still_open:
        yield "it leaves a transaction open"
    yield from (f"the server warns: {told}" for severity, _, told in observed.notices if severity == "WARNING")
    for before, step in zip([None, *observed.steps], observed.steps):
        yield from _harms_of_step(before, step, observed.tables)
    if snippet.pooled and not trail:
        yield from (f"the session keeps, or keeps no more: {what}" for what in observed.kept)
    yield from (f"the old release cannot {use}: {error}" for use, error in observed.uses.items() if error)
    yield from (f"it lets in {text}" for text, error in observed.refused.items() if not error)
    yield from (f"{lost} of {total} rows of {table} are not as they were" for table, (lost, total) in observed.rows.items()
                if lost and f"rows {table}" not in snippet.drops and not (table in map(_full, snippet.touches) and lost < total / 10))
    yield from (f"{name} is gone" for name in observed.gone - set(snippet.drops))
    yield from (f"{index} is invalid" for index in observed.invalid)


def _harms_of_step(before, step, tables):
    for table, work in step.work.items():
        if (_mode(step, table) > WEAK or step.blocked.get(table)) and not _is_refresh_beside_readers(step, table, work):
            yield f"{step.text}: {sorted(work)} of {table} under {step.locks}"
    exclusive = {name for name in tables if _mode(step, name) == EXCLUSIVE}
    if len(exclusive) > 1:
        yield f"{step.text}: nobody may read {sorted(exclusive)} at once"
    held = {name for name in tables if step.within and _mode(before, name) == EXCLUSIVE}
    worked = {name for name, work in step.work.items() if "rows" in work}
    if held and worked:
        yield f"{step.text}: {MANY} rows or more of {sorted(worked)} while nobody may read {sorted(held)}"


def _is_refresh_beside_readers(step, table, work):
    """Nobody but a refresh writes to a materialized view."""
    return step.text.lower().startswith("refresh") and work == {"rows"} and "read" not in step.blocked.get(table, ())


def assert_harmless(observed, snippet, trail):
    found = list(harms(observed, snippet, trail))
    assert not found, "\n".join(found)
    for table in snippet.touches:
        assert observed.rows[_full(table)][0], f"{table} was to be touched"


def assert_leaves_nothing(trail):
    assert not trail.error, trail.error
    assert not trail.left and not trail.lost, (trail.left, trail.lost)
