"""What the release in service still needs: names, columns, views, functions."""
from lint_proofs import breaks, breaks_reading, gone
from lint_set.snippets import hazard, innocent

_ITEM = "insert into item (purchase_id, amount, label, during) values (1, 1, 'new', null)"
_VISIT = "insert into visit (mood, day) values ('bad', current_date)"
_MOOD = "select id from visit where mood = 'bad'"
_CALLS = "select nextval('ticket'), doubled(2)"

SNIPPETS = [
    hazard("a column that gets another name", "rename-column", "alter table item rename column label to title", breaks(_ITEM, "42703")),
    hazard("a column that gets another name, as Django does it", "rename-column", 'ALTER TABLE "item" RENAME COLUMN "label" TO "title"',
           breaks_reading("item", "42703"), run="none"),
    hazard("a column that gets another name without the word", "rename-column", "alter table if exists item rename label to title",
           breaks_reading("item", "42703")),
    innocent("a column of a table that is born in the file gets another name",
             "create table leaf (a integer); alter table leaf rename column a to b"),
    innocent("a column under a second name", "alter table item add column title varchar(30)"),

    hazard("a table that gets another name", "rename-table", 'ALTER TABLE "item" RENAME TO "article"', breaks(_ITEM, "42P01")),
    hazard("a table that gets another name in autocommit", "rename-table", "alter table item rename to article",
           breaks_reading("item", "42P01"), run="none"),
    hazard("a table that gets another name in a DO block", "rename-table",
           "DO LANGUAGE plpgsql $x$ BEGIN\n  ALTER TABLE item RENAME TO article;\nEND $x$;",
           breaks_reading("item", "42P01")),
    innocent("a table that gets another name and leaves a view",
             "alter table item rename to article; create view item as select * from article"),
    innocent("a table that is born in the file gets another name", "create table leaf (a integer); alter table leaf rename to leaves"),
    innocent("an index of a constraint gets another name", 'ALTER INDEX "purchase_number_key" RENAME TO "purchase_once"',
             drops=("constraint purchase_number_key",)),

    hazard("an enum value that gets another name", "rename-enum-value", "alter type mood rename value 'bad' to 'poor'",
           breaks(_MOOD, "22P02")),
    innocent("an enum value of a type that is born in the file gets another name",
             "create type size as enum ('small'); alter type size rename value 'small' to 'little'"),

    hazard("a schema that gets another name", "rename-schema", "alter schema archive rename to history",
           breaks("insert into archive.old_purchase (id, number) values (1, 'new')", "42P01")),
    innocent("a schema that is born in the file gets another name", "create schema staging; alter schema staging rename to stage"),

    hazard("a table that goes to another schema", "move-table-schema", "alter table item set schema archive", breaks(_ITEM, "42P01")),
    hazard("a table that goes to another schema in autocommit", "move-table-schema", 'ALTER TABLE "public"."visit" SET SCHEMA "archive"',
           breaks(_VISIT, "42P01"), run="none"),
    innocent("a table that goes to another schema and leaves a view",
             "alter table audit set schema archive; create view public.audit as select * from archive.audit"),
    innocent("a table that is born in the file goes to another schema",
             "create table leaf (a integer); alter table leaf set schema archive"),

    hazard("a column that goes", "drop-column", "alter table item drop column label", breaks(_ITEM, "42703")),
    hazard("a column that goes, as Django drops it", "drop-column", 'ALTER TABLE "item" DROP COLUMN "label" CASCADE',
           breaks_reading("item", "42703"), run="none"),
    hazard("a column that goes among other changes", "drop-column", "alter table item add column x integer, drop if exists amount",
           breaks_reading("item", "42703")),
    hazard("a column that goes by a text that is constant", "drop-column",
           "do $$ begin execute 'alter table item drop column amount'; end $$",
           breaks_reading("item", "42703")),
    innocent("a column that goes from a table that is born in the file",
             "create table leaf (a integer, b text); alter table leaf drop column b"),
    innocent("a column that the file has added goes", "alter table item add column scratch text; alter table item drop column scratch"),
    innocent("a column that keeps its default out", "alter table visit alter column day drop default"),

    hazard("a view that goes", "drop-view", "drop view paid_purchase", breaks_reading("paid_purchase", "42P01")),
    hazard("a view that goes if it exists", "drop-view", 'DROP VIEW IF EXISTS "paid_purchase" CASCADE',
           breaks_reading("paid_purchase", "42P01"), run="none"),
    hazard("a materialized view that goes", "drop-view", "drop materialized view turnover", breaks_reading("turnover", "42P01")),
    hazard("a function that goes", "drop-view", "drop function doubled(integer)", breaks(_CALLS, "42883")),
    hazard("a sequence that goes", "drop-view", "drop sequence ticket", breaks(_CALLS, "42P01")),
    hazard("a type that goes with its columns", "drop-view", "drop type mood cascade", breaks(_VISIT, "42703")),
    hazard("an extension that goes", "drop-view", "drop extension pgcrypto", gone("extension pgcrypto"),
           breaks("select digest('a', 'sha256')", "42883"), contrib=True, setup="create extension pgcrypto",
           uses=("select digest('a', 'sha256')",)),
    innocent("a view that is replaced", "create or replace view paid_purchase as select id, number, price from purchase where paid"),
    innocent("a view that is born and dropped in the file",
             "create view cheap as select id from purchase where price < 9; drop view cheap"),
    innocent("a view that is dropped and born anew in one transaction",
             "drop view paid_purchase; create view paid_purchase as select id, number, note from purchase where paid"),
    innocent("a function that is replaced",
             "create or replace function doubled(integer) returns integer language sql immutable as 'select 2 * $1'"),
    innocent("a function that is born and dropped in the file",
             "create function tripled(integer) returns integer language sql as 'select $1 * 3'; drop function tripled(integer)"),
    innocent("a type and a sequence that are born and dropped in the file",
             "create type size as enum ('small'); create sequence counter; drop sequence counter; drop type size"),
    innocent("an extension that comes", "create extension if not exists pgcrypto", contrib=True),
]
