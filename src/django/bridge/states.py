"""The state of the models, and the operations, as they were before a migration was tried."""
import copy
import sys


class Snapshot:
    """Costs nothing until it is needed: Django gives each operation a copy of the state as it was before. Only
    RenameField changes fields that others refer to, in place."""

    def __init__(self, state, migration):
        self._state = state
        self.first = None  # The state that the first operation of the last try was given, going forwards.
        renames = _renames(migration.operations)
        self._operations = copy.deepcopy(migration.operations) if renames else None
        self._models = _copied(state.models) if renames else None

    def restored(self, migration):
        """Without what is rendered: its managers remember rows of the failed try."""
        models = (self.first or self._state).models
        if self._operations is not None:
            migration.operations = copy.deepcopy(self._operations)
            models = _copied(self._models)
        state = type(self._state)(models=models, real_apps=self._state.real_apps)
        state.is_delayed = getattr(self._state, "is_delayed", False)
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


def _copied(models):
    return {key: _copy(model) for key, model in models.items()}


def _copy(model):
    other = object.__new__(type(model))
    kept = other.__dict__
    kept.update(model.__dict__)
    kept["fields"] = {name: field.clone() if field.remote_field else field for name, field in dict(model.fields).items()}
    kept["options"] = dict(model.options)
    return other
