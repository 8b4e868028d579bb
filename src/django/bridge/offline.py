"""A connection and a schema editor that collect SQL and need no server: version and quoting are as with one."""
import contextlib

REFUSED = "its SQL depends on the database, and no connection is opened"
PLACEHOLDER = "…"  # for a value that is not known; which one it is matters to nobody who judges a statement


@contextlib.contextmanager
def in_place(alias, server_version):
    """The alias's connection of this thread, meanwhile one that opens nothing."""
    with _another(alias) as made:
        made.__dict__["pg_version"] = server_version
        made.refusals = 0
        made.connect = lambda *args, **kwargs: _refuse(made)
        yield made


@contextlib.contextmanager
def reading(alias):
    """The alias's connection of this thread, meanwhile one in a transaction that only reads. Nothing outlives it."""
    from django.db import transaction

    with _another(alias) as made:
        try:
            with transaction.atomic(using=alias):
                begin_to_read(made)
                yield made
                transaction.set_rollback(True, using=alias)
        finally:
            _hang_up(made)


def begin_to_read(connection):
    with connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION READ ONLY")


def recover(connection):
    """After an operation has failed: the next ones may ask, too."""
    if connection.connection is not None and connection.in_atomic_block and not _is_usable(connection):
        connection.needs_rollback = False
        connection.connection.rollback()
        begin_to_read(connection)


def _is_usable(connection):
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Exception:
        return False
    return not connection.needs_rollback


@contextlib.contextmanager
def _another(alias):
    from django.db import connections

    before = getattr(connections._connections, alias, None)
    connections[alias] = made = connections.create_connection(alias)
    try:
        yield made
    finally:
        if before is None:
            del connections[alias]
        else:
            connections[alias] = before


def _hang_up(connection):
    try:
        connection.close()
    except Exception:
        pass  # It has broken, and that was told.


def _refuse(connection):
    from django.db.utils import OperationalError

    connection.refusals += 1
    raise OperationalError(REFUSED)


def refusals(connection):
    """How often somebody has asked a connection that is not opened."""
    return getattr(connection, "refusals", 0)


def editor_of(connection, catalog):
    """Its questions to the catalog `catalog` answers. What it defers is the caller's to collect."""
    import django

    editor = connection.schema_editor(collect_sql=True, atomic=False)
    editor.deferred_sql = []
    literal, doubles_percents = _or_placeholder(literals(connection)), django.VERSION < (5, 0)

    def quote_value(value):
        return literal(value.replace("%", "%%") if doubles_percents and isinstance(value, str) else value)

    editor.quote_value = quote_value
    if hasattr(connection.ops, "compose_sql"):  # Django 4.2 and later
        connection.ops.compose_sql = lambda sql, params: _filled(sql, params, literal)
    editor.effective_default = _Defaults(connection, editor.effective_default)
    asked = editor._constraint_names
    editor._constraint_names = lambda model, *args, **kwargs: catalog.constraint_names(editor, asked, model, *args, **kwargs)
    if connection.connection is None:
        editor._get_sequence_name = catalog.sequence_name
        editor._is_collation_deterministic = catalog.is_deterministic
    return editor


class _Defaults:
    """As the editor has them. One that asks a database may fail here only: what it looks for is not there yet."""

    def __init__(self, connection, default_of):
        self._connection, self._default_of, self._unknown = connection, default_of, set()

    def __call__(self, field):
        if id(field.default) in self._unknown:
            return PLACEHOLDER
        before = refusals(self._connection)
        try:
            value = self._default_of(field)
        except Exception as error:
            if refusals(self._connection) == before and not self._has_asked(error):
                raise
            recover(self._connection)
        else:
            if refusals(self._connection) == before:  # It may bear a refusal, and take another value.
                return value
        self._unknown.add(id(field.default))
        return PLACEHOLDER

    def _has_asked(self, error):
        from django.core.exceptions import ObjectDoesNotExist
        from django.db import Error

        return self._connection.connection is not None and isinstance(error, (Error, ObjectDoesNotExist))


def _or_placeholder(literal):
    """Some types the driver learns on an open connection only, such as hstore."""
    def of(value):
        try:
            return literal(value)
        except Exception:
            return literal(PLACEHOLDER)

    return of


def _filled(sql, params, literal):
    if params is None:
        return sql
    if hasattr(params, "keys"):
        return sql % {name: literal(value) for name, value in params.items()}
    return sql % tuple(map(literal, params))


def literals(connection):
    """What makes a literal of a value as the driver would on an open connection, with standard_conforming_strings."""
    from django.conf import settings

    try:
        from django.db.backends.postgresql import psycopg_any as driver
    except ImportError:  # Django before 4.2
        return _of_psycopg2
    if not driver.is_psycopg3:
        return _of_psycopg2
    context = _Context()
    context.adapters = driver.get_adapters_template(settings.USE_TZ, connection.timezone)
    return lambda value: _of_bytes(_bytes_in(value)) if _bytes_in(value) is not None else driver.sql.quote(value, context)


def _bytes_in(value):
    value = getattr(value, "obj", value)  # of the driver's Binary
    return bytes(value) if isinstance(value, (bytes, bytearray, memoryview)) else None


def _of_bytes(value):
    return "'\\x%s'::bytea" % value.hex()


class _Context:
    """For psycopg, which would ask a connection for these."""

    connection = None


def _of_psycopg2(value):
    from psycopg2 import Binary, extensions

    adapted = extensions.adapt(value)
    if isinstance(adapted, type(Binary(b""))):
        return _of_bytes(bytes(adapted.adapted))
    if type(adapted).__name__ == "Inet":  # It would ask a connection.
        return _of_psycopg2(adapted.addr) + "::inet"
    if hasattr(adapted, "encoding"):
        adapted.encoding = "utf8"
    text = adapted.getquoted().decode()
    # libpq doubles them as long as no server has told it that its strings are standard.
    return text.replace("\\\\", "\\") if extensions.adapt("\\").getquoted() == b"'\\\\'" else text
