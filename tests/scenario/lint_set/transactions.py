"""Files that begin and end transactions themselves."""
from lint_proofs import stays_open, warns
from lint_set.snippets import hazard, innocent

_NEW = "create table leaf (a integer)"

SNIPPETS = [
    hazard("a transaction within the transaction", "transaction-nesting", f"begin; {_NEW}; commit", warns("25001"), warns("25P01")),
    hazard("a transaction within the transaction in other words", "transaction-nesting", f"START TRANSACTION;\n{_NEW};\nEND;",
           warns("25001")),
    hazard("a COMMIT in the middle of the transaction", "transaction-nesting", f"{_NEW}; commit; insert into leaf values (1)",
           warns("25P01")),
    hazard("a BEGIN within the file's own transaction", "transaction-nesting", f"begin; begin; {_NEW}; commit", warns("25001"), run="none"),
    hazard("a ROLLBACK in the middle of the transaction", "transaction-nesting", f"{_NEW}; rollback; create table leaf (b integer)",
           warns("25P01")),
    innocent("a transaction of the file's own", f"begin; {_NEW}; insert into leaf values (1); commit", run="none"),
    innocent("a transaction of the file's own with a mode", f"BEGIN ISOLATION LEVEL REPEATABLE READ; {_NEW}; COMMIT AND NO CHAIN",
             run="none"),
    innocent("savepoints", f"savepoint one; {_NEW}; rollback to one; {_NEW}; release savepoint one"),
    innocent("BEGIN and END of a function", "create function one() returns integer language plpgsql as $$\nBEGIN\n  return 1;\nEND;\n$$"),
    innocent("BEGIN and COMMIT in a string", "insert into audit values ('BEGIN; delete from item; COMMIT')"),

    hazard("a transaction that does not end", "uncommitted-transaction", f"begin; {_NEW}; insert into leaf values (1)", stays_open,
           run="none"),
    hazard("a second transaction that does not end", "uncommitted-transaction",
           f"begin; {_NEW}; commit; START TRANSACTION; insert into leaf values (1);",
           stays_open, run="none"),
    hazard("a transaction that only a savepoint ends", "uncommitted-transaction", f"begin; savepoint s; {_NEW}; release s", stays_open,
           run="none"),
    hazard("a transaction that is chained", "uncommitted-transaction", f"begin; {_NEW}; commit and chain", stays_open, run="none"),
    innocent("a transaction that is taken back", f"begin; {_NEW}; rollback", run="none"),
]
