"""The tables of an alias, and what the project does to each new connection; opens none."""
import functools
import inspect
import weakref


def tables(alias):
    """Of every model that the routers allow there, managed or not, and of the record of migrations."""
    from django.apps import apps
    from django.db import connections, router
    from django.db.migrations.recorder import MigrationRecorder

    vendor = connections[alias].vendor
    models = [
        model
        for model in apps.get_models(include_auto_created=True)
        if not model._meta.proxy
        and model._meta.required_db_vendor in (None, vendor)
        and router.allow_migrate_model(alias, model)
    ]
    return [
        {"model": model._meta.label, "table": model._meta.db_table, "managed": bool(model._meta.managed)}
        for model in (*models, MigrationRecorder.Migration)
    ]


def hooks(alias):
    """The receivers of connection_created for this engine, but for Django's own."""
    from django.db import connections
    from django.db.backends.signals import connection_created

    kept = "name", "file", "line", "sets_path"
    found = receivers(connection_created, type(connections[alias]))
    return [{key: hook[key] for key in kept} for hook in found]


def receivers(signal, sender=None):
    """Those of one sender, or of any, but for Django's own."""
    from django.dispatch.dispatcher import NONE_ID

    found = []
    # The tuples have grown with Django's versions; their beginning has not changed.
    for (_, wanted), receiver, *_ in list(signal.receivers):
        if isinstance(receiver, weakref.ReferenceType):
            receiver = receiver()
        if receiver is not None and (sender is None or wanted in (NONE_ID, id(sender))):
            found.append(_hook(receiver))
    return [hook for hook in found if not hook["name"].startswith("django.")]


def _hook(receiver):
    while isinstance(receiver, functools.partial):
        receiver = receiver.func
    part = receiver if hasattr(receiver, "__qualname__") else type(receiver)
    file, line, source = _source(part)
    name = "%s.%s" % (part.__module__, part.__qualname__)
    return {"name": name, "file": file, "line": line, "source": source, "sets_path": "search_path" in source.lower()}


def _source(part):
    """(file, line, text); without the text its constants stand for it."""
    try:
        part = inspect.unwrap(part)
        file = inspect.getsourcefile(part)
        # Python 3.13 takes the launcher's own text for every "<string>".
        if file and not file.startswith("<"):
            lines, first = inspect.getsourcelines(part)
            return file, max(first, 1), "".join(lines)
    except Exception:
        pass
    code = getattr(part, "__code__", None)
    constants = " ".join(map(str, getattr(code, "co_consts", ())))
    return getattr(code, "co_filename", None), getattr(code, "co_firstlineno", None), constants
