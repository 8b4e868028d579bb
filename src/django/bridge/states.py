"""The state of the models, and the operations, as they were before a migration was tried."""
import copy
import sys


class Snapshot:
    """Cheap, for it is taken of every migration: applying one replaces what hangs on a model's state, and Django's
    clone() would render every model again. Only RenameField changes fields that others refer to, in place."""

    def __init__(self, state, migration):
        self._kind, self._real_apps = type(state), state.real_apps
        self._is_delayed = getattr(state, "is_delayed", False)
        renames = _renames(migration.operations)
        self._operations = copy.deepcopy(migration.operations) if renames else None
        self._models = _copied(state.models, deeply=renames)

    def restored(self, migration):
        if self._operations is not None:
            migration.operations = copy.deepcopy(self._operations)
        state = self._kind(models=_copied(self._models, deeply=self._operations is not None), real_apps=self._real_apps)
        state.is_delayed = self._is_delayed
        return state


def forget_content_types(state):
    """Their managers remember the ids of rows, which the failed try may have inserted."""
    known = sys.modules.get("django.contrib.contenttypes.models")
    managers = [known.ContentType.objects] if known else []
    model = state.models.get(("contenttypes", "contenttype"))
    managers.extend(manager for _, manager in (model.managers if model else ()))
    for manager in managers:
        if hasattr(manager, "clear_cache"):
            manager.clear_cache()


def _renames(operations):
    for operation in operations:
        if any(kind.__name__ == "RenameField" for kind in type(operation).__mro__):
            return True
        if _renames(getattr(operation, "state_operations", None) or ()):
            return True
    return False


def _copied(models, deeply):
    return {key: _copy(model, deeply) for key, model in models.items()}


def _copy(model, deeply):
    other = object.__new__(type(model))
    kept = other.__dict__
    kept.update(model.__dict__)
    kept["fields"] = dict(model.fields)
    if deeply:  # What refers to another field is changed with it.
        kept["fields"].update((name, field.clone()) for name, field in model.fields.items() if field.remote_field)
    kept["options"] = dict(model.options)
    return other
