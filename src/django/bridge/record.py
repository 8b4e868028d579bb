"""What a migration's transaction holds when it is about to commit: afterwards nobody can see it.

One that only touched tables which its session has made is not looked at: nobody else uses them, and its statements tell.
"""
import json
import time

from pgtool_bridge import prove

# Asked of everybody's own rights before (`record` in the terms): a refusal would undo the migration. Names and kinds of
# what a run makes are looked up later, all at once: a join here would cost each migration more than all of the rest.
HELD = """select pg_catalog.json_build_array(pg_catalog.pg_current_wal_insert_lsn(), (
 select pg_catalog.json_agg(pg_catalog.json_build_array(l.relation, l.mode, pg_catalog.pg_relation_filenode(l.relation),
 l.relation::pg_catalog.regclass)) from pg_catalog.pg_locks l
 where l.locktype = 'relation' and l.pid = pg_catalog.pg_backend_pid() and l.granted and l.relation >= 16384))::pg_catalog.text"""


def tell(channel, session, migration):
    """Of the transaction at work. One that has sent nothing holds nothing."""
    if session.began is None:
        return
    message = {"app": migration.app_label, "name": migration.name, "alias": session.alias, "pid": session.pid}
    if session.on_born is not None:
        channel.tell("held", born=session.on_born, seconds=round(time.monotonic() - session.began, 6), **message)
        return
    position, locks = json.loads(prove.Statements(session.raw).value(HELD))
    channel.tell("held", wal=position, locks=locks or [], seconds=round(time.monotonic() - session.began, 6), **message)
