"""What a migration that is not recorded would make, so that pgtool can see whether it is there already."""


def tell(channel, alias, state, plan):
    """Of the first planned migration of each app: the state is right for no other. `plan`: Django's, forwards."""
    firsts = {}
    for migration, backwards in plan:
        if not backwards:
            firsts.setdefault(migration.app_label, migration)
    found = [one for one in (_of(state, migration) for migration in firsts.values()) if one]
    if found:
        channel.tell("effects", alias=alias, migrations=found)


def _of(state, migration):
    """None where nothing of it can be told by looking."""
    made = _Effects(state, migration.app_label)
    try:
        for operation in migration.operations:
            made.take(operation)
    except Exception:
        return None  # A class of the project's own, or a state that does not render.
    if not made.there and not made.gone:
        return None
    return {"name": "%s.%s" % (migration.app_label, migration.name), "there": made.there, "gone": made.gone}


class _Effects:
    """Names of tables, of columns with their table, and of indexes and constraints."""

    def __init__(self, state, app):
        self._state, self._app, self._tables = state, app, {}
        self.there, self.gone = [], []

    def take(self, operation):
        kind = type(operation).__name__
        if kind == "CreateModel":
            self._create(operation)
        elif kind == "DeleteModel":
            self.gone.append({"table": self._table(operation.name)})
        elif kind in ("AddField", "RemoveField"):
            self._change(operation, kind)
        elif kind in ("AddIndex", "AddIndexConcurrently"):
            self.there.append({"relation": operation.index.name})
        elif kind == "AddConstraint" and getattr(operation.constraint, "name", None):
            self.there.append({"constraint": operation.constraint.name, "table": self._table(operation.model_name)})

    def _create(self, operation):
        options = operation.options
        if options.get("managed", True) and not options.get("proxy"):
            table = options.get("db_table") or "%s_%s" % (self._app, operation.name.lower())
            self._tables[operation.name.lower()] = table
            self.there.append({"table": table})
            fields = operation.fields
            for name, field in fields.items() if isinstance(fields, dict) else fields:
                self._add_column(self.there, table, name, field)

    def _change(self, operation, kind):
        field = operation.field if kind == "AddField" else self._field(operation)
        things = self.there if kind == "AddField" else self.gone
        self._add_column(things, self._table(operation.model_name), operation.name, field)

    def _add_column(self, things, table, name, field):
        if field.many_to_many:
            return
        field = field.clone()
        field.set_attributes_from_name(name)
        if field.column:
            things.append({"table": table, "column": field.column})

    def _field(self, operation):
        return dict(self._state.models[self._app, operation.model_name.lower()].fields)[operation.name]

    def _table(self, model):
        known = self._tables.get(model.lower())
        return known or self._state.apps.get_model(self._app, model)._meta.db_table
