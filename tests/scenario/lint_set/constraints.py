"""Constraints that are added, validated and dropped."""
from lint_proofs import builds_index, lets_in, scans, validates_key, verifies
from lint_set.schema import BASE
from lint_set.snippets import hazard, innocent

_CHECK = "alter table item add constraint amount_small check (amount < 100)"
_KEY = "alter table item add constraint item_purchase foreign key (purchase_id) references purchase (id)"
_BARE = "create table card (id integer not null, code text)"
_CARDS = "insert into card select n, 'code ' || n from generate_series(1, 1000) n"
_CODE = "create domain code as text; create table card (id integer, code code)"

SNIPPETS = [
    hazard("a check", "add-check-constraint", _CHECK, verifies("item")),
    hazard("a check in autocommit among other changes", "add-check-constraint",
           'ALTER TABLE "item" ADD COLUMN "rank" integer, ADD CONSTRAINT "small" CHECK ("amount" < 100)', verifies("item"), run="none"),
    hazard("a check within a DO block that looks first", "add-check-constraint",
           "do $body$ begin if not exists (select from pg_constraint where conname = 'amount_small') then\n"
           f"    {_CHECK};\nend if; end $body$", verifies("item")),
    innocent("a check that is not yet valid", _CHECK + " not valid"),
    innocent("a check that is validated in a transaction of its own",
             _CHECK + " not valid; alter table item validate constraint amount_small", run="none"),
    innocent("a check that an earlier migration has added is validated", "alter table item validate constraint amount_small",
             history=(_CHECK + " not valid",)),
    innocent("a check of a table that is born in the file",
             "create table leaf (a integer check (a > 0)); alter table leaf add constraint a_small check (a < 100)"),

    hazard("a foreign key", "add-foreign-key", _KEY, validates_key("item")),
    hazard("a foreign key, as Django adds it", "add-foreign-key",
           'ALTER TABLE "item" ADD CONSTRAINT "item_purchase_fk" FOREIGN KEY ("purchase_id") REFERENCES "purchase" ("id") '
           "DEFERRABLE INITIALLY DEFERRED", validates_key("item")),
    hazard("a foreign key in autocommit", "add-foreign-key", _KEY + " on delete cascade", validates_key("item"), run="none"),
    innocent("a foreign key that is not yet valid", _KEY + " not valid"),
    innocent("a foreign key that is validated in a transaction of its own",
             _KEY + " not valid; alter table item validate constraint item_purchase",
             run="none"),
    innocent("a foreign key that an earlier migration has added is validated", "alter table item validate constraint item_purchase",
             history=(_KEY + " not valid",)),
    innocent("a foreign key of a table that is born in the file",
             'CREATE TABLE "leaf" ("id" serial PRIMARY KEY, "purchase_id" integer NOT NULL); ALTER TABLE "leaf" ADD CONSTRAINT "leaf_fk" '
             'FOREIGN KEY ("purchase_id") REFERENCES "purchase" ("id") DEFERRABLE INITIALLY DEFERRED; '
             'CREATE INDEX "leaf_purchase" ON "leaf" ("purchase_id")'),
    innocent("a table that is born with two foreign keys",
             "create table leaf (purchase_id integer references purchase on delete cascade, shop_id integer references shop (id))"),

    hazard("a unique constraint", "add-unique-constraint", "alter table item add constraint item_once unique (purchase_id, label)",
           builds_index("item", "read")),
    hazard("a unique constraint in autocommit", "add-unique-constraint",
           'ALTER TABLE "item" ADD CONSTRAINT "once" UNIQUE ("label") DEFERRABLE INITIALLY DEFERRED', builds_index("item", "read"),
           run="none"),
    innocent("a unique constraint by an index that is built concurrently",
             "create unique index concurrently item_once on item (purchase_id, label);"
             "alter table item add constraint item_once unique using index item_once", run="none"),
    innocent("a unique constraint by an index of an earlier migration", "alter table item add constraint once unique using index item_once",
             history=("create unique index concurrently item_once on item (label)",)),
    innocent("a unique constraint of a table that is born in the file",
             "create table leaf (a integer unique, b integer); alter table leaf add constraint leaf_both unique (a, b)"),

    hazard("a primary key", "add-primary-key", "alter table card add primary key (id)", builds_index("card", "read"),
           history=(_BARE,), fill=_CARDS),
    hazard("a primary key in autocommit", "add-primary-key", 'ALTER TABLE ONLY "card" ADD CONSTRAINT "card_key" PRIMARY KEY ("code")',
           builds_index("card", "read"), history=(_BARE,), fill=_CARDS, run="none"),
    hazard("a primary key by an index, of a column that may be null", "add-primary-key|set-not-null",
           "create unique index concurrently card_code on card (code); alter table card add primary key using index card_code",
           verifies("card"), history=(_BARE,), fill=_CARDS, run="none"),
    innocent("a primary key by an index that is built concurrently",
             "create unique index concurrently card_id on card (id);"
             "alter table card add constraint card_key primary key using index card_id",
             history=(_BARE,), fill=_CARDS, run="none"),
    innocent("a primary key of a table that is born in the file", "create table leaf (a integer); alter table leaf add primary key (a)"),

    hazard("an exclusion constraint", "add-exclusion-constraint",
           "alter table item add constraint item_apart exclude using gist (during with &&)", builds_index("item", "read")),
    innocent("an exclusion constraint of a table that is born in the file",
             "create table leaf (during tsrange); alter table leaf add constraint leaf_apart exclude using gist (during with &&)"),

    hazard("a check that is validated in the same transaction", "validate-in-same-transaction",
           _CHECK + " not valid; alter table item validate constraint amount_small", verifies("item")),
    hazard("a foreign key that is validated in the same transaction", "validate-in-same-transaction",
           _KEY + " not valid; alter table item validate constraint item_purchase", validates_key("item")),
    hazard("a check that is validated in the file's own transaction", "validate-in-same-transaction",
           f"begin; {_CHECK} not valid; alter table item validate constraint amount_small; commit", verifies("item"), run="none"),
    innocent("a check that is validated after the file's own transaction",
             f"begin; {_CHECK} not valid; commit; alter table item validate constraint amount_small", run="none"),
    innocent("a check of an earlier migration is validated beside a new one",
             "alter table item validate constraint amount_small; alter table audit add constraint line_there check (line <> '') not valid",
             history=(_CHECK + " not valid",)),

    hazard("a domain in use that gets a check", "alter-domain-add-constraint",
           "alter domain code add constraint code_there check (value <> '')",
           scans("card"), history=(_CODE,), fill=_CARDS),
    innocent("a domain in use that gets a check that is not yet valid",
             "alter domain code add constraint code_there check (value <> '') not valid", history=(_CODE,), fill=_CARDS),
    innocent("a domain that is born with a check", "create domain code as text check (value <> ''); create table leaf (code code)"),
    innocent("a domain that is born in the file and gets a check", "create domain code as text; alter domain code add check (value <> '')"),
    innocent("a domain in use that gets a default", "alter domain code set default 'x'", history=(_CODE,), fill=_CARDS),

    hazard("a unique constraint that goes", "drop-constraint", "alter table purchase drop constraint purchase_number_key",
           lets_in("insert into purchase (shop_id, number, price) values (1, 'p1', 1)")),
    hazard("a check that goes", "drop-constraint", 'ALTER TABLE "purchase" DROP CONSTRAINT IF EXISTS "purchase_price_check"',
           lets_in("insert into purchase (shop_id, number, price) values (1, 'new', -1)")),
    hazard("a foreign key that goes, as Django drops it", "drop-constraint",
           'SET CONSTRAINTS "purchase_shop_fk" IMMEDIATE; ALTER TABLE "purchase" DROP CONSTRAINT "purchase_shop_fk"',
           lets_in("insert into purchase (shop_id, number, price) values (4711, 'new', 1)")),
    hazard("a check that goes, and lint knows its table", "drop-constraint", "alter table purchase drop constraint purchase_price_check",
           lets_in("insert into purchase (shop_id, number, price) values (1, 'new', -1)"), history=(BASE,), run="none"),
    innocent("a constraint of a table that is born in the file",
             "create table leaf (a integer constraint a_small check (a < 100)); alter table leaf drop constraint a_small"),
    innocent("a constraint that gets another name", "alter table purchase rename constraint purchase_price_check to price_positive",
             drops=("constraint purchase_price_check",)),
]
