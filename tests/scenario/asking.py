"""Asks a project what schema-move asks it, by the tests' own program; and models to ask about."""
from pathlib import Path

import pytest

from runs import PGTOOL, Run

PROGRAM = Path(PGTOOL).parent / "tests/pgtool_project_models"
needs_program = pytest.mark.skipif(not PROGRAM.exists(), reason="the tests' C++ programs are not built beside pgtool")

DJANGOS_OWN = [
    ("auth.Permission", "auth_permission", True), ("auth.Group_permissions", "auth_group_permissions", True),
    ("auth.Group", "auth_group", True), ("auth.User_groups", "auth_user_groups", True),
    ("auth.User_user_permissions", "auth_user_user_permissions", True), ("auth.User", "auth_user", True),
    ("contenttypes.ContentType", "django_content_type", True), ("migrations.Migration", "django_migrations", True)]
ORDER = ("shop.Order", "shop_order", True)
# One model of each kind.
ODD_MODELS = """\
from django.db import models


class Order(models.Model):
    number = models.CharField(max_length=20)
    paid = models.BooleanField(default=False)
    tags = models.ManyToManyField("Tag")


class Tag(models.Model):
    class Meta:
        db_table = '"public"."tags"'


class Hacked(models.Model):
    class Meta:
        db_table = 'public"."hacked'


class Event(models.Model):
    class Meta:
        app_label = "shop"


class Old(models.Model):
    class Meta:
        managed = False
        db_table = "Old Orders"


class PaidOrder(Order):
    class Meta:
        proxy = True


class Bulk(Order):
    pass


class Kept(models.Model):
    class Meta:
        abstract = True


class Elsewhere(models.Model):
    class Meta:
        required_db_vendor = "mysql"
"""
HOOKS = """\
import functools
from django.db.backends.signals import connection_created
from django.dispatch import receiver


@receiver(connection_created)
def set_path(sender, connection, **kwargs):
    with connection.cursor() as cursor:
        cursor.execute("SET Search_Path TO billing, public")


def harmless(sender, **kwargs):
    pass


class Watcher:
    def connected(self, sender, **kwargs):
        pass

    def __call__(self, sender, **kwargs):
        "search_path stays"


class Engine:
    pass


watcher, gone = Watcher(), Watcher()
generated = {"__name__": "shop.generated"}
exec("def unread(sender, **kwargs): 'set search_path'", generated)
partial = functools.partial(harmless, first=1)
connection_created.connect(harmless, dispatch_uid="harmless")
connection_created.connect(watcher.connected)
connection_created.connect(watcher)
connection_created.connect(gone.connected)
connection_created.connect(partial)
connection_created.connect(generated["unread"])
connection_created.connect(lambda **kwargs: None, weak=False)
connection_created.connect(lambda **kwargs: None, sender=Engine, weak=False)
del gone
"""
QUERY = """\
from django.db import connection, models

with connection.cursor() as cursor:
    cursor.execute("select 1 /* imported */")
"""


def ask(project, *arguments, status=0, **environment):
    """(what the program told, what it and the project printed)."""
    started = Run(project, arguments, environment, program=PROGRAM)
    try:
        outcome = started.finish()
    finally:
        started.end()
    assert outcome.status == status, outcome.text
    return outcome.json if status == 0 else None, outcome.stderr


def models_of(project, **environment):
    return ask(project, "models", "default", **environment)[0][0]


def view_of(project, **environment):
    return ask(project, "view", "default", **environment)[0]


def rows(tables):
    return [(table["model"], table["table"], table["managed"]) for table in tables]


def put_before_models(project, text):
    """Lets the project import this with its models."""
    path = project.dir / "shop/models.py"
    path.write_text(text + path.read_text())
