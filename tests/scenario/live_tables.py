"""A folder with files of SQL beside a database with tables: what lint --live looks at."""
import pytest

from projects import postgresql

TABLES = """
create table small (id bigint primary key, name varchar(20), total int);
insert into small select i, 'name', i from generate_series(1, 100) i;
create table large (id bigint primary key, name varchar(20), total int not null, note text);
insert into large select i, 'name', i, repeat('x', 100) from generate_series(1, 30000) i;
create index large_total on large (total);
alter table large add constraint note_is_there check (note is not null);
create table parent (id int, day date) partition by range (day);
create table parent_1 partition of parent for values from ('2020-01-01') to ('2021-01-01');
create domain positive as int check (value > 0);
create domain plain as int;
create schema other;
create table other.small (id bigint, name varchar(20), total int);
insert into other.small select i, 'name', i from generate_series(1, 60000) i;
analyze;
"""


@pytest.fixture
def folder(make_project, database):
    """A folder without a project, beside a database with tables."""
    database.sql(f"set role app; {TABLES}")
    project = make_project({"default": postgresql(database, database.name)})
    (project.dir / "manage.py").unlink()
    return project


@pytest.fixture
def live(pgtool, folder, database):
    """lint of one file of SQL, with the database that it is meant for."""

    def lint(sql, *words, live=True):
        folder.write("a.sql", sql)
        where = ("--live", "--direct-url", database.url()) if live else ()
        return pgtool(folder, "lint", "--format", "json", *where, *words, "a.sql")

    return lint
