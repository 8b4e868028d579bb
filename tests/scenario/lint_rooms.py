"""A database for each migration: the same one is emptied and furnished anew, which is cheaper than a new one."""
import psycopg

from lint_set.schema import BASE, ROWS
from lint_set.snippets import statements

_AT_MOST = 30  # migrations in one database, for the catalogs grow by each


class Rooms:
    """One at a time. Whoever is still connected from the last migration is gone before the next one."""

    def __init__(self, cluster):
        self._cluster = cluster
        self._used, self._room = 0, None

    def furnished(self, snippet):
        """The name of a database in which the migration is next."""
        if self._used % _AT_MOST == 0:
            self.close()
            self._room = self._cluster.database()
            self._room.sql("create access method heap2 type table handler heap_tableam_handler")
        self._used += 1
        with psycopg.connect(self._cluster.conninfo(self._room.name, "app"), autocommit=True) as connection:
            connection.execute("select pg_terminate_backend(pid, 10000) from pg_stat_activity"
                               " where datname = current_database() and pid <> pg_backend_pid()")
            connection.execute("drop owned by app, clerk cascade")
            connection.execute(f"begin; {BASE} set local session_replication_role = replica; {ROWS} commit")  # without triggers
            for text in (snippet.setup, *snippet.history, snippet.fill):
                if text is not BASE:
                    _run(connection, text)
        return self._room.name

    def close(self):
        if self._room:
            self._room.drop()


def _run(connection, text):
    for statement in statements(text):
        try:
            connection.execute(statement)
        except psycopg.errors.UniqueViolation:  # that leaves an invalid index behind
            assert "concurrently" in statement.lower(), statement
