"""What a server refuses to do in that place, or at all."""
from lint_proofs import fails
from lint_set.schema import READING, READING_ROWS
from lint_set.snippets import hazard, innocent

_DETACH = "alter table reading detach partition reading_2024 concurrently"
_PARTED = {"history": (READING,), "fill": READING_ROWS}


def _within(name, sql, **more):
    return hazard(name + " in a transaction", "concurrently-in-transaction", sql, fails("25001"), **more)


SNIPPETS = [
    _within("CREATE INDEX CONCURRENTLY", "create index concurrently item_amount on item (amount)"),
    _within("CREATE INDEX CONCURRENTLY with a comment before it",
            "-- CONCURRENTLY\nCREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS i ON item (label, id)"),
    _within("DROP INDEX CONCURRENTLY", "drop index concurrently purchase_at"),
    _within("REINDEX CONCURRENTLY", "reindex table concurrently item"),
    _within("DETACH PARTITION CONCURRENTLY", _DETACH, **_PARTED),
    _within("VACUUM", "vacuum item"),
    _within("ALTER SYSTEM", "alter system set log_min_duration_statement = 1000"),
    _within("CREATE DATABASE", "create database new_shop"),
    _within("REINDEX SCHEMA", "reindex schema archive"),
    _within("CREATE INDEX CONCURRENTLY of the file", "begin; create index concurrently item_amount on item (amount); commit", run="none"),
    innocent("ALTER SYSTEM by itself", "alter system set log_min_duration_statement = 1000", run="none"),
    innocent("DETACH PARTITION CONCURRENTLY by itself", _DETACH, run="none", drops=("rows public.reading",), **_PARTED),
    innocent("REINDEX SCHEMA CONCURRENTLY by itself", "reindex schema concurrently archive", run="none"),
    innocent("the word CONCURRENTLY in a string and a comment",
             "/* create index concurrently */ insert into shop (name) values ('drop index concurrently; vacuum'); -- vacuum"),
    innocent("an index concurrently after the file's own transaction",
             "begin; create table leaf (a integer); commit; create index concurrently leaf_a on leaf (a)", run="none"),

    hazard("two indexes that are dropped concurrently", "concurrently-unsupported-form",
           "drop index concurrently purchase_at, purchase_note", fails("0A000"), run="none"),
    hazard("an index that is dropped concurrently with what hangs on it", "concurrently-unsupported-form",
           "drop index concurrently if exists purchase_at cascade", fails("0A000"), run="none"),
    hazard("a system whose indexes are rebuilt concurrently", "concurrently-unsupported-form|invalid-syntax-or-unsupported", "reindex system concurrently",
           fails("0A000|42601"),
           run="none"),
    innocent("two indexes that are dropped concurrently one by one",
             "drop index concurrently purchase_at; drop index concurrently if exists purchase_note;", run="none"),

    hazard("a new enum value that is used at once", "enum-add-value-in-transaction",
           "alter type mood add value 'mixed'; insert into visit (mood) values ('mixed')", fails("55P04")),
    hazard("a new enum value that becomes a default at once", "enum-add-value-in-transaction",
           "ALTER TYPE mood ADD VALUE IF NOT EXISTS 'mixed' BEFORE 'bad'; ALTER TABLE visit ALTER COLUMN mood SET DEFAULT 'mixed'",
           fails("55P04")),
    hazard("a new enum value that is used in the file's own transaction", "enum-add-value-in-transaction",
           "begin; alter type mood add value 'mixed'; update visit set mood = 'mixed' where id = 3; commit", fails("55P04"), run="none"),
    innocent("a new enum value alone", "alter type mood add value if not exists 'mixed' after 'good'"),
    innocent("a new enum value that is used in the next transaction",
             "alter type mood add value 'mixed'; insert into visit (mood) values ('mixed')", run="none"),
    innocent("a new enum value while an old one is used", "alter type mood add value 'mixed'; insert into visit (mood) values ('bad')"),
    hazard("an enum that is born in the file, grows and is used", "enum-add-value-in-transaction",
           "create type size as enum ('small'); alter type size add value 'large'; create table leaf (size size default 'large')",
           fails("55P04"), before=17),
    innocent("an enum that is born in the file and is used",
             "create type size as enum ('small', 'large'); create table leaf (size size default 'large');"
             "insert into leaf values ('small')"),

    hazard("a unique constraint that is to be valid later", "invalid-syntax-or-unsupported",
           "alter table item add constraint item_once unique (label) not valid", fails("0A000")),
    hazard("a constraint that is added IF NOT EXISTS", "invalid-syntax-or-unsupported",
           "alter table item add constraint if not exists item_once check (amount > 0)", fails("42601")),
    hazard("a type that is created IF NOT EXISTS", "invalid-syntax-or-unsupported", "create type if not exists size as enum ('small')",
           fails("42601"), run="none"),
    hazard("quotes of another database", "invalid-syntax-or-unsupported", "alter table `item` add column `remark` text", fails("42601")),
    hazard("a string that does not end", "invalid-syntax-or-unsupported", "insert into shop (name) values ('Joe''s); select 1",
           fails("42601")),
    hazard("a statement that lacks its end", "invalid-syntax-or-unsupported", "create table leaf (a integer,\n    b text", fails("42601")),
    innocent("a constraint that is dropped IF EXISTS in a table that is born in the file",
             "create table leaf (a integer); alter table leaf add constraint a_small check (a < 9);"
             "alter table leaf drop constraint if exists a_small"),
    innocent("a quote within a string", "insert into shop (name) values ('Joe''s'), (E'Jim\\'s'), ($$Jack's; drop table$$)"),
    innocent("nested comments", "/* drop table item; /* truncate shop; */ delete from item; */\ninsert into shop (name) values ('a')"),
    innocent("a file without a statement", "-- Nothing to do.\n;\n/* drop table item; */\n"),
]
