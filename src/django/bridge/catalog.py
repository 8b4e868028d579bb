"""What a walk through the migrations has put into the database so far: constraints and indexes with their names.

Names are those of Django's schema editor, or of PostgreSQL for what Django writes without a name. It follows the
operations without making classes of models; a name is made when it is asked for.
"""
from pgtool_bridge import joins
from pgtool_bridge.columns import column_of, default_table, is_hidden, is_made_anew, table_of, target_of, type_of
from pgtool_bridge.entries import TO_FOREIGN, Entry, postgres_name
from pgtool_bridge.lazy_state import references


class Catalog:
    def __init__(self, connection):
        self._connection = connection
        self._entries, self._invalid, self._fuzzy, self._retyped = {}, set(), set(), set()
        self._joins = joins.Joins(self._entries, self._retyped)
        self._becoming = {}  # Keys that an operation is about to give to models, and those that they have.
        self.asks_database = False  # True while the database is in the state that the walk has come to.

    # What operations do; `state` is the one before.

    def expect(self, operation, app):
        """The operation is about to ask."""
        self._becoming = {}
        if "RenameModel" in {kind.__name__ for kind in type(operation).__mro__}:
            old, new = (app, operation.old_name.lower()), (app, operation.new_name.lower())
            self._becoming = {new: old, **self._joins.becoming(old, new)}

    def take(self, operation, app, state):
        names = [kind.__name__ for kind in type(operation).__mro__]
        for name in names:
            action = getattr(self, "_" + name, None)
            if action:
                return action(operation, app, state)

    def _SeparateDatabaseAndState(self, operation, app, state):
        for inner in operation.database_operations:
            self.take(inner, app, state)

    def _CreateModel(self, operation, app, state):
        from django.db.migrations.state import ModelState

        model = ModelState(app, operation.name, operation.fields, dict(operation.options), tuple(operation.bases), [])
        self._entries[app, model.name_lower] = self.of_fields(model, state)

        for name, field in model.fields.items():
            self._joins.add(model, name, field, state)

    def _DeleteModel(self, operation, app, state):
        self._entries.pop((app, operation.name.lower()), None)

    def _RenameModel(self, operation, app, state):
        import django

        old, new = (app, operation.old_name.lower()), (app, operation.new_name.lower())
        self._entries[new] = self._entries.pop(old, [])
        self._joins.rename(old, new, state)
        model = state.models[old]
        table = model.options.get("db_table") or default_table(*new)
        if table == table_of(model) and django.VERSION >= (5, 0):
            return  # An older one makes the foreign keys anew all the same.
        for key, entry in self._foreign_to(table_of(model)):
            other = state.models.get(old if key == new else key)
            field = other and other.fields.get(entry.fields[0])
            if field and not is_hidden(field) and next(references(other, [field]), None) == old:
                to = table, entry.refers[1]
                entry.remake(table if key == new else table_of(other), column_of(entry.fields[0], field), TO_FOREIGN, to)
            entry.refers = table, entry.refers[1]

    def _AlterModelTable(self, operation, app, state):
        model = state.models[app, operation.name.lower()]
        for _, entry in self._foreign_to(table_of(model)):
            entry.refers = operation.table or default_table(app, model.name_lower), entry.refers[1]

    def _AddField(self, operation, app, state):
        model = state.models[app, operation.model_name.lower()]
        self._of(model).extend(self._born(model, operation.name, operation.field, state))
        self._joins.add(model, operation.name, operation.field, state)

    def _RemoveField(self, operation, app, state):
        entries = self._of(state.models[app, operation.model_name.lower()])
        entries[:] = [entry for entry in entries if operation.name not in entry.fields]

    def _RenameField(self, operation, app, state):
        model, old, new = state.models[app, operation.model_name.lower()], operation.old_name, operation.new_name
        field, table = model.fields[old], table_of(model)
        columns = column_of(old, field), column_of(new, field)
        for entry in self._of(model):
            entry.fields = [new if name == old else name for name in entry.fields]
            if entry.kind == "foreign" and entry.fields == [new] and columns[0] != columns[1]:
                entry.remake(table, columns[1], TO_FOREIGN, entry.refers)
        for _, entry in self._foreign_to(table, columns[0]):
            entry.refers = table, columns[1]

    def _AlterField(self, operation, app, state):
        model = state.models[app, operation.model_name.lower()]
        old, new = model.fields.get(operation.name), operation.field
        if old is None:
            return
        entries = self._of(model)
        self._retype(model, operation.name, (old, new), state)
        before = {entry.kind: entry for entry in self._born(model, operation.name, old, state)}
        for entry in self._born(model, operation.name, new, state, altered=True):
            if entry.kind not in before:
                entries.append(entry)
            elif entry.kind == "foreign" and (before[entry.kind].target != entry.target or is_made_anew(operation.name, old, new)):
                self._drop(entries, operation.name, entry.kind)
                entries.append(entry)
            before.pop(entry.kind, None)
        for kind in before:
            self._drop(entries, operation.name, kind)

    def _retype(self, model, name, fields, state):
        """Foreign keys to a column whose type changes are made anew, with another name."""
        old, new = fields
        both = old.primary_key and new.primary_key or old.unique and new.unique
        if not both or old.remote_field or new.remote_field or old.db_type(self._connection) == new.db_type(self._connection):
            return
        target = table_of(model), column_of(name, old)
        self._retyped.add(target)
        for key, entry in self._foreign_to(*target):
            other, field = state.models.get(key), entry.fields[0]
            if other is None:
                entry.remake(self._joins.table(key) or entry.table, field + "_id", "_fk", target)
            elif field in other.fields:
                entry.remake(table_of(other), column_of(field, other.fields[field]), "_fk", target)

    def _foreign_to(self, table, column=None):
        """[(key of the model, entry)] of the foreign keys to it."""
        return [(key, entry) for key, entries in self._entries.items() for entry in entries
                if entry.refers and entry.refers[0] == table and column in (None, entry.refers[1])]

    def _AlterUniqueTogether(self, operation, app, state):
        self._alter_together(operation, app, state, "unique")

    def _AlterIndexTogether(self, operation, app, state):
        self._alter_together(operation, app, state, "index")

    def _AddConstraintNotValid(self, operation, app, state):
        self._invalid.add((app, operation.model_name.lower(), operation.constraint.name))

    def _ValidateConstraint(self, operation, app, state):
        self._invalid.discard((app, operation.model_name.lower(), operation.name))

    def _RemoveConstraint(self, operation, app, state):
        self._invalid.discard((app, operation.model_name.lower(), operation.name))

    def _RenameIndex(self, operation, app, state):
        if getattr(operation, "old_fields", None):
            entries = self._of(state.models[app, operation.model_name.lower()])
            entries[:] = [entry for entry in entries if not (entry.kind == "index" and entry.fields == list(operation.old_fields))]

    def _CreateCollation(self, operation, app, state):
        if not getattr(operation, "deterministic", True):
            self._fuzzy.add(operation.name)

    def _alter_together(self, operation, app, state, kind):
        option = kind + "_together"
        model = state.models[app, operation.name.lower()]
        wanted = {tuple(fields) for fields in getattr(operation, option) or ()}
        entries = self._of(model)
        entries[:] = [entry for entry in entries if not (entry.kind == kind and entry.suffix in ("_uniq", "_idx")
                                                         and len(entry.fields) > 1 and tuple(entry.fields) not in wanted)]
        there = {tuple(entry.fields) for entry in entries if entry.kind == kind}
        entries += self._together(model, sorted(wanted - there), option)

    def _drop(self, entries, name, kind):
        entries[:] = [entry for entry in entries if not (entry.fields == [name] and entry.kind == kind)]

    def _of(self, model):
        return self._entries.setdefault((model.app_label, model.name_lower), [])

    def _together(self, model, groups, option):
        kind, suffix = ("unique", "_uniq") if option == "unique_together" else ("index", "_idx")
        for fields in groups:
            columns = [column_of(name, model.fields[name]) if name in model.fields else name for name in fields]
            yield Entry(kind, fields, table_of(model), columns, suffix)

    def _born(self, model, name, field, state, altered=False):
        """What comes with a column: a new one, or one that was altered to have it."""
        if field.many_to_many:
            return
        table, column = table_of(model), column_of(name, field)
        if field.primary_key:
            yield Entry("primary", [name], table, [column], "_pk" if altered else "pkey", not altered)
        elif field.unique:
            yield Entry("unique", [name], table, [column], "_uniq" if altered else "key", not altered)
        elif field.db_index:
            yield Entry("index", [name], table, [column], "")
        if field.get_internal_type() in self._connection.data_type_check_constraints:
            yield Entry("check", [name], table, [column], "_check" if altered else "check", not altered)
        if field.remote_field and getattr(field, "db_constraint", True):
            target = target_of(model, field, state.models)
            if target:
                to = table_of(target[0]), column_of(*target[1:])
                yield Entry("foreign", [name], table, [column], TO_FOREIGN, target=to)

    # What a schema editor asks.

    def constraint_names(self, editor, asked, model, column_names=None, unique=None, primary_key=None, index=None,
                         foreign_key=None, check=None, type_=None, exclude=None):
        """In place of the editor's own method, which is `asked`."""
        if self.asks_database:
            found = asked(model, column_names, unique, primary_key, index, foreign_key, check, type_, exclude)
            if found:
                return found
        wanted = {"unique": unique, "primary_key": primary_key, "index": index, "check": check}
        found = [
            name for name, columns, facts in self._rows(editor, model)
            if (column_names is None or list(column_names) in (columns, facts["columns"]))
            and all(value is None or facts[key] == value for key, value in wanted.items())
            and (foreign_key is None or facts["foreign_key"])
            and (type_ is None or facts["type"] == type_)
            and not (exclude and name in exclude)
        ]
        # What is made at the migration's end only is not there yet.
        pending = " ".join(map(str, editor.deferred_sql)) if found else ""
        found = [name for name in found if editor.quote_name(name) not in pending]
        return sorted(found) if index else found  # As the server groups them.

    def _rows(self, editor, model):
        """(name, columns of today, facts) of all that a model's table has."""
        view = _OfClass(model, self)
        # While a model is renamed a column still has the name that it was born with.
        born = {entry.name(editor): entry.columns for entry in self._known(view.key)} if self._becoming else {}
        for name, kind, columns, type_ in self._named(editor, view):
            yield name, columns, {"columns": born.get(name),
                                  "unique": kind in ("unique", "primary", "unique index"), "primary_key": kind == "primary",
                                  "index": kind in ("index", "unique index"), "check": kind == "check",
                                  "foreign_key": kind == "foreign", "type": type_}

    def _known(self, key):
        return self._entries.get(key) or self._entries.get(self._becoming.get(key)) or ()

    def _named(self, editor, view):
        """(name, kind, columns, type) of what a view's table has."""
        columns = view.columns()
        for entry in self._known(view.key) or view.as_created():
            now = [columns.get(name, name) for name in entry.fields]
            yield entry.name(editor), entry.kind, now, "idx"
            if entry.kind == "index" and len(now) == 1 and _is_text(view.type(entry.fields[0], self._connection)):
                yield editor._create_index_name(entry.table, entry.columns, suffix="_like"), "index", now, "idx"
        for constraint in view.options("constraints"):
            fields = [columns.get(name, name) for name in fields_of(constraint)]
            kind = kind_of(constraint)
            yield constraint.name, kind, fields, "idx" if "index" in kind else ""
        for index in view.options("indexes"):
            yield index.name, "index", [columns.get(name, name) for name, _ in index.fields_orders], index.suffix

    def of_fields(self, model, state):
        """What a table has as it is created."""
        made = [entry for name, field in model.fields.items() for entry in self._born(model, name, field, state)]
        for option in "unique_together", "index_together":
            made += self._together(model, model.options.get(option) or (), option)
        return made

    def as_created(self, model):
        """Of a table that no operation was about: one of a ManyToManyField, or of an app without migrations."""
        from django.db.migrations.state import ModelState

        state = ModelState.from_model(model)
        found = []
        for field in model._meta.local_fields:
            entries = list(self._born(state, field.name, state.fields.get(field.name, field), _NOTHING))
            if field.remote_field and not any(entry.kind == "foreign" for entry in entries) and field.db_constraint:
                target = field.target_field.model._meta.db_table, field.target_field.column
                entries.append(Entry("foreign", [field.name], model._meta.db_table, [field.column],
                                     "_fk" if target in self._retyped else TO_FOREIGN, target=target))
            found += entries
        return found + list(self._together(state, model._meta.unique_together, "unique_together"))

    def constraints(self, editor, model, models):
        """Of a ModelState: {name: {"kind", "columns", "valid"}}, without what is an index only."""
        view = _OfState(model, models, self)
        return {name: {"kind": kind, "columns": columns, "valid": (*view.key, name) not in self._invalid}
                for name, kind, columns, _ in self._named(editor, view) if "index" not in kind}

    def sequence_name(self, table, column):
        return postgres_name(table, column, "seq")

    def is_deterministic(self, collation):
        return collation not in self._fuzzy


class _Nothing:
    models = {}


_NOTHING = _Nothing()


class _OfState:
    """A ModelState."""

    def __init__(self, model, models, catalog):
        self._model, self.models, self._catalog = model, models, catalog
        self.key = model.app_label, model.name_lower

    def columns(self):
        return {name: column_of(name, field) for name, field in self._model.fields.items()}

    def options(self, name):
        return self._model.options.get(name) or ()

    def type(self, name, connection):
        field = self._model.fields.get(name)
        return type_of(self._model, field, self.models, connection) if field is not None else None

    def as_created(self):
        return self._catalog.of_fields(self._model, self)


class _OfClass:
    """A class, of which the walk may know nothing: its table came with another model."""

    def __init__(self, model, catalog):
        self._model, self._catalog = model, catalog
        self.key = model._meta.app_label, model._meta.model_name

    def columns(self):
        return {field.name: field.column for field in self._model._meta.local_fields}

    def options(self, name):
        return getattr(self._model._meta, name)

    def type(self, name, connection):
        try:
            return self._model._meta.get_field(name).db_type(connection)
        except Exception:
            return None

    def as_created(self):
        return self._catalog.as_created(self._model)


def _is_text(kind):
    return (kind or "").startswith(("varchar", "text")) and "[" not in kind


def fields_of(constraint):
    """Of a CheckConstraint those that its condition looks at, as far as that can be seen."""
    condition = getattr(constraint, "condition", None) or getattr(constraint, "check", None)
    if "CheckConstraint" not in {kind.__name__ for kind in type(constraint).__mro__} or condition is None:
        return list(getattr(constraint, "fields", ()))
    found, left = {}, [condition]
    while left:
        part = left.pop(0)
        if isinstance(part, tuple):
            found[part[0].partition("__")[0]] = True
            part = part[1]
        elif isinstance(getattr(part, "name", None), str):
            found[part.name.partition("__")[0]] = True
        left += getattr(part, "children", ()) or getattr(part, "get_source_expressions", list)()
    return list(found)


def kind_of(constraint):
    """In the words of a report; a UniqueConstraint with a condition and the like is an index only."""
    names = {kind.__name__ for kind in type(constraint).__mro__}
    if "CheckConstraint" in names:
        return "check"
    if "ExclusionConstraint" in names:
        return "exclude"
    more = ("condition", "include", "opclasses", "expressions")
    return "unique index" if any(getattr(constraint, name, None) for name in more) else "unique"
