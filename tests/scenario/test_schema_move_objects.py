"""Everything that may live in a schema moves, stays the same thing, and comes back; what belongs to an extension stays."""
import re

import psycopg
import pytest
from moves import SMALL
from zoo import EXTENSIONS, ODD_TABLES, everything, extensions, members, objects, picture, quoted

# What is warned of in the zoo, and is right as it is.
WARNED = ["--accept", "role-not-changed"]


def installed(database, *names):
    found = database.sql("select name from pg_available_extensions").split()
    return set(names) <= set(found)


@pytest.fixture
def zoo(make_site):
    site = make_site("")
    if not installed(site.database, *EXTENSIONS):
        pytest.skip("the server has none of its usual extensions")
    site.database.sql(extensions())
    site.database.sql(everything(), "app")
    return site


def rows(site):
    """As the application reads them, with types, functions and operators by unqualified names."""
    with site.client() as client:
        return [client.execute(query).fetchall() for query in (
            "select id, address, feeling::mood, name collate plain, doubled, document @@ to_tsquery('words', 'text') from account",
            "select * from booking order by 1", "select * from animal", "select * from sums", 'select * from "Some Accounts"',
            "select twice(2), twice('x'), any_of(variadic array[4, 5]), total(n) from generate_series(1, 4) n",
            "select 3 ~=~ 4, 'A'::citext = 'a'::citext, 'a=>1'::hstore -> 'a', similarity('ab', 'abc'), '[1,2)'::span, span(1, 2), span_multirange(span(1, 2))",
            *(f"select count(*) from {quoted(name)}" for name in ODD_TABLES))]


def test_everything_moves_and_comes_back(zoo):
    database = zoo.database
    before, seen, dumped, settings = objects(database), picture(database), zoo.untouched(), rows(zoo)
    extensions_before = members(database)

    zoo.move(*WARNED)

    after = objects(database)
    assert {key for key, schema in after.items() if schema == "public"} == set()
    moved = {key: "shop" if schema == "public" else schema for key, schema in before.items()}
    assert after == moved
    assert picture(database) == seen
    assert members(database) == extensions_before
    assert zoo.path() == "shop,public", "public stays on the path, for the extensions are there"
    assert rows(zoo) == settings
    zoo.verify()

    zoo.undo()

    assert (zoo.untouched(), objects(database)) == (dumped, before)
    assert rows(zoo) == settings


def test_what_is_made_after_the_move_goes_to_the_new_schema(zoo):
    zoo.move(*WARNED)

    zoo.pooler.sql("create table fresh (id serial primary key); call note(1)", zoo.database.name)
    zoo.pooler.sql("insert into account (address) values ('bob@example.org'); refresh materialized view sums", zoo.database.name)

    assert zoo.places()["fresh"] == "shop"
    with zoo.client() as client:
        assert client.execute("select count(*) from log where what in (1, 2)").fetchone() == (3,)


def test_an_extension_s_tables_stay(make_site):
    """As those of PostGIS: told to the server as members of an extension, whose files cannot be installed by a test."""
    site = make_site(SMALL)
    if not installed(site.database, "hstore"):
        pytest.skip("the server has no hstore")
    site.database.sql("create extension hstore schema public; create table spatial_ref_sys (srid integer primary key);"
                      "create type geometry as (x float8, y float8);"
                      "alter extension hstore add table spatial_ref_sys; alter extension hstore add type geometry;"
                      "grant select, references on spatial_ref_sys to public")
    site.database.sql("create table shape (id serial primary key, outline geometry, at integer references spatial_ref_sys)", "postgres")
    site.database.sql("alter table shape owner to app")

    site.move()

    places = site.places()
    assert (places.pop("spatial_ref_sys"), set(places.values())) == ("public", {"shop"})
    assert site.path() == "shop,public"
    assert any("spatial_ref_sys" in str(staying) for staying in site.report("--verify")["schema-move"]["staying"])
    with site.client() as client:
        assert client.execute("select count(*) from shape join spatial_ref_sys on at = srid").fetchone() == (0,)
    site.undo()
    assert site.schemas() == {"public"}


def test_the_constructors_of_a_range_type_are_found_afterwards(make_site):
    """They are the superuser's, and stay where they are unless it is the superuser who moves: then the path must say so."""
    site = make_site(SMALL + "create type span as range (subtype = numeric);")

    site.move()

    with site.client() as client:
        assert client.execute("select span_multirange(span(1, 2))::text, '[1,2)'::span = span(1, 2)").fetchone() == ("{[1,2)}", True)
    site.undo()
    assert site.schemas() == {"public"}


def test_a_schema_that_was_there_before_stays_as_it_was(make_site):
    """With grants and tables of its own; undo takes away what was added, not the schema."""
    site = make_site(SMALL)
    site.database.sql("create schema shop; create table shop.own (id integer); comment on schema shop is 'ours';"
                      "alter default privileges in schema public grant select on tables to app", "app")
    before = site.untouched()

    site.move()
    assert site.schemas() == {"shop"}
    site.undo()

    assert site.untouched() == before


def test_grants_and_default_privileges_are_copied(make_site):
    site = make_site(SMALL)
    site.database.sql("grant usage, create on schema public to reader; revoke all on schema public from public")
    site.database.sql("alter default privileges for role app in schema public grant select on tables to reader", "app")
    site.database.sql("grant select on all tables in schema public to reader", "app")
    before = site.untouched()

    site.move("--accept", "role-not-changed")
    site.pooler.sql("create table fresh (id integer)", site.database.name)

    assert site.database.sql("select has_schema_privilege('reader', 'shop', 'usage'), has_schema_privilege('reader', 'shop', 'create'),"
                             "has_table_privilege('reader', 'shop.customer', 'select'), "
                             "has_table_privilege('reader', 'shop.fresh', 'select')") == "t|t|t|t"
    site.database.sql("drop table shop.fresh")
    site.undo("--accept", "role-not-changed")
    assert site.untouched() == before


def test_default_privileges_of_another_role_are_told_of_before(make_site):
    """They are that role's own: who may not copy them is told so with the plan, not in the middle of the move."""
    site = make_site(SMALL)
    site.database.sql("alter default privileges in schema public grant select on tables to app")
    planned = site.run("--plan")
    statement = re.search(r"ALTER DEFAULT PRIVILEGES .*", " ".join(planned.stdout.split()), re.I)

    outcome = site.run("--yes")

    assert outcome.status == 0 or "missing-privilege" in planned.stdout and statement, outcome.text


def test_composite_types_of_an_extension_stay(make_site):
    site = make_site(SMALL)
    if not installed(site.database, "tablefunc"):
        pytest.skip("the server has no tablefunc")
    site.database.sql("create extension tablefunc schema public")
    before = members(site.database)

    site.move()

    assert members(site.database) == before and site.path() == "shop,public"
    site.assert_serves()


@pytest.mark.parametrize("old, new", [('"$user", public', '"$user",shop'), ("public", "shop"), ("public, pg_catalog", "shop,pg_catalog"),
                                      ("elsewhere, public", "elsewhere,shop"), ('"Odd, One", public', '"Odd, One",shop')])
def test_the_old_path_comes_back_exactly(make_site, old, new):
    site = make_site(SMALL)
    role = f"alter role app in database {site.database.name}"
    site.database.sql(f"{role} set search_path = {old}; {role} set work_mem = '5MB'; create schema elsewhere; create schema \"Odd, One\";"
                      'grant usage on schema elsewhere, "Odd, One" to app')
    site.forget_sessions()
    before = site.paths()

    site.move()
    assert site.pooler.sql("show search_path", site.database.name).replace(", ", ",") == new.replace(", ", ",")
    site.undo()

    assert site.paths() == before


def test_pg_dump_of_a_moved_database_can_be_restored(zoo, make_database, move_cluster):
    """The proof that no object has lost what it depends on."""
    zoo.move(*WARNED)
    copy = make_database(move_cluster)
    copy.sql("drop schema public")

    with psycopg.connect(move_cluster.conninfo(copy.name), autocommit=True) as session:
        text = "\n".join(line for line in zoo.dump().splitlines() if not line.startswith("\\"))
        session.pgconn.exec_(b"create schema public")
        result = session.pgconn.exec_(text.encode())

    assert result.error_message == b"", result.error_message.decode()
    assert picture(copy) == picture(zoo.database)
