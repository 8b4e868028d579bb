"""The state of the models as it was before a migration was tried."""
import copy


class Snapshot:
    """Cheap, for it is taken of every migration: applying one replaces what hangs on a model's state, and Django's
    clone() would render every model again."""

    def __init__(self, state):
        self._kind, self._real_apps = type(state), state.real_apps
        self._is_delayed = getattr(state, "is_delayed", False)
        self._models = _copied(state.models)

    def restored(self):
        state = self._kind(models=_copied(self._models), real_apps=self._real_apps)
        state.is_delayed = self._is_delayed
        return state


def _copied(models):
    return {key: _copy(model) for key, model in models.items()}


def _copy(model):
    other = copy.copy(model)
    other.fields = type(model.fields)(model.fields)
    other.options = dict(model.options)
    return other
