"""The tables that every snippet finds, with rows, and what the release in service does with them."""

BASE = """
create table shop (id serial primary key, name varchar(50) not null);
create table purchase (
    id serial primary key,
    shop_id integer not null constraint purchase_shop_fk references shop (id) deferrable initially deferred,
    number varchar(20) not null constraint purchase_number_key unique,
    note text,
    price numeric(10, 2) not null constraint purchase_price_check check (price >= 0),
    paid boolean not null default false,
    at timestamp with time zone not null default now()
);
create index purchase_at on purchase (at);
create index purchase_note on purchase (note);
create table item (id serial primary key, purchase_id integer, amount integer, label varchar(30), during tsrange);
create table audit (line text);
create function tell() returns trigger language plpgsql as $$begin insert into audit values (new.label); return new; end$$;
create trigger item_told after insert on item for each row execute function tell();
create view paid_purchase as select id, number from purchase where paid;
create materialized view turnover as select shop_id, sum(price) as total from purchase group by shop_id;
create unique index turnover_shop on turnover (shop_id);
create type mood as enum ('good', 'bad');
create table visit (id serial primary key, mood mood not null default 'good', day date not null default current_date);
create function doubled(integer) returns integer language sql immutable as 'select $1 * 2';
create sequence ticket;
create schema archive;
create table archive.old_purchase (id integer, number text);
"""
ROWS = """
insert into shop (name) select 'shop ' || n from generate_series(1, 50) n;
insert into purchase (shop_id, number, note, price) select n % 50 + 1, 'p' || n, 'note ' || n, n from generate_series(1, 1000) n;
insert into item (purchase_id, amount, label, during)
    select n, n % 7, 'label ' || n, tsrange(timestamp '2024-01-01' + n * interval '1 day', timestamp '2024-01-02' + n * interval '1 day')
    from generate_series(1, 1000) n;
insert into visit (mood) select 'bad' from generate_series(1, 600) n;
insert into archive.old_purchase select n, 'p' || n from generate_series(1, 600) n;
insert into audit select 'line ' || n from generate_series(1, 600) n;
refresh materialized view turnover;
"""
# Statements of the old release, which name all columns as Django does. SELECTs of all tables and views are added.
USES = (
    "insert into shop (name) values ('new')",
    "insert into purchase (shop_id, number, note, price, paid, at) values (1, 'new', 'x', 1, false, now())",
    "insert into item (purchase_id, amount, label, during) values (1, 1, 'new', null)",
    "insert into visit (mood, day) values ('bad', current_date)",
    "insert into archive.old_purchase (id, number) values (1, 'new')",
    "insert into audit (line) values ('new')",
    "update purchase set note = 'y', price = 2 where id = 1",
    "delete from item where id = 1",
    "select id from visit where mood = 'bad'",
    "select nextval('ticket'), doubled(2)",
)
# What the schema does not let in.
REFUSED = (
    "insert into purchase (shop_id, number, price) values (1, 'p1', 1)",
    "insert into purchase (shop_id, number, price) values (1, 'new', -1)",
    "insert into purchase (shop_id, number, price) values (4711, 'new', 1)",
    "insert into purchase (shop_id, number, price) values (1, null, 1)",
)

# Earlier migrations that several snippets share.
READING = """
create table reading (at date not null, value integer) partition by range (at);
create table reading_2024 partition of reading for values from ('2024-01-01') to ('2025-01-01');
create table reading_2025 partition of reading for values from ('2025-01-01') to ('2026-01-01');
"""
READING_ROWS = """
insert into reading select date '2024-01-01' + n % 700, n % 900 + 2 from generate_series(1, 2000) n;
"""
