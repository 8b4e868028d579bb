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
        queryset.annotate(a=RawSQL("current_setting(%s)", ["a.b"]))       # current_setting(%s) | fragment params


migrations.RunSQL(sql=["create table a ()", "drop table a"], reverse_sql="select 7")  # create table a () // drop table a
loop = loop + "x"
connection.cursor().execute(loop)
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


def test_files_that_cannot_be_read_are_told_with_the_reason(read):
    broken, binary = read.write("shop/broken.py", "execute(:\n"), read.write("shop/binary.py", "execute('\0')")
    deep = read.write("shop/deep.py", "x = raw" + "(" * 5000 + ")" * 5000)
    good = read.write("shop/good.py", "cursor.execute('select 1')")

    told = read(broken, binary, "/nowhere/a.py", deep, good)

    assert [query["text"] for query in told["queries"]] == ["select 1"]
    assert [one["file"] for one in told["unread"]] == [str(broken), str(binary), "/nowhere/a.py", str(deep)]
    assert told["unread"][0]["why"].startswith("line 1: ") and "No such file" in told["unread"][2]["why"]
