"""What a session keeps: behind a pooler in transaction mode it is the next client's, and not one's own."""
from lint_proofs import is_lost_on_the_way, leaves, takes
from lint_set.snippets import Snippet, hazard, innocent

_LOG = "log_min_duration_statement"


def _pooled(name, rule, sql, *proofs, **more):
    return hazard(name, rule + "-under-pooler", sql, *proofs, pooled=True, **more)


SNIPPETS = [
    _pooled("a setting of the session", "session-set", "set lock_timeout = '2s'; create table leaf (a integer)",
            leaves("setting", "lock_timeout = 2000"), run="none"),
    _pooled("a setting of the session within a transaction", "session-set", "SET statement_timeout TO 0; create table leaf (a integer)",
            leaves("setting", "statement_timeout = 0")),
    _pooled("a setting by a function", "session-set", "select set_config('lock_timeout', '3s', false)",
            leaves("setting", "lock_timeout = 3000")),
    _pooled("the search path, as pg_dump empties it", "session-set", "SELECT pg_catalog.set_config('search_path', '', false)",
            leaves("setting", "search_path = "), run="none"),
    _pooled("the search path", "session-set", "set search_path to archive, public", leaves("setting", "search_path = archive, public"), run="none"),
    _pooled("the schema", "session-set", "set schema 'archive'", leaves("setting", "search_path = archive"), run="none"),
    _pooled("a setting of the session that says so", "session-set", "set session work_mem = '64MB'", leaves("setting", "work_mem = 65536")),
    _pooled("the mode of all transactions to come", "session-set", "set session characteristics as transaction isolation level serializable",
            leaves("setting", "default_transaction_isolation = serializable"), run="none"),
    _pooled("a setting that goes back to the server's", "session-set", "reset statement_timeout", takes("setting", "statement_timeout = 55000"), run="none"),
    _pooled("all settings that go back to the server's", "session-set", "RESET ALL", takes("setting", "statement_timeout = 55000")),
    _pooled("a setting that is to be taken back after an index", "session-set",
            "set lock_timeout = '2s'; create index concurrently item_amount on item (amount); comment on index item_amount is 'x'; reset lock_timeout",
            leaves("setting", "lock_timeout = 2000"), run="none"),
    innocent("a setting of the transaction", "set local lock_timeout = '2s'; create table leaf (a integer)"),
    innocent("a setting of the file's own transaction", "begin; SET LOCAL search_path TO archive; create table leaf (a integer); commit", run="none"),
    innocent("a setting of the transaction by a function", "select set_config('lock_timeout', '3s', true); create table leaf (a integer)"),
    innocent("constraints that are checked at once", "set constraints all immediate; insert into shop (name) values ('a')"),
    innocent("a setting that is only shown", "show lock_timeout; select current_setting('search_path')", run="none"),
    innocent("a setting of a role and of a database", "alter role clerk set lock_timeout = '2s'; alter role clerk reset all", run="none"),
    innocent("a setting of a function", "create function one() returns integer language sql set search_path = public as 'select 1'"),
    innocent("a setting of the session in a string", "insert into audit values ('set lock_timeout = 1; set role clerk; listen x')"),
    Snippet("a setting of the session on a direct connection", "set lock_timeout = '2s'; create table leaf (a integer)", run="none"),

    _pooled("a role", "set-role", "set role clerk; reset role", leaves("role", "app as clerk"), run="none"),
    _pooled("a role within a transaction", "set-role", 'SET ROLE "clerk"', leaves("role", "app as clerk")),
    _pooled("another user", "set-role", "set session authorization clerk", leaves("role", "clerk as clerk"), run="none"),
    innocent("a role of the transaction", "set local role clerk; select current_user"),
    innocent("a role that is reset in the same transaction", "set role clerk; select current_user; reset role"),
    innocent("another owner", "alter table item owner to clerk; alter table item owner to app"),

    _pooled("a lock of the session", "session-advisory-lock", "select pg_advisory_lock(42)", leaves("advisory lock", "42")),
    _pooled("a lock of the session that is tried and given back", "session-advisory-lock",
            "select pg_try_advisory_lock(43); create table leaf (a integer); create index on leaf (a); select pg_advisory_unlock(43)",
            leaves("advisory lock", "43"), run="none"),
    _pooled("a shared lock of the session in a DO block", "session-advisory-lock", "do $$ begin perform pg_advisory_lock_shared(44); end $$",
            leaves("advisory lock", "44")),
    innocent("a lock of the transaction", "select pg_advisory_xact_lock(42); create table leaf (a integer)"),
    innocent("a lock of the transaction that is tried", "SELECT pg_try_advisory_xact_lock_shared(42)", run="none"),
    innocent("a lock of the session in a string", "insert into audit values ('select pg_advisory_lock(42)')"),

    _pooled("a temporary table", "temp-table", "create temp table scratch as select 1 as a; insert into scratch values (2)",
            is_lost_on_the_way("42P01"), leaves("temporary table", "scratch"), run="none"),
    _pooled("a temporary table that outlives the transaction", "temp-table", "CREATE TEMPORARY TABLE scratch (a integer) ON COMMIT DELETE ROWS",
            leaves("temporary table", "scratch")),
    _pooled("a temporary table by SELECT INTO", "temp-table", "select id into temp scratch from shop", leaves("temporary table", "scratch")),
    _pooled("a temporary view", "temp-table", "create temp view cheap as select id from purchase where price < 9",
            leaves("temporary table", "cheap"), run="none"),
    innocent("a temporary table of the transaction",
             "create temp table scratch on commit drop as select id from shop; insert into scratch values (4711)"),
    innocent("a temporary table that is dropped in the transaction", "create temporary table scratch (a integer); drop table scratch"),
    innocent("a temporary table of the file's own transaction",
             "begin; create local temp table pg_temp.scratch (a integer) on commit drop; insert into scratch values (1); commit", run="none"),
    innocent("a table with the name of a temporary one", 'create table temp_scratch (temp text, "on commit" text)'),

    _pooled("a prepared statement", "sql-prepare", "prepare one as select 1; execute one", is_lost_on_the_way("26000"),
            leaves("prepared statement", "one"), run="none"),
    _pooled("a prepared statement within a transaction", "sql-prepare", "PREPARE one (integer) AS SELECT $1; EXECUTE one(2)",
            leaves("prepared statement", "one")),
    innocent("a prepared statement that goes in the same transaction", "prepare one as select 1; execute one; deallocate one"),
    innocent("a text that a function executes", "do $$ begin execute 'create table leaf (a integer)'; end $$", run="none"),

    _pooled("a cursor that outlives the transaction", "with-hold-cursor", "declare here cursor with hold for select id from shop; fetch here",
            leaves("cursor", "here")),
    _pooled("a cursor that outlives its statement", "with-hold-cursor",
            "DECLARE here SCROLL CURSOR WITH HOLD FOR SELECT id FROM shop; FETCH 5 FROM here; CLOSE here", is_lost_on_the_way("34000"), run="none"),
    innocent("a cursor of the transaction", "declare here cursor for select id from shop; fetch here"),
    innocent("a cursor of the transaction that says so", "begin; declare here cursor without hold for select id from shop; fetch 5 from here; commit",
             run="none"),

    _pooled("a channel that is listened to", "listen", "listen news", leaves("channel", "news"), run="none"),
    _pooled("a channel that is listened to from a transaction", "listen", 'LISTEN "news"', leaves("channel", "news")),
    _pooled("channels that are listened to no more", "listen", "unlisten *", takes("channel", "kept"), run="none"),
    innocent("a channel that is told something", "notify news, 'listen'; select pg_notify('news', 'x')"),

    _pooled("a library", "load", "load 'auto_explain'", leaves("setting", "auto_explain.log_min_duration = -1"), run="none",
            contrib=True),
    innocent("a function of a library", "create function leak() returns void language sql as 'select null::void'", run="none"),

    _pooled("everything of the session", "discard", "discard all", takes("prepared statement", "kept"), takes("channel", "kept"), run="none"),
    innocent("the plans of the session", "discard plans", run="none"),

    _pooled("the last number of a sequence", "currval", "select nextval('ticket'); select currval('ticket')",
            is_lost_on_the_way("55000"), run="none"),
    _pooled("the last number of a serial column", "currval",
            "insert into shop (name) values ('a'); insert into purchase (shop_id, number, price) values (currval('shop_id_seq'), 'x', 1)",
            is_lost_on_the_way("55000"), run="none"),
    _pooled("the last number of any sequence", "currval", "insert into shop (name) values ('a'); select lastval()",
            is_lost_on_the_way("55000"), run="none"),
    innocent("the last number of a sequence in the same transaction", "select nextval('ticket'); select currval('ticket')"),
    innocent("a number that the statement gives back", "insert into shop (name) values ('a') returning id", run="none"),
    innocent("the next number of a sequence", "select setval('ticket', 5000); select nextval('ticket')", run="none"),
]
