"""Rows and objects that go for good, or change unseen."""
from lint_proofs import gone, keeps_out, loses
from lint_set.snippets import hazard, innocent

_NOTES = "update purchase set note = 'y' where id between 10 and 60"

SNIPPETS = [
    hazard("a table that goes", "drop-table", "drop table item", loses("item"), gone("relation public.item")),
    hazard("a table that goes, as Django drops it", "drop-table", 'DROP TABLE "item" CASCADE', loses("item"), run="none"),
    hazard("two tables that go if they exist", "drop-table", "drop table if exists item, nowhere, audit", loses("item"), loses("audit")),
    hazard("a table that goes by a text that is constant", "drop-table",
           "do $$ begin if true then execute 'drop table item'; end if; end $$", loses("item")),
    hazard("a table that goes and is born again", "drop-table", "drop table audit; create table audit (line text)", loses("audit")),
    innocent("a table that is born and dropped in the file", "create table leaf (a integer); insert into leaf values (1); drop table leaf"),
    innocent("a table that is born IF NOT EXISTS", 'CREATE TABLE IF NOT EXISTS "leaf" ("a" integer NOT NULL PRIMARY KEY)'),
    innocent("a table that is dropped in a string", "insert into audit values ('drop table item; truncate shop')"),
    innocent("a table that a new function would drop", "create function tidy() returns void language plpgsql as $f$\n"
             "begin\n  drop table item;\n  truncate purchase cascade;\n  delete from shop;\n  perform pg_advisory_lock(1);\nend $f$"),
    innocent("a table that a new procedure would drop, in quotes",
             "create procedure tidy() language sql as 'delete from item; drop table audit'"),

    hazard("a schema that goes with its tables", "drop-schema", "drop schema archive cascade", loses("archive.old_purchase"),
           gone("schema archive")),
    innocent("a schema that is born and dropped in the file",
             "create schema staging; create table staging.leaf (a integer); drop schema staging cascade"),
    hazard("a database that goes", "drop-database", "drop database if exists old_shop", gone("database old_shop"), run="none",
           setup="create database old_shop"),
    hazard("a database that goes by force", "drop-database", 'DROP DATABASE "old_shop" WITH (FORCE)', gone("database old_shop"), run="none",
           setup="create database old_shop"),

    hazard("a table that is emptied", "truncate", "truncate item", loses("item")),
    hazard("a table that is emptied in autocommit", "truncate", 'TRUNCATE TABLE ONLY "public"."audit" RESTART IDENTITY', loses("audit"),
           run="none"),
    hazard("tables that are emptied with those that refer to them", "truncate-cascade", "truncate shop cascade", loses("shop"),
           loses("purchase")),
    innocent("a table that is born in the file and emptied", "create table leaf (a integer); insert into leaf values (1); truncate leaf"),

    hazard("all rows that are deleted", "delete-without-where", "delete from item", loses("item")),
    hazard("all rows that are deleted in autocommit", "delete-without-where", 'DELETE FROM ONLY "archive"."old_purchase" AS o',
           loses("archive.old_purchase"), run="none"),
    hazard("all rows that are deleted within a query", "delete-without-where",
           "with old as (delete from item returning id) select count(*) from old", loses("item")),
    hazard("all rows that are deleted in a DO block", "delete-without-where", "do $$ begin delete from audit; end; $$", loses("audit")),
    hazard("all rows that are deleted where it is true", "delete-without-where", "delete from item where true", loses("item")),
    innocent("rows that are deleted by a condition", "delete from item where id between 10 and 60", touches=("item",)),
    innocent("rows that are deleted by another table",
             "delete from item using purchase p where p.id = item.purchase_id and p.price between 5 and 20",
             touches=("item",)),
    innocent("all rows of a table that is born in the file",
             "create table leaf (a integer); insert into leaf values (1); delete from leaf"),

    hazard("all rows that are changed", "update-without-where", "update item set label = 'x'", loses("item")),
    hazard("all rows that are changed in autocommit", "update-without-where", 'UPDATE "visit" SET "day" = "day" + 1', loses("visit"),
           run="none"),
    hazard("all rows that are changed in a DO block", "update-without-where",
           "DO $$ BEGIN IF 1 < 2 THEN UPDATE audit SET line = 'x'; END IF; END $$", loses("audit")),
    innocent("rows that are changed by a condition", _NOTES, touches=("purchase",)),
    innocent("rows that are changed by a condition in a DO block", f"do $$ begin {_NOTES}; end $$", touches=("purchase",)),
    innocent("rows that are changed by a list",
             "update item set label = v.label from (values (1, 'a'), (2, 'b')) v (id, label) where v.id = item.id",
             touches=("item",)),
    innocent("all rows of a table that is born in the file are changed",
             "create table leaf (a integer, b integer); insert into leaf (a) values (1); update leaf set b = a"),
    innocent("a few rows more", "insert into shop (name) values ('a'), ('b') on conflict do nothing"),
    innocent("a row that is looked for first", "insert into shop (name) select 'a' where not exists (select from shop where name = 'a')"),
    innocent("a lock of rows by a condition", "select id from purchase where id = 1 for update"),

    hazard("tables that a text names at run time", "opaque-dynamic-sql",
           "do $$ declare t text; begin for t in select tablename from pg_tables where schemaname = 'archive' loop\n"
           "    execute format('truncate archive.%I', t);\nend loop; end $$", loses("archive.old_purchase")),
    hazard("a text that is put together at run time", "opaque-dynamic-sql",
           "do $$ declare word text := 'del' || 'ete'; begin execute word || ' from audit'; end $$", loses("audit")),
    innocent("a DO block that creates a table", "do $$ begin create table leaf (a integer); create index on leaf (a); end $$"),
    innocent("a DO block that tells of a table that goes", "do $$ begin raise notice 'drop table item; %', 'truncate'; end $$"),
    innocent("a DO block that looks first", "do $$ begin if not exists (select from pg_type where typname = 'size') then\n"
             "    create type size as enum ('small');\nend if; end $$"),
    innocent("a text that is constant and harmless", "do $$ begin execute 'comment on table item is ''things'''; end $$"),

    hazard("a trigger that is disabled", "disable-trigger", "alter table item disable trigger item_told", gone("trigger item_told O"),
           keeps_out("item", "write")),
    hazard("all triggers that are disabled", "disable-trigger", 'ALTER TABLE "item" DISABLE TRIGGER ALL', gone("trigger item_told O"),
           run="none"),
    innocent("a trigger that is enabled", "alter table item enable trigger item_told"),
    innocent("a trigger that is new",
             "create function stamp() returns trigger language plpgsql as $$ begin new.note := coalesce(new.note, ''); return new; end $$;"
             "create trigger purchase_stamp before insert on purchase for each row execute function stamp()"),
    innocent("a comment", "comment on table item is 'drop table item'; comment on column item.label is null"),
    innocent("a right", "grant select, delete, truncate on item to clerk; revoke insert on item from clerk"),
    innocent("statistics of a column",
             "alter table item alter column label set statistics 500; create statistics item_both on label, amount from item"),
]
