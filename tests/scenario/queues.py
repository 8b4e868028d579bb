"""Those in the way of a deploy, those who queue behind it, and how each of them fares."""
import fcntl
import os
import subprocess
import threading
import time
from contextlib import contextmanager

import psycopg

from deploys import FIRST, Holder
from processes import program
from waiting import until

_PEOPLE = """\
select pid || ' ' || backend_start from pg_stat_activity
    where datname = current_database() and usename <> 'postgres' and backend_type = 'client backend'"""
UPDATE = """migrations.RunSQL("update shop_order set paid = true where id < 3")"""
BUILD = 'AddIndexConcurrently("order", models.Index(fields=["paid"], name="order_paid"))'
SNAPSHOT = "set transaction isolation level repeatable read", "select 1 from django_content_type"  # what BUILD waits for


def patient(*more):
    """Asks at once, and would wait for long."""
    return "migrate", "--max-transaction-age", "0", "--lock-timeout", "20s", "--retry-delay", "200ms", *more


def told(text):
    """What was said of statements that wait: of the first migration that the test has added."""
    return [line for line in text.splitlines() if line.startswith(f"pgtool: shop.{FIRST} waits for ")]


def wait_until_told(run, lines=1):
    """The latest of so many lines."""
    until(lambda: len(told(run.output("stderr"))) >= lines or run.process.poll() is not None, f"{lines} lines are told", 30)
    assert run.process.poll() is None, run.finish().text
    return told(run.output("stderr"))[-1]


def people(database):
    """Whoever uses the database now: the pid of each session with the moment when it began, for pids come back."""
    return set(database.sql(_PEOPLE).splitlines())


def pids_of(sessions):
    return {int(session.split()[0]) for session in sessions}


def troubles(witness, pids):
    """What the server refused, cancelled or ended of these sessions: `pid sqlstate`."""
    return [f"{record['pid']} {record.get('state_code')}" for record in witness.records()
            if record.get("error_severity") in ("ERROR", "FATAL") and record["pid"] in pids]


def ended(witness):
    """Pids of the sessions that somebody has ended (57P01)."""
    return [record["pid"] for record in witness.records() if record.get("state_code") == "57P01"]


def wait_for_request(database, run, table="shop_order", milliseconds=0):
    """Until the run has waited for so long for a lock on the table."""
    until(lambda: database.sql(f"select 1 from pg_locks where relation = '{table}'::regclass and not granted and mode <> "
                               f"'AccessShareLock' and clock_timestamp() - waitstart > '{milliseconds} ms'")
          or run.process.poll() is not None, f"it waits for {table}", 30)
    assert run.process.poll() is None, run.finish().text


class Waiter(Holder):
    """A session that asks for a table when it is told to, as a request of the shop does: how long that took and how it ended."""

    def __init__(self, database, statement="select 1 from shop_order limit 1"):
        super().__init__(database, application="web", autocommit=True)
        self._statement, self.outcome, self.seconds = statement, "", 0.0

    def ask(self):
        """Returns as soon as it waits for a lock."""
        self._thread = threading.Thread(target=self._work, daemon=True)
        self._thread.start()
        until(lambda: self.outcome or self._waits_since(0), "it queues")

    def _work(self):
        began = time.monotonic()
        try:
            self.connection.execute(self._statement)
            self.outcome = "done"
        except psycopg.Error as error:
            self.outcome = str(error)
        self.seconds = time.monotonic() - began

    def wait_for(self, milliseconds):
        """Until it has waited for so long."""
        until(lambda: self.outcome or self._waits_since(milliseconds), f"it queues for {milliseconds} ms")
        assert not self.outcome, f"after {self.seconds:.1f} s: {self.outcome}"

    def _waits_since(self, milliseconds):
        return self._database.sql(f"select 1 from pg_locks where pid = {self.pid} and not granted and "
                                  f"clock_timestamp() - waitstart >= '{milliseconds} ms'")


class Worker(Holder):
    """A transaction of many short statements: it is old, but never idle for long."""

    def __init__(self, database, *statements):
        super().__init__(database, *statements, application="batch")
        self._stop, self.outcome = threading.Event(), ""
        self._thread = threading.Thread(target=self._work, daemon=True)
        self._thread.start()

    def _work(self):
        try:
            while not self._stop.wait(0.05):
                self.connection.execute("select 1")
        except psycopg.Error as error:
            self.outcome = str(error)

    def let_go(self):
        self._stop.set()
        super().let_go()


class Dump:
    """A real pg_dump of all tables, whose output nobody reads until it is let go: it has locked them all by then."""

    def __init__(self, database):
        self._process = subprocess.Popen([program("pg_dump"), database.cluster.conninfo(database.name)], stdout=subprocess.PIPE,
                                         stderr=subprocess.PIPE)
        fcntl.fcntl(self._process.stdout, fcntl.F_SETPIPE_SZ, os.sysconf("SC_PAGE_SIZE"))
        self.pid = int(until(lambda: database.sql(
            "select pid from pg_locks join pg_stat_activity using (pid) where application_name = 'pg_dump' and granted and "
            "relation = 'shop_order'::regclass"), "pg_dump has locked the tables"))

    def let_go(self):
        """Whatever happened meanwhile, the dump is whole."""
        out, errors = self._process.communicate(timeout=30)
        assert self._process.returncode == 0 and b"dump complete" in out, errors.decode()

    def end(self):
        if self._process.poll() is None:
            self._process.kill()
        self._process.communicate()


@contextmanager
def dumping(database):
    dump = Dump(database)
    try:
        yield dump
    finally:
        dump.end()


@contextmanager
def prepared(database, gid, statement="select 1 from shop_order limit 1", user="app"):
    """A prepared transaction without a session: what to call to let it go, which is done at last."""
    gone = []

    def let_go():
        if not gone:
            database.sql(f"rollback prepared {gid}", user=user)
        gone.append(True)

    with psycopg.connect(database.cluster.conninfo(database.name, user), autocommit=True) as session:
        for text in "begin", statement, f"prepare transaction {gid}":
            session.execute(text)
    try:
        yield let_go
    finally:
        let_go()
