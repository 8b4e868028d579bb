"""A project as it is after some years: apps of many migrations of every usual kind, each of which leans on the app before."""
from projects import Project

ITEMS = 200  # rows that an app's data migrations make in its table of items, and of orders
_INITIAL = """\
        migrations.CreateModel("Category", [
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("name", models.CharField(max_length=50)),
        ]),
        migrations.CreateModel("Item", [
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("name", models.CharField(max_length=50)),
            ("category", models.ForeignKey("{app}.category", models.CASCADE)),
        ]),
"""
_ORDER = """\
        migrations.CreateModel("Order", [
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("amount", models.IntegerField()),
            ("item", models.ForeignKey("{app}.item", models.PROTECT)),
        ]),
"""
_TAGS = """\
        migrations.CreateModel("Tag", [
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("word", models.CharField(max_length=30, unique=True)),
        ]),
        migrations.AddField("item", "tags", models.ManyToManyField("{app}.tag")),
"""
_ITEMS = """\
    Category, Item = apps.get_model("{app}", "Category"), apps.get_model("{app}", "Item")
    categories = [Category.objects.create(name=f"category {{number}}") for number in range(5)]
    Item.objects.bulk_create(
        Item(name=f"item {{number}}", code=str(number), category=categories[number % 5]) for number in range({items}))
"""
_PRICES = """\
    for item in apps.get_model("{app}", "Item").objects.all()[:20]:
        item.price = item.id
        item.save()
    apps.get_model("{app}", "Item").objects.filter(price=None).update(price=1)
"""
_ORDERS = """\
    Item, Order = apps.get_model("{app}", "Item"), apps.get_model("{app}", "Order")
    Order.objects.bulk_create(Order(item=item, amount=item.id % 7) for item in Item.objects.all())
"""
_TOTALS = """\
        migrations.RunSQL(\"\"\"
            CREATE VIEW {app}_totals AS SELECT item_id, sum(amount) AS total FROM {app}_order GROUP BY item_id;
            COMMENT ON VIEW {app}_totals IS 'for the reports';
            UPDATE {app}_order SET amount = 1 WHERE amount = 0;
        \"\"\", "DROP VIEW {app}_totals"),
"""
_PRICE = "models.DecimalField(max_digits=10, decimal_places=2{more})"
# Name, operations, and what makes it special: `run` (the body of a RunPython), `after` (it refers to the app before), `atomic`.
_KINDS = [
    ("initial", _INITIAL, {}),
    ("item_code", "migrations.AddField('item', 'code', models.CharField(default='', max_length=20)),", {}),
    ("items", "migrations.RunPython(run, migrations.RunPython.noop),", {"run": _ITEMS}),
    ("item_price", f"migrations.AddField('item', 'price', {_PRICE.format(more=', null=True')}),", {}),
    ("prices", "migrations.RunPython(run, migrations.RunPython.noop),", {"run": _PRICES}),
    ("price_needed", f"migrations.AlterField('item', 'price', {_PRICE.format(more='')}),", {}),
    ("name_longer", "migrations.AlterField('item', 'name', models.CharField(max_length=200)),", {}),
    ("name_index", "migrations.AddIndex('item', models.Index(fields=['name'], name='{app}_item_name')),", {}),
    ("code_index", "AddIndexConcurrently('item', models.Index(fields=['code'], name='{app}_item_code')),", {"atomic": False}),
    ("order", _ORDER, {}),
    ("order_origin", "migrations.AddField('order', 'origin', models.ForeignKey('{before}', models.SET_NULL, null=True)),",
     {"after": True}),
    ("orders", "migrations.RunPython(run, migrations.RunPython.noop),", {"run": _ORDERS}),
    ("totals", _TOTALS, {}),
    ("tags", _TAGS, {}),
    ("unique", "migrations.AddConstraint('item', models.UniqueConstraint(fields=['name', 'code'], name='{app}_item_once')),", {}),
    ("note", "migrations.AddField('order', 'note', models.TextField(null=True)),", {}),
    ("remark", "migrations.RenameField('order', 'note', 'remark'),", {}),
    ("flag", "migrations.AddField('order', 'flag', models.BooleanField(db_index=True, default=False)),", {}),
    ("ordering", "migrations.AlterModelOptions('order', {{'ordering': ['id']}}),", {}),
    ("statistics", "migrations.RunSQL('CREATE STATISTICS {app}_both ON item_id, amount FROM {app}_order',\n"
     "                          'DROP STATISTICS {app}_both'),", {}),
    ("no_flag", "migrations.RemoveField('order', 'flag'),", {}),
]
MIGRATIONS = len(_KINDS)  # of each app
_MIGRATION = """\
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


def run(apps, schema_editor):
{run}

class Migration(migrations.Migration):
    atomic = {atomic}
    dependencies = {dependencies}
    operations = [
{operations}
    ]
"""
_MODELS = """\
from django.db import models


class Category(models.Model):
    name = models.CharField(max_length=50)


class Tag(models.Model):
    word = models.CharField(max_length=30, unique=True)


class Item(models.Model):
    name = models.CharField(max_length=200)
    category = models.ForeignKey(Category, models.CASCADE)
    code = models.CharField(default="", max_length=20)
    price = models.DecimalField(max_digits=10, decimal_places=2)
    tags = models.ManyToManyField(Tag)

    class Meta:
        indexes = [models.Index(fields=["name"], name="{app}_item_name"), models.Index(fields=["code"], name="{app}_item_code")]
        constraints = [models.UniqueConstraint(fields=["name", "code"], name="{app}_item_once")]


class Order(models.Model):
    item = models.ForeignKey(Item, models.PROTECT)
    amount = models.IntegerField()
    origin = models.ForeignKey("{before}", models.SET_NULL, null=True)
    remark = models.TextField(null=True)

    class Meta:
        ordering = ["id"]
"""


def grown_project(folder, databases, apps=8):
    """A project whose `apps` bring MIGRATIONS each; what Django's own apps bring comes on top."""
    names = [f"stock{number}" for number in range(apps)]
    made = Project.shop(folder, databases, settings=f"\nINSTALLED_APPS = INSTALLED_APPS[:-1] + {names!r}\n")
    before, after = "auth.user", ("auth", "0001_initial")
    for app in names:
        _write_app(made, app, before, after)
        before, after = f"{app}.order", (app, "0010_order")
    return made


def _write_app(project, app, before, after):
    project.write(f"{app}/__init__.py", "")
    project.write(f"{app}/models.py", _MODELS.format(app=app, before=before))
    project.write(f"{app}/migrations/__init__.py", "")
    previous = None
    for number, (name, operations, special) in enumerate(_KINDS, 1):
        dependencies = [(app, previous)] * bool(previous) + [after] * ("after" in special)
        previous = f"{number:04}_{name}"
        project.write(f"{app}/migrations/{previous}.py", _MIGRATION.format(
            run=special.get("run", "    pass\n").format(app=app, items=ITEMS), atomic=special.get("atomic", True),
            dependencies=dependencies, operations=operations.format(app=app, before=before)))
