"""A migration state that makes classes of those models only that somebody asks for.

Django makes all of them anew whenever one has changed, which is most of what a walk through many migrations takes.
"""
import functools
import inspect

from django.apps import apps as installed
from django.apps.registry import Apps
from django.db import models
from django.db.migrations.state import ModelState, ProjectState, StateApps
from django.utils.functional import cached_property

# What changes its own model only, when it is Django's own class.
OF_ONE_MODEL = {
    "AddField", "RemoveField", "AlterField", "CreateModel", "DeleteModel", "AlterModelTable", "AlterModelTableComment",
    "AlterUniqueTogether", "AlterIndexTogether", "AlterOrderWithRespectTo", "AlterModelOptions", "AlterModelManagers", "AddIndex",
    "RemoveIndex", "RenameIndex", "AddConstraint", "RemoveConstraint", "AlterConstraint", "ValidateConstraint", "RunPython", "RunSQL",
}


class NeedsAll(BaseException):
    """Who refers to a model was asked of a registry that has only what models refer to."""


class LazyState(ProjectState):
    """`self.models` may be changed in place only while nothing of it was asked for: see forget()."""

    def __init__(self, models=None, real_apps=None, stubs=None):
        super().__init__(models, real_apps)
        self.stubs, self.exact, self._rendered = {} if stubs is None else stubs, False, None

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
        return LazyState({key: _copied(model) for key, model in self.models.items()}, self.real_apps, self.stubs)

    def before(self, operation, app):
        """A copy that the operation may change; what it cannot change is shared."""
        names = [kind.__name__ for kind in type(operation).__mro__]
        is_djangos = type(operation).state_forwards.__module__.startswith("django.")
        if not (is_djangos and OF_ONE_MODEL.intersection(names)) or getattr(operation, "state_operations", None):
            return self.clone()
        copy = LazyState(dict(self.models), self.real_apps, self.stubs)
        for name in "model_name", "name":
            key = app, str(getattr(operation, name, "")).lower()
            if key in copy.models:
                copy.models[key] = _copied(copy.models[key])
        return copy

    def forget(self):
        self._rendered = None

    def be_exact(self):
        """From now on every model that is asked for comes with all the others."""
        self.exact = True
        self.forget()

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


@functools.lru_cache(maxsize=None)
def _remembered(kind):
    """What a field of this class has worked out, and a clone would anew."""
    return [name for name in dir(kind) if isinstance(inspect.getattr_static(kind, name), cached_property)]


class _Copied:
    """In place of a field of a ModelState, which is cloned once more for each class. A copy is as good and faster, but
    for what a relation remembers."""

    def __init__(self, field):
        self._field = field

    def clone(self):
        # A package's class may not come through deconstruct() as it was, and Django sends what came of it.
        if self._field.is_relation or not type(self._field).__module__.startswith("django."):
            return self._field.clone()
        copy = self._field.__deepcopy__({})
        for name in _remembered(type(copy)):
            copy.__dict__.pop(name, None)
        kind = models.Field  # Clones are in the order in which they are made.
        if copy.auto_created:
            copy.creation_counter = kind.auto_creation_counter
            kind.auto_creation_counter -= 1
        else:
            copy.creation_counter = kind.creation_counter
            kind.creation_counter += 1
        return copy


def _class_of(model, apps, **instead):
    """As ModelState.render()."""
    quick = object.__new__(type(model))
    quick.__dict__.update(model.__dict__, **instead)
    quick.fields = {name: _Copied(field) for name, field in quick.fields.items()}
    return quick.render(apps)


class LazyApps(StateApps):
    """A model that was asked for is whole; those that it refers to are stubs with their keys, which states share."""

    def __init__(self, state):
        Apps.__init__(self, ())
        self._lock = self.ready_event = None
        self.real_models = []
        self._state, self._made, self._all, self._begun = state, set(), False, set()

    def clear_cache(self):
        pass  # Nothing is cached before the classes are there that it depends on.

    def clone(self):
        return LazyApps(self._state)

    def get_model(self, app_label, model_name=None, require_ready=True):
        if model_name is None:
            app_label, model_name = app_label.split(".")
        key = app_label, model_name.lower()
        if self._state.exact:
            self.get_models()
        self._make(key)
        made = self.all_models.get(app_label, {}).get(key[1])
        if made is None:
            raise LookupError("App '%s' doesn't have a '%s' model." % (app_label, model_name))
        return made

    def get_models(self, include_auto_created=False, include_swapped=False):
        if not self._state.exact:
            raise NeedsAll
        if not self._all:
            self._all = True
            self._make_all()
        found = [made for made in list(self.all_models.values()) for made in list(made.values())]
        return [made for made in found if (include_auto_created or not made._meta.auto_created)
                and (include_swapped or not made._meta.swapped)]

    def _make_all(self):
        for key in list(self._state.models):
            self._make(key)
        for label in self._state.real_apps:
            for model in installed.get_app_config(label).get_models():
                self._make((label, model._meta.model_name))
        for made in list(self.all_models.values()):
            for one in list(made.values()):
                one._meta._expire_cache()

    def _make(self, key):
        if key in self._made:
            return
        self._made.add(key)
        model = self._model(key)
        if model is None:
            return
        if not self._state.exact:
            for target in references(model):
                if target not in self._made:
                    self._put_stub(target)
        _class_of(model, self)

    def _put_stub(self, key):
        model = self._model(key)
        if model is None:
            return
        keys = {name: field for name, field in model.fields.items()
                if (field.primary_key or field.unique) and not field.many_to_many}
        if model.options.get("proxy") or model.options.get("auto_created") or not any(field.primary_key for field in keys.values()):
            return self._make(key)
        self._begun.add(key)  # Keys may refer to each other.
        for target in references(model, keys.values()):
            if target not in self._begun and target not in self._made and target[1] not in self.all_models.get(target[0], {}):
                self._put_stub(target)
        beside = tuple(self.all_models.get(app, {}).get(name) for app, name in references(model, keys.values()) if (app, name) != key)
        options = {name: model.options[name] for name in ("db_table", "managed", "db_tablespace", "swappable") if name in model.options}
        known = self._state.stubs.get(key)
        like = tuple(keys.values()), options, beside
        if known and _same(known[0], like):
            self.all_models[key[0]][key[1]] = known[1]
            return
        options_of_class = {**options, "indexes": [], "constraints": []}
        made = _class_of(model, self, fields=keys, options=options_of_class, bases=(models.Model,), managers=[])
        if None not in beside:  # What it refers to is made later: a class of this state only.
            self._state.stubs[key] = like, made

    def _model(self, key):
        """As it is in the state; of an app without migrations as it is now, without references."""
        model = self._state.models.get(key)
        if model is None and key[0] in self._state.real_apps:
            try:
                model = ModelState.from_model(installed.get_model(*key), exclude_rels=True)
            except LookupError:
                pass
        return model


def _same(one, other):
    """The very same fields and classes."""
    return (len(one[0]) == len(other[0]) and all(a is b for a, b in zip(one[0], other[0])) and one[1] == other[1]
            and len(one[2]) == len(other[2]) and all(a is b for a, b in zip(one[2], other[2])))
