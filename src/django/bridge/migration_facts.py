"""What is told of a migration and of each of its operations beside the SQL."""
import re

from pgtool_bridge import columns, describe, lazy_state, migration_source

WORD = re.compile(r"\w+|\"[^\"]+\"")
OF_STATE = {"AlterModelOptions", "AlterModelManagers"}
OF_FIELDS = {"AddField", "AlterField", "RemoveField"}


def names_of(operation):
    return {kind.__name__ for kind in type(operation).__mro__}


def why_without_sql(operation):
    """None for what is known to send no SQL of its own."""
    if "RunPython" in names_of(operation):
        return None
    return "%s does not say what SQL it sends" % type(operation).__name__


def flat(operations):
    """Those in the database part of a SeparateDatabaseAndState, too."""
    for operation in operations:
        yield operation
        yield from flat(getattr(operation, "database_operations", None) or ())


class Facts:
    def __init__(self, migration, state, connection):
        self._migration, self._state, self._connection = migration, state, connection
        self._source = migration_source.source_of(migration)
        self._places = self._source.places(migration)

    def of_migration(self, editor, constraints):
        migration = self._migration
        return {"app": migration.app_label, "name": migration.name, "file": self._source.file, "line": self._source.line,
                "atomic": bool(migration.atomic), "initial": self._is_initial(), "applied": None,
                "replaces": ["%s.%s" % tuple(key) for key in migration.replaces], "operations": [], "deferred_sql": [], "deferred_by": [],
                "tables": self._tables(editor, constraints)}

    def _is_initial(self):
        if self._migration.initial is None:
            return not any(app == self._migration.app_label for app, _ in self._migration.dependencies)
        return bool(self._migration.initial)

    def of_operation(self, index, operation, states, sql, error):
        kind = type(operation)
        line, end_line = self._places[index]
        names = names_of(operation)
        code = next((inner for inner in flat([operation]) if "RunPython" in names_of(inner)), None)
        told = {"index": index, "class": kind.__name__, "path": "%s.%s" % (kind.__module__, kind.__qualname__),
                "says": _says(operation), "file": self._source.file, "line": line, "end_line": end_line,
                "kind": _kind(operation, names, sql), "sql": sql, "error": error, "atomic": self._is_atomic(operation),
                "reversible": all(getattr(inner, "reversible", True) for inner in flat([operation])),
                "elidable": bool(getattr(operation, "elidable", False)),
                "creates": self._creates(operation, names, states, sql), "table": self._table(operation, states),
                "column": None, "old": None, "new": None,
                "python": self._python(code.code, states[0]) if code else None}
        if names & OF_FIELDS or "RenameField" in names:
            told.update(self._fields(operation, states))
        return told

    def _python(self, code, state):
        return migration_source.python(code, self._source, state.models, self._connection.ops.quote_name)

    def _is_atomic(self, operation):
        return bool(self._migration.atomic or operation.atomic)

    def _table(self, operation, states):
        """As it is before, or as it is made."""
        name = getattr(operation, "model_name", None) or getattr(operation, "name", None) or getattr(operation, "old_name", None)
        if not isinstance(name, str):
            return None
        for state in states:
            model = columns.concrete(state.models.get((self._migration.app_label, name.lower())), state.models)
            if model is not None:
                return columns.table_of(model)
        return None

    def _creates(self, operation, names, states, sql):
        if not any(text.startswith("CREATE TABLE") for text in sql) or not names & {"CreateModel", "AddField", "AlterField"}:
            return []
        model = states[1].apps.get_model(self._migration.app_label, getattr(operation, "model_name", None) or operation.name)
        made = [model._meta.db_table] if "CreateModel" in names else []
        made += [field.remote_field.through._meta.db_table for field in model._meta.local_many_to_many
                 if field.remote_field.through._meta.auto_created]
        quoted = self._connection.ops.quote_name
        return [table for table in made if any(text.startswith("CREATE TABLE %s " % quoted(table)) for text in sql)]

    def _fields(self, operation, states):
        told = {}
        names = names_of(operation)
        for key, state, name in (("old", states[0], getattr(operation, "old_name", None) or operation.name),
                                 ("new", states[1], getattr(operation, "new_name", None) or operation.name)):
            if key == "old" and "AddField" in names or key == "new" and "RemoveField" in names:
                continue
            try:
                model = state.apps.get_model(self._migration.app_label, operation.model_name)
                field = next((field for field in model._meta.local_fields if field.name == name), None)
                if field is not None:
                    told[key] = self._field(field, operation if key == "new" else None)
                    told.setdefault("column", field.column)
            except Exception:
                pass  # That is told where its SQL is.
        return told

    def _field(self, field, operation):
        # A default that is there for this operation only is not in the state after it.
        of_default = getattr(operation, "field", None) or field
        return {"type": field.db_type(self._connection), "null": bool(field.null), "default": self._default(of_default, field),
                "unique": bool(field.unique), "db_default": self._db_default(field)}

    def _default(self, given, field):
        """As SQL, or the name of what computes it."""
        if not given.has_default():
            return None
        if callable(given.default):
            return "%s.%s()" % (getattr(given.default, "__module__", "?"), getattr(given.default, "__qualname__", "?"))
        from pgtool_bridge import offline

        try:
            return offline.literals(self._connection)(field.get_db_prep_save(given.default, self._connection))
        except Exception:
            return describe.explain(ValueError(repr(given.default)))

    def _db_default(self, field):
        from django.db.models.fields import NOT_PROVIDED

        if getattr(field, "db_default", NOT_PROVIDED) is NOT_PROVIDED:
            return None
        editor = self._connection.schema_editor(collect_sql=True, atomic=False)
        try:
            sql, params = editor.db_default_sql(field)
            return self._connection.ops.compose_sql(sql, params) if params else sql
        except Exception:
            return repr(field.db_default)

    def _tables(self, editor, constraints):
        tables, models = {}, self._state.models
        for key in sorted(self._touched()):
            model = columns.concrete(models[key], models)
            try:
                tables[columns.table_of(model)] = {
                    "columns": columns.columns_of(model, models, self._connection), "managed": bool(model.options.get("managed", True)),
                    "constraints": constraints.constraints(editor, model, models)}
            except Exception:
                continue  # A field of the project's own that needs its model: unknown.
        return tables

    def _touched(self):
        """Models of the state before that the operations name."""
        keys, words = set(), set()
        for operation in flat(self._migration.operations):
            if "RunSQL" in names_of(operation):
                words.update(word.strip('"') for word in WORD.findall(str(operation.sql)))
                continue
            keys.update(self._named(operation))
        if words:
            keys.update(key for key, model in self._state.models.items()
                        if columns.table_of(model).strip('"').rpartition('"."')[2] in words)
        return {key for key in keys if key in self._state.models}

    def _named(self, operation):
        app = self._migration.app_label
        for name in "model_name", "name", "old_name":
            value = getattr(operation, name, None)
            if isinstance(value, str):
                yield app, value.lower()
        model = self._state.models.get((app, str(getattr(operation, "model_name", "")).lower()))
        fields = [getattr(operation, "field", None), model and model.fields.get(getattr(operation, "name", None))]
        given = getattr(operation, "fields", None) if "CreateModel" in names_of(operation) else None
        fields += [field for _, field in (given.items() if isinstance(given, dict) else given or ())]
        fake = _App(app)
        yield from lazy_state.references(model or fake, [field for field in fields if field is not None])


class _App:
    """For references of a model that is not there yet."""

    def __init__(self, label):
        self.app_label, self.name_lower = label, ""


def _says(operation):
    try:
        return str(operation.describe())
    except Exception:
        return type(operation).__name__


def _kind(operation, names, sql):
    if "RunSQL" in names:
        return "sql"
    inner = [_kind(one, names_of(one), sql) for one in getattr(operation, "database_operations", None) or ()]
    if "RunPython" in names or "python" in inner:
        return "python"
    if "SeparateDatabaseAndState" in names:
        return "sql" if inner and set(inner) == {"sql"} else "schema" if inner else "state"
    if names & OF_STATE:
        return "state"
    modules = {kind.__module__ for kind in type(operation).__mro__ if kind.__name__ not in ("object", "Operation")}
    return "schema" if any(module.startswith("django.") for module in modules) else "other"
