"""The lock timeline: what it says is what pg_locks says, and its seconds are those that the statements take."""
import time

import psycopg
import pytest

from live_tables import folder, live
from processes import free_port

STRONG = {"ShareLock", "ShareRowExclusiveLock", "ExclusiveLock", "AccessExclusiveLock"}
SCRIPTS = {
    "index": ["CREATE INDEX i ON large (note)"],
    "column, then rows": ["ALTER TABLE large ADD extra int", "UPDATE large SET extra = 1 WHERE id < 10"],
    "rows, then column": ["UPDATE large SET total = 2 WHERE id < 10", "ALTER TABLE large ADD extra int", "CREATE INDEX i ON small (name)"],
    "foreign key": ["ALTER TABLE large ADD small bigint", "ALTER TABLE large ADD FOREIGN KEY (small) REFERENCES small"],
    "a new table": ["CREATE TABLE fresh (id int, large bigint REFERENCES large)", "CREATE INDEX i ON fresh (large)"],
    "validation": ["ALTER TABLE small ADD CONSTRAINT c CHECK (total > 0) NOT VALID", "ALTER TABLE small VALIDATE CONSTRAINT c"],
    "trigger": ["CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'begin return new; end'",
                "CREATE TRIGGER t BEFORE INSERT ON small FOR EACH ROW EXECUTE FUNCTION f()"],
    "explicit": ["LOCK TABLE small IN EXCLUSIVE MODE", "TRUNCATE large"],
    "drop and rename": ["ALTER TABLE small RENAME TO tiny", "DROP INDEX large_total", "ALTER TABLE tiny DROP COLUMN name"],
}


def order(mode):
    return ["AccessShareLock", "RowShareLock", "RowExclusiveLock", "ShareUpdateExclusiveLock", "ShareLock", "ShareRowExclusiveLock",
            "ExclusiveLock", "AccessExclusiveLock"].index(mode)


def strongest(pairs):
    """The strongest mode of each table, where it is one that keeps writes waiting."""
    best = {}
    for table, mode in pairs:
        best[table] = max(best.get(table, "AccessShareLock"), mode, key=order)
    return {(table, mode) for table, mode in best.items() if mode in STRONG}


def readings(outcome):
    return outcome.json["lint"]["timeline"]["readings"]


def of_tables(outcome):
    return [table for reading in readings(outcome) for part in reading["transactions"] for table in part["tables"]]


@pytest.mark.parametrize("name", SCRIPTS)
def test_it_says_what_pg_locks_says(name, live, database):
    statements = SCRIPTS[name]
    outcome = live(";\n".join(statements) + ";\n", "--timeline", "--transaction", "file")
    with psycopg.connect(database.url()) as connection:
        before = {row[0]: row[1] for row in connection.execute("select oid::bigint, relname from pg_class where relkind in ('r', 'p')")}
        connection.commit()
        taken = []
        for statement in statements:
            connection.execute(statement)
            held = connection.execute("select relation::bigint, mode from pg_locks where pid = pg_backend_pid()").fetchall()
            taken.append(strongest((before[oid], mode) for oid, mode in held if oid in before))
        connection.rollback()
    tables = {(table["table"].removeprefix("public."), table["lock"]): table for table in of_tables(outcome) if table["lock"] in STRONG}
    firsts = {pair: next(at for at, pairs in enumerate(taken) if pair in pairs) + 1 for pair in taken[-1]}

    # A table that is renamed has two names, and a dropped index does not tell its own.
    said = {pair: table["from_line"] for pair, table in tables.items() if pair[0] != "tiny"}
    assert {pair: line for pair, line in firsts.items() if not pair[0].startswith("pg_")} == said
    assert all(table["until_line"] == len(statements) for table in tables.values())


def test_a_statement_by_itself_frees_its_locks_at_once(live):
    outcome = live("ALTER TABLE large ADD extra int;\nUPDATE large SET extra = 1 WHERE id < 10;\n", "--timeline")

    locks = [(part["transaction"], table["lock"], table["from_line"], table["until_line"])
             for reading in readings(outcome) for part in reading["transactions"] for table in part["tables"]]
    assert locks == [(False, "AccessExclusiveLock", 1, 1), (False, "RowExclusiveLock", 2, 2)]


def test_without_a_database_there_are_locks_and_no_seconds(live):
    outcome = live("BEGIN;\nALTER TABLE large ALTER note TYPE int USING 1;\nSELECT 1;\nCOMMIT;\n", "--timeline", live=False)

    assert [(table["lock"], table["from_line"], table["until_line"], table["seconds"]) for table in of_tables(outcome)] == [
        ("AccessExclusiveLock", 2, 4, None)]
    assert outcome.json["lint"]["timeline"]["rates"] == "not measured"
    assert "timeline" not in live("SELECT 1;\n", live=False).json["lint"]


def test_what_nobody_can_reckon_has_no_upper_end(live):
    sql = "ALTER TABLE large ADD extra int;\nINSERT INTO large SELECT id + 90000, name, 1, note FROM large;\n"
    held = of_tables(live(sql, "--timeline", "--transaction", "file"))

    assert [table["seconds"]["high"] for table in held] == [None]


def test_people_read_a_line_for_each_strong_lock(pgtool, folder, database):
    folder.write("a.sql", "BEGIN;\nALTER TABLE large ADD CONSTRAINT c CHECK (total < 'hunter22');\nSELECT 1;\nCOMMIT;\n")
    text = pgtool(folder, "lint", "--timeline", "--live", "--direct-url", database.url(), "a.sql").stdout

    lines = [line for line in text.splitlines() if "ACCESS EXCLUSIVE on large" in line]
    assert f"asked about its tables: postgresql://app@127.0.0.1:{database.port}/{database.name}" in " ".join(text.split())
    assert len(lines) == 1 and "reads and writes wait" in text and "not measured" in text
    assert "hunter22" not in " ".join(line for line in text.splitlines() if "a.sql: " in line)


WORKS = {
    "check": "alter table {0} add check (number >= 0)",
    "not null": "alter table {0} alter number set not null",
    "type": "alter table {0} alter number type bigint",
    "volatile default": "alter table {0} add extra float default random()",
    "index of a number": "create index on {0} (number)",
    "index of letters": "create index on {0} (name)",
    "unique": "alter table {0} add unique (id)",
    "foreign key": "alter table {0} add foreign key (target) references target",
    "update": "update {0} set number = number + 1",
    "generated": "alter table {0} add extra int generated always as (number + 1) stored",
}
SHAPES = {"short": "repeat('x', 10)", "long": "repeat(md5(i::text), 20)"}


@pytest.fixture
def measured(database):
    """Tables of two shapes, without and with indexes, that are large enough for a measure."""
    database.sql("set role app; create table target (id int primary key); insert into target select generate_series(0, 9999);")
    for shape, filler in SHAPES.items():
        rows = 200_000 if shape == "short" else 30_000
        for indexes in 0, 2:
            table = f"{shape}{indexes}"
            database.sql(f"set role app; create table {table} (id int, number int, target int, name text, filler text);"
                         f"insert into {table} select i, (i * 7919::bigint % 10000)::int, i % 10000, md5(i::text), {filler}"
                         f" from generate_series(1, {rows}) i;"
                         + (f"create index on {table} (id); create index on {table} (name);" if indexes else "")
                         + f"analyze {table}")
    return [f"{shape}{indexes}" for shape in SHAPES for indexes in (0, 2)]


def seconds_of(connection, statement):
    """Of the fastest of three; nothing stays."""
    times = []
    for _ in range(3):
        began = time.perf_counter()
        connection.execute(statement)
        times.append(time.perf_counter() - began)
        connection.rollback()
    return min(times)


def test_nine_of_ten_estimates_hold_what_the_statement_takes(measured, database, live):
    jobs = [(table, name, work.format(table)) for table in measured for name, work in WORKS.items()]
    outcome = live(";\n".join(job[2] for job in jobs) + ";\n", "--calibrate")
    assert outcome.json["lint"]["timeline"]["rates"] == "measured on it", outcome.text
    estimates = {table["from_line"]: table["seconds"] for table in of_tables(outcome) if table["table"] != "target"}
    with psycopg.connect(database.url()) as connection:
        truths = [seconds_of(connection, statement) for _, _, statement in jobs]
    ranges = [estimates[line] for line in range(1, len(jobs) + 1)]

    report = [f"{table} {name}: {truth:.3f} s, {wide['low']:.3f} to {wide['high']:.3f}" + ("" if inside else "  OUTSIDE")
              for (table, name, _), truth, wide in zip(jobs, truths, ranges)
              for inside in [wide["low"] <= truth <= wide["high"]]]
    print("\n".join(report))
    outside = [line for line in report if line.endswith("OUTSIDE")]
    assert len(outside) <= len(jobs) / 10, "\n".join(report)
    # A range that holds everything would say nothing.
    assert sorted(wide["high"] / wide["low"] for wide in ranges)[len(ranges) // 2] < 30


def test_the_measure_leaves_nothing_and_needs_the_right_to_create(live, database):
    before = database.tables()
    assert live("CREATE INDEX i ON large (note);\n", "--calibrate").json["unknown"] == []
    assert database.tables() == before

    database.sql("revoke create on schema public from app, public")
    database.sql(f"alter schema public owner to postgres; alter database {database.name} owner to postgres")
    outcome = live("CREATE INDEX i ON large (note);\n", "--calibrate")
    assert [one["what"] for one in outcome.json["unknown"]] == ["how fast the server works"]
    assert outcome.json["lint"]["timeline"]["rates"] == "not measured"


def test_nothing_is_measured_through_a_pooler(pgtool, folder, bouncer, database):
    folder.write("a.sql", "CREATE INDEX i ON large (note);\n")
    wrong = f"postgresql://app@127.0.0.1:{free_port()}/{database.name}"
    outcome = pgtool(folder, "lint", "--format", "json", "--calibrate", "--pooled-url", bouncer().url(database.name),
                     "--direct-url", wrong, "a.sql")

    assert "how fast the server works" in [one["what"] for one in outcome.json["unknown"]] and outcome.status in (1, 3)
    assert [one for one in database.pooled() if "pgtool_narrow" in one] == []
    assert of_tables(outcome)[0]["size"]["rows"] == 30000
