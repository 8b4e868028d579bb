"""What the pooler's own configuration says leads to the server: a pgbouncer.ini, a compose file, a manifest, a container."""
import pytest

from listeners import other_name_of_this_host
from projects import SHOP, postgresql
from servers import SECRET


@pytest.fixture
def put(project):
    """A project behind this pooler with these files beside its manage.py."""

    def make(pooler, files, **alias):
        made = project(pooler, **alias)
        for name, text in files.items():
            path = made.dir / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        return made

    return make


def ini(pooler, line):
    return f"[databases]\n{line}\n[pgbouncer]\nlisten_addr = *\nlisten_port = {pooler.port}\npool_mode = transaction\n"


def compose(pooler, database, password=SECRET, image="edoburu/pgbouncer:1.25.2"):
    return f"""\
services:
  db:
    image: postgres:16
    environment: {{POSTGRES_USER: app, POSTGRES_PASSWORD: "{password}", POSTGRES_DB: {database.name}}}
    ports: ["{database.port}:5432"]
  pooler:
    image: {image}
    environment: {{DB_HOST: db, DB_USER: app, DB_PASSWORD: "{password}", DB_NAME: {database.name}, POOL_MODE: transaction}}
    ports: ["{pooler.port}:5432"]
"""


def route(pgtool, project, *arguments):
    outcome = pgtool(project, "detect", "--format", "json", *arguments)
    assert outcome.status == 0, outcome.text
    return outcome.json["route"]


@pytest.mark.parametrize("name", ["pgbouncer.ini", "deploy/pgbouncer/pgbouncer.ini"])
def test_a_pgbouncer_ini_of_the_work_tree_names_the_server(bouncer, put, database, pgtool, name):
    pooler = bouncer()
    project = put(pooler, {name: ini(pooler, f"{database.name} = host=127.0.0.1 port={database.port}")})

    found = route(pgtool, project)

    assert found["origin"].endswith("pgbouncer.ini"), found
    assert found["direct"] == f"postgresql://app@127.0.0.1:{database.port}/{database.name}"


def test_the_entry_for_any_name_and_an_included_file_are_followed(bouncer, put, database, pgtool):
    pooler = bouncer()
    project = put(pooler, {"pgbouncer.ini": "%include databases.ini\n" + ini(pooler, "other = host=192.0.2.1"),
                           "databases.ini": f"[databases]\n* = host=127.0.0.1 port={database.port}\n"})

    assert "databases.ini" in route(pgtool, project)["origin"] or "pgbouncer.ini" in route(pgtool, project)["origin"]


def test_a_name_of_the_poolers_own_leads_to_the_real_database(bouncer, make_project, database, pgtool):
    pooler = bouncer(lines=[f"front = host=127.0.0.1 port={database.port} dbname={database.name} connect_query='select 1 /* pooled */'"])
    project = make_project({"default": postgresql(pooler, "front")})
    (project.dir / "pgbouncer.ini").write_text(ini(pooler, f"front = host=127.0.0.1 port={database.port} dbname={database.name}"))

    outcome = pgtool(project, "migrate", "--direct")

    assert outcome.status == 0, outcome.text
    assert database.applied() == SHOP
    database.assert_written_directly_only()


def test_whoever_the_pooler_logs_in_as_is_who_migrates(bouncer, project, database, pgtool):
    database.sql("grant create, usage on schema public to owner")
    pooler = bouncer(line=f"user=owner password={SECRET}")
    made = project(pooler)
    (made.dir / "pgbouncer.ini").write_text(
        ini(pooler, f"{database.name} = host=127.0.0.1 port={database.port} user=owner password={SECRET}"))

    outcome = pgtool(made, "migrate", "--direct", "--format", "json")

    assert outcome.status == 0, outcome.text
    assert database.sql("select distinct tableowner from pg_tables where schemaname = 'public'") == "owner"
    assert [f["message"] for f in outcome.json["findings"] if f["rule"] == "forced-user"] == ["the pooler logs in as owner, not as app"]
    assert SECRET not in outcome.text
    database.assert_written_directly_only()


def test_a_forced_user_without_a_password_says_what_to_write(bouncer, project, database, pgtool):
    pooler = bouncer(line=f"user=owner password={SECRET}")

    outcome = pgtool(project(pooler), "migrate", "--direct", "--console-url", pooler.console())

    assert outcome.status in (1, 3) and "logs in there as owner" in " ".join(outcome.stderr.split()), outcome.text
    database.assert_untouched()


def test_a_compose_file_leads_to_the_published_port(bouncer, put, database, pgtool):
    pooler = bouncer()
    project = put(pooler, {"compose.yaml": compose(pooler, database)})

    found = route(pgtool, project)

    assert found["origin"].startswith("compose.yaml"), found
    assert found["direct"] == f"postgresql://app@localhost:{database.port}/{database.name}"


def test_a_host_of_a_compose_file_with_another_password_is_not_sent_ours(bouncer, put, database, pgtool):
    pooler = bouncer()
    text = compose(pooler, database, "another-W0rd").replace("DB_HOST: db,", f"DB_HOST: {other_name_of_this_host()},")
    project = put(pooler, {"compose.yaml": text})

    outcome = pgtool(project, "detect", "--format", "json")

    assert outcome.json["route"]["direct"] is None or not outcome.json["route"]["origin"].startswith("compose.yaml"), outcome.text


def test_a_named_file_counts_alone(bouncer, put, database, pgtool, tmp_path):
    pooler = bouncer()
    project = put(pooler, {"pgbouncer.ini": ini(pooler, f"{database.name} = host=192.0.2.1")})
    named = tmp_path / "elsewhere.ini"
    named.write_text(ini(pooler, f"{database.name} = host=127.0.0.1 port={database.port}"))

    assert route(pgtool, project, "--pooler-config", str(named))["origin"] == str(named)


@pytest.mark.parametrize("text, words", [(None, "elsewhere.ini"), ("[pgbouncer]\nlisten_port = 6432\n", "no pooler is described in")])
def test_a_named_file_that_is_none_is_a_usage_error(bouncer, project, database, pgtool, tmp_path, text, words):
    named = tmp_path / "elsewhere.ini"
    if text is not None:
        named.write_text(text)

    outcome = pgtool(project(bouncer()), "detect", "--pooler-config", str(named))

    assert outcome.status == 2 and words in outcome.stderr, outcome.text


def test_a_configuration_that_is_not_in_force_loses_against_what_is_seen(bouncer, put, database, pgtool):
    pooler = bouncer("transaction")
    text = ini(pooler, f"{database.name} = host=127.0.0.1 port={database.port}").replace("= transaction", "= session")
    project = put(pooler, {"pgbouncer.ini": text})

    outcome = pgtool(project, "detect", "--format", "json")

    assert (outcome.json["pooler"]["mode"], outcome.json["pooler"]["mode_confidence"]) == ("transaction", "proved"), outcome.text
    assert "pgbouncer.ini says session" in outcome.json["pooler"]["evidence"]


def test_everything_is_shown_side_by_side(bouncer, make_project, database, pgtool):
    pooler = bouncer()
    project = make_project({"default": postgresql(pooler, database.name), "straight": postgresql(database.cluster, database.name),
                            "local": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}})
    (project.dir / "pgbouncer.ini").write_text(ini(pooler, f"{database.name} = host=127.0.0.1 port={database.port}"))

    outcome = pgtool(project, "detect", "--all", "--format", "json")
    text = pgtool(project, "detect", "--all")

    assert outcome.status == 0, outcome.text
    parts = {part["title"]: part for part in outcome.json["parts"]}
    assert list(parts) == ["Alias default", "Alias local", "Alias straight", "pgbouncer.ini"]
    assert parts["Alias default"]["pooler"]["kind"] == "pgbouncer" and parts["Alias straight"]["pooler"]["kind"] == "none"
    assert parts["pgbouncer.ini"]["facts"]["used_by"] == ["default"]
    assert text.stdout.startswith("2 of 2 PostgreSQL aliases proved direct; 1 configuration of poolers found\n"), text.text
    database.assert_untouched()


def test_a_bare_url_is_served_by_the_files_around(bouncer, nowhere, database, pgtool):
    pooler = bouncer()
    (nowhere.dir / "pgbouncer.ini").write_text(ini(pooler, f"{database.name} = host=127.0.0.1 port={database.port}"))

    assert route(pgtool, nowhere, "--pooled-url", pooler.url(database.name))["origin"] == "pgbouncer.ini"


def test_garbage_beside_the_project_changes_nothing(bouncer, put, database, pgtool):
    pooler = bouncer()
    project = put(pooler, {"pgbouncer.ini": "\0\xff[[[", "compose.yaml": "services: [" + "[" * 5000, "k8s/x.yaml": "pooler: *nowhere\n---\n{{ x }}"})

    assert route(pgtool, project)["direct"] == f"postgresql://app@127.0.0.1:{database.port}/{database.name}"
