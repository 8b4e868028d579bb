"""The project behaves as before after the move; and what the command's options do."""
import re
import subprocess

import pytest
from moves import SMALL, wait_for_step
from projects import ARTICLE, article_environment
from waiting import until

MODELS = """

class Legacy(models.Model):
    name = models.TextField()

    class Meta:
        managed = False
        db_table = "legacy_customers"
"""
TESTS = """\
from django.test import TestCase
from shop.models import Order


class OrderTest(TestCase):
    def test_an_order_is_kept(self):
        Order.objects.create(number="7", paid=True)
        self.assertEqual(Order.objects.filter(paid=True).count(), 1)
"""
PARCEL = """\
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop", "0004_paid")]
    operations = [migrations.CreateModel("Parcel", [("id", models.BigAutoField(primary_key=True)), ("weight", models.IntegerField())])]
"""
DIRECTLY = {"PG_BOUNCER_HOST": "", "PG_BOUNCER_PORT": ""}  # as the settings of the article mean it
COMMANDS = [
    (["test"], DIRECTLY), (["migrate", "--check"], {}), (["migrate"], {}), (["showmigrations"], {}),
    (["makemigrations", "--check", "--dry-run"], {}), (["dumpdata", "shop", "contenttypes"], {}), (["inspectdb", "shop_order"], {}),
]


@pytest.fixture
def django(make_site, make_project):
    """A project that has migrated through its pooler, with a table that no model knows and one of an unmanaged model."""
    site = make_site("create table legacy_customers (id serial primary key, name text); create table forgotten (id integer);")
    project = make_project(ARTICLE, environment=article_environment(site.pooler, site.database))
    project.write("shop/tests.py", TESTS)
    with open(project.dir / "shop/models.py", "a", encoding="utf-8") as models:
        models.write(MODELS)
    site.folder, site.pooled = project, None
    status, out = manage(site, "migrate")
    assert status == 0, out
    return site


def manage(site, *arguments, **environment):
    """Status and output, without what differs from run to run."""
    told = subprocess.run([site.folder.python, "manage.py", *arguments], cwd=site.folder.dir, env={**site.folder.environment, **environment},
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=60, check=False)
    return told.returncode, re.sub(r"in \d+\.\d+s", "", told.stdout)


def behaviour(site):
    return {command[0]: manage(site, *command, **environment) for command, environment in COMMANDS}


def test_the_project_behaves_as_before(django):
    before = behaviour(django)
    assert before["test"][0] == 0, before["test"]

    django.move()

    assert behaviour(django) == before
    assert django.schemas() == {"shop"}
    django.folder.write("shop/migrations/0005_parcel.py", PARCEL)
    assert manage(django, "migrate")[0] == 0
    assert django.places()["shop_parcel"] == "shop"
    django.verify()
    django.undo()
    assert django.schemas() == {"public"}
    assert manage(django, "migrate", "--check") == (0, "")


def test_the_tables_of_django_alone(django):
    django.move("--tables-of-django")

    places = django.places()
    assert [name for name, schema in places.items() if schema == "public"] == ["forgotten"]
    assert {"django_migrations", "shop_order", "legacy_customers", "auth_user_groups"} <= set(places)
    assert django.path() == "shop,public"
    assert manage(django, "migrate", "--check")[0] == 0
    django.verify("--tables-of-django")


def test_verify_sees_a_migration_that_is_not_applied(django):
    django.move()
    django.folder.write("shop/migrations/0005_parcel.py", PARCEL)

    outcome = django.run("--verify")

    assert "0005_parcel" in outcome.text, outcome.text


def test_migrate_is_kept_out_meanwhile(django, start_pgtool):
    with django.client() as client:
        client.execute("select count(*) from shop_order")
        run = django.start("--yes")
        wait_for_step(django, run)

        busy = start_pgtool(django.folder, "migrate", "--direct", "--no-wait", "--direct-url", django.direct).finish()

        assert busy.status == 5, busy.text
    assert run.finish().status == 0


@pytest.mark.parametrize("arguments, left", [
    (["--only", "customer", "--only", "kind"], {"line", "purchase", "new_purchases"}),
    (["--only", "customer,l*"], {"purchase", "new_purchases"}),
    (["--exclude", "*purchase*"], {"purchase", "new_purchases"}),
    (["--only", "*e*", "--exclude", "line,new_*"], {"new_purchases", "line"}),
], ids=["two-options", "list", "exclude", "both"])
def test_some_of_the_tables(make_site, arguments, left):
    site = make_site(SMALL)
    before = site.untouched()

    site.move(*arguments)

    assert {name for name, schema in site.places().items() if schema == "public"} == left
    assert site.path() == "shop,public"
    site.assert_serves()
    site.move()
    assert (site.schemas(), site.path()) == ({"shop"}, "shop")
    site.undo()
    assert site.untouched() == before


@pytest.fixture
def held_up(make_site):
    """A move that waits for a client's transaction: the Site, its run, and the client."""
    site = make_site(SMALL)
    with site.client() as client:
        client.execute("select count(*) from line")
        run = site.start("--yes")
        wait_for_step(site, run)
        yield site, run, client


def test_a_second_one_waits(held_up):
    site, first, client = held_up
    second = site.start("--yes")
    until(lambda: re.search("lock|deploy", second.output("stderr")) or second.process.poll() is not None, "the second one says what it waits for", 30)
    assert second.process.poll() is None

    client.commit()

    assert (first.finish().status, second.finish().status) == (0, 0)
    assert site.schemas() == {"shop"}


def test_a_second_one_that_may_not_wait_is_told(held_up):
    site, first, client = held_up

    busy = site.run("--yes", "--no-wait")

    assert busy.status == 5, busy.text
    client.commit()
    assert first.finish().status == 0


def test_sessions_that_stay_are_named(held_up):
    """With pid, role and age, while it waits."""
    site, run, client = held_up
    pid = client.execute("select pg_backend_pid()").fetchone()[0]

    until(lambda: str(pid) in run.output("stderr") or run.process.poll() is not None, "the session that is waited for is named", 30)

    assert "app" in run.output("stderr")
    client.commit()
    assert run.finish().status == 0


def test_idle_sessions_can_be_ended(make_site):
    """Those alone: one within a transaction stays."""
    site = make_site(SMALL, mode="session")
    with site.client() as idle, site.client() as busy:
        for client in idle, busy:
            client.execute("select 1")
        idle.commit()

        outcome = site.run("--yes", "--drain-timeout", "2s", "--terminate-stale")

        assert outcome.status == 4, outcome.text
        assert busy.execute("select 1").fetchone() == (1,)
        busy.rollback()
    site.move()
    assert site.schemas() == {"shop"}


def test_a_plan_changes_nothing(make_site):
    site = make_site(SMALL)
    before = site.untouched()

    for outcome in site.run("--plan"), site.run("--plan", "--undo"), site.run():
        assert outcome.status in (0, 1), outcome.text
        assert site.untouched() == before
    planned = site.run("--plan").stdout
    assert "shop" in planned and re.search("SET search_path", planned, re.I) and all(name in planned for name in ("customer", "line"))


def test_without_a_terminal_the_plan_is_status_1_until_all_is_done(make_site):
    site = make_site(SMALL)

    assert site.run().status == 1
    assert site.schemas() == {"public"}
    site.move()
    assert [site.run(*more).status for more in ([], ["--yes"], ["--plan"])] == [0, 0, 0]
    assert "nothing to do" in site.run("--yes").text
    site.undo()
    assert site.run("--undo", "--yes").status == 0


@pytest.mark.parametrize("answer, status, places", [(b"n\r", 1, {"public"}), (b"\r", 1, {"public"}), (b"y\r", 0, {"shop"})])
def test_on_a_terminal_it_asks(make_site, answer, status, places):
    site = make_site(SMALL)
    before = site.untouched()
    run = site.start(terminal=True)
    until(lambda: re.search(r"\[y/N\]|\?\s*$", run.output()) or run.process.poll() is not None, "it asks", 30)
    assert site.untouched() == before

    run.type(answer)

    outcome = run.finish()
    assert (outcome.status, site.schemas()) == (status, places), outcome.text
    if places == {"public"}:
        assert site.untouched() == before


def test_finish_forgets_what_undo_needs(make_site):
    site = make_site(SMALL)
    site.move()

    site.succeed("--finish")

    assert not site.database.sql("select nspname from pg_namespace where nspname = 'pgtool'")
    site.verify()
    assert site.run("--yes").status == 0
    assert "nothing to undo" in site.run("--undo", "--yes").text
    assert site.schemas() == {"shop"}
    site.assert_serves()


def test_finish_in_the_middle_is_refused(held_up):
    site, run, client = held_up
    run.send(9)
    run.wait()

    outcome = site.run("--finish")

    assert outcome.status in (1, 3), outcome.text
    client.commit()
    site.move()
    assert site.schemas() == {"shop"}


def test_the_old_schema_can_be_protected(make_site):
    site = make_site(SMALL)
    before = site.untouched()

    site.move("--protect-old")

    assert "permission denied" in site.pooler.sql("create table public.phantom (id integer)", site.database.name, check=False)
    site.verify()
    site.undo()
    site.pooler.sql("create table public.real (id integer); drop table public.real", site.database.name)
    assert site.untouched() == before


@pytest.mark.parametrize("arguments, where", [([], "{database} app"), (["--cluster-wide"], "* app")])
def test_for_which_databases_the_path_is_changed(make_site, arguments, where):
    """A role may always change its own, for one database or for all of them."""
    site = make_site(SMALL)
    before = site.paths()
    site.move(*arguments)

    [path] = [row for row in site.paths() if "search_path" in row]
    assert path.startswith(where.format(database=site.database.name) + " search_path="), path

    site.undo()
    assert site.paths() == before


def test_verify_sees_what_was_left_behind(make_site):
    site = make_site(SMALL)
    assert site.run("--verify").status == 1
    site.move()
    site.verify()

    for broken, mended in (("create table public.line (id integer)", "drop table public.line"),
                           ("alter table shop.line set schema public", "alter table public.line set schema shop"),
                           (f"alter role app in database {site.database.name} reset search_path",
                            f"alter role app in database {site.database.name} set search_path = \"$user\", shop")):
        site.database.sql(broken, "app")
        site.forget_sessions()
        assert site.run("--verify").status == 1, broken
        site.database.sql(mended, "app")
        site.forget_sessions()
    site.verify()


def test_json_says_what_was_done(make_site):
    site = make_site(SMALL)
    planned = site.report("--plan")["schema-move"]
    assert (planned["from"], planned["to"], planned["moved"]) == ("public", "shop", 0) and planned["to_move"] > 0
    assert [role["role"] for role in planned["roles"]] == ["app"]

    moved = site.report("--yes")["schema-move"]

    assert moved["moved"] == planned["to_move"] and moved["objects"] == planned["objects"]
    [role] = moved["roles"]
    assert "shop" in role["after"] and "public" in role["during"] and "public" not in role["after"]
    assert site.report("--verify")["schema-move"]["staying"] == []
    undone = site.report("--undo", "--yes")["schema-move"]
    assert undone["direction"] != moved["direction"]


def test_json_holds_the_plan_where_nobody_can_be_asked(make_site):
    report = make_site(SMALL).report()

    assert report["status"] == 1 and report["schema-move"]["to_move"] > 0 and report["verdict"]


@pytest.mark.parametrize("arguments", [["--plan", "--verify"], ["--undo", "--finish"], ["--verify", "--undo"], ["--strategy", "hope"],
                                       ["--lock-timeout", "soon"], ["--from", "shop"]], ids=" ".join)
def test_what_makes_no_sense_is_refused(make_site, arguments):
    site = make_site(SMALL)
    before = site.untouched()

    assert site.run("--yes", *arguments).status == 2
    assert site.untouched() == before


def test_offline_needs_no_pooler(make_site):
    site = make_site(SMALL)
    before = site.untouched()
    site.pooled, site.consoles = None, []

    site.move("--strategy", "offline")
    assert site.schemas() == {"shop"}
    site.forget_sessions()
    site.assert_serves()
    site.forget_sessions()
    site.undo("--strategy", "offline")

    assert site.untouched() == before


def test_pause_moves_all_at_once(make_site):
    site = make_site(SMALL)
    before = site.untouched()

    site.move("--strategy", "pause")
    assert (site.schemas(), site.path(), site.paused()) == ({"shop"}, "shop", [])
    site.verify()
    site.undo("--strategy", "pause")

    assert (site.untouched(), site.paused()) == (before, [])


def test_another_schema_than_public(make_site):
    site = make_site(f"create schema old; set search_path = old; {SMALL}")
    site.database.sql(f"alter role app in database {site.database.name} set search_path = old")
    site.forget_sessions()
    before = site.untouched()

    site.move("--from", "old")
    assert (site.schemas(), site.path()) == ({"shop"}, "shop")
    site.assert_serves()
    site.undo("--from", "old")

    assert site.untouched() == before
