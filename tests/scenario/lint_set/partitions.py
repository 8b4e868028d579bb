"""Partitions that come and go."""
from lint_proofs import builds_index, fails, keeps_out, scans, verifies
from lint_set.schema import READING, READING_ROWS
from lint_set.snippets import hazard, innocent

_NEXT = "create table reading_2026 (at date not null, value integer)"
_NEXT_ROWS = "insert into reading_2026 select date '2026-01-01' + n % 300, n from generate_series(1, 1000) n"
_RANGE = "for values from ('2026-01-01') to ('2027-01-01')"
_ATTACH = f"alter table reading attach partition reading_2026 {_RANGE}"
_CHECK = "alter table reading_2026 add constraint in_2026 check (at >= '2026-01-01' and at < '2027-01-01')"
_REST = "create table reading_rest partition of reading default"
_REST_ROWS = "insert into reading select date '2030-01-01' + n, n from generate_series(1, 1000) n"
_PARTED = {"history": (READING,), "fill": READING_ROWS}
_BOTH = {"history": (READING, _NEXT), "fill": READING_ROWS + _NEXT_ROWS}
_DETACH = "alter table reading detach partition reading_2024"

SNIPPETS = [
    hazard("a partition whose rows must be read", "attach-partition-scan", _ATTACH, verifies("reading_2026"), **_BOTH),
    hazard("a partition whose rows must be read, in autocommit", "attach-partition-scan",
           f'ALTER TABLE "reading" ATTACH PARTITION "reading_2026" {_RANGE.upper()}', verifies("reading_2026"), run="none", **_BOTH),
    hazard("a partition with a check that is not valid", "attach-partition-scan", _ATTACH, verifies("reading_2026"),
           history=(READING, _NEXT, _CHECK + " not valid"), fill=READING_ROWS + _NEXT_ROWS),
    hazard("a partition with a check of a wider range", "attach-partition-scan", _ATTACH, verifies("reading_2026"),
           history=(READING, _NEXT, "alter table reading_2026 add check (at >= '2025-01-01' and at < '2028-01-01')"),
           fill=READING_ROWS + _NEXT_ROWS),
    hazard("an empty partition beside a full default partition", "attach-partition-scan", _NEXT + ";" + _ATTACH,
           verifies("reading_rest"), history=(READING, _REST), fill=READING_ROWS + _REST_ROWS),
    innocent("a partition whose check an earlier migration has validated", _ATTACH,
             history=(READING, _NEXT, _CHECK + " not valid", "alter table reading_2026 validate constraint in_2026"),
             fill=READING_ROWS + _NEXT_ROWS),
    innocent("a partition whose check is validated before, in one file",
             f"{_CHECK} not valid;\nalter table reading_2026 validate constraint in_2026;\n{_ATTACH};\n"
             "alter table reading_2026 drop constraint in_2026;", run="none", **_BOTH),
    innocent("a partition that is born in the file", f"{_NEXT}; {_ATTACH}", **_PARTED),
    innocent("a partition that is born as one", f"create table reading_2026 partition of reading {_RANGE}", **_PARTED),

    hazard("a partition that is detached", "detach-partition-not-concurrent", _DETACH, keeps_out("reading"), **_PARTED),
    hazard("a partition that is detached in autocommit", "detach-partition-not-concurrent",
           'ALTER TABLE "public"."reading" DETACH PARTITION "reading_2024"', keeps_out("reading"), run="none", **_PARTED),
    innocent("a partition that is detached from a table that is born in the file",
             "create table leaf (a integer) partition by list (a); create table leaf_one partition of leaf for values in (1);"
             "alter table leaf detach partition leaf_one"),

    hazard("an index of a partitioned table", "index-not-concurrent", "create index reading_at on reading (at)",
           builds_index("reading_2024"), **_PARTED),
    innocent("an index of ONLY a partitioned table", "CREATE INDEX reading_at ON ONLY reading (at)", **_PARTED),
    innocent("indexes of partitions that are built concurrently and attached",
             "create index reading_at on only reading (at);\ncreate index concurrently at_2024 on reading_2024 (at);\n"
             "alter index reading_at attach partition at_2024;\ncreate index concurrently at_2025 on reading_2025 (at);\n"
             "alter index reading_at attach partition at_2025;", run="none", **_PARTED),

    hazard("an index of a partitioned table, concurrently", "concurrently-unsupported-form",
           "create index concurrently reading_at on reading (at)", fails("0A000"), run="none", **_PARTED),
    hazard("an index of ONLY a partitioned table, concurrently", "concurrently-unsupported-form",
           'CREATE INDEX CONCURRENTLY "reading_at" ON ONLY "reading" ("at")', fails("0A000"), run="none", **_PARTED),
    hazard("a partitioned index that is dropped concurrently", "concurrently-unsupported-form",
           "drop index concurrently reading_at", fails("0A000"), run="none",
           history=(READING, "create index reading_at on reading (at)"), fill=READING_ROWS),
    hazard("a partition that is detached concurrently beside a default partition", "concurrently-unsupported-form",
           _DETACH + " concurrently", fails("55000"), run="none", history=(READING, _REST), fill=READING_ROWS),

    hazard("a foreign key of a partitioned table that is not yet valid", "partitioned-fk-not-valid",
           "alter table reading add constraint reading_item foreign key (value) references item (id) not valid", fails("42809"), before=18,
           **_PARTED),
    hazard("a foreign key of a partitioned table that is not yet valid, in autocommit", "partitioned-fk-not-valid",
           'ALTER TABLE "reading" ADD CONSTRAINT "reading_item" FOREIGN KEY ("value") REFERENCES "item" ("id") NOT VALID', fails("42809"),
           run="none", before=18, **_PARTED),
    innocent("a foreign key of a partition that is not yet valid",
             "alter table reading_2024 add constraint reading_item foreign key (value) references item (id) not valid", **_PARTED),
    hazard("rows that are deleted after a partition was detached", "statement-after-access-exclusive",
           _DETACH + "; delete from reading_2024 where value > 10", keeps_out("reading"), scans("reading_2024", "read"), **_PARTED),
]
