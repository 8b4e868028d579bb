"""A migration behind a PgBouncer in transaction mode whose other clients take turns on its two server sessions."""
from contextlib import closing
from dataclasses import dataclass

import psycopg

from lint_set.snippets import statements
from lint_watch import connect, is_open, state
from servers import Bouncer

# What a team gives each server session, for all clients.
CONNECT_QUERY = "set statement_timeout to 55000; listen kept; prepare kept as select 1"


@dataclass
class Trail:
    """What the migration's client met, and what later clients of the same sessions find."""
    error: str
    left: set  # (kind, name)
    lost: set


class Pool:
    """Two server sessions for each database."""

    def __init__(self, cluster):
        anywhere = f"* = host=127.0.0.1 port={cluster.port} pool_size=2 connect_query='{CONNECT_QUERY}'"
        self.bouncer = Bouncer(cluster, [], lines=[anywhere])
        self._fresh = None

    def remove(self):
        self.bouncer.remove()

    def run(self, database, sql, one_transaction):
        """Between two of its transactions the session that it had is always taken by somebody else."""
        conninfo = self.bouncer.conninfo(database)
        with closing(connect(conninfo)) as client, closing(connect(conninfo)) as one, closing(connect(conninfo)) as other:
            self._fresh = self._fresh or self._states(one, other)
            assert self._states(one, other) == self._fresh
            error = self._migrate(client, ["begin", *statements(sql), "commit"] if one_transaction else statements(sql), one, other)
            client.close()
            first, second = self._states(one, other)
        fresh = self._fresh[0]
        return Trail(error, (first | second) - fresh, fresh - (first & second))

    @staticmethod
    def _migrate(client, texts, holder, next_holder):
        for text in texts:
            try:
                client.execute(text)
            except psycopg.Error as error:
                return error.sqlstate or str(error)
            finally:
                if not is_open(client):
                    next_holder.execute("begin")
                    holder.execute("rollback")
                    holder, next_holder = next_holder, holder
        return None

    @staticmethod
    def _states(one, other):
        """Of both server sessions, each within a transaction of one client."""
        states = []
        one.rollback()
        other.rollback()
        for client in (one, other):
            client.execute("begin")
            states.append(state(client))
        for client in (one, other):
            client.execute("rollback")
        return states
