"""What the bridge tells of operations whose SQL hangs on something that it has not got, and why it tells nothing."""
import pytest

from deploys import CUSTOMER
from named_migrations import WITHOUT_SQL, add_step, of_last, only
from projects import NOWHERE


@pytest.fixture
def project(make_project):
    return make_project(NOWHERE)


def test_an_operation_says_why_its_sql_is_not_known(project):
    before = WITHOUT_SQL + """

class Fails(Asks):
    def database_forwards(self, *args):
        raise ValueError
"""
    add_step(project, "reasons", ["Asks()", "Silent()", "Fails()", 'migrations.RemoveField("order", "missing")',
                                  "migrations.RunPython(migrations.RunPython.noop)"], before=before)

    told = only(of_last(project))

    assert [part["reason"] for part in told] == ["database", "silent", "failed", "failed", None]
    assert told[0]["error"] == "OperationalError: its SQL depends on the database, and no connection is opened"


@pytest.mark.parametrize("driver", ["psycopg", "psycopg2"])
def test_sql_is_told_whatever_a_default_is_worth(make_project, driver):
    project = make_project(NOWHERE, driver=driver)
    add_step(project, "owner", [CUSTOMER])
    add_step(project, "defaults", [
        'migrations.AddField("order", "owner", models.ForeignKey("shop.customer", models.CASCADE, default=asked))',
        'migrations.AddField("order", "bears", models.IntegerField(default=bears))',
        'migrations.AddField("order", "labels", fields.HStoreField(default=dict))',
        'migrations.AddField("order", "wrong", models.IntegerField(default=wrong))'], before="""
from django.contrib.auth.models import Group
from django.db import DatabaseError


def asked():
    return Group.objects.get(name="owners").pk


def bears():
    try:
        return asked()
    except DatabaseError:
        return None


def wrong():
    raise ValueError("wrong")

""")
    told = only(of_last(project))

    assert [part["error"] for part in told] == [None, None, None, "ValueError: wrong"]
    assert "DEFAULT '…' NOT NULL CONSTRAINT" in told[0]["sql"][0] and "REFERENCES" in told[0]["sql"][0]
    assert told[0]["sql"][1] == 'ALTER TABLE "shop_order" ALTER COLUMN "owner_id" DROP DEFAULT;'
    assert told[1]["sql"][0] == """ALTER TABLE "shop_order" ADD COLUMN "bears" integer DEFAULT '…' NOT NULL;"""
    assert """ADD COLUMN "labels" hstore DEFAULT '""" in told[2]["sql"][0]


def test_keys_may_refer_to_each_other(project):
    key = '("id", models.BigAutoField(primary_key=True))'
    add_step(project, "rings", [
        f'migrations.CreateModel("Ticket", [{key}])',
        f'migrations.CreateModel("Token", [{key}, ("ticket", models.OneToOneField("shop.ticket", models.CASCADE))])',
        'migrations.AddField("ticket", "token", models.OneToOneField("shop.token", models.CASCADE, null=True))',
        f'migrations.CreateModel("Visit", [{key}, ("token", models.ForeignKey("shop.token", models.CASCADE))])',
        'migrations.AlterField("ticket", "id", models.UUIDField(primary_key=True))',
        'migrations.AddField("visit", "ticket", models.ForeignKey("shop.ticket", models.CASCADE, null=True))'])

    told = only(of_last(project))

    assert [part["error"] for part in told] == [None] * 6
    assert told[5]["sql"][0].startswith('ALTER TABLE "shop_visit" ADD COLUMN "ticket_id" uuid NULL CONSTRAINT')
