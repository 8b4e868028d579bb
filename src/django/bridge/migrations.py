"""Migrations as pgtool lint judges them: each operation with its SQL and its facts, from one walk forwards.

Nothing is applied and no code of a RunPython is run. No connection is opened unless the question allows it.
"""
import contextlib
import gc
import os
import sys

from pgtool_bridge import describe

PACKAGES = ("site-packages", "dist-packages")


class Refused(Exception):
    """The words for pgtool."""


def answer(question):
    import django

    told = {"error": None, "django": django.get_version(), "conflicts": {}, "files": [], "migrations": [], "history": []}
    try:
        with _connection(question) as connection:
            _fill(told, question, connection)
    except Refused as error:
        told["error"] = str(error)
    except Exception as error:
        told["error"] = describe.explain(error)
    return told


def _connection(question):
    from django.db import connections

    from pgtool_bridge import offline

    alias = question["alias"]
    if alias not in connections.settings:
        raise Refused("no database alias '%s' in settings.DATABASES" % alias)
    if connections.create_connection(alias).vendor != "postgresql":
        raise Refused("alias '%s' is not a PostgreSQL database" % alias)
    return offline.reading(alias) if question.get("connect") else offline.in_place(alias, question["server_version"])


def _fill(told, question, connection):
    from django.db.migrations.loader import MigrationLoader

    if question.get("unapplied") and not question.get("connect"):
        raise Refused("which migrations are applied is known to the database only, and no connection is opened")
    loader = MigrationLoader(connection if question.get("connect") else None, ignore_no_migrations=True)
    told["files"] = _files(loader)
    told["conflicts"] = {app: sorted(names) for app, names in loader.detect_conflicts().items()}
    chosen = _chosen(question, loader)
    graph = _graph_with(chosen, loader)
    applied = set(loader.applied_migrations) if question.get("connect") else None
    if question.get("unapplied"):
        chosen -= applied
    from pgtool_bridge import walk

    with _not_run():
        walk.Walk(told, loader, graph, connection, applied).go(chosen)


def _chosen(question, loader):
    wanted = [_of_app(app, loader) for app in question.get("apps") or ()]
    wanted += [_of_name(name, loader) for name in question.get("names") or ()]
    files = {os.path.realpath(file_of(migration) or ""): key for key, migration in loader.disk_migrations.items()}
    for file in question.get("files") or ():
        if os.path.realpath(file) not in files:
            raise Refused("%s is no migration of the project's apps" % file)
        wanted.append({files[os.path.realpath(file)]})
    if wanted:
        return set().union(*wanted)
    replaced = {tuple(key) for migration in loader.disk_migrations.values() for key in migration.replaces}
    return {key for key, migration in loader.disk_migrations.items()
            if key in loader.graph.nodes and key not in replaced - set(loader.graph.nodes)
            and (question.get("all_apps") or _is_own(migration))}


def _of_app(app, loader):
    found = {key for key in loader.graph.nodes if key[0] == app}
    if not found:
        kind = "has no migrations" if app in loader.unmigrated_apps or app in loader.migrated_apps else "is not installed"
        raise Refused("app '%s' %s" % (app, kind))
    return found


def _of_name(name, loader):
    app, _, prefix = name.partition(".")
    if (app, prefix) in loader.disk_migrations:
        return {(app, prefix)}
    found = {key for key in loader.disk_migrations if prefix and key[0] == app and key[1].startswith(prefix)}
    if not found:
        raise Refused("there is no migration '%s'" % name)
    if len(found) > 1:
        raise Refused("'%s' is the beginning of several migrations: %s" % (name, ", ".join(sorted(key[1] for key in found))))
    return found


def _graph_with(chosen, loader):
    """The graph in force, or, where a chosen migration was replaced by a squashed one, the one from before that."""
    if chosen <= set(loader.graph.nodes):
        return loader.graph
    from django.db.migrations.loader import MigrationLoader

    plain = MigrationLoader(None, ignore_no_migrations=True, replace_migrations=False)
    for key, migration in plain.replacements.items():
        replaced = {tuple(one) for one in migration.replaces}
        if replaced & chosen:
            plain.graph.remove_replacement_node(key, migration.replaces)
        else:
            plain.graph.remove_replaced_nodes(key, migration.replaces)
    plain.graph.validate_consistency()
    plain.graph.ensure_not_cyclic()
    missing = chosen - set(plain.graph.nodes)
    if missing:
        raise Refused("%s cannot be looked at together with what replaces it" % ", ".join(sorted(map(".".join, missing))))
    return plain.graph


@contextlib.contextmanager
def _not_run():
    """Whatever calls it: the code of a RunPython is not run, and no driver is told of types that it could look up."""
    from django.contrib.postgres import operations
    from django.db.migrations import RunPython

    collects = gc.isenabled()
    gc.disable()  # It would look at each class that is made, again and again: a fifth of the time.
    register = getattr(operations, "register_type_handlers", None)
    exists = operations.CreateExtension.__dict__.get("extension_exists")
    run = RunPython.__dict__["database_forwards"]
    RunPython.database_forwards = operations.register_type_handlers = lambda *args, **kwargs: None
    operations.CreateExtension.extension_exists = lambda *args, **kwargs: False
    try:
        yield
    finally:
        if collects:
            gc.enable()
        RunPython.database_forwards, operations.register_type_handlers = run, register
        if exists is None:
            del operations.CreateExtension.extension_exists
        else:
            operations.CreateExtension.extension_exists = exists


def file_of(migration):
    file = getattr(sys.modules.get(type(migration).__module__), "__file__", None)
    return os.path.abspath(file) if file else None


def _is_own(migration):
    import django

    file = file_of(migration) or ""
    djangos = os.path.dirname(os.path.abspath(django.__file__)) + os.sep
    return bool(file) and not set(file.split(os.sep)).intersection(PACKAGES) and not file.startswith(djangos)


def _files(loader):
    """All that decides which migrations there are."""
    found = {file_of(migration) for migration in loader.disk_migrations.values()}
    for app in loader.migrated_apps:
        module = sys.modules.get(loader.migrations_module(app)[0])
        found.update(map(os.path.abspath, getattr(module, "__path__", ())))
    return sorted(filter(None, found))
