"""The SQL that the bridge finds in a project's source, which it only reads."""
import pytest

from projects import NOWHERE
from supervisor import Supervisor

SOURCE = '''\
import textwrap
from django.db import connection, connections, migrations, transaction
from django.db.models.expressions import RawSQL
from django.utils.decorators import method_decorator
from psycopg import sql as composed

raise SystemExit("imported")  # never: it is only read

LOCK = "select pg_advisory_lock(%s)"
STATEMENTS = ["set role a", ("set role %s", ["b"])]


def plain(cursor, table, flag):
    cursor.execute("listen orders")                                       # listen orders
    cursor.execute(LOCK, [1])                                             # select pg_advisory_lock(%s) | params
    cursor.execute(f"set search_path = {table}")                          # set search_path = %s | dynamic
    cursor.execute("set role " + "a")                                     # set role a
    cursor.execute("notify %s, '%%'" % "orders")                          # notify orders, '%'
    cursor.execute("notify {0}, {word}".format(table, word="'x'"))        # notify %s, 'x' | dynamic
    cursor.execute("set a.b = 1" if flag else "set a.b = 2")              # set a.b = 1 // set a.b = 2
    text = "select 1"
    text += ", 2"
    cursor.execute(text)                                                  # select 1, 2
    cursor.execute(textwrap.dedent("""select 3"""))                       # select 3
    cursor.execute(composed.SQL("lock table {}").format(composed.Identifier(table)))  # lock table %s | dynamic
    cursor.execute(" ".join(["select", "4"]))                             # select 4
    for statement in STATEMENTS:
        cursor.execute(statement)                                         # set role a // set role %s
    cursor.callproc("pg_advisory_unlock", [1])                            # SELECT pg_advisory_unlock() | params
    cursor.execute(table)
    plan.execute("the plan")
    executor.execute(flag)


@transaction.atomic
def whole(manager):
    manager.raw("select * from shop_order")                               # select * from shop_order | atomic
    def inner():
        connection.cursor().execute("select 5")                           # select 5


class View:
    QUERY = "select 6"

    @method_decorator(transaction.atomic)
    def get(self):
        connections["other"].cursor().execute(self.QUERY)                 # select 6 | atomic

    def post(self, queryset):
        with transaction.atomic(using="other"), connection.cursor() as cursor:
            cursor.executemany("update t set a = %s", [[1]])              # update t set a = %s | atomic params
        queryset.extra(where=["pg_try_advisory_lock(1)"], select={"a": "b"})  # pg_try_advisory_lock(1) // b | fragment
        queryset.extra(order_by=["__tree.depth"], tables=["shop_order"])
        queryset.annotate(a=RawSQL("current_setting(%s)", ["a.b"]))       # current_setting(%s) | fragment params


migrations.RunSQL(sql=["create table a ()", "drop table a"], reverse_sql="select 7")  # create table a () // drop table a
loop = loop + "x"
connection.cursor().execute(loop)
'''


BRANCHES = '''\
from django.db import connection, connections

NAME = "vacuum a" if connection.vendor == "postgresql" else "optimize table a"


def branches(cursor, schema_editor, part, flag):
    vendor = schema_editor.connection.vendor
    if vendor == "mysql":
        cursor.execute("set a = 1")
    elif vendor != "sqlite":
        cursor.execute("set a = 2")                                       # set a = 2
    else:
        cursor.execute("set a = 3")
    if connections["other"].vendor in ("mysql", "oracle") or not connection.vendor.startswith("postgres"):
        sql = "lock table b"
    else:
        sql = "lock table c"
    cursor.execute(sql)                                                   # lock table c
    cursor.execute(NAME)                                                  # vacuum a
    if connection.vendor not in ["postgresql"] and flag:
        cursor.execute("set a = 4")
    if connection.vendor == "postgresql" and flag:
        cursor.execute("set a = 5")                                       # set a = 5
    else:
        cursor.execute("set a = 6")                                       # set a = 6
    if part.vendor == "Bolts & Co":
        cursor.execute("set a = 7")                                       # set a = 7
    for one in part:
        if "postgres" in connection.vendor:
            cursor.execute("set a = 8")                                   # set a = 8
            continue
        cursor.execute("set a = 9")


def early(cursor):
    if connection.vendor != "postgresql":
        cursor.execute("set b = 1")
        return
    cursor.execute("set b = 2")                                           # set b = 2
    if connection.vendor == "postgresql":
        return
    cursor.execute("set b = 3")


def late(cursor):
    if connection.vendor == "sqlite":
        return cursor.execute("set c = 1")
    elif connection.vendor == "postgresql":
        raise ValueError
    cursor.execute("set c = 2")
'''


def expected_of(source):
    """What the comments say: texts apart by //, then words for what else holds."""
    found = []
    for number, line in enumerate(source.splitlines(), 1):
        code, mark, comment = line.rpartition(" # ")
        if not mark or "never" in comment:
            continue
        texts, _, words = comment.partition(" | ")
        for text in texts.split(" // "):
            found.append((number, text.strip(), *(word in words for word in ("dynamic", "atomic", "fragment", "params"))))
    return found


@pytest.fixture
def read(make_project):
    project = make_project(NOWHERE)

    def read(*files):
        question = {"do": "queries", "files": list(map(str, files))}
        run = Supervisor(project, "manage.py", "check", mode="settings", questions=[question]).finish()
        assert (run.status, run.out, run.err) == (7, "", "")
        return run.of("queries")[0]

    read.write = project.write
    return read


def test_texts_are_told_with_what_is_known_of_them(read):
    file = read.write("shop/views.py", SOURCE)

    told = read(file)

    keys = "line", "text", "dynamic", "atomic", "fragment", "params"
    assert [tuple(query[key] for key in keys) for query in told["queries"]] == expected_of(SOURCE)
    assert {query["file"] for query in told["queries"]} == {str(file)} and told["unread"] == []


def test_what_other_kinds_of_databases_are_sent_is_not_told(read):
    told = read(read.write("shop/branches.py", BRANCHES))

    assert [(query["line"], query["text"]) for query in told["queries"]] == [one[:2] for one in expected_of(BRANCHES)]


def test_files_that_cannot_be_read_are_told_with_the_reason(read):
    broken, binary = read.write("shop/broken.py", "execute(:\n"), read.write("shop/binary.py", "execute('\0')")
    deep = read.write("shop/deep.py", "x = raw" + "(" * 5000 + ")" * 5000)
    good = read.write("shop/good.py", "cursor.execute('select 1')")

    told = read(broken, binary, "/nowhere/a.py", deep, good)

    assert [query["text"] for query in told["queries"]] == ["select 1"]
    assert [one["file"] for one in told["unread"]] == [str(broken), str(binary), "/nowhere/a.py", str(deep)]
    assert told["unread"][0]["why"].startswith("line 1: ") and "No such file" in told["unread"][2]["why"]
