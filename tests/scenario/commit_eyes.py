"""What a migration holds just before its COMMIT, as its own backend says: asked for inside the project, without pgtool."""
import json
import re
from dataclasses import dataclass

# Strongest last.
LOCKS = ["ACCESS SHARE", "ROW SHARE", "ROW EXCLUSIVE", "SHARE UPDATE EXCLUSIVE", "SHARE", "SHARE ROW EXCLUSIVE", "EXCLUSIVE",
         "ACCESS EXCLUSIVE"]
_NOTES = "seen_at_commit.txt"
# Files are compared within the transaction, which nobody else's VACUUM can come between.
_EYES = """\
import json

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.migration import Migration

TABLES = '''select coalesce(json_object_agg(
        c.oid, json_build_array(n.nspname || '.' || c.relname, pg_relation_filenode(c.oid))), '{}')::text
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind in ('r', 'p', 'm', 'v') and n.nspname !~ '^pg_' and n.nspname <> 'information_schema' '''
HELD = '''select coalesce(json_agg(json_build_array(relation, mode)), '[]')::text from pg_locks
    where pid = pg_backend_pid() and locktype = 'relation' and granted'''
at_work = []


def ask(connection, *questions):
    cursor = connection.connection.cursor()
    answers = []
    for question in questions:
        cursor.execute(question)
        answers.append(json.loads(cursor.fetchone()[0]))
    cursor.close()
    return answers


def watched(original):
    def apply(self, state, schema_editor, *args, **kwargs):
        at_work.clear()
        if schema_editor.connection.in_atomic_block and not schema_editor.collect_sql:
            at_work.append((f"{self.app_label}.{self.name}", ask(schema_editor.connection, TABLES)[0]))
        return original(self, state, schema_editor, *args, **kwargs)
    return apply


def commit(self):
    if at_work and self.connection is not None:
        name, before = at_work.pop()
        held, after = ask(self, HELD, TABLES)
        with open("FILE", "a") as file:
            file.write(json.dumps({"name": name, "before": before, "held": held, "after": after}) + "\\n")
    return original_commit(self)


Migration.apply, Migration.unapply = watched(Migration.apply), watched(Migration.unapply)
original_commit, BaseDatabaseWrapper._commit = BaseDatabaseWrapper._commit, commit
""".replace("FILE", _NOTES)


@dataclass(frozen=True)
class Held:
    """Of one table. The name is the one at COMMIT, or before it where the table was dropped."""
    lock: str
    created: bool  # by this run
    new_file: bool


def open_eyes(project):
    """Of a project that pgtool, or anybody else, will run."""
    project.write("shop/eyes.py", _EYES)
    models = project.dir / "shop/models.py"
    project.write("shop/models.py", models.read_text(encoding="utf-8") + "\n\nfrom shop import eyes  # noqa\n")


def seen_at_commit(project):
    """By the migration's name, in order: what it held of each of the users' tables. Then the eyes look afresh."""
    path = project.dir / _NOTES
    notes = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    path.unlink()
    return {note["name"]: _held(note, set(notes[0]["before"])) for note in notes}


def lock_name(mode):
    """As SQL has it: AccessExclusiveLock → ACCESS EXCLUSIVE."""
    return " ".join(re.findall("[A-Z][a-z]+", mode.removesuffix("Lock"))).upper()


def _held(note, old):
    before, after, strongest = note["before"], note["after"], {}
    for table, mode in note["held"]:
        known = after.get(str(table)) or before.get(str(table))
        if known and known[0] != "public.django_migrations":
            strongest[str(table)] = max(strongest.get(str(table), "ACCESS SHARE"), lock_name(mode), key=LOCKS.index)
    return {(after.get(table) or before[table])[0]: Held(lock, table not in old, _changed(before.get(table), after.get(table)))
            for table, lock in strongest.items()}


def _changed(before, after):
    return bool(before and after and before[1] != after[1])
