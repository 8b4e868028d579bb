"""Indexes and materialized views: built, dropped and rebuilt."""
from lint_proofs import builds_index, keeps_out, rewrites, stays_invalid
from lint_set.snippets import hazard, innocent

_DUPLICATES = """
insert into item (label) values ('label 1');
create unique index concurrently item_label on item (label);
delete from item where id > 1000;
"""

SNIPPETS = [
    hazard("an index of a table in service", "index-not-concurrent", "create index item_amount on item (amount)", builds_index("item")),
    hazard("a unique index of a table in service", "index-not-concurrent",
           "CREATE UNIQUE INDEX \"item_once\" ON \"public\".\"item\" USING btree (\"label\", \"id\") WHERE \"amount\" IS NOT NULL",
           builds_index("item")),
    hazard("an index in autocommit", "index-not-concurrent", "create index if not exists item_amount on item (amount)",
           builds_index("item"), run="none"),
    hazard("an index that Django makes for LIKE", "index-not-concurrent",
           'CREATE INDEX "item_label_like" ON "item" ("label" varchar_pattern_ops)', builds_index("item")),
    innocent("an index that is built concurrently", "create index concurrently item_amount on item (amount)", run="none"),
    innocent("a unique index that is built concurrently",
             'CREATE UNIQUE INDEX CONCURRENTLY "item_once" ON "item" ("label", "id") INCLUDE ("amount") WHERE "amount" > 1', run="none"),
    innocent("an index of a table that is born in the file",
             "create table leaf (id serial primary key, name text); insert into leaf (name) values ('a'); create index on leaf (name)"),
    innocent("an index of a quoted table that is born in the file",
             'CREATE TABLE "Leaf" ("Id" integer); CREATE INDEX "Leaf_Id" ON public."Leaf" ("Id")'),
    innocent("an index of a table that is filled from a query in the file",
             "create table leaf as select id, label from item where amount = 1; create index leaf_id on leaf (id)"),
    innocent("an index of a materialized view that is born in the file",
             "create materialized view sums as select purchase_id, sum(amount) from item group by 1;"
             "create unique index on sums (purchase_id)"),
    innocent("a table that is born with its index's words in a comment",
             "create table leaf (id integer); comment on table leaf is 'create index item_amount on item (amount)'"),

    hazard("an index that is dropped", "drop-index-not-concurrent", "drop index purchase_at", keeps_out("purchase")),
    hazard("an index that is dropped if it exists", "drop-index-not-concurrent", 'DROP INDEX IF EXISTS "purchase_at"',
           keeps_out("purchase"), run="none"),
    hazard("two indexes that are dropped", "drop-index-not-concurrent", "drop index purchase_at, purchase_note cascade",
           keeps_out("purchase")),
    innocent("an index that is dropped concurrently", "drop index concurrently purchase_at", run="none"),
    innocent("an index that is dropped concurrently if it exists", 'DROP INDEX CONCURRENTLY IF EXISTS "public"."purchase_at" RESTRICT',
             run="none"),
    innocent("an index that is born and dropped in the file",
             "create table leaf (id integer); create index leaf_id on leaf (id); drop index leaf_id"),
    innocent("an index that gets another name", "alter index purchase_at rename to purchase_time"),

    hazard("a table whose indexes are rebuilt", "reindex-not-concurrent", "reindex table item", builds_index("item")),
    hazard("an index that is rebuilt", "reindex-not-concurrent", "reindex (verbose) index purchase_at", builds_index("purchase")),
    hazard("a schema whose indexes are rebuilt", "reindex-not-concurrent", "reindex schema stock", builds_index("stock.thing"), run="none",
           setup="create schema stock; create table stock.thing (id integer primary key); insert into stock.thing values (1)"),
    innocent("a table whose indexes are rebuilt concurrently", "reindex table concurrently item", run="none"),
    innocent("an index that is rebuilt concurrently", "reindex (verbose, concurrently) index purchase_at", run="none"),
    innocent("a table that is born, filled and reindexed in the file",
             "create table leaf (id integer primary key); insert into leaf values (1); reindex table leaf"),

    hazard("an invalid index that IF NOT EXISTS takes for the real one", "concurrently-if-not-exists-invalid",
           "create unique index concurrently if not exists item_label on item (label)", stays_invalid("item_label"), run="none",
           setup=_DUPLICATES),
    innocent("an invalid index that is dropped first",
             "drop index concurrently if exists item_label; create unique index concurrently item_label on item (label)", run="none",
             setup=_DUPLICATES),
    innocent("an invalid index that is dropped first, and IF NOT EXISTS",
             "DROP INDEX CONCURRENTLY IF EXISTS item_label;\nCREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS item_label ON item (label);",
             run="none", setup=_DUPLICATES),
    innocent("an invalid index that is rebuilt concurrently", "reindex index concurrently item_label", run="none", setup=_DUPLICATES),

    hazard("a materialized view that is refreshed", "refresh-matview-not-concurrent", "refresh materialized view turnover",
           rewrites("turnover")),
    hazard("a materialized view that is refreshed in autocommit", "refresh-matview-not-concurrent",
           'REFRESH MATERIALIZED VIEW "public"."turnover" WITH DATA', rewrites("turnover"), run="none"),
    innocent("a materialized view that is refreshed concurrently", "refresh materialized view concurrently turnover", run="none"),
    innocent("a materialized view that is refreshed concurrently in a transaction", "refresh materialized view concurrently turnover"),
    innocent("a materialized view that is born empty and then filled",
             "create materialized view sums as select label, amount from item with no data; refresh materialized view sums"),
]
