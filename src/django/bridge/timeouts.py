"""Bounds what each statement of a connection may wait for, so that nobody queues behind a migration.

Every session has its limits from the start. Here they are changed for the statements that need others: none for what
blocks nobody, and in a transaction that holds strong locks the rest of what its statements may wait for together.
"""
import contextlib
import threading
import time

from pgtool_bridge import failures, statements
from pgtool_bridge.limits import LOCK, STATEMENT, Current, milliseconds

IDLE, IN_TRANSACTION, IN_ERROR = 0, 2, 3
# lock_not_available, deadlock_detected; query_canceled, where it was pgtool that did it.
RETRIABLE = ("55P03", "40P01", "57014")
EXISTS = "42P07"  # duplicate_table, also of an index
# Shorter waits are not looked into, and smaller changes not made: each costs a round trip.
SHORT = 0.025
SMALL = 10
LEAST = 10


class Session:
    """The limits of one connection. An execute wrapper of Django."""

    def __init__(self, channel, wrapper, raw, pid, limits):
        self._channel, self.alias, self.raw, self.pid = channel, wrapper.alias, raw, pid
        self.on_born = None  # The locks of its transaction by table, while all of them are tables that it has made.
        self.began = None  # When the first statement of its transaction was sent.
        self._errors, self._limits = wrapper.wrap_database_errors, limits
        self.born = set()  # Tables that it has made: nobody else uses them, so nobody queues behind a lock on them.
        self._in_force = self._base = dict(zip((LOCK, STATEMENT), limits.of(Current.app)))
        self._own, self._own_of_project = set(), False
        self._serial = Current.serial
        self._held = False
        self._left = 0
        # The schemas that names lead to; None: as they were when pgtool looked. Engines of tenants change them silently.
        self._engine_may_change_it = not type(wrapper).__module__.startswith("django.")
        self.schemas, self.path_changed = None, self._engine_may_change_it

    def __call__(self, execute, sql, params, many, context):
        status = self.raw.info.transaction_status
        if status not in (IDLE, IN_TRANSACTION):
            self._in_force = {}  # What an error leads to is undone, and what was set with it.
            return execute(sql, params, many, context)
        first = status == IDLE
        alone = first and self.raw.autocommit
        if first:
            self._begin()
        elif self.began is None:
            self.began = time.monotonic()
        text = statements.text_of(sql, self.raw)
        word = statements.first_word(text)
        if self is Current.session and Current.whole and not self.raw.autocommit:
            if first and Current.begun:
                escape(self._channel, "by committing in its middle")
            Current.begun = True
        shape = statements.shape_of(text, word, params, self.born) or self._asked(text, first)
        self._note_born(text, word, shape)
        writes = statements.writes(text, word, shape)
        if writes:
            about_to_write(self._channel, self)
        self._note(self._sets(shape))
        self._bound(shape, alone)
        result = self._run(lambda: execute(sql, params, many, context), shape, alone and not many, text)
        Current.wrote = Current.wrote or writes
        self.born.update(shape.get("makes", ()))
        if shape.get("control") and word != "ROLLBACK":
            escape(self._channel, "by committing in its middle")
        return result

    def _note_born(self, text, word, shape):
        if self.on_born is None or word in statements.OF_SESSIONS or statements.OF_CATALOG.match(text):
            return
        locks = shape.get("locks")
        if locks is None:
            self.on_born = None
            return
        for table, mode in locks:
            known = self.on_born.get(table)
            self.on_born[table] = known if known and statements.WEIGHT[known] >= statements.WEIGHT[mode] else mode

    def align(self):
        """Outside of transactions: what belongs to another migration, or was set by one, is set again."""
        if self._serial != Current.serial:
            self._adopt()
            self._own.clear()
            self._serial = Current.serial
            self._base = dict(zip((LOCK, STATEMENT), self._limits.of(Current.app)))
        self._set(self._base, "set")

    def _note(self, names):
        self._own.update(names)
        self._own_of_project = bool(self._own) and (self._own_of_project or Current.name is None)

    def _look(self):
        """What a statement that nobody understands has set is the migration's own, as what it sets in words."""
        found = dict(zip((LOCK, STATEMENT), map(milliseconds, self._read())))
        self._note([name for name, value in found.items() if self._in_force.get(name, value) != value])
        self._in_force = found

    def _read(self):
        from pgtool_bridge import prove

        with self._errors, prove.Statements(self.raw) as asking:
            return asking.values(["pg_catalog.current_setting('%s')" % name for name in (LOCK, STATEMENT)])

    def look_at_path(self):
        from pgtool_bridge import prove

        with self._errors, prove.Statements(self.raw) as asking:
            self.schemas = asking.value("select pg_catalog.current_schemas(false)::pg_catalog.text")
        self.path_changed = self._engine_may_change_it

    def _adopt(self):
        """What the project itself sets when a connection opens stands for what its options would say."""
        if self._own_of_project:
            self._limits = type(self._limits)(self._limits.terms, *self._read())
        if self._own:
            self._in_force = {}
        self._own_of_project = False

    def _begin(self):
        self.began, self.on_born = time.monotonic(), {}
        self._held = False
        if not self._own:
            self._in_force = dict(self._base)
        if self.raw.autocommit and self._serial != Current.serial:
            self.align()

    def _asked(self, text, first):
        """What pgtool says of it, once it may begin."""
        if self.path_changed:
            self.look_at_path()
        waits = first and self is Current.session  # Nobody would hear a thread that is told to end.
        left = self._left if self._held else self._base[LOCK]
        shape = self._channel.ask("statement", alias=self.alias, pid=self.pid, sql=text, first=waits, held=self._held,
                                  left=left, schemas=self.schemas).wait()
        if shape.get("end"):
            end_run()
        statements.remember(text, shape)
        return {**shape, "asked": True}

    def _sets(self, shape):
        names = shape["sets"]
        if "search_path" in names or "all" in names or shape.get("opaque"):
            self.path_changed = True
            self.born.clear()
        return (LOCK, STATEMENT) if "all" in names else [name for name in names if name in (LOCK, STATEMENT)]

    def _wanted(self, shape):
        limit = self._base[LOCK]
        if shape["kind"] == "strong" and not self._held:
            self._held, self._left = True, limit
        if self._held and limit:
            return {LOCK: max(self._left, LEAST), STATEMENT: self._base[STATEMENT]}
        if shape["kind"] == "long":
            return {LOCK: 0, STATEMENT: 0}
        return self._base

    def _bound(self, shape, alone):
        self._set(self._wanted(shape), "set" if alone else "set local")

    def _set(self, wanted, how):
        changes = {name: value for name, value in wanted.items() if name not in self._own and self._differs(name, value)}
        if not changes:
            return
        from pgtool_bridge import prove

        with self._errors, contextlib.closing(self.raw.cursor()) as cursor:
            for name, value in changes.items():
                cursor.execute("%s %s = %d" % (how, name, value), **prove.unprepared(self.raw))
        self._in_force = {**self._in_force, **changes}

    def _differs(self, name, wanted):
        is_now = self._in_force.get(name)
        return is_now is None or (is_now == 0) != (wanted == 0) or abs(is_now - wanted) > SMALL

    def _run(self, execute, shape, alone, text):
        began, tries = time.monotonic(), 0
        try:
            while True:
                try:
                    return execute()
                except Exception as error:
                    tries += 1
                    lost = self.raw.info.transaction_status not in (IDLE, IN_TRANSACTION, IN_ERROR)
                    Current.wrote = Current.wrote or (alone and (lost or bool(shape.get("partial"))))
                    if shape.get("index") and failures.sqlstate(error) == EXISTS:
                        self._channel.tell("unmade", pid=self.pid)
                    if not (alone and shape.get("single") and self._goes_again(error, text, tries)):
                        Current.timed_out = Current.timed_out or failures.sqlstate(error) == RETRIABLE[0]
                        raise
        finally:
            self._after(shape, alone, time.monotonic() - began)

    def _goes_again(self, error, text, tries):
        """A statement outside of transactions was undone as a whole, so it alone can be tried again."""
        if failures.sqlstate(error) not in RETRIABLE or self.raw.info.transaction_status != IDLE:
            return False
        return ask_again(self._channel, self.alias, error, tries, statement=text[:1000], pid=self.pid)

    def _after(self, shape, alone, seconds):
        status = self.raw.info.transaction_status
        if shape.get("control"):
            self._in_force = {}
        elif shape.get("opaque") and status in (IDLE, IN_TRANSACTION):
            self._look()
        if alone and shape.get("asked"):
            self._channel.tell("ran", pid=self.pid, seconds=round(seconds, 6))
        if alone and status == IDLE:
            self._held = False
            self._set(self._base, "set")
        elif shape["kind"] == "long" and not self._held and status == IN_TRANSACTION:
            self._set(self._base, "set local")  # COPY and the like come past us.
        elif self._held and seconds > SHORT and status in (IN_TRANSACTION, IN_ERROR):
            waited = self._channel.ask("waited", alias=self.alias, pid=self.pid).wait()
            self._left -= round(1000 * float(waited.get("seconds") or 0))


def end_run(error=None):
    """pgtool says why. In a thread nobody would hear SystemExit."""
    if threading.current_thread() is threading.main_thread():
        raise SystemExit(1) from error
    from django.db.utils import OperationalError

    raise error or OperationalError("pgtool ends the run: what is needed is held by others")


def escape(channel, how):
    """From here on what the migration did is not undone as a whole, so it is not tried again."""
    if Current.whole and Current.name is not None and not Current.escaped:
        Current.escaped = how
        channel.tell("escapes", how=how)


def about_to_write(channel, session):
    """What a migration that is killed may have done is known by what it was about to do."""
    if session is not Current.session:
        escape(channel, "through another connection")
    if not Current.whole and not Current.told:
        Current.told = True
        channel.tell("writes")


class Bystander:
    """An execute wrapper for a connection without limits, such as one of another kind of server."""

    def __init__(self, channel):
        self._channel = channel

    def __call__(self, execute, sql, params, many, context):
        if isinstance(sql, str) and statements.writes(sql, statements.first_word(sql), {}):
            about_to_write(self._channel, self)
        return execute(sql, params, many, context)


def ask_again(channel, alias, error, tries, **more):
    """Whether pgtool wants it tried again; the answer comes when the time for that has come."""
    from pgtool_bridge import redact, retries

    reply = channel.ask("try", alias=alias, app=Current.app, name=Current.name, sqlstate=failures.sqlstate(error),
                        message=redact.text(str(error).split("\n")[0]), tries=tries, **retries.described(), **more).wait()
    return bool(reply.get("again"))


def activate(channel, doorkeeper):
    """From here on every connection of a routed alias has its Session, those that are open and those to come."""

    def bound(wrapper, raw=None, pid=0, limits=None):
        ours = Session(channel, wrapper, raw, pid, limits) if limits else Bystander(channel)
        wrappers = wrapper.execute_wrappers
        wrappers[:] = [ours, *(w for w in wrappers if not isinstance(w, (Session, Bystander)))]

    for wrapper in doorkeeper.bound_by(bound):
        session = session_of(wrapper)
        if session:
            session.born.clear()  # What was made before may be another schema's or database's.


def session_of(wrapper):
    """The Session of a connection that is open and bounded, or None."""
    if wrapper.connection is None:
        return None
    return next((w for w in wrapper.execute_wrappers if isinstance(w, Session)), None)
