"""Throw-away PostgreSQL clusters and PgBouncers."""
import itertools
from contextlib import contextmanager

import psycopg

from evidence import ServerLog
from processes import Server, free_port, new_home, own, program, remove_home, run_as_servant, version_of
from waiting import until

SECRET = "s3cr3t-W0rd-of-app"  # password of every ordinary role
POOLED = "select 1 /* pooled */"  # first statement of each backend of a pooler
_numbers = itertools.count(1)

_SETTINGS = {
    "listen_addresses": "'*'", "fsync": "off", "synchronous_commit": "off", "max_connections": 100, "shared_buffers": "'32MB'",
    "timezone": "'UTC'", "logging_collector": "on", "log_destination": "'jsonlog'", "log_filename": "'server.log'",
    "log_statement": "'all'", "log_connections": "on", "log_rotation_size": 0, "log_rotation_age": 0, "autovacuum": "off",
}
_ACCESS = """\
local all all trust
host all,replication postgres samehost trust
host replication postgres samehost trust
hostnossl all tlsonly samehost reject
host all all samehost scram-sha-256
"""


class Cluster:
    """PostgreSQL. `postgres` is trusted, other roles need SECRET, the role tlsonly needs TLS besides."""

    def __init__(self, roles=("app", "owner", "tlsonly"), databases=(), tls=False, replica_of=None, settings=None):
        self.home, self.port = new_home("pg"), free_port()
        self.data = self.home / "data"
        if replica_of:
            run_as_servant(program("pg_basebackup"), "-h", "127.0.0.1", "-p", replica_of.port, "-U", "postgres", "-D", self.data,
                           "-R", "-X", "stream", "-c", "fast", "--no-sync", cwd=self.home)
        else:
            run_as_servant(program("initdb"), "-A", "trust", "-U", "postgres", "--no-sync", "-E", "UTF8", "--locale=C", "-D",
                           self.data, cwd=self.home)
            (self.data / "pg_hba.conf").write_text(_ACCESS)
        self._configure(tls, settings or {})
        self.start()
        self.log = ServerLog(self.home / "server.json", self._mark)
        if not replica_of:
            for role in roles:
                self.sql(f"create role {role} login password '{SECRET}'", "postgres")
            for name in databases:
                self.create(name)

    def _configure(self, tls, settings):
        values = {**_SETTINGS, "port": self.port, "unix_socket_directories": f"'{self.home}'", "log_directory": f"'{self.home}'"}
        if tls:
            values.update(ssl="on", ssl_cert_file=f"'{self.home}/tls.crt'", ssl_key_file=f"'{self.home}/tls.key'")
            run_as_servant("openssl", "req", "-x509", "-nodes", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-subj",
                           "/CN=localhost", "-keyout", self.home / "tls.key", "-out", self.home / "tls.crt", cwd=self.home)
        values.update(settings)
        with open(self.data / "postgresql.conf", "a", encoding="utf-8") as file:
            file.writelines(f"{name} = {value}\n" for name, value in values.items())

    def start(self):
        self.server = Server([program("postgres"), "-D", self.data], self.home, self.port)
        until(lambda: not self.sql("select", "postgres", check=False), "the server has started up", 30)

    def restart_at_once(self):
        """As after a crash: nobody is waited for."""
        self.server.stop()
        self.start()

    def _mark(self, text):
        self.sql(f"do $$begin raise log '{text}'; end$$", "postgres")

    def sql(self, text, database="app", user="postgres", check=True):
        """Rows as lines, columns split by |. With check=False the error's text comes instead."""
        return simple_query(self.conninfo(database, user), text, check)

    def conninfo(self, database="app", user="postgres"):
        return f"host=127.0.0.1 port={self.port} dbname={database} user={user} password={SECRET} connect_timeout=5"

    def url(self, database="app", user="app", host="127.0.0.1", password=SECRET):
        return f"postgresql://{user}:{password}@{host}:{self.port}/{database}"

    def create(self, name, owner="app", like="template1"):
        self.sql(f'create database "{name}" owner {owner} template "{like}"', "postgres")

    def database(self, owner="app", like="template1"):
        """A new database of the test's own; a copy of the database `like`, which nobody may be connected to."""
        name = f"shop{next(_numbers)}"
        self.create(name, owner, like)
        return Database(self, name)

    def replica(self):
        return Cluster(replica_of=self)


class Database:
    """One database and what its server says of it."""

    def __init__(self, cluster, name):
        self.cluster, self.name, self.port = cluster, name, cluster.port
        self.marks = {POOLED}  # of a pooler's sessions, in the server's log
        self.gate_keeper = None  # pid of the backend that keeps the gate shut

    def drop(self):
        self.cluster.sql(f'drop database "{self.name}" with (force)', "postgres")

    def sql(self, text, user="postgres", check=True):
        return self.cluster.sql(text, self.name, user, check)

    def url(self, user="app", **parts):
        return self.cluster.url(self.name, user, **parts)

    def statements(self):
        return self.cluster.log.statements(self.name, self.marks)

    def pooled(self):
        return [s.text for s in self.statements() if s.pooled]

    def direct(self):
        return [s.text for s in self.statements() if not s.pooled and s.user != "postgres"]

    def writes(self):
        return [s for s in self.statements() if s.writes and s.user != "postgres"]

    def assert_untouched(self):
        """Nobody sent anything that changes it."""
        assert [f"{'pooled' if s.pooled else 'direct'}: {s.text}" for s in self.writes()] == []
        assert self.tables() == []

    def assert_written_directly_only(self):
        """Something was written, nothing of it by the pooler, and Django did not even read there."""
        assert self.writes()
        assert [s.text for s in self.writes() if s.pooled] == []
        assert [text for text in self.pooled() if '"django_migrations"' in text] == []

    def applied(self, app="shop"):
        rows = self.sql("select app || '.' || name from django_migrations order by id").split()
        return [row for row in rows if row.startswith(f"{app}.")]

    def recorded(self):
        """How often a migration was recorded as applied, by the log."""
        return sum(s.text.startswith('INSERT INTO "django_migrations"') for s in self.statements())

    def tables(self):
        return self.sql("select schemaname || '.' || tablename from pg_tables where schemaname not in "
                        "('pg_catalog', 'information_schema') order by 1").split()

    def sessions(self):
        """Who is connected, but for the pooler's own connections and the test's: `pid application query`."""
        pooled = {statement.pid for statement in self.statements() if statement.pooled}
        rows = self.sql("select pid || ' ' || coalesce(application_name, '') || ' ' || coalesce(query, '') from pg_stat_activity "
                        f"where datname = '{self.name}' and usename <> 'postgres'").splitlines()
        return [row for row in rows if row.split()[0].isdigit() and int(row.split()[0]) not in pooled]

    def locks(self):
        """Held or awaited here by others than the gate's keeper: `type mode pid`."""
        found = self.sql("select locktype || ' ' || mode || ' ' || pid from pg_locks l where database = (select oid from pg_database "
                        "where datname = current_database()) and pid <> pg_backend_pid()").splitlines()
        return [lock for lock in found if not lock.endswith(f" {self.gate_keeper}")]

    def wait_until_left(self):
        """A backend ends a moment after its client: soon nobody is connected and nothing is locked."""
        until(lambda: not self.sessions() and not self.locks(), f"all sessions and locks of {self.name} are gone", 10)

    def at_gate(self):
        return self.sql("select pid from pg_stat_activity where datname = current_database() and usename <> 'postgres' "
                        "and query like '%pg_try_advisory_xact_lock_shared(4711)%'").split()

    def wait_at_gate(self):
        """Until a migration waits at the gate: the pid of its backend."""
        return int(until(self.at_gate, f"a migration waits at the gate of {self.name}", 30)[0])

    @contextmanager
    def closed_gate(self):
        """While it lasts a migration with a gate waits; `open()` lets it through."""
        with psycopg.connect(self.cluster.conninfo(self.name), autocommit=True) as holder:
            holder.execute("select pg_advisory_lock(4711)")
            self.gate_keeper = holder.info.backend_pid
            yield holder.close


class Pooler:
    """What all poolers in front of one cluster share: a home, a port, and roles whose password is SECRET."""

    def __init__(self, kind):
        self.kind, self.program, self.home, self.port = kind, program(kind), new_home(kind), free_port()

    @classmethod
    def before(cls, database, mode):
        """In front of a test's database, in one of its `modes`."""
        return cls(database, mode)

    def _write(self, name, text):
        path = self.home / name
        path.write_text(text, encoding="utf-8")
        path.chmod(0o600)
        own(path)
        return path

    def _start(self, *arguments):
        self._arguments = [self.program, *arguments]
        self.server = Server(self._arguments, self.home, self.port)

    def kill_and_start(self):
        self.server.process.kill()
        self.server.process.wait()
        self.server = Server(self._arguments, self.home, self.port)

    def version(self):
        """Such as 1.18.0, by the program's own word."""
        return ".".join(map(str, version_of(self.kind)))

    def conninfo(self, database, user="app"):
        return f"host=127.0.0.1 port={self.port} dbname={database} user={user} password={SECRET} connect_timeout=5"

    def url(self, database="app", user="app", host="127.0.0.1", password=SECRET):
        return f"postgresql://{user}:{password}@{host}:{self.port}/{database}"

    def sql(self, text, database="app", user="app", check=True):
        return simple_query(self.conninfo(database, user), text, check)

    def remove(self):
        self.server.stop()
        remove_home(self.home)


class Bouncer(Pooler):
    """PgBouncer in front of databases of one cluster. `line` is added to each [databases] line, `extra` to
    [pgbouncer]; `lines` are further databases. Several may share a `port` with so_reuseport."""

    modes = ("session", "transaction", "statement")

    def __init__(self, cluster, databases, mode="transaction", users=None, line="", extra="", lines=(), port=None):
        super().__init__("pgbouncer")
        self.mode, self.port = mode, port or self.port
        if not line.startswith("host="):
            line = f"host=127.0.0.1 {line}"
        lines = "\n".join([*(f"{name} = {line} port={cluster.port} connect_query='{POOLED}'" for name in databases), *lines])
        self._write_userlist(users or dict.fromkeys(("app", "owner", "tlsonly"), SECRET))
        self._start(self._write(
            "pgbouncer.ini",
            f"[databases]\n{lines}\n[pgbouncer]\nlisten_addr = *\nlisten_port = {self.port}\n"
            f"unix_socket_dir = {self.home}\nauth_type = scram-sha-256\nauth_file = {self.home}/userlist.txt\n"
            f"admin_users = pooladmin\npool_mode = {mode}\nmax_client_conn = 200\ndefault_pool_size = 10\n{extra}\n"))

    @classmethod
    def before(cls, database, mode):
        return cls(database.cluster, [database.name], mode)

    def _write_userlist(self, users):
        secrets = {"pooladmin": SECRET, **users}
        self._write("userlist.txt", "".join('"{}" "{}"\n'.format(user, secret.replace('"', '""')) for user, secret in secrets.items()))

    def add_line(self, line):
        """One more of [databases], from now on."""
        settings = (self.home / "pgbouncer.ini").read_text(encoding="utf-8")
        self._write("pgbouncer.ini", settings.replace("[databases]\n", f"[databases]\n{line}\n"))
        simple_query(self.conninfo("pgbouncer", "pooladmin"), "reload")

    def edit(self, old, new):
        """Its file, which it does not read by itself."""
        text = (self.home / "pgbouncer.ini").read_text(encoding="utf-8")
        assert old in text
        self._write("pgbouncer.ini", text.replace(old, new))

    def reload(self):
        simple_query(self.conninfo("pgbouncer", "pooladmin"), "reload")

    def set_secrets(self, users):
        """Other passwords for its clients from now on."""
        self._write_userlist(users)
        simple_query(self.conninfo("pgbouncer", "pooladmin"), "reload")

    def console(self):
        return self.url("pgbouncer", "pooladmin")

    def own_console(self):
        """By its unix socket, which is its own even where the port is shared."""
        return f"host={self.home} port={self.port} dbname=pgbouncer user=pooladmin password={SECRET}"

    def wait_for_socket(self):
        until((self.home / f".s.PGSQL.{self.port}").exists, "it listens on its own socket too")

    def shown(self, table, user="pooladmin"):
        """The rows of SHOW `table` as dicts, since the columns differ between versions."""
        with psycopg.connect(self.conninfo("pgbouncer", user), autocommit=True) as console:
            result = console.pgconn.exec_(f"show {table}".encode())
            names = [result.fname(column).decode() for column in range(result.nfields)]
            return [{name: (result.get_value(row, column) or b"").decode() for column, name in enumerate(names)}
                    for row in range(result.ntuples)]


def simple_query(conninfo, text, check=True):
    """Through the simple protocol, which an admin console demands."""
    try:
        with psycopg.connect(conninfo, autocommit=True, prepare_threshold=None) as connection:
            result = connection.pgconn.exec_(text.encode())
            message = result.error_message.decode()
            rows = ["|".join((result.get_value(row, column) or b"").decode() for column in range(result.nfields))
                    for row in range(result.ntuples)]
    except psycopg.OperationalError as error:
        message, rows = str(error), []
    if message and check:
        raise RuntimeError(f"{text!r}: {message.strip()}")
    return f"ERROR {message.strip()}" if message else "\n".join(rows)
