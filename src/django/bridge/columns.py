"""What the models and fields of a migration state are in the database, without classes made of them."""
from pgtool_bridge.lazy_state import references

LONGEST = 63
# What a field may say without a change of its column: those of a Django that does not tell them itself.
NOT_OF_DATABASE = ("blank", "editable", "error_messages", "help_text", "limit_choices_to", "on_delete", "related_name",
                   "related_query_name", "validators", "verbose_name")


def table_of(model):
    return model.options.get("db_table") or default_table(model.app_label, model.name.lower())


def default_table(*names):
    from django.db.backends.utils import truncate_name

    return truncate_name("_".join(names), LONGEST)


def join_table_of(model, name, field):
    """Of a ManyToManyField without a model of its own."""
    from django.db.backends.utils import strip_quotes

    return field.db_table or default_table(strip_quotes(table_of(model)), name)


def concrete(model, models):
    """Of a proxy the model that has the table."""
    while model is not None and model.options.get("proxy"):
        bases = [base for base in model.bases if isinstance(base, str)]
        model = models.get(tuple(bases[0].lower().split("."))) if bases else None
    return model


def column_of(name, field):
    if field.db_column:
        return field.db_column
    return "%s_id" % name if refers(field) else name


def refers(field):
    return bool(field.remote_field and (field.many_to_one or field.one_to_one))


def is_hidden(field):
    """Whether the model that a foreign key refers to does not know of it."""
    return str(getattr(field.remote_field, "related_name", None) or "").endswith("+")


def is_made_anew(name, old, new):
    """Whether Django drops the constraint of a foreign key that is altered so, and makes it anew, when it refers to what it did."""
    return column_of(name, old) != column_of(name, new) or _of_database(old) != _of_database(new)


def _of_database(field):
    _, path, args, words = field.deconstruct()
    ignored = {"db_column", "db_comment", "to", *getattr(field, "non_db_attrs", NOT_OF_DATABASE)}
    return path, args, {name: value for name, value in words.items() if name not in ignored}


def target_of(model, field, models):
    """(model, name, field) that a foreign key refers to, or None."""
    key = next(references(model, [field]), None)
    other = model if key == (model.app_label, model.name_lower) else models.get(key)
    wanted = getattr(field.remote_field, "field_name", None)
    for name, candidate in other.fields.items() if other is not None else ():
        if name == wanted or not wanted and candidate.primary_key:
            return other, name, candidate
    return None


def type_of(model, field, models, connection):
    """None for what has no column."""
    if field.many_to_many:
        return None
    if not refers(field):
        return field.db_type(connection)
    target = target_of(model, field, models)
    if target is None:
        return None
    other, _, candidate = target
    return type_of(other, candidate, models, connection) if refers(candidate) else candidate.rel_db_type(connection)


def columns_of(model, models, connection):
    """{column: {"type", "null"}}"""
    found = {}
    for name, field in model.fields.items():
        kind = type_of(model, field, models, connection)
        if kind:
            found[column_of(name, field)] = {"type": kind, "null": bool(field.null)}
    return found
