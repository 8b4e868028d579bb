"""One walk through the migrations, forwards: the SQL and the facts of those that were chosen, less of those before."""
from pgtool_bridge import catalog, describe, lazy_state, migration_facts, offline, remedies

# Of migrations that were not chosen only these tell something that a later one depends on.
TOLD_BEFORE = {"RunSQL", "AddConstraint", "RemoveConstraint", "AddConstraintNotValid", "ValidateConstraint"}
NOT_IN_TRANSACTION = "NotSupportedError"
# Why the SQL of an operation is not known: it asks a database, does not say it, or has failed.
DATABASE, SILENT, FAILED = "database", "silent", "failed"


class Walk:
    def __init__(self, told, loader, graph, connection, applied):
        self._told, self._graph, self._connection, self._applied = told, graph, connection, applied
        self._catalog = catalog.Catalog(connection)
        self._state = lazy_state.LazyState(real_apps=set(loader.unmigrated_apps))

    def go(self, chosen):
        plan = self._plan()
        last = max((place for place, key in enumerate(plan) if key in chosen), default=-1)
        for key in plan[: last + 1]:
            migration = self._graph.nodes[key]
            self._catalog.asks_database = self._applied is not None and key not in self._applied
            if key in chosen:
                self._told["migrations"].append(self._taken(migration))
            else:
                self._pass(migration)

    def _plan(self):
        plan = {}
        for target in self._graph.leaf_nodes():
            plan.update(dict.fromkeys(self._graph.forwards_plan(target)))
        return list(plan)

    def _taken(self, migration):
        facts = migration_facts.Facts(migration, self._state, self._connection)
        editor = offline.editor_of(self._connection, self._catalog)
        told, owners, born = facts.of_migration(editor, self._catalog), {}, set()
        told["applied"] = None if self._applied is None else (migration.app_label, migration.name) in self._applied
        for index, operation in enumerate(migration.operations):
            before, sql, error, reason = self._state, [], None, None
            try:
                after = before.before(operation, migration.app_label)
                operation.state_forwards(migration.app_label, after)
            except Exception as failure:
                after, error, reason = before, describe.explain(failure), FAILED
            else:
                sql, error, reason = self._collected(editor, migration, operation, before, after)
            told["operations"].append({**facts.of_operation(index, operation, (before, after), sql, error), "reason": reason})
            remedies.add(told["operations"][-1], operation, migration.app_label, (before, after), born)
            for statement in editor.deferred_sql:
                owners.setdefault(id(statement), index)  # None of them goes while the editor has it.
            self._state = after
        self._deferred(editor, owners, told)
        return told

    def _collected(self, editor, migration, operation, before, after):
        """(SQL, error, reason) as sqlmigrate would print it, without its comments."""
        self._catalog.expect(operation, migration.app_label)
        refusals = offline.refusals(self._connection)
        try:
            if not operation.reduces_to_sql:
                why = migration_facts.why_without_sql(operation)
                return [], why, SILENT if why else None
            try:
                return self._run(editor, migration.app_label, operation, (before, after), migration.atomic), None, None
            except Exception as error:
                if type(error).__name__ != NOT_IN_TRANSACTION or not migration.atomic:
                    raise
                # What it would send stands, so that it can be told why it may not be sent there.
                return self._run(editor, migration.app_label, operation, (before, after), False), None, None
        except Exception as error:
            offline.recover(self._connection)
            return [], describe.explain(error), FAILED if offline.refusals(self._connection) == refusals else DATABASE
        finally:
            self._follow(operation, migration.app_label, before)

    def _run(self, editor, app, operation, states, atomic):
        start, deferred = len(editor.collected_sql), len(editor.deferred_sql)
        connected = self._connection.connection is not None
        block = self._connection.in_atomic_block
        # What is asked of a database is asked in a transaction that reads only. Of these the class is known to ask nothing.
        if not connected or "NotInTransactionMixin" in migration_facts.names_of(operation):
            self._connection.in_atomic_block = atomic
        try:
            try:
                operation.database_forwards(app, editor, *states)
            except lazy_state.NeedsAll:
                del editor.collected_sql[start:], editor.deferred_sql[deferred:]
                for state in states:
                    state.be_exact()
                operation.database_forwards(app, editor, *states)
            return [text for text in editor.collected_sql[start:] if text.strip()]
        except Exception:
            del editor.collected_sql[start:], editor.deferred_sql[deferred:]
            raise
        finally:
            self._connection.in_atomic_block = block

    def _deferred(self, editor, owners, told):
        for statement in editor.deferred_sql:
            start = len(editor.collected_sql)
            editor.execute(statement, None)
            texts = editor.collected_sql[start:]
            told["deferred_sql"] += texts
            told["deferred_by"] += [owners.get(id(statement), -1)] * len(texts)

    def _follow(self, operation, app, state):
        try:
            self._catalog.take(operation, app, state)
        except Exception:
            pass  # A class of the project's own, or one whose own state has failed: that is told.

    def _pass(self, migration):
        """A migration that was not chosen: only what is cheap is told of it."""
        sql = []
        for operation in migration.operations:
            before = self._state
            if _is_told_before(operation):
                self._state = before.before(operation, migration.app_label)
                operation.state_forwards(migration.app_label, self._state)
                editor = offline.editor_of(self._connection, self._catalog)
                sql += self._collected(editor, migration, operation, before, self._state)[0]
            else:
                self._follow(operation, migration.app_label, before)
                before.forget()
                operation.state_forwards(migration.app_label, before)
        if sql:
            self._told["history"].append({"name": "%s.%s" % (migration.app_label, migration.name), "sql": sql})


def _is_told_before(operation):
    names = {kind.__name__ for kind in type(operation).__mro__}
    return bool(names & TOLD_BEFORE) or any(map(_is_told_before, getattr(operation, "database_operations", None) or ()))
