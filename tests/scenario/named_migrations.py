"""Migrations whose SQL depends on names that the database has, on quoting, or on the server's version; and what Django
itself says of each when it has come to it on a real database."""
import json
import subprocess

from deploys import CUSTOMER
from supervisor import Supervisor

# Operations of which nobody can tell the SQL without a database, or at all.
WITHOUT_SQL = """
from django.db.migrations.operations.base import Operation


class Asks(Operation):
    def state_forwards(self, app_label, state):
        pass

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        schema_editor.connection.cursor().execute("select 1")


class Silent(Asks):
    reduces_to_sql = False
"""
_KEY = '("id", models.BigAutoField(primary_key=True, serialize=False))'
_TEMPLATE = """\
import datetime
import decimal
import uuid

from django.contrib.postgres import constraints, fields, operations as special
from django.db import migrations, models
from django.db.models import F, Q

{before}

class Migration(migrations.Migration):
    dependencies = [("{app}", "{last}"), ("auth", "0001_initial")]
    operations = [
{listed}    ]
"""
_ITEM = f"""migrations.CreateModel("Item", [
            {_KEY},
            ("code", models.CharField(max_length=20, unique=True)),
            ("slug", models.SlugField()),
            ("kind", models.TextField(db_index=True, default="")),
            ("amount", models.PositiveIntegerField(default=0)),
            ("customer", models.ForeignKey("shop.customer", models.CASCADE)),
            ("parent", models.ForeignKey("self", models.CASCADE, null=True)),
            ("once", models.OneToOneField("contenttypes.contenttype", models.CASCADE, null=True)),
        ], options={{"unique_together": [("code", "kind"), ("customer", "slug")], "index_together": [("kind", "slug")]}})"""
_DEFAULTS = {
    "words": ("TextField", r"""it's 100% \d "quoted" é"""), "whole": ("IntegerField", -5), "part": ("FloatField", -1.5),
    "yes": ("BooleanField", True), "bag": ("JSONField", {"a": ["\\", "'", "%s"]})}
_BYTES = b"\x00\\'\xff"
_EXPRESSED = {
    "money": 'models.DecimalField(max_digits=8, decimal_places=2, default=decimal.Decimal("-3.50"))',
    "day": "models.DateField(default=datetime.date(2024, 2, 29))",
    "moment": "models.DateTimeField(default=datetime.datetime(2024, 2, 29, 12, tzinfo=datetime.timezone.utc))",
    "took": "models.DurationField(default=datetime.timedelta(days=1, seconds=2))", "clock": "models.TimeField(default=datetime.time(1, 2))",
    "key": 'models.UUIDField(default=uuid.UUID("12345678123456781234567812345678"))',
    "many": r"""fields.ArrayField(models.TextField(), default=["a\\b", "it's", "{}"])""",
    "none": "fields.ArrayField(models.IntegerField(), default=list)",
    "made": "models.CharField(max_length=5, default=str)"}


def _add(name, field, model="item"):
    return f'migrations.AddField("{model}", "{name}", {field})'


def _alter(name, field, model="item"):
    return f'migrations.AlterField("{model}", "{name}", {field})'


def _check(name, condition):
    return f'migrations.AddConstraint("item", models.CheckConstraint({{check}}=Q({condition}), name="{name}"))'


STEPS = {
    "customer": [CUSTOMER],
    "create": [_ITEM],
    "together_less": ['migrations.AlterUniqueTogether("item", {("code", "kind")})'],
    "together_none": ['migrations.AlterUniqueTogether("item", set())'],
    "index_together": ['migrations.AlterIndexTogether("item", {("kind", "slug"), ("slug", "amount")})'],
    "index_together_less": ['migrations.AlterIndexTogether("item", {("slug", "amount")})'],
    "unique_off": [_alter("code", "models.CharField(max_length=20)")],
    "unique_on": [_alter("code", "models.CharField(max_length=20, unique=True)")],
    "unique_renamed": ['migrations.RenameField("item", "code", "number")'],
    "unique_off_again": [_alter("number", "models.CharField(max_length=20)")],
    "check_off": [_alter("amount", "models.IntegerField(default=0)")],
    "check_on": [_alter("amount", "models.PositiveBigIntegerField(default=0)")],
    "check_off_again": [_alter("amount", "models.BigIntegerField(default=0)")],
    "index_off": [_alter("slug", "models.SlugField(db_index=False)"), _alter("kind", "models.TextField(default='')")],
    "index_on": [_alter("slug", "models.SlugField(max_length=80, db_index=True)"),
                 _alter("kind", "models.CharField(max_length=9, db_index=True)")],
    "to_number": [_alter("kind", "models.IntegerField(db_index=True, null=True)")],
    "same_columns": [_alter("slug", "models.SlugField(max_length=80, help_text='short', verbose_name='word')")],
    "foreign_loose": [_alter("customer", 'models.ForeignKey("shop.customer", models.CASCADE, db_constraint=False)')],
    "foreign_tight": [_alter("customer", 'models.ForeignKey("shop.customer", models.CASCADE)')],
    "foreign_elsewhere": [_alter("parent", 'models.ForeignKey("auth.group", models.CASCADE, null=True)')],
    "one_to_one": [_alter("once", 'models.ForeignKey("contenttypes.contenttype", models.CASCADE, null=True)')],
    "foreign_to_number": [_alter("parent", "models.BigIntegerField(null=True)")],
    "small_key": [_alter("id", "models.AutoField(primary_key=True)", "customer")],
    "big_key": [_alter("id", "models.BigAutoField(primary_key=True)", "customer")],
    "no_key": [_alter("id", "models.BigIntegerField(primary_key=True)", "customer")],
    "rename_model": ['migrations.RenameModel("item", "thing")', 'migrations.AlterUniqueTogether("thing", {("number", "slug")})'],
    "rename_back": ['migrations.RenameModel("thing", "item")'],
    "renamed_together": ['migrations.AlterUniqueTogether("item", set())'],
    "foreign_gone": ['migrations.RemoveField("item", "customer")', 'migrations.RemoveField("item", "once")'],
    "many_to_many": [_add("friends", 'models.ManyToManyField("self")'), _add("labels", 'models.ManyToManyField("auth.group")'),
                     _alter("labels", 'models.ManyToManyField("shop.customer")'), 'migrations.RemoveField("item", "labels")'],
    "defaults": [_add(name, f"models.{kind}(default={value!r})") for name, (kind, value) in _DEFAULTS.items()],
    "expressed": [_add(name, field) for name, field in _EXPRESSED.items()],
    "filled": [_add("word", "models.CharField(max_length=9, null=True)"), _alter("word", r"""models.CharField(max_length=9, default="\\'%")""")],
    "added_unique": [_add("twin", "models.CharField(max_length=9, unique=True, null=True)"),
                     _add("plus", "models.PositiveSmallIntegerField(null=True)")],
    "added_unique_off": [_alter("twin", "models.CharField(max_length=9, null=True)"), _alter("plus", "models.SmallIntegerField(null=True)")],
    "checks": [_check("odd_words", r"""words__regex=r"^\\d+%$" """), _check("either", 'Q(whole__gt=-5) | Q(day__lt=F("moment__date"))'),
               _check("choice", 'slug__in=["a%b", "it\'s", "\\\\"]')],
    "uniques": ['migrations.AddConstraint("item", models.UniqueConstraint(fields=["slug"], condition=Q(whole__gt=0), name="slug_once"))',
                'migrations.AddConstraint("item", models.UniqueConstraint(fields=["day", "whole"], deferrable=models.Deferrable.DEFERRED,'
                ' name="day_once"))',
                'migrations.AddIndex("item", models.Index(F("words").desc(), name="by_words", condition=Q(slug="100%")))'],
    "exclusion": ['special.BtreeGistExtension()', 'migrations.AddConstraint("item", constraints.ExclusionConstraint(name="apart",'
                  ' expressions=[("whole", "=")], condition=Q(yes=True)))'],
    "indexed_twice": ['migrations.AddConstraint("item", models.UniqueConstraint(fields=["plus"], condition=Q(whole__gt=0), name="plus_once"))',
                      _alter("plus", "models.SmallIntegerField(null=True, db_index=True)")],
    "indexed_once": [_alter("plus", "models.SmallIntegerField(null=True)")],
    "less": ['migrations.RemoveConstraint("item", "either")', 'migrations.RemoveConstraint("item", "slug_once")',
             'migrations.RemoveConstraint("item", "day_once")', 'migrations.RemoveIndex("item", "by_words")'],
    "raw": ['migrations.RunSQL(["select 1", ("select %s, %s", ["it\'s 100%", 5]), ("select \'%%\' || %s", ["x"]), "select 2;"])',
            "migrations.RunSQL(migrations.RunSQL.noop)", "migrations.RunSQL(\"select '100%'; select 3\")"],
    "comment_like": ["migrations.SeparateDatabaseAndState(database_operations=[migrations.RunSQL('select 1'), "
                     + _add("side", "models.IntegerField(null=True)") + "], state_operations=["
                     + _add("side", "models.IntegerField(null=True)") + "])"],
    "options": ['migrations.AlterModelOptions("item", {"verbose_name": "thing"})', 'migrations.AlterOrderWithRespectTo("item", "parent")'],
    "tables": ['migrations.AlterModelTable("item", "things")', _add("later", "models.CharField(max_length=3, unique=True, null=True)")],
    "schema": [f'migrations.CreateModel("Filed", [{_KEY}, ("item", models.ForeignKey("shop.item", models.CASCADE)), ("number",'
               ' models.PositiveIntegerField(unique=True))], options={"db_table": \'archive"."filed\'})'],
    "kinds_of_models": [f'migrations.CreateModel("Foreign", [{_KEY}], options={{"managed": False, "db_table": "elsewhere"}})',
                        'migrations.CreateModel("Likeness", [], options={"proxy": True}, bases=("shop.item",))',
                        'migrations.CreateModel("Special", [("item_ptr", models.OneToOneField("shop.item", models.CASCADE, '
                        'parent_link=True, primary_key=True)), ("more", models.TextField())], bases=("shop.item",))',
                        'migrations.CreateModel("Of", [("special", models.OneToOneField("shop.special", models.CASCADE, primary_key=True))])',
                        'migrations.AddField("foreign", "other", models.ForeignKey("shop.of", models.CASCADE))'],
    "long_names": ['migrations.CreateModel("' + "Very" * 12 + f'Long", [{_KEY}, ("' + "wide" * 10 + '", models.PositiveIntegerField('
                   'unique=True)), ("of", models.ForeignKey("shop.item", models.CASCADE))])'],
    "long_names_off": [_alter("wide" * 10, "models.IntegerField()", "very" * 12 + "long")],
    "delete": ['migrations.DeleteModel("Filed")', 'migrations.RemoveField("item", "friends")'],
}
# What happens to the names of foreign keys whose columns and tables are renamed.
LINKS = {
    "linked": ['migrations.CreateModel("Owner", [("id", models.IntegerField(primary_key=True))])', f'migrations.CreateModel("Pet", [{_KEY}, ("owner", models.ForeignKey('
               '"shop.owner", models.CASCADE)), ("seller", models.ForeignKey("shop.owner", models.CASCADE, related_name="+")),'
               ' ("vet", models.ForeignKey("shop.owner", models.CASCADE, related_name="patients")), ("mate", models.ForeignKey('
               '"self", models.CASCADE, null=True))])'],
    "link_renamed": ['migrations.RenameField("pet", "owner", "keeper")'],
    "link_null": [_alter("keeper", 'models.ForeignKey("shop.owner", models.CASCADE, null=True)', "pet")],
    "link_as_before": [_alter("keeper", 'models.ForeignKey("shop.owner", models.SET_NULL, null=True, related_name="pets")', "pet")],
    "link_in_column": [_alter("keeper", 'models.ForeignKey("shop.owner", models.CASCADE, null=True, db_column="kept_by")', "pet")],
    "link_off": [_alter("keeper", 'models.IntegerField(null=True, db_column="kept_by")', "pet")],
    "table_renamed": ['migrations.AlterModelTable("pet", "animals")', 'migrations.AlterModelTable("owner", "people")'],
    "owner_big": [_alter("id", "models.BigIntegerField(primary_key=True)", "owner")],
    "vet_null": [_alter("vet", 'models.ForeignKey("shop.owner", models.CASCADE, null=True, related_name="patients")', "pet")],
    "table_of_old": ['migrations.AlterModelTable("owner", None)'],
    "owner_renamed": ['migrations.RenameModel("owner", "person")'],
    "seller_off": [_alter("seller", "models.BigIntegerField(null=True)", "pet")],
    "vet_off": [_alter("vet", "models.BigIntegerField(null=True)", "pet")],
    "pet_renamed": ['migrations.RenameModel("pet", "beast")'],
    "mate_off": [_alter("mate", "models.BigIntegerField(null=True)", "beast")],
}
# Of Django 4.1, 4.2 and 5.0, or told rightly by sqlmigrate only since 4.2 and 6.1.
NEWER = {
    (4, 1): {"rename_index": ['migrations.AddIndex("item", models.Index(fields=["whole"], name="by_whole"))',
                              'migrations.RenameIndex("item", "by_whole_now", old_name="by_whole")',
                              'migrations.RenameIndex("item", "by_slug", old_fields=("slug", "amount"))']},
    (4, 2): {"bytes": [_add("raw", f"models.BinaryField(default={_BYTES!r})")],
             "network": [_add("net", 'models.GenericIPAddressField(default="10.0.0.1")')],
             "comments": [_add("told", 'models.TextField(default="", db_comment="it\'s \\\\ told")'),
                          'migrations.AlterModelTableComment("item", "a \\\\ thing")']},
    (5, 0): {"computed": [_add("twice", "models.GeneratedField(expression=F('whole') * 2, output_field=models.IntegerField(), db_persist=True)"),
                          _add("given", "models.CharField(max_length=9, db_default='it\\'s')"),
                          _add("now", "models.DateTimeField(db_default=models.functions.Now())"),
                          'migrations.AddConstraint("item", models.UniqueConstraint(fields=["whole"], nulls_distinct=False, name="one_null"))']},
    (6, 1): {"joined": [f'migrations.CreateModel("Lid", [{_KEY}])', f'migrations.CreateModel("Box", [{_KEY}, ("lids", '
                        'models.ManyToManyField("shop.lid")), ("beside", models.ManyToManyField("self"))])',
                        _add("labels", 'models.ManyToManyField("auth.group")', "box")],
             "join_renamed": ['migrations.RenameModel("box", "crate")'], "end_renamed": ['migrations.RenameModel("lid", "cover")'],
             "joined_again": ['migrations.RenameModel("crate", "box")', 'migrations.RenameModel("cover", "lid")']},
}
# Comes to each migration of an app on a real database, and tells what sqlmigrate says of it just before.
_TELL = """\
import io
import json
import sys

import django

django.setup()
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader

call_command("migrate", "auth", verbosity=0)
told, app, loader = {}, sys.argv[1], MigrationLoader(connection)
for name in sorted(name for label, name in loader.disk_migrations if label == app and (app, name) not in loader.applied_migrations):
    out = io.StringIO()
    call_command("sqlmigrate", app, name, stdout=out, no_color=True)
    told[app + "." + name] = out.getvalue()
    call_command("migrate", app, name, verbosity=0)
json.dump(told, sys.stdout)
"""


def add_step(project, name, operations, before="", app="shop"):
    folder = project.dir / app / "migrations"
    last = max(path.stem for path in folder.glob("0*.py"))
    listed = "".join(f"        {operation},\n" for operation in operations)
    number = int(last[:4]) + 1
    project.write(f"{app}/migrations/{number:04}_{name}.py", _TEMPLATE.format(before=before, app=app, last=last, listed=listed))


def add_steps(project, version):
    """All of them that this Django knows."""
    check = "condition" if version >= (5, 1) else "check"
    steps = {**STEPS, **{name: step for since, more in NEWER.items() if version >= since for name, step in more.items()}}
    for name, operations in steps.items():
        add_step(project, name, [operation.replace("{check}", check) for operation in operations])


def add_links(project):
    for name, operations in LINKS.items():
        add_step(project, name, operations)


def django_version(project):
    told = subprocess.run([project.python, "-c", "import django; print(*django.VERSION[:2])"], capture_output=True, text=True, check=True)
    return tuple(map(int, told.stdout.split()))


def told_by_django(project, app="shop"):
    """{migration: [the SQL of each operation, without comments]}; what is deferred comes with the last one."""
    path = project.write("tell.py", _TELL)
    told = subprocess.run([project.python, str(path), app], cwd=project.dir, capture_output=True, text=True, timeout=120, check=False,
                          env={**project.environment, "DJANGO_SETTINGS_MODULE": "config.settings"})
    assert told.returncode == 0, told.stderr
    return {name: _by_operation(text) for name, text in json.loads(told.stdout).items()}


def _by_operation(text):
    lines = [line for line in text.splitlines() if line not in ("BEGIN;", "COMMIT;")]
    parts, number = [], 0
    while number < len(lines):
        if lines[number] == "--":  # around a headline, of two lines where Django 3.2 cannot say it in SQL
            parts.append([])
            number = lines.index("--", number + 1) + 1
            continue
        if not lines[number].startswith("-- ") and lines[number].strip():
            parts[-1].append(lines[number])
        number += 1
    return parts


def by_operation(migration):
    """The same of an answer of the bridge."""
    parts = [_lines(operation["sql"]) for operation in migration["operations"]]
    parts[-1] += _lines(migration["deferred_sql"])
    return parts


def _lines(sql):
    return [line for text in sql for line in text.splitlines() if not line.startswith("-- ") and line.strip()]


def ask(project, **question):
    """What is told of migrations; `question` may change any part of it."""
    whole = {"do": "migrations", "alias": "default", "apps": [], "names": [], "files": [], "unapplied": False, "all_apps": False,
             "server_version": 150000, "connect": False, **question}
    run = Supervisor(project, "manage.py", "check", mode="settings", questions=[whole]).finish()
    assert (run.status, run.out, run.err) == (7, "", "")
    return run.of("migrations")[0]


def named(told):
    return {f"{migration['app']}.{migration['name']}": migration for migration in told["migrations"]}


def only(told):
    """The operations of the one migration that was told."""
    assert told["error"] is None and len(told["migrations"]) == 1
    return told["migrations"][0]["operations"]


def last(project):
    return max(path.stem for path in (project.dir / "shop/migrations").glob("0*.py"))


def of_last(project, **question):
    return ask(project, names=[f"shop.{last(project)}"], **question)
