"""What pgtool learns of a project's models and of its hooks on connections; no command is needed."""
from pathlib import Path

import pytest

from asking import DJANGOS_OWN, HOOKS, ODD_MODELS, ORDER, QUERY, ask, models_of, needs_program, put_before_models, rows
from projects import postgresql
from servers import SECRET

pytestmark = needs_program
ROUTER = """\
class Router:
    def allow_migrate(self, db, app_label, model_name=None, **hints):
        return (model_name == "event") == (db == "events")
"""
ROUTED = "DATABASE_ROUTERS = ['shop.routers.Router']\n"
START = """\
import os
import subprocess
import sys

if "NESTED" not in os.environ:
    subprocess.run([sys.executable, "manage.py", "migrate"], env={**os.environ, "NESTED": "1"})
"""
IN_A_THREAD = """\
import threading
from django.apps import AppConfig


class ShopConfig(AppConfig):
    name = "shop"

    def ready(self):
        thread = threading.Thread(target=self.query)
        thread.start()
        thread.join()

    def query(self):
        from django.db import connection
        connection.ensure_connection()
"""


@pytest.fixture(params=["psycopg", "psycopg2"])
def driver(request):
    return request.param


class TestTheModels:
    def test_of_an_ordinary_project(self, project, bouncer, database, driver):
        found = models_of(project(bouncer(), driver))

        assert found["error"] == "" and found["hooks"] == []
        assert sorted(rows(found["tables"])) == sorted([*DJANGOS_OWN, ORDER])
        assert database.statements() == []

    def test_of_every_kind(self, project, bouncer):
        here = project(bouncer())
        here.write("shop/models.py", ODD_MODELS)

        found = rows(models_of(here)["tables"])

        assert [row for row in found if row[0].startswith("shop.")] == [
            ("shop.Order_tags", "shop_order_tags", True), ORDER, ("shop.Tag", '"public"."tags"', True),
            ("shop.Hacked", 'public"."hacked', True), ("shop.Event", "shop_event", True), ("shop.Old", "Old Orders", False),
            ("shop.Bulk", "shop_bulk", True)]

    def test_are_those_that_the_routers_allow_and_can_be_asked_for_again(self, make_project, bouncer, database):
        pooler = bouncer()
        aliases = {name: postgresql(pooler, database.name) for name in ("default", "events")}
        here = make_project(aliases, settings=ROUTED)
        here.write("shop/routers.py", ROUTER)
        here.write("shop/models.py", ODD_MODELS)

        default, events, unknown, again = ask(here, "models", "default", "events", "nobody", "default")[0]

        assert ("shop.Event", "shop_event", True) not in rows(default["tables"]) and ORDER in rows(default["tables"])
        assert rows(events["tables"]) == [("shop.Event", "shop_event", True), DJANGOS_OWN[-1]]
        assert "nobody" in unknown["error"] and unknown["tables"] == []
        assert again == default
        assert database.statements() == []

    def test_a_router_that_fails_is_told(self, make_project, bouncer, database):
        here = make_project({"default": postgresql(bouncer(), database.name)}, settings=ROUTED)
        here.write("shop/routers.py", "class Router:\n    def allow_migrate(self, db, app_label, **hints):\n"
                                      f"        raise ValueError('no {SECRET} here')\n")

        found = models_of(here)

        assert (found["error"], found["tables"]) == ("ValueError: no *** here", [])

    def test_come_with_the_hooks_of_new_connections(self, project, bouncer):
        here = project(bouncer())
        here.write("shop/hooks.py", HOOKS)
        put_before_models(here, "from shop import hooks\n")

        hooks = models_of(here)["hooks"]

        assert [(hook["name"], hook["sets_path"]) for hook in hooks] == [
            ("shop.hooks.set_path", True), ("shop.hooks.harmless", False), ("shop.hooks.Watcher.connected", False),
            ("shop.hooks.Watcher", True), ("shop.hooks.harmless", False), ("shop.generated.unread", True),
            ("shop.hooks.<lambda>", False)]
        assert (Path(hooks[0]["file"]), hooks[0]["line"]) == (here.dir / "shop/hooks.py", 6)
        assert (hooks[5]["file"], hooks[5]["line"]) == ("<string>", 1)

    def test_djangos_own_hooks_are_not_told(self, project, bouncer):
        here = project(bouncer())
        settings = here.dir / "config/settings.py"
        settings.write_text(settings.read_text() + "INSTALLED_APPS.append('django.contrib.postgres')\n")

        assert models_of(here)["hooks"] == []


class TestAppsThatDoNotLoad:
    @pytest.mark.parametrize("text, words", [
        ("import nowhere_to_be_found\n", "ModuleNotFoundError: No module named 'nowhere_to_be_found'"),
        (f"raise RuntimeError('no {SECRET} here')\n", "RuntimeError: no *** here"),
        ("import sys\nsys.exit(5)\n", "SystemExit: 5"),
        ("class Order(:\n", "SyntaxError")])
    def test_are_told_in_words(self, project, bouncer, database, text, words):
        here = project(bouncer())
        here.write("shop/models.py", text)

        found, printed = ask(here, "models", "default", "default")
        seen, _ = ask(here, "view", "default")

        for one in [*found, seen]:
            assert one["error"].startswith("the apps do not load: " + words)
        assert found[0]["tables"] == [] and "Traceback" not in printed
        assert database.statements() == []

    def test_nor_does_a_process_that_ends_meanwhile(self, project, bouncer):
        here = project(bouncer())
        here.write("shop/models.py", "import os\nos._exit(3)\n")

        assert ask(here, "models", "default")[0][0]["error"] == "its process has ended"
        assert ask(here, "view", "default")[0]["error"] == "its process has ended"

    def test_one_that_takes_too_long_is_ended(self, project, bouncer):
        here = project(bouncer())
        here.write("shop/models.py", "import time\ntime.sleep(50)\n")

        assert ask(here, "models", "default", PATIENCE="9")[0][0]["error"] == "its process gave no answer within 9 seconds"

    def test_settings_that_do_not_load_are_an_error(self, project, bouncer):
        here = project(bouncer())
        here.write("config/settings.py", "import nowhere_to_be_found\n")

        _, printed = ask(here, "view", "default", status=3)

        assert "before Django told its settings" in printed


class TestConnectionsMeanwhile:
    def test_of_an_import_are_refused(self, project, bouncer, database):
        here = project(bouncer())
        here.write("shop/models.py", QUERY)

        found = models_of(here)

        assert found["error"] == ("the apps do not load: OperationalError: pgtool only asks about the project's models: "
                                  "alias 'default' may not connect meanwhile")
        assert database.statements() == []

    def test_that_are_caught_keep_nothing_from_loading(self, project, bouncer, database):
        here = project(bouncer())
        text = QUERY.replace("with", "try:\n  with").replace("    cursor", "      cursor")
        put_before_models(here, text + "except Exception as error:\n    print('REFUSED:', error)\n")

        (found,), printed = ask(here, "models", "default")

        assert ORDER in rows(found["tables"]) and "REFUSED: pgtool only asks" in printed
        assert database.statements() == []

    def test_of_a_thread_are_refused(self, project, bouncer, database):
        here = project(bouncer())
        here.write("shop/apps.py", IN_A_THREAD)
        settings = here.dir / "config/settings.py"
        settings.write_text(settings.read_text().replace('"shop"]', '"shop.apps.ShopConfig"]'))

        (found,), printed = ask(here, "models", "default")

        assert ORDER in rows(found["tables"]) and "may not connect meanwhile" in printed
        assert database.statements() == []

    def test_of_a_process_that_an_app_starts_are_stopped(self, project, bouncer, database):
        here = project(bouncer())
        put_before_models(here, START)

        assert ORDER in rows(models_of(here)["tables"])
        assert database.statements() == []


def test_an_interrupt_that_only_the_project_hears_interrupts(project, bouncer):
    here = project(bouncer())
    here.write("shop/models.py", "import os, signal\nos.kill(os.getpid(), signal.SIGINT)\n")

    _, printed = ask(here, "models", "default", status=1)

    assert printed == "interrupted\n"
