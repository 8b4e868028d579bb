"""What a statement locks is read from its text; here a real server says what it locks."""
import subprocess
from pathlib import Path

import psycopg
import pytest
from runs import PGTOOL

READER = Path(PGTOOL).parent / "tests/pgtool_statement_locks"
MODES = ("AccessShareLock RowShareLock RowExclusiveLock ShareUpdateExclusiveLock ShareLock ShareRowExclusiveLock"
         " ExclusiveLock AccessExclusiveLock").split()
SCHEMA = """
create table customer (id int primary key, name text);
create table item (id int primary key, label varchar(50) not null, customer_id int, price numeric,
  constraint price_positive check (price > 0) not valid);
create index item_label on item (label);
create table parted (id int, at date) partition by range (at);
create table part_one partition of parted for values from ('2024-01-01') to ('2025-01-01');
create table part_two (id int, at date);
create view cheap as select * from item where price < 10;
create materialized view totals as select count(*) as n from item;
create unique index totals_n on totals (n);
create sequence numbers;
create function nothing() returns trigger language plpgsql as $$begin return new; end$$;
create trigger watched before update on item for each row execute function nothing();
create rule ruled as on delete to customer do also nothing;
create table parent (id int);
create table guarded (id int);
create policy mine on guarded using (true);
create domain short as text;
create publication told;
alter table item add constraint item_customer foreign key (customer_id) references customer;
"""
# Each is run in a transaction of its own, which is rolled back.
STATEMENTS = [
    'alter table "item" add column "note" varchar(20) null',
    'alter table "item" add column "note" varchar(20) default \'x\' not null',
    'alter table item alter column label drop default',
    'alter table customer alter column name type varchar using name::varchar',
    'alter table item alter column label drop not null',
    'alter table item add column other_id bigint null constraint o references customer (id) deferrable initially deferred',
    'alter table item add constraint fk foreign key (customer_id) references customer (id) deferrable initially deferred',
    'alter table item add constraint fk foreign key (customer_id) references customer (id) not valid',
    'alter table item add constraint c check (price > 1) not valid',
    'alter table item validate constraint price_positive',
    'alter table item validate constraint price_positive, add column d int',
    'alter table item add constraint u unique (label)',
    'alter table item alter column label set statistics 500',
    'alter table item alter column label set (n_distinct = 5)',
    'alter table item set (autovacuum_enabled = false)',
    'alter table item set (fillfactor = 80)',
    'alter table item set (user_catalog_table = true)',
    'alter table item reset (fillfactor)',
    'alter table item cluster on item_label',
    'alter table item set without cluster',
    'alter table item disable trigger all',
    'alter table item enable trigger watched',
    'alter table item rename to items',
    'alter table item rename column label to title',
    'alter table item rename constraint price_positive to positive',
    'alter table item owner to app',
    'alter table item set schema other',
    'alter table item enable row level security',
    'alter table item alter column price set storage main',
    'alter table item replica identity full',
    'alter table item inherit parent',
    'alter table parted attach partition part_two for values from (\'2025-01-01\') to (\'2026-01-01\')',
    'alter table parted detach partition part_one',
    'alter view cheap rename to cheaper',
    'alter view cheap set (security_barrier = true)',
    'alter sequence numbers restart 5',
    'alter index item_label rename to item_title',
    'alter index item_label set (fillfactor = 70)',
    'create index "item_price" on "item" ("price")',
    'create unique index i on item (label) where price > 5',
    'create index i on item (label varchar_pattern_ops)',
    'drop index item_label',
    'reindex table item',
    'reindex index item_label',
    'create trigger t after insert on item for each row execute function nothing()',
    'drop trigger watched on item',
    'create rule r as on delete to item do nothing',
    'drop rule ruled on customer',
    'create policy p on guarded using (id > 1)',
    'alter policy mine on guarded using (id > 1)',
    'drop policy mine on guarded',
    "comment on table item is 'things'",
    "comment on column item.label is 'name'",
    "comment on column public.item.label is 'name'",
    "comment on view cheap is 'things'",
    "comment on constraint price_positive on item is 'x'",
    'create statistics s on label, price from item',
    'analyze item',
    'cluster item using item_label',
    'refresh materialized view totals',
    'refresh materialized view concurrently totals',
    'truncate guarded',
    'truncate parent, guarded',
    'lock table item',
    'lock table item in share mode',
    'lock table only item, customer in row exclusive mode nowait',
    'drop table guarded',
    'drop table "guarded" cascade',
    'drop view cheap',
    'drop materialized view totals',
    'drop sequence numbers',
    'create or replace view cheap as select * from item where price < 20',
    'create table next (id int references customer (id), foreign key (id) references item (id))',
    'create table child () inherits (parent)',
    "create table part_three partition of parted for values from ('2026-01-01') to ('2027-01-01')",
    'create table copy as select * from item',
    'alter publication told add table item',
    "insert into customer values (1, 'a')",
    "update item set label = 'x'",
    'delete from item',
    "alter type short rename to shorter",
    'grant select on item to public',
    'set constraints all immediate; alter table item drop constraint price_positive',
    'create table fresh (id int); create index on fresh (id); alter table fresh add column d int',
    'alter table item add column a int; alter table customer add column b int',
]
# A table's indexes are locked with it.
INDEXES = {"item_label", "item_pkey", "customer_pkey", "totals_n"}


@pytest.fixture(scope="module")
def server(cluster):
    cluster.sql('create database "locks" owner app', "postgres")
    with psycopg.connect(cluster.conninfo("locks"), autocommit=True) as connection:
        connection.execute("create schema other")
        connection.execute(SCHEMA)
        yield connection


def read(sql):
    lines = subprocess.run([READER], input=sql, capture_output=True, text=True, check=True, timeout=20).stdout.splitlines()
    locks = {}
    for line in lines[1:]:
        _, name, mode, index = line.split("|")
        locks[name] = mode, index == "true"
    return lines[0] == "understood|true", locks


def held(connection, sql):
    """The strongest mode of each relation that was there before, while the statement's transaction is open."""
    before = {oid for oid, in connection.execute("select oid::bigint from pg_class where oid >= 16384").fetchall()}
    names = dict(connection.execute("select oid::bigint, relname from pg_class where oid >= 16384").fetchall())
    strongest = {}
    with connection.transaction(force_rollback=True):
        connection.execute(sql)
        rows = connection.execute("select relation::bigint, mode from pg_locks where pid = pg_backend_pid()"
                                  " and locktype = 'relation'").fetchall()
    for oid, mode in rows:
        if oid in before:
            name = names[oid]
            strongest[name] = max(strongest.get(name, mode), mode, key=MODES.index)
    return strongest


@pytest.mark.parametrize("sql", STATEMENTS)
def test_the_locks_that_are_read_are_those_that_the_server_takes(server, sql):
    understood, said = read(sql)
    true = held(server, sql)

    assert understood
    for name, (mode, _) in said.items():
        if sql.startswith("reindex"):  # It says what the indexes are locked with, which every query needs.
            assert MODES.index(mode) >= MODES.index(true[name]), f"{name}: {true}"
        else:
            assert mode == true.get(name), f"{name}: {true}"
    # Nothing strong on a table stays unsaid; DROP INDEX says the index for its table.
    tables = {name for name, mode in true.items() if not name.startswith("pg_toast") and MODES.index(mode) >= MODES.index("ShareLock")}
    of_indexes = {"item"} if any(index for _, index in said.values()) else set()
    unsaid = tables - set(said) - of_indexes - INDEXES
    assert not unsaid, f"{unsaid} of {true}"

