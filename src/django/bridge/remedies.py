"""Operations that do what one of Django's does without its hazard, as source that is ready to be pasted into a migration.

Of locks pgtool itself makes the SQL; here is what only Django can tell: the operation as it is written, and other operations in
its place, by the rule that asks for them. What is for a later migration stands in comments.
"""
CONTRIB = "django.contrib.postgres.operations"
NOT_ATOMIC = "# in a migration with atomic = False"
NEXT_MIGRATION = "# in the next migration:"
NEXT_RELEASE = "# in the next release:"
FOREIGN_KEYS = "# until then drop its foreign keys in database_operations: what they refer to could not be deleted"
PASSED_OVER = {"CreateModel", "RunSQL", "RunPython", "SeparateDatabaseAndState"}


def add(told, operation, app, states, born):
    """Only for what sends SQL to a table that was there before; `born`: those that the migration has made so far."""
    born.update(told["creates"])
    told.update(source="", source_imports=[], safe={})
    if not told["sql"] or told["class"] in PASSED_OVER or told["table"] in born:
        return
    try:
        told["source"], imports = _source(operation)
        told["source_imports"] = imports
        form = FORMS.get(told["class"])
        told["safe"] = {} if form is None else form(operation, told, app, states)
    except Exception:
        told["safe"] = {}  # What cannot be written down: a lambda, a class of the project's own.


def _source(operation):
    """(source without its last comma, lines that import what it needs)"""
    from django.db.migrations.writer import OperationWriter

    source, imports = OperationWriter(operation, indentation=0).serialize()
    name = type(operation).__name__
    module = "import %s" % CONTRIB
    if module in imports:
        source = source.replace("%s.%s(" % (CONTRIB, name), name + "(", 1)
        imports = imports - {module} | {"from %s import %s" % (CONTRIB, name)}
    return source.rstrip().rstrip(","), sorted(imports - {"from django.db import migrations"})


def _pasted(*operations, before=(), after="", later=()):
    imports, sources = set(), []
    for operation in operations:
        source, needed = _source(operation)
        imports.update(needed)
        sources.append(source + ",")
    rest = []
    for operation in later:
        source, needed = _source(operation)
        imports.update(needed)
        rest += ["# " + line for line in (source + ",").splitlines()]
    return "\n".join(["# " + line for line in sorted(imports)] + list(before) + sources + ([after] if rest else []) + rest)


def _add_index(operation, told, app, states):
    from django.contrib.postgres.operations import AddIndexConcurrently

    return {"index-not-concurrent": _pasted(AddIndexConcurrently(operation.model_name, operation.index), before=[NOT_ATOMIC])}


def _remove_index(operation, told, app, states):
    from django.contrib.postgres.operations import RemoveIndexConcurrently

    form = _pasted(RemoveIndexConcurrently(operation.model_name, operation.name), before=[NOT_ATOMIC])
    return {"drop-index-not-concurrent": form}


def _add_constraint(operation, told, app, states):
    from django.contrib.postgres import operations
    from django.db import models

    if not isinstance(operation.constraint, models.CheckConstraint) or not hasattr(operations, "AddConstraintNotValid"):
        return {}
    validate = operations.ValidateConstraint(operation.model_name, operation.constraint.name)
    return {"add-check-constraint": _pasted(operations.AddConstraintNotValid(operation.model_name, operation.constraint),
                                            after=NEXT_MIGRATION, later=[validate])}


def _state_only(*operations, sql=(), undo=()):
    from django.db import migrations

    run = [migrations.RunSQL(list(sql), reverse_sql=list(undo) or migrations.RunSQL.noop)] if sql else []
    return migrations.SeparateDatabaseAndState(state_operations=list(operations), database_operations=run)


def _later_sql(sql):
    from django.db import migrations

    return migrations.RunSQL(list(sql), reverse_sql=migrations.RunSQL.noop)


def _remove_field(operation, told, app, states):
    if told["column"] is None:
        return {}  # The table of a many-to-many field.
    sql, undo = (), ()
    if not told["old"]["null"] and told["old"]["db_default"] is None:
        # The new release writes rows without it, and the old one does not expect to read NULL.
        alter = 'ALTER TABLE %s ALTER COLUMN "%s" %%s NOT NULL' % (_quoted(told["table"]), told["column"])
        sql, undo = [alter % "DROP"], [alter % "SET"]
    field = states[0].models[app, operation.model_name.lower()].fields[operation.name]
    before = [FOREIGN_KEYS] if field.is_relation else ()
    return {"drop-column": _pasted(_state_only(operation, sql=sql, undo=undo), before=before, after=NEXT_RELEASE, later=[_later_sql(told["sql"])])}


def _quoted(table):
    return table if table.startswith('"') else '"%s"' % table.replace('"', '""')


def _delete_model(operation, told, app, states):
    return {"drop-table": _pasted(_state_only(operation), before=[FOREIGN_KEYS], after=NEXT_RELEASE, later=[_later_sql(told["sql"])])}


def _rename_field(operation, told, app, states):
    from django.db import migrations

    field = states[1].models[app, operation.model_name.lower()].fields[operation.new_name]
    kept = migrations.AlterField(operation.model_name, operation.new_name, _with(field, db_column=told["column"]))
    return {"rename-column": _pasted(_state_only(operation, kept), before=["# the column keeps its name: db_column=%r on the field of the model, too" % told["column"]])}


def _rename_model(operation, told, app, states):
    from django.db import migrations

    if len(told["sql"]) != 1:
        return {}  # Tables and columns of many-to-many fields have names after the model's.
    kept = migrations.AlterModelTable(operation.old_name, told["table"])
    return {"rename-table": _pasted(_state_only(kept, operation), before=[
        "# the table keeps its name: db_table = %r in Meta of the model, too" % told["table"],
        "# inside SeparateDatabaseAndState no content type is renamed: do it in RunPython, or permissions stay with the old name"])}


def _add_field(operation, told, app, states):
    import django
    from django.db import migrations

    new = told["new"] or {}
    if new.get("null") is not False or new.get("default") is None or new.get("db_default") is not None:
        return {}
    field, rule = operation.field, "add-required-column-default-dropped"
    if django.VERSION >= (5, 0) and not callable(field.default):
        kept = _with(field, db_default=field.default)
        return {rule: _pasted(migrations.AddField(operation.model_name, operation.name, kept, operation.preserve_default),
                              before=["# and db_default= on the field of the model"])}
    nullable = migrations.AddField(operation.model_name, operation.name, _with(field, null=True))
    alter = migrations.AlterField(operation.model_name, operation.name, field, operation.preserve_default)
    return {rule: _pasted(nullable, after=NEXT_RELEASE + " fill it, and NOT NULL in the form that pgtool lint says of this one",
                          later=[alter])}


def _with(field, **changes):
    _, _, args, given = field.deconstruct()
    return type(field)(*args, **{**given, **changes})


FORMS = {"AddIndex": _add_index, "RemoveIndex": _remove_index, "AddConstraint": _add_constraint, "RemoveField": _remove_field,
         "DeleteModel": _delete_model, "RenameField": _rename_field, "RenameModel": _rename_model, "AddField": _add_field}
