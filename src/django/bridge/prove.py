"""Observes a connection before Django uses it, and prepares the session that pgtool agreed to."""
import json
import os
import socket
import struct

# One statement that changes nothing, with one text column: no row factory can get in its way.
OBSERVE = """select pg_catalog.json_build_object(
'server_pid', pg_catalog.pg_backend_pid(),
'seen_port', pg_catalog.inet_client_port(),
'user', current_user,
'session_user', session_user,
'schemas', pg_catalog.to_json(pg_catalog.current_schemas(false)),
'database', pg_catalog.current_database(),
'standby', pg_catalog.pg_is_in_recovery(),
'lock_timeout', pg_catalog.current_setting('lock_timeout'),
'statement_timeout', pg_catalog.current_setting('statement_timeout'),
'server_version', pg_catalog.current_setting('server_version_num')::integer,
'lock_pid', (select l.pid from pg_catalog.pg_locks l where l.locktype = 'advisory' and l.granted
 and l.mode = 'ExclusiveLock' and l.classid = {0}::oid and l.objid = {1}::oid and l.objsubid = 2
 and l.database = (select d.oid from pg_catalog.pg_database d
 where d.datname = pg_catalog.current_database()) limit 1))::text"""

PROXIED = ("_con", "driver_connection", "dbapi_connection", "connection")


class Unsuitable(Exception):
    """The session cannot be used for a direct run; the text says why."""


def driver_connection(connection):
    """The driver's own connection inside the proxies of connection pools, or None. The innermost counts: a proxy
    that answers like the connection keeps what is set on it (autocommit) to itself."""
    found = None
    for _ in range(5):
        if hasattr(getattr(connection, "info", None), "backend_pid") and hasattr(connection, "fileno"):
            found = connection
        connection = next((inner for inner in (getattr(connection, name, None) for name in PROXIED) if inner is not None), None)
    return found


def observe(raw, deploy_key):
    """The facts of the `connected` message."""
    if raw is None:
        raise Unsuitable("the engine hides its connection, expected psycopg's or psycopg2's")
    facts = dict(_end_of_socket(raw.fileno()), backend_pid=raw.info.backend_pid)
    with Statements(raw) as statements:
        facts.update(json.loads(statements.value(OBSERVE.format(*(key & 0xFFFFFFFF for key in deploy_key)))))
    return facts


def prepare(raw, run_key, session):
    """Take the shared run lock (a run that only reads has none) and set the session up, or raise Unsuitable."""
    with Statements(raw) as statements:
        if run_key and not statements.values(["pg_catalog.pg_try_advisory_lock_shared(%d, %d)" % tuple(run_key)])[0]:
            raise Unsuitable("another deploy waits for this database, expected the run lock to be free")
        if session:
            pairs = [(_quote(name), _quote(value)) for name, value in session]
            made = statements.values(["pg_catalog.set_config(%s, %s, false)" % pair for pair in pairs])
            read = statements.values(["pg_catalog.current_setting(%s)" % name for name, _ in pairs])
            _compare(session, made, read)


def _compare(session, made, read):
    for (name, _), set_to, is_now in zip(session, made, read):
        if set_to != is_now:
            raise Unsuitable("setting %s is '%s' after it was set, expected '%s'" % (name, is_now, set_to))


def sever(raw):
    """Make sure that nothing is sent on this connection any more, not even a commit."""
    try:
        with socket.socket(fileno=os.dup(raw.fileno())) as end:
            end.shutdown(socket.SHUT_RDWR)
    except Exception:
        pass


class Statements:
    """Runs statements outside of any transaction and leaves the connection as it was found."""

    def __init__(self, raw):
        self._raw = raw
        self._switched = False

    def __enter__(self):
        if not self._raw.autocommit and self._raw.info.transaction_status == 0:
            self._raw.autocommit = self._switched = True
        return self

    def __exit__(self, *_):
        if self._switched and not self._raw.closed:
            self._raw.autocommit = False

    def values(self, expressions):
        return json.loads(self.value("select pg_catalog.json_build_array(%s)::text" % ", ".join(expressions)))

    def value(self, sql):
        cursor = self._raw.cursor()
        try:
            cursor.execute(sql, **unprepared(self._raw))
            row = cursor.fetchone()
        finally:
            cursor.close()
        value = row[0] if isinstance(row, (tuple, list)) else next(iter(row.values()))
        return value.decode() if isinstance(value, (bytes, memoryview)) else value


def unprepared(raw):
    """For execute(): psycopg 3 would prepare what comes often, where the project has that switched on."""
    return {"prepare": False} if hasattr(raw, "pgconn") else {}


def _quote(text):
    text = str(text)
    if any(character in text for character in "\\%\0"):
        raise Unsuitable("session setting '%s' has a backslash or percent sign, expected none" % text)
    return "'%s'" % text.replace("'", "''")


def _end_of_socket(fd):
    with socket.socket(fileno=os.dup(fd)) as end:
        if end.family != socket.AF_UNIX:
            return {"socket": False, "local_port": end.getsockname()[1], "peer_pid": None}
        return {"socket": True, "local_port": None, "peer_pid": _peer_pid(end)}


def _peer_pid(end):
    if not hasattr(socket, "SO_PEERCRED"):
        return None
    size = struct.calcsize("3i")
    return struct.unpack("3i", end.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, size))[0]
