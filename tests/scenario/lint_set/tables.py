"""Whole tables: rewritten, locked by name, locked together."""
from lint_proofs import keeps_out, locks_all, moves_index, rewrites, works_while_locked
from lint_set.snippets import hazard, innocent

_NOTE = "alter table purchase add column remark text"

SNIPPETS = [
    hazard("VACUUM FULL", "vacuum-full-cluster", "vacuum full item", rewrites("item"), run="none"),
    hazard("VACUUM FULL among other options", "vacuum-full-cluster", "vacuum (analyze, full true) item", rewrites("item"), run="none"),
    hazard("CLUSTER", "vacuum-full-cluster", "cluster item using item_pkey", rewrites("item")),
    hazard("CLUSTER of a table that knows its index", "vacuum-full-cluster", "cluster purchase", rewrites("purchase"), run="none",
           setup="alter table purchase cluster on purchase_at"),
    innocent("VACUUM", "vacuum item", run="none"),
    innocent("VACUUM ANALYZE", "VACUUM (ANALYZE, VERBOSE) item", run="none"),
    innocent("ANALYZE", "analyze item; analyze purchase (note)"),
    innocent("a table that is only told its index to cluster by", "alter table purchase cluster on purchase_at"),

    hazard("a table that becomes unlogged", "set-logged-unlogged", "alter table item set unlogged", rewrites("item")),
    hazard("a table that becomes logged", "set-logged-unlogged", 'ALTER TABLE "item" SET LOGGED', rewrites("item"), run="none",
           setup="alter table item set unlogged"),
    innocent("a table that is born unlogged", "create unlogged table leaf (a integer); insert into leaf values (1)"),
    innocent("a table that is born unlogged, is filled and becomes logged",
             "create unlogged table leaf (a integer); insert into leaf values (1); alter table leaf set logged"),
    innocent("a table with other storage parameters", "alter table item set (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.02)"),

    hazard("a table that goes to another disk", "set-tablespace", "alter table item set tablespace other_disk", rewrites("item")),
    hazard("an index that goes to another disk", "set-tablespace", "alter index purchase_at set tablespace other_disk",
           moves_index("purchase")),
    hazard("all tables go to another disk", "set-tablespace", "alter table all in tablespace pg_default set tablespace other_disk",
           rewrites("item"), run="none"),
    innocent("a table that is born on another disk", "create table leaf (a integer primary key) tablespace other_disk"),
    innocent("an index that is built concurrently on another disk", "create index concurrently item_amount on item (amount) tablespace other_disk",
             run="none"),
    innocent("an index that goes to another disk concurrently", "reindex (tablespace other_disk, concurrently) index purchase_at", run="none"),

    hazard("a table with another access method", "set-access-method", "alter table item set access method heap2", rewrites("item")),
    innocent("a table that is born with another access method", "create table leaf (a integer) using heap2"),

    hazard("a table that is locked", "explicit-lock-table", "lock table item", keeps_out("item")),
    hazard("a table that is locked against writers", "explicit-lock-table", 'LOCK TABLE "item" IN SHARE ROW EXCLUSIVE MODE', keeps_out("item", "write")),
    hazard("a table that is locked in the file's own transaction", "explicit-lock-table",
           "begin; lock table only item in exclusive mode nowait; commit", keeps_out("item", "write"), run="none"),
    innocent("a table that is locked as every reader does", "lock table item in access share mode"),
    innocent("a table that is locked as every writer does", "lock table item in row exclusive mode nowait"),
    innocent("a table that is born in the file and locked", "create table leaf (a integer); lock table leaf in access exclusive mode"),

    hazard("a new column that is filled in the same transaction", "statement-after-access-exclusive",
           f"{_NOTE}; update purchase set remark = 'x' where price > 10", works_while_locked("purchase", "purchase")),
    hazard("rows that are copied after a change of a table", "statement-after-access-exclusive",
           f"{_NOTE}; create table leaf (id integer, label text); insert into leaf select id, label from item",
           works_while_locked("purchase", "item")),
    hazard("rows that are counted in a DO block after a change of a table", "statement-after-access-exclusive",
           f"{_NOTE}; do $$ declare n integer; begin update item set amount = 1 where amount = 2; end $$", works_while_locked("purchase", "item")),
    hazard("a new column that is filled in the file's own transaction", "statement-after-access-exclusive",
           f"begin; {_NOTE}; delete from item where amount = 3; commit", works_while_locked("purchase", "item"), run="none"),
    innocent("a new column that is filled in a transaction of its own",
             f"{_NOTE}; update purchase set remark = 'x' where id between 10 and 60", run="none"),
    innocent("a few rows after a new column", f"{_NOTE}; insert into shop (name) values ('a'), ('b')"),
    innocent("a table is born, filled and indexed after a new column",
             f"{_NOTE}; create table leaf (a integer); insert into leaf values (1), (2); create index on leaf (a)"),
    innocent("a few rows are changed before a table is", "update item set amount = 9 where id between 10 and 60;"
             "alter table audit add column at timestamptz", touches=("item",)),

    hazard("two tables get a column in one transaction", "multiple-tables-locked", f"{_NOTE}; alter table item add column remark text",
           locks_all("purchase", "item")),
    hazard("two tables lose a default in one transaction", "multiple-tables-locked",
           'ALTER TABLE "visit" ALTER COLUMN "day" DROP DEFAULT; ALTER TABLE "item" ADD COLUMN "remark" text NULL', locks_all("visit", "item")),
    hazard("two tables get a column in the file's own transaction", "multiple-tables-locked",
           f"begin;\n{_NOTE};\nalter table item add column remark text;\ncommit;", locks_all("purchase", "item"), run="none"),
    innocent("two tables get a column in transactions of their own", f"{_NOTE}; alter table item add column remark text", run="none"),
    innocent("one table gets two columns", f"{_NOTE}; alter table purchase add column more text"),
    innocent("a table gets a column and another is born", f"{_NOTE}; create table leaf (a integer); alter table leaf add column b text"),
    innocent("two tables get a column in two transactions of the file",
             f"begin; {_NOTE}; commit; begin; alter table item add column remark text; commit", run="none"),
]
