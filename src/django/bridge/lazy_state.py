"""A migration state that makes classes of those models only that somebody asks for.

Django makes all of them anew whenever one has changed, which is most of what a walk through many migrations takes.
"""
from django.apps import apps as installed
from django.apps.registry import Apps
from django.db.migrations.state import ModelState, ProjectState, StateApps


class LazyState(ProjectState):
    """`self.models` may be changed in place only while nothing of it was asked for: see forget()."""

    _rendered = None

    @property
    def apps(self):
        if self._rendered is None:
            self._rendered = LazyApps(self)
        return self._rendered

    @apps.setter
    def apps(self, made):
        self._rendered = made

    concrete_apps = apps

    def clone(self):
        return LazyState({key: _copied(model) for key, model in self.models.items()}, self.real_apps)

    def forget(self):
        self._rendered = None

    def add_model(self, model_state):
        self.forget()
        super().add_model(model_state)

    def remove_model(self, app_label, model_name):
        self.forget()
        super().remove_model(app_label, model_name)

    def reload_model(self, *args, **kwargs):
        self.forget()

    def reload_models(self, *args, **kwargs):
        self.forget()

    def clear_delayed_apps_cache(self):
        pass


def _copied(model):
    """As ModelState.clone(), without looking at every field again."""
    if type(model) is not ModelState:
        return model.clone()
    other = object.__new__(ModelState)
    kept = other.__dict__
    kept.update(model.__dict__, fields=dict(model.fields), options=dict(model.options))
    kept.pop("name_lower", None)  # RenameModel changes the name of a copy.
    return other


def references(model, fields=None):
    """The keys of the models that a ModelState's fields, or these ones, refer to."""
    for field in model.fields.values() if fields is None else fields:
        remote = getattr(field, "remote_field", None)
        for target in (getattr(remote, "model", None), getattr(remote, "through", None)) if remote else ():
            key = _key(target, model)
            if key:
                yield key


def _key(target, model):
    if hasattr(target, "_meta"):
        return target._meta.app_label, target._meta.model_name
    if not isinstance(target, str):
        return None
    if target == "self":
        return model.app_label, model.name_lower
    app, _, name = target.rpartition(".")
    return app or model.app_label, name.lower()


class LazyApps(StateApps):
    """A model that was asked for has the models that it refers to; who refers to it is seen once all are asked for."""

    def __init__(self, state):
        Apps.__init__(self, ())
        self._lock = self.ready_event = None
        self.real_models = []
        self._state, self._complete, self._linked = state, set(), set()
        self._all = False

    def clear_cache(self):
        pass  # Classes come one by one; nothing is cached before those are there that it depends on.

    def clone(self):
        return LazyApps(self._state)

    def get_model(self, app_label, model_name=None, require_ready=True):
        if model_name is None:
            app_label, model_name = app_label.split(".")
        key = app_label, model_name.lower()
        self._make_complete(key)
        made = self.all_models.get(app_label, {}).get(key[1])
        if made is None:
            raise LookupError("App '%s' doesn't have a '%s' model." % (app_label, model_name))
        return made

    def get_models(self, include_auto_created=False, include_swapped=False):
        if not self._all:
            self._all = True
            for key in list(self._state.models):
                self._make_complete(key)
            for label in self._state.real_apps:
                for model in installed.get_app_config(label).get_models():
                    self._make_complete((label, model._meta.model_name))
            for made in self._made():
                made._meta._expire_cache()
        return [made for made in self._made() if (include_auto_created or not made._meta.auto_created)
                and (include_swapped or not made._meta.swapped)]

    def _made(self):
        return [made for models in list(self.all_models.values()) for made in list(models.values())]

    def _make_complete(self, key):
        if key in self._complete:
            return
        self._complete.add(key)
        model = self._render(key)
        for target in references(model) if model else ():
            self._link(target)

    def _link(self, key):
        """Made, with what the type of its columns depends on."""
        if key in self._linked:
            return
        self._linked.add(key)
        model = self._render(key)
        if model:
            keys = [field for field in model.fields.values() if field.primary_key or field.unique or model.options.get("auto_created")]
            for target in references(model, keys):
                self._link(target)

    def _render(self, key):
        """The state of a model whose class is made now or was before."""
        model = self._state.models.get(key) or self._real(key)
        if model and key[1] not in self.all_models.get(key[0], {}):
            model.render(self)
        return model

    def _real(self, key):
        """Of an app without migrations: as it is now, without references."""
        if key[0] not in self._state.real_apps:
            return None
        try:
            return ModelState.from_model(installed.get_model(*key), exclude_rels=True)
        except LookupError:
            return None
