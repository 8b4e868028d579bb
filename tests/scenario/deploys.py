"""A shop that is in production, the deploys that change its tables, and the others who use them meanwhile."""
import re
import threading
import time
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime

import psycopg
import pytest

from projects import Project, postgresql
from runs import Run
from waiting import until

CUSTOMER = ('migrations.CreateModel("Customer", [("id", models.BigAutoField(primary_key=True, serialize=False)), '
            '("name", models.CharField(max_length=20))])')
ADD_NOTE = 'migrations.AddField("order", "note", models.TextField(null=True))'
FIRST = "0006_first"  # of the migrations that a test adds
TABLES = "shop_order", "shop_customer"
SLOWLY = "autovacuum_vacuum_cost_delay = 100, autovacuum_vacuum_cost_limit = 1"  # of an autovacuum
# Each row and each DDL statement tells the server's log which timeouts are in force.
_SEEN = """\
create function see_row() returns trigger language plpgsql as $$begin
    raise log 'seen|%|%|%', current_setting('lock_timeout'), current_setting('statement_timeout'), new.number; return new; end$$;
create trigger see before insert on shop_order for each row execute function see_row();
create function see_ddl() returns event_trigger language plpgsql as $$begin
    raise log 'seen|%|%|%', current_setting('lock_timeout'), current_setting('statement_timeout'), current_query(); end$$;
create event trigger see on ddl_command_start execute function see_ddl();
"""
_ROWS = """\
insert into shop_order (number, paid) select 'number ' || n, n % 2 = 0 from generate_series(1, 2000) n;
insert into shop_customer (name) select 'name ' || n from generate_series(1, 2000) n;
grant select, insert, update, delete on all tables in schema public to owner;
"""
_FINGERPRINT = """\
select table_name || '.' || column_name || ' ' || data_type || ' ' || is_nullable || ' ' || coalesce(column_default, '')
    from information_schema.columns where table_schema = 'public'
union all select 'index ' || indexrelid::regclass || ' ' || indisvalid || ' ' || pg_get_indexdef(indexrelid) from pg_index
    where indrelid in (select oid from pg_class where relnamespace = 'public'::regnamespace)
union all select 'constraint ' || conrelid::regclass || ' ' || conname || ' ' || convalidated || ' ' || pg_get_constraintdef(oid)
    from pg_constraint where connamespace = 'public'::regnamespace and conrelid <> 0
union all select 'applied ' || app || '.' || name from django_migrations
union all select 'order ' || id || ' ' || to_jsonb(o) from shop_order o
union all select 'customer ' || id || ' ' || to_jsonb(c) from shop_customer c
order by 1"""


# A file of tests that imports these two runs them on a copy of the shop in production.
@pytest.fixture(scope="session")
def cluster(deploy_cluster):
    return deploy_cluster


@pytest.fixture
def database(production):
    return production


def build_shop(cluster, folder):
    """Makes the database in_production: all migrations of the shop so far, some rows, and eyes that see timeouts."""
    cluster.create("in_production")
    project = Project.shop(folder, {"default": postgresql(cluster, "in_production")})
    project.add_operations("0005_customer", CUSTOMER)
    outcome = plain_migrate(project)
    assert outcome.status == 0, outcome.text
    cluster.sql(_ROWS + _SEEN, "in_production")


def plain_migrate(project, *arguments, **environment):
    """The project's own `manage.py migrate`, without us."""
    run = Run(project, ["manage.py", "migrate", *arguments], environment, program=str(project.python))
    try:
        return run.finish(120)
    finally:
        run.end()


def fingerprint(database):
    """What a deploy may have changed: columns, indexes, constraints, rows and what is recorded."""
    return database.sql(_FINGERPRINT).splitlines()


def records_of(database, migration):
    """How often it is recorded as applied."""
    return database.applied().count(f"shop.{migration}")


def columns(database, table="shop_order"):
    return database.sql(f"select attname from pg_attribute where attrelid = '{table}'::regclass and attnum > 0 "
                        "and not attisdropped order by attnum").split()


def invalid_indexes(database):
    return database.sql("select indexrelid::regclass from pg_index where not indisvalid order by 1").split()


def advisory_locks(database):
    return [lock for lock in database.locks() if lock.startswith("advisory")]


def requests(database):
    """The locks on tables that somebody waits for now: `table mode pid`."""
    return database.sql("select relation::regclass || ' ' || mode || ' ' || pid from pg_locks where not granted and locktype = "
                        "'relation' and database = (select oid from pg_database where datname = current_database())").splitlines()


@dataclass(frozen=True)
class Seen:
    """The timeouts that were in force, as current_setting() tells them."""
    lock: str
    statement: str
    text: str  # number of the order, or the DDL statement


class Witness:
    """What the server's log tells of one database: since the witness was called, or all."""

    def __init__(self, database, since=None):
        self._database = database
        self._start = len(database.cluster.log.records()) if since is None else since

    def records(self):
        return [r for r in self._database.cluster.log.records()[self._start:] if r.get("dbname") == self._database.name]

    def visitors(self):
        """What others than the test itself have done."""
        return [record["message"] for record in self.records() if record.get("user") != "postgres"]

    def seen(self):
        found = (record["message"].split("|", 3) for record in self.records() if record["message"].startswith("seen|"))
        return [Seen(*words[1:]) for words in found]

    def seen_at(self, text):
        """The timeouts in force at each order of that number, or at each DDL statement with that text in it."""
        found = [(one.lock, one.statement) for one in self.seen() if text in one.text]
        assert found, f"{text} was never seen: {self.seen()}"
        return found

    def locks_seen_at(self, text):
        return [lock for lock, _ in self.seen_at(text)]

    def errors(self, sqlstate):
        """The statements that ended so."""
        return [record.get("statement", "") for record in self.records() if record.get("state_code") == sqlstate]

    def given_up(self):
        """The deploy's statements whose wait for a lock was ended: by the server's lock_timeout, or by a cancel from outside."""
        return [record.get("statement", "") for record in self.records()
                if record.get("state_code") in ("55P03", "57014") and record["pid"] not in Holder.pids]

    def sent(self, text):
        return [r["message"] for r in self.records() if "statement: " in r["message"] and text in r["message"]]

    def reader_waits(self):
        """Milliseconds that sessions waited for ACCESS SHARE, longest first; the server tells those over deadlock_timeout."""
        found = (re.search(r"acquired AccessShareLock on relation \d+ .* after ([\d.]+) ms", r["message"]) for r in self.records())
        return sorted((float(match[1]) for match in found if match), reverse=True)

    def own_work(self):
        """Seconds from the first statement of a transaction that takes a strong lock to its end, of the longest one."""
        longest, began = 0.0, {}
        for record in self.records():
            statement = re.match(r"statement: \s*(\w+)", record["message"])
            word = statement[1].upper() if statement else ""
            moment = datetime.strptime(record["timestamp"].rsplit(" ", 1)[0], "%Y-%m-%d %H:%M:%S.%f").timestamp()
            if word in ("ALTER", "CREATE", "DROP", "LOCK", "DO"):
                began.setdefault(record["session_id"], moment)
            elif word in ("COMMIT", "ROLLBACK") and record["session_id"] in began:
                longest = max(longest, moment - began.pop(record["session_id"]))
        return longest


class Holder:
    """Another session in a transaction that holds what its statements took."""

    pids = set()  # of all of them

    def __init__(self, database, *statements, user="app", application="report", autocommit=False):
        self._database = database
        self.connection = psycopg.connect(database.cluster.conninfo(database.name, user), application_name=application,
                                          autocommit=autocommit)
        self.pid = self.connection.info.backend_pid
        self.pids.add(self.pid)
        self._thread = None
        for statement in statements:
            self.connection.execute(statement)

    def go_on(self, *statements, let_go=False):
        """Further statements while the test does something else; `let_go` at their end."""

        def work():
            try:
                for statement in statements:
                    self.connection.execute(statement)
            except psycopg.Error:
                pass  # Cancelled at the end of the test, or the victim of a deadlock: who asks for that looks at the log.
            if let_go:
                self.connection.close()

        self._thread = threading.Thread(target=work, daemon=True)
        self._thread.start()

    def wait_for_age(self, seconds):
        """Until the server says that its transaction is older."""
        until(lambda: self._database.sql(f"select clock_timestamp() - xact_start > '{seconds} s' from pg_stat_activity "
                                         f"where pid = {self.pid}") == "t", f"a transaction of {seconds} s")
        return self

    def wait_for_statement(self, word):
        """Until the server runs one with that word."""
        until(lambda: self._database.sql(f"select query like '%{word}%' and state = 'active' from pg_stat_activity where pid = "
                                         f"{self.pid}") == "t", f"a statement with {word} runs")
        return self

    def join(self):
        self._thread.join(30)
        assert not self._thread.is_alive(), "the other session's statements have not ended"

    def let_go(self):
        if self._thread and self._thread.is_alive():
            self.connection.cancel()
            self._thread.join(30)
        self.connection.close()


class Crowd:
    """Threads with a connection each, that do the same over and over until they are told to stop."""

    def __init__(self):
        self.errors, self.done = [], 0
        self._stop, self._threads = threading.Event(), []

    def _start(self, conninfo, work, *arguments):
        self._threads.append(threading.Thread(target=self._work, args=[conninfo, work, arguments], daemon=True))
        self._threads[-1].start()

    def _work(self, conninfo, work, arguments):
        try:
            with psycopg.connect(conninfo, autocommit=True, prepare_threshold=None) as connection:
                while not self._stop.wait(0.005):  # A pace that leaves some of two processors to the others.
                    work(connection, *arguments)
                    self.done += 1
        except Exception as error:  # pylint: disable=broad-exception-caught  # whatever it is, a request has failed
            self.errors.append(f"{type(error).__name__}: {error}")

    def go_on(self, more=20):
        goal = self.done + more
        until(lambda: self.done >= goal or self.errors, "the others have done some more", 30)
        assert not self.errors, self.errors

    def remove(self):
        self._stop.set()
        for thread in self._threads:
            thread.join(60)


class Traffic(Crowd):
    """Other clients of the same pooler. Each notes what another's setting would have done to it."""

    def __init__(self, database, pooler, clients=4):
        super().__init__()
        self.timeouts = set()
        for _ in range(clients):
            self._start(pooler.conninfo(database.name), self._request)

    def _request(self, connection):
        with connection.transaction():
            connection.execute("select count(*) from django_content_type")
            self.timeouts.add(connection.execute("select current_setting('lock_timeout'), current_setting('statement_timeout')").fetchone())


class Readers(Crowd):
    """One reads each table over and over, on a connection of its own, and notes how long the longest took, in seconds."""

    def __init__(self, database, tables=TABLES):
        super().__init__()
        self.longest = dict.fromkeys(tables, 0.0)
        for table in tables:
            self._start(database.cluster.conninfo(database.name, "app"), self._read, table)

    def _read(self, connection, table):
        began = time.monotonic()
        connection.execute(f"select 1 from {table} limit 1")
        self.longest[table] = max(self.longest[table], time.monotonic() - began)


class Others(ExitStack):
    """Of one test: whoever was called is sent home at its end."""

    def __init__(self, database):
        super().__init__()
        self._database = database

    def hold(self, *statements, **options):
        holder = Holder(self._database, *statements, **options)
        self.callback(holder.let_go)
        return holder

    def call(self, kind, *arguments):
        """Another kind of holder."""
        holder = kind(self._database, *arguments)
        self.callback(holder.let_go)
        return holder

    def read(self, *tables):
        """A transaction that has read these tables, and does nothing now."""
        return self.hold(*(f"select 1 from {table} limit 1" for table in tables or ["shop_order"]))

    def pg_dump(self):
        """Holds what the nightly one holds: every table, to be read."""
        tables = self._database.sql("select string_agg(format('%I.%I', schemaname, tablename), ', ') from pg_tables "
                                    "where schemaname = 'public'")
        return self.hold("set transaction isolation level repeatable read, read only", f"lock table {tables} in access share mode",
                         application="pg_dump")

    def report(self):
        """One long query over both tables."""
        report = self.hold("select 1", application="monthly report")
        report.go_on(f"select count(pg_sleep(0.1)) from {', '.join(TABLES)}")
        return report.wait_for_statement("pg_sleep")

    def vacuum(self, table="shop_order"):
        """Somebody's own VACUUM, which does not give way as autovacuum does."""
        self._database.sql(f"update {table} set id = id")
        vacuum = self.hold("set vacuum_cost_delay = '100ms'", "set vacuum_cost_limit = 1", application="cron", autocommit=True)
        vacuum.go_on(f"vacuum {table}")
        return vacuum.wait_for_statement("vacuum")

    def autovacuum(self, table="shop_order"):
        """Autovacuum comes to the table, and stays for long: its pid."""
        self._database.sql(f"alter table {table} set (autovacuum_vacuum_threshold = 0, autovacuum_vacuum_scale_factor = 0, "
                           f"{SLOWLY}); update {table} set id = id")
        return self.await_autovacuum(table)

    def await_autovacuum(self, table="shop_order"):
        return int(until(lambda: self._database.sql(f"select pid from pg_stat_progress_vacuum where relid = '{table}'::regclass"),
                         "autovacuum has come", 60))

    def crowd(self, kind, *arguments):
        crowd = kind(self._database, *arguments)
        self.callback(crowd.remove)
        crowd.go_on()
        return crowd
