"""A migration under observation: what it locks, what it does meanwhile, what is different afterwards."""
import re
import threading
import time
from collections import Counter
from contextlib import closing, contextmanager
from dataclasses import dataclass, field

import psycopg
from psycopg.pq import TransactionStatus

from lint_set.schema import REFUSED, USES
from lint_set.snippets import statements

MODES = ("AccessShareLock", "RowShareLock", "RowExclusiveLock", "ShareUpdateExclusiveLock", "ShareLock", "ShareRowExclusiveLock",
         "ExclusiveLock", "AccessExclusiveLock")
MANY = 500  # rows; every table of the schema has more than that, or is no matter
_EVENTS = {"rewrite": r'rewriting table "(\w+)"', "verify": r'verifying table "(\w+)"', "index": r'building index "\w+" on table "(\w+)"'}
_FOREIGN_KEY = re.compile(r'validating foreign key constraint "(\w+)"')
_CONTROL = re.compile(r"\s*(begin|start|commit|end|rollback|savepoint|release)\b", re.I)
_SYSTEM = "('pg_catalog', 'information_schema', 'pg_toast')"
_READ = " + ".join(f"pg_catalog.pg_stat_get_xact_tuples_{what}(oid)" for what in ("returned", "fetched", "inserted", "updated", "deleted"))
_LOOK = f"select oid::bigint, pg_catalog.pg_relation_filenode(oid)::bigint, relname::text, {_READ} from pg_catalog.pg_class"
# What a session keeps from one transaction to the next.
STATE = " union all ".join(f"select '{kind}', {query}" for kind, query in {
    "setting": "name || ' = ' || setting from pg_catalog.pg_settings where name !~ '^(transaction_|application_name|plpgsql[.])'",
    "role": "session_user || ' as ' || current_user",
    "advisory lock": "objid::text from pg_catalog.pg_locks where locktype = 'advisory' and pid = pg_backend_pid()",
    "channel": "pg_catalog.pg_listening_channels()",
    "prepared statement": "name from pg_catalog.pg_prepared_statements",
    "cursor": "name from pg_catalog.pg_cursors",
    "temporary table": "relname::text from pg_catalog.pg_class where relnamespace = pg_catalog.pg_my_temp_schema()",
}.items())
_RELATIONS = f"""
select c.oid::bigint, c.relkind::text, quote_ident(n.nspname) || '.' || quote_ident(c.relname), i.indrelid::bigint,
       (select string_agg(quote_ident(attname), ', ' order by attnum) from pg_attribute
        where attrelid = c.oid and attnum > 0 and not attisdropped)
from pg_class c join pg_namespace n on n.oid = c.relnamespace left join pg_index i on i.indexrelid = c.oid
where n.nspname not in {_SYSTEM} and n.nspname !~ '^pg_(temp|toast)' and c.relkind in ('r', 'p', 'v', 'm', 'i', 'I', 'S')
"""
_OBJECTS = f"""
select 'relation ' || n.nspname || '.' || relname from pg_class c join pg_namespace n on n.oid = relnamespace
    where n.nspname not in {_SYSTEM} and n.nspname !~ '^pg_(temp|toast)' and relkind in ('r', 'p', 'v', 'm', 'S')
union all select 'schema ' || nspname from pg_namespace where nspname !~ '^pg_(temp|toast)'
union all select 'function ' || proname from pg_proc p join pg_namespace n on n.oid = pronamespace where n.nspname not in {_SYSTEM}
union all select 'enum ' || typname || ' ' || enumlabel from pg_enum join pg_type t on t.oid = enumtypid
union all select 'trigger ' || tgname || ' ' || tgenabled::text from pg_trigger where not tgisinternal
union all select 'constraint ' || conname from pg_constraint c join pg_namespace n on n.oid = connamespace
    where n.nspname not in {_SYSTEM} and contype not in ('t', 'n')
union all select 'extension ' || extname from pg_extension
union all select 'database ' || datname from pg_database where datname !~ '^(lint|shop)[0-9]'
"""


@dataclass(frozen=True)
class Relation:
    oid: int
    kind: str
    name: str  # with its schema
    table: int  # of an index
    columns: str


@dataclass
class Look:
    """What a session sees of the old relations within its transaction."""
    files: dict
    names: dict
    rows: dict
    keys: dict  # tables of foreign keys


@dataclass
class Step:
    """One statement. What it locks is known while its transaction is open, or while it waits for a writer."""
    text: str
    within: bool = False  # the transaction of the step before
    error: str = None
    message: str = ""
    notices: list = field(default_factory=list)
    locks: dict = field(default_factory=dict)  # the strongest mode of each old relation
    work: dict = field(default_factory=dict)  # of each old table: rewrite, verify, index, foreign key, rows
    blocked: dict = field(default_factory=dict)  # what others tried in vain: read, write


@dataclass
class Observation:
    steps: list
    tables: set
    kept: set  # what the session had more or less between two transactions: (kind, name)
    still_open: bool = False
    uses: dict = field(default_factory=dict)  # those that worked before, with the error they end in now
    refused: dict = field(default_factory=dict)
    rows: dict = field(default_factory=dict)  # of each old table: those that are gone, and how many there were
    gone: set = field(default_factory=set)
    invalid: set = field(default_factory=set)

    @property
    def error(self):
        return next((step.error for step in self.steps if step.error), None)

    @property
    def notices(self):
        return [notice for step in self.steps for notice in step.notices]


def connect(conninfo):
    connection = psycopg.connect(conninfo, autocommit=True, prepare_threshold=None)
    connection.notices = []
    connection.add_notice_handler(lambda told: connection.notices.append((told.severity_nonlocalized, told.sqlstate, told.message_primary)))
    return connection


def is_open(connection):
    return connection.info.transaction_status != TransactionStatus.IDLE


def state(connection):
    found = set(connection.execute(STATE).fetchall())
    connection.notices.clear()
    return found


class Watch:
    """Looks at a database with sessions of its own, before, while and after a migration runs there."""

    def __init__(self, conninfo, uses=(), refused=()):
        self._conninfo = conninfo
        self._watcher = connect(conninfo)
        self.old = {row[0]: Relation(*row) for row in self._watcher.execute(_RELATIONS).fetchall()}
        self._oids = ",".join(map(str, self.old))
        self._tables = {relation.name for relation in self.old.values() if relation.kind in "rpm"}
        self._uses = [*uses, *USES, *(f"select {one.columns} from {one.name} limit 1" for one in self.old.values() if one.kind in "rpmv")]
        self._refused = [*refused, *REFUSED]
        for text in self._uses:
            assert not self._try(text), f"the old release could not do this before: {text}: {self._try(text)}"
        for text in self._refused:
            assert self._try(text), f"this was not refused before: {text}"
        self._rows, self._objects = self._all_rows(), self._all_objects()

    def close(self):
        self._watcher.close()

    def run(self, sql, one_transaction):
        """The whole migration; it ends with its first error."""
        with closing(connect(self._conninfo)) as session:
            session.execute("set client_min_messages = debug1")
            fresh, kept, steps = state(session), set(), []
            for text in self._with_transaction(statements(sql), one_transaction):
                steps.append(self._step(session, text))
                if steps[-1].error:
                    break
                if not is_open(session):
                    kept |= state(session) ^ fresh
            observation = Observation(steps, self._tables, kept, still_open=is_open(session) and not steps[-1].error)
        return self._compare(observation)

    @staticmethod
    def _with_transaction(texts, one_transaction):
        return ["begin", *texts, "commit"] if one_transaction else texts

    def _step(self, session, text):
        if is_open(session):
            step = self._step_within(session, text)
            step.within = True
            return step
        if _CONTROL.match(text):
            return self._execute(session, Step(text))
        rehearsal = self._rehearse(text)
        step = Step(text)
        if rehearsal.error == "25001":
            before = self._look(session)
            self._execute_against_a_writer(session, step)
            self._note_work(step, before, self._look(session))
        else:
            self._execute(session, step)
            step.locks, step.work, step.blocked = rehearsal.locks, rehearsal.work, rehearsal.blocked
        return step

    def _rehearse(self, text):
        """In a transaction that is taken back, so that its locks may be seen."""
        with closing(connect(self._conninfo)) as session:
            session.execute("set client_min_messages = debug1")
            session.execute("begin")
            return self._step_within(session, text)

    def _step_within(self, session, text):
        before = self._look(session) if session.info.transaction_status == TransactionStatus.INTRANS else None
        step = self._execute(session, Step(text))
        if session.info.transaction_status == TransactionStatus.INTRANS:
            self._note_locks(step, session)
            self._note_work(step, before, self._look(session))
        return step

    @staticmethod
    def _execute(session, step):
        session.notices.clear()
        try:
            session.execute(step.text)
        except psycopg.Error as error:
            step.error, step.message = error.sqlstate or "lost", str(error)
        step.notices = list(session.notices)
        session.notices.clear()
        return step

    def _execute_against_a_writer(self, session, step):
        """What cannot be in a transaction is met by a writer that holds every old table: either it need not wait for
        anybody and has no lock that matters, or its locks are seen while it waits."""
        with self._writing():
            worker = threading.Thread(target=self._execute, args=(session, step))
            worker.start()
            while worker.is_alive() and not self._waits(session):
                time.sleep(0.002)
            self._note_locks(step, session)
        worker.join(30)
        assert not worker.is_alive(), f"it does not come to an end: {step.text}"

    def _waits(self, session):
        return self._watcher.execute(f"select wait_event_type = 'Lock' from pg_stat_activity where pid = {session.info.backend_pid}"
                                     ).fetchone()[0]

    @contextmanager
    def _writing(self):
        names = ", ".join(f"only {one.name}" for one in self.old.values() if one.kind in "rp")
        with closing(connect(self._conninfo)) as writer:
            writer.execute(f"begin; lock table {names} in row exclusive mode")
            yield

    def _note_locks(self, step, session):
        rows = self._watcher.execute(f"select relation::bigint, mode from pg_locks where pid = {session.info.backend_pid}"
                                     f" and locktype = 'relation' and relation in ({self._oids})").fetchall()
        for oid, mode in rows:
            name = self.old[oid].name
            step.locks[name] = max(mode, step.locks.get(name, mode), key=MODES.index)
        strong = {oid for oid, one in self.old.items() if MODES.index(step.locks.get(one.name, MODES[0])) >= MODES.index("ShareLock")}
        for oid in strong | {self.old[oid].table for oid in strong}:
            if oid in self.old and self.old[oid].kind in "rpm":
                step.blocked[self.old[oid].name] = self._tried_in_vain(self.old[oid])

    def _tried_in_vain(self, relation):
        """A query waits for the table's indexes as well, and a materialized view is locked by a query only."""
        read = f"set local lock_timeout = '20ms'; select from only {relation.name} limit 0"
        if relation.kind != "m":
            read = f"lock table only {relation.name} in access share mode nowait; {read}"
        tries = {"read": read, "write": f"lock table only {relation.name} in row exclusive mode nowait"}
        return {kind for kind, text in tries.items() if self._try(text) == "55P03"}

    def _look(self, session):
        rows = session.execute(f"{_LOOK} where oid in ({self._oids})").fetchall()
        keys = session.execute("select conname::text, conrelid::bigint from pg_catalog.pg_constraint where contype = 'f'").fetchall()
        look = Look({oid: file for oid, file, _, _ in rows}, {name: oid for oid, _, name, _ in rows},
                    {oid: read for oid, _, _, read in rows}, dict(keys))
        session.notices.clear()
        return look

    def _note_work(self, step, before, after):
        if before is None:
            return
        for oid, relation in self.old.items():
            if oid in after.files and before.files.get(oid) != after.files[oid]:
                self._add_work(step, relation.table or oid, "index" if relation.kind in "iI" else "rewrite")
            if relation.kind in "rpm" and after.rows.get(oid, 0) - before.rows.get(oid, 0) >= MANY:
                self._add_work(step, oid, "rows")
        for _, _, message in step.notices:
            for kind, pattern in _EVENTS.items():
                told = re.match(pattern, message)
                self._add_work(step, told and after.names.get(told[1]), kind)
            told = _FOREIGN_KEY.match(message)
            if told:
                self._add_work(step, after.keys.get(told[1]), "foreign key")

    def _add_work(self, step, oid, kind):
        if oid in self.old:
            step.work.setdefault(self.old[oid].name, set()).add(kind)

    def _try(self, text):
        """The error with which it would end, checks at the commit included."""
        try:
            self._watcher.execute(f"begin; set constraints all immediate; {text}")
        except psycopg.Error as error:
            return error.sqlstate
        finally:
            self._watcher.execute("rollback")
        return None

    def _all_rows(self):
        """By the names and columns of before."""
        found = {}
        for one in self.old.values():
            text = f"select md5(row({one.columns})::text) from {one.name}"
            if one.kind in "rpm" and not self._try(text):
                found[one.name] = Counter(row[0] for row in self._watcher.execute(text).fetchall())
        return found

    def _all_objects(self):
        return {row[0] for row in self._watcher.execute(_OBJECTS).fetchall()}

    def _compare(self, observation):
        observation.uses = {text: self._try(text) for text in self._uses}
        observation.refused = {text: self._try(text) for text in self._refused}
        after = self._all_rows()
        observation.rows = {name: ((rows - after.get(name, Counter())).total(), rows.total()) for name, rows in self._rows.items()}
        observation.gone = self._objects - self._all_objects()
        observation.invalid = {row[0] for row in self._watcher.execute(
            "select relname::text from pg_index join pg_class on oid = indexrelid where not indisvalid and relkind = 'i'").fetchall()}
        return observation
