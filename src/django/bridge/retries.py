"""Applies a migration again when a lock was not had in time, and knows which operation is at work."""
import functools
import threading

from pgtool_bridge import effects, foresight, record, states, timeouts
from pgtool_bridge.limits import Current

# The one at work, as (place from 1, how many, the operation or None for the deferred SQL).
operation = ()
plan = ()  # Of this run, until its first migration begins.
LONGEST = 200  # letters of what is said of it
_at_work = threading.local()


def patch(channel, module, records):
    """`records`: what each transaction holds is told, too. Again changes nothing."""
    executor = module.MigrationExecutor
    if getattr(executor.apply_migration, "tried_by_pgtool", False):
        return
    from django.db.migrations.migration import Migration

    for name, backwards in (("apply_migration", False), ("unapply_migration", True)):
        setattr(executor, name, _tried(channel, getattr(executor, name), backwards))
    Migration.apply = _whole(channel, Migration.apply, "database_forwards", records)
    Migration.unapply = _whole(channel, Migration.unapply, "database_backwards", records)


def _tried(channel, original, backwards):
    @functools.wraps(original)
    def tried(self, state, migration, *args, **kwargs):
        self.connection.ensure_connection()
        session = timeouts.session_of(self.connection)
        if session is None or kwargs.get("fake") or args[:1] == (True,):
            return original(self, state, migration, *args, **kwargs)
        is_whole = bool(migration.atomic) and not self.connection.in_atomic_block
        before = states.Snapshot(state, migration) if is_whole else None
        _look_for_unrecorded(channel, self, state, backwards)
        outer = Current.begin(migration.app_label, migration.name, session, is_whole)
        outer_executor, outer_operation = getattr(_at_work, "executor", None), operation
        _at_work.executor, _at_work.before = self, before
        tries = 1
        try:
            if not self.connection.in_atomic_block:
                session.align()
            if not (kwargs.get("fake_initial") and migration.initial is not False):
                _announce(channel, session, self, state, migration, backwards)
            while True:
                session.began = None
                try:
                    result = original(self, state, migration, *args, **kwargs)
                    _set_operation(*outer_operation)
                    if Current.timed_out:
                        channel.tell("went_on", app=migration.app_label, name=migration.name)
                    return result
                except Exception as error:
                    if not (is_whole and _goes_again(channel, self.connection, error, tries)):
                        raise
                tries += 1
                Current.begun = Current.timed_out = False
                states.forget_content_types(state)
                state = before.restored(migration)
                _at_work.before = before
                session.born.clear()
        finally:
            _at_work.executor = outer_executor
            Current.end(outer)
            timeouts.escape(channel, "in a migrate of its own")  # Where this one was applied by another.

    tried.tried_by_pgtool = True
    return tried


def _look_for_unrecorded(channel, executor, state, backwards):
    global plan
    planned, plan = plan, ()
    if planned and not backwards:
        effects.tell(channel, executor.connection.alias, state, planned)


def _goes_again(channel, connection, error, tries):
    from pgtool_bridge import failures

    state = failures.sqlstate(error)
    if state not in timeouts.RETRIABLE or connection.in_atomic_block:
        return False
    if Current.escaped:
        channel.tell("untried", reason="it also wrote %s, which was not rolled back" % Current.escaped)
        return False
    session = timeouts.session_of(connection)
    if timeouts.ask_again(channel, connection.alias, error, tries, pid=session.pid if session else 0):
        return True
    if state == "57014":
        return False  # Somebody's cancel, or statement_timeout.
    timeouts.end_run(error)  # Which says what was not had; a traceback would only hide that.


def _announce(channel, session, executor, state, migration, backwards):
    """Tells what begins; the answer comes when nobody old holds what it needs."""
    needs = foresight.needs(state, migration, backwards, session.born)
    if needs and session.path_changed:
        session.look_at_path()
    reply = channel.ask("migration", alias=executor.connection.alias, app=migration.app_label, name=migration.name,
                        atomic=bool(migration.atomic), pid=session.pid, schemas=session.schemas, **needs) if needs else None
    if reply and reply.wait().get("end"):
        timeouts.end_run()


def _whole(channel, original, method, records):
    """Migration.apply or unapply: what is left of its transaction is done in it, the record, too.

    Django writes the record after the commit where SQL was deferred: whoever is killed in between has a schema
    that its next migrate finds in the way.
    """

    @functools.wraps(original)
    def applied(self, project_state, schema_editor, collect_sql=False):
        executor = getattr(_at_work, "executor", None)
        if collect_sql or executor is None:
            return original(self, project_state, schema_editor, collect_sql)
        before = [one.__dict__.get(method) for one in self.operations]
        _follow(channel, self, method)
        try:
            result = original(self, project_state, schema_editor, collect_sql)
            if schema_editor.atomic_migration and _ends_as_usual(schema_editor):
                _set_operation(len(self.operations), len(self.operations), None)
                _run_deferred(schema_editor)
                if method == "database_backwards":
                    _record_unapplied(executor, self)
            session = timeouts.session_of(schema_editor.connection)
            if records and session and schema_editor.connection.in_atomic_block:
                record.tell(channel, session, self)
            return result
        finally:
            for one, own in zip(self.operations, before):
                if own is None:
                    del one.__dict__[method]
                else:
                    one.__dict__[method] = own

    return applied


def _follow(channel, migration, method):
    count = len(migration.operations)

    def followed(place, one, original):
        @functools.wraps(original)
        def run(*args, **kwargs):
            if place == 1 and method == "database_forwards" and _at_work.before is not None:
                _at_work.before.first, _at_work.before = args[2], None
            _set_operation(place, count, one)
            if not migration.atomic:
                is_sql = one.reduces_to_sql and type(one).__module__.startswith("django.")
                if not is_sql and not Current.told:
                    Current.told = Current.wrote = True  # It may write past Django's cursors.
                    channel.tell("writes")
                channel.tell("operation", app=migration.app_label, name=migration.name, **described())
            return original(*args, **kwargs)

        return run

    for place, one in enumerate(migration.operations, 1):
        setattr(one, method, followed(place, one, getattr(one, method)))


def _set_operation(*values):
    global operation
    operation = values


def described():
    """The operation at work, for a message; empty where there is none."""
    if not operation:
        return {}
    place, count, one = operation
    return {"operation": place, "operations": count, "description": _words(one) if one else "deferred SQL",
            "wrote": Current.wrote}


def _words(one):
    """What Django says of it, unless that is its arguments, which may hold anything."""
    from django.db.migrations.operations.base import Operation

    from pgtool_bridge import redact

    try:
        own = type(one).describe is not Operation.describe
        return redact.text(str(one.describe()))[:LONGEST] if own else type(one).__name__
    except Exception:
        return type(one).__name__


def _ends_as_usual(schema_editor):
    from django.db.backends.base.schema import BaseDatabaseSchemaEditor

    return type(schema_editor).__exit__ is BaseDatabaseSchemaEditor.__exit__


def _run_deferred(schema_editor):
    """As __exit__ of this Django does it, before its commit."""
    schema_editor.atomic_migration = False
    try:
        schema_editor.__exit__(None, None, None)
    finally:
        schema_editor.atomic_migration = True
    schema_editor.deferred_sql = []


def _record_unapplied(executor, migration):
    for app, name in migration.replaces or [(migration.app_label, migration.name)]:
        executor.recorder.record_unapplied(app, name)
    executor.recorder.record_unapplied(migration.app_label, migration.name)
