"""Which tables a migration will lock strongly, as far as its operations say, so that pgtool can wait before it begins.

What is not foreseen here (RunPython, operations of others) is looked at when its first statement comes.
"""
from pgtool_bridge import statements

EXCLUSIVE, SHARE_ROW, SHARE = "AccessExclusiveLock", "ShareRowExclusiveLock", "ShareLock"

# By the name of the class that Django has for it; one that is derived does what it is derived from does.
WHOLE_TABLE = {
    "AddField": EXCLUSIVE, "RemoveField": EXCLUSIVE, "AlterField": EXCLUSIVE, "RenameField": EXCLUSIVE,
    "RenameModel": EXCLUSIVE, "DeleteModel": EXCLUSIVE, "AlterModelTable": EXCLUSIVE, "AlterUniqueTogether": EXCLUSIVE,
    "AlterIndexTogether": EXCLUSIVE, "AlterOrderWithRespectTo": EXCLUSIVE, "AddConstraint": EXCLUSIVE,
    "AddConstraintNotValid": EXCLUSIVE, "RemoveConstraint": EXCLUSIVE, "RemoveIndex": EXCLUSIVE, "AddIndex": SHARE,
}
BLOCKS_NOBODY = {"AddIndexConcurrently", "RemoveIndexConcurrently", "ValidateConstraint"}
# What a field says that no column shows; Field.non_db_attrs of newer Djangos.
NOT_OF_COLUMNS = ("blank", "choices", "db_column", "editable", "error_messages", "help_text", "limit_choices_to", "on_delete",
                  "related_name", "related_query_name", "validators", "verbose_name")


def needs(state, migration, backwards, born):
    """{"tables": …, "sql": …} for pgtool, or nothing when no table that was there before is foreseen."""
    found = _Needs(state, migration.app_label, backwards, born)
    for operation in migration.operations:
        try:
            found.take(operation)
        except Exception:
            pass  # A guess about somebody's own class. What it sends is looked at when it comes.
    if not found.tables and not found.sql:
        return {}
    return {"tables": [{"name": name, "mode": mode} for name, mode in found.tables.items()], "sql": found.sql}


class _Needs:
    def __init__(self, state, app, backwards, tables):
        self._state, self._app, self._backwards = state, app, backwards
        self._born, self._born_tables = set(), tables
        self.tables, self.sql = {}, []

    def take(self, operation):
        names = {kind.__name__ for kind in type(operation).__mro__}
        if names & BLOCKS_NOBODY:
            return
        if "SeparateDatabaseAndState" in names:
            for inner in operation.database_operations:
                self.take(inner)
        elif "RunSQL" in names:
            self._take_sql(operation.reverse_sql if self._backwards else operation.sql)
        elif "CreateModel" in names:
            self._create(operation)
        else:
            mode = next((WHOLE_TABLE[name] for name in names if name in WHOLE_TABLE), None)
            if mode and not ("AlterField" in names and self._is_of_no_column(operation)):
                self._change(operation, mode)

    def _take_sql(self, sql):
        texts = [sql] if isinstance(sql, str) else sql if isinstance(sql, (list, tuple)) else ()
        for one in texts:
            text = one[0] if isinstance(one, (list, tuple)) else one
            if isinstance(text, str) and not self._locks_nothing_old(text):
                self.sql.append(text)

    def _locks_nothing_old(self, text):
        return statements.shape_of(text, statements.first_word(text), None, self._born_tables) is not None

    def _create(self, operation):
        key = self._app, operation.name.lower()
        self._born.add(key)
        if self._backwards:
            self._lock(operation.options.get("db_table") or "%s_%s" % key, EXCLUSIVE)
        for _, field in operation.fields if not isinstance(operation.fields, dict) else operation.fields.items():
            self._refer(field)

    def _change(self, operation, mode):
        model = getattr(operation, "model_name", None) or getattr(operation, "name", None) or ""
        if "RenameModel" in {kind.__name__ for kind in type(operation).__mro__}:
            model = operation.new_name if self._backwards else operation.old_name
        self._lock_model((self._app, model.lower()), mode)
        self._refer(getattr(operation, "field", None))

    def _refer(self, field):
        """A foreign key locks the table that it refers to, too."""
        remote = getattr(getattr(field, "remote_field", None), "model", None)
        if isinstance(remote, str) and getattr(field, "db_constraint", True):
            app, _, model = remote.rpartition(".")
            self._lock_model((app or self._app, model.lower()), SHARE_ROW)

    def _lock_model(self, key, mode):
        model = self._state.models.get(key)
        if model is not None and key not in self._born and model.options.get("managed", True):
            self._lock(model.options.get("db_table") or "%s_%s" % key, mode)

    def _lock(self, table, mode):
        if table not in self._born_tables and self.tables.get(table) != EXCLUSIVE:
            self.tables[table] = mode

    def _is_of_no_column(self, operation):
        model = self._state.models.get((self._app, operation.model_name.lower()))
        before = model and dict(model.fields).get(operation.name)
        return before is not None and _column(before) == _column(operation.field)


def _column(field):
    _, path, arguments, keywords = field.deconstruct()
    ignored = {*NOT_OF_COLUMNS, *getattr(field, "non_db_attrs", ())} - {"db_column"}
    return path, arguments, {key: value for key, value in keywords.items() if key not in ignored}
