"""What Django sees through the connection that it is configured for, in one transaction that only reads.

It may lead through a pooler: nothing is set that outlives the transaction.
"""
from pgtool_bridge import describe, redact

LOOK = """select pg_catalog.current_setting('search_path'), array(select used.place
from pg_catalog.unnest(%s::pg_catalog.text[]) with ordinality as used(name, place)
where pg_catalog.to_regclass(used.name) is null order by used.place)"""


def look(alias, tables):
    """`tables` are those of models.tables; what was seen before an error is told with it."""
    from django.db import connections, transaction

    connection, seen = connections[alias], {"error": None}
    try:
        with transaction.atomic(using=alias):
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION READ ONLY")
                seen.update(_visible(connection, cursor, tables))
            seen["unapplied"] = _unapplied(connection)
            transaction.set_rollback(True, using=alias)
    except Exception as error:
        seen["error"] = _words(error)
    _hang_up(connection)
    return seen


def _visible(connection, cursor, tables):
    cursor.execute(LOOK, [[connection.ops.quote_name(table["table"]) for table in tables]])
    path, missing = cursor.fetchone()
    return {"search_path": path, "missing": [tables[place - 1] for place in missing]}


def _unapplied(connection):
    """As `migrate --plan` finds them, and refused where migrate refuses."""
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    loader = executor.loader
    loader.check_consistent_history(connection)
    conflicts = loader.detect_conflicts()
    if conflicts:
        names = "; ".join("%s in %s" % (", ".join(sorted(names)), app) for app, names in sorted(conflicts.items()))
        raise _Words("conflicting migrations: %s" % names)
    plan = executor.migration_plan(loader.graph.leaf_nodes())
    return ["%s.%s" % (migration.app_label, migration.name) for migration, _ in plan]


class _Words(Exception):
    """Needs no type before it."""


def _words(error):
    from django.db import Error

    if not isinstance(error, (_Words, Error)):
        return describe.explain(error)
    lines = redact.text(str(error)).strip().splitlines()
    return lines[0] if lines else type(error).__name__


def _hang_up(connection):
    """In order, so that a pooler keeps its session with the server; without autocommit that is in a transaction."""
    try:
        if connection.connection is not None and not connection.get_autocommit():
            connection.rollback()
        connection.close()
    except Exception:
        pass  # It has broken, and that was told.
