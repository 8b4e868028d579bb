"""Calls of the ORM that write every row of a table, as the SQL that Django makes of them."""
import ast

from pgtool_bridge import columns

MANAGERS = {"objects", "_default_manager", "_base_manager"}
WHOLE = {"all", "using"}  # They leave no row out.
LONGEST = 8  # names that stand for a model one after the other


class Updates:
    """Of the functions of a migration, with the models that it finds there."""

    def __init__(self, models, texts, quoted):
        self._models, self._texts, self._quoted = models, texts, quoted

    def sql(self, call):
        """None for a call of update() that may leave a row out, or be about something else."""
        node = call.func.value
        while isinstance(node, ast.Call) and getattr(node.func, "attr", "") in WHOLE:
            node = node.func.value
        if call.args or getattr(node, "attr", "") not in MANAGERS:
            return None
        model = self._model(node.value, len(self._texts.scopes), LONGEST)
        if model is None or any(map(_narrows, model.managers)):
            return None
        names = [_column(model, keyword.arg) for keyword in call.keywords]
        if not names or None in names:
            return None
        changes = ", ".join("%s = %%s" % self._quoted(name) for name in names)
        return "UPDATE %s SET %s" % (self._quoted(columns.table_of(columns.concrete(model, self._models))), changes)

    def _model(self, node, scopes, left):
        """What is known of a name is what `scopes`, the outer ones, say of it."""
        if isinstance(node, ast.Call):
            return self._got(node) if getattr(node.func, "attr", "") == "get_model" else None
        if not isinstance(node, ast.Name) or not left:
            return None
        for place in range(scopes - 1, -1, -1):
            values = self._texts.scopes[place].get(node.id)
            if values is not None:
                is_given = len(values) == 1 and getattr(values[0], "id", None) == node.id  # the caller's of the same name
                return self._model(values[0], place + (not is_given), left - 1) if len(values) == 1 else None
        return None

    def _got(self, call):
        """Of apps.get_model(…)."""
        words = {keyword.arg: keyword.value for keyword in call.keywords}
        nodes = [*call.args, *(words[name] for name in ("app_label", "model_name") if name in words)]
        texts = [self._texts.of(node) for node in nodes]
        if any(len(found) != 1 or not found[0][1] for found in texts):
            return None
        app, _, name = ".".join(found[0][0] for found in texts).partition(".")
        return self._models.get((app, name.lower()))


def _narrows(named):
    """A manager that goes with the state of migrations may have rows of its own."""
    from django.db.models import Manager

    return getattr(type(named[1]), "get_queryset", None) is not Manager.get_queryset


def _column(model, name):
    """None for what a table of a parent has."""
    field = model.fields.get(name)
    if field is None and (name or "").endswith("_id"):
        name = name[:-3]
        field = model.fields.get(name)
    return columns.column_of(name, field) if field is not None else None
