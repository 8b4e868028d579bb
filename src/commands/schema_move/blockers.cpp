#include "commands/schema_move/blockers.hpp"

#include "base/text.hpp"
#include "commands/holder_words.hpp"

namespace pgtool {
namespace {

// pg_locks is visible to everybody, the activity of others in part. The lock of a prepared
// transaction has no pid.
constexpr const char* blockers_query = R"sql(
select distinct l.pid, a.usename, a.application_name, host(a.client_addr), a.state, a.backend_type, p.gid, p.owner,
       extract(epoch from clock_timestamp() - coalesce(a.xact_start, p.prepared))::bigint as age
  from pg_locks l
  left join pg_stat_activity a on a.pid = l.pid
  left join pg_locks x on l.pid is null and x.pid is null and x.locktype = 'transactionid'
        and x.virtualtransaction = l.virtualtransaction
  left join pg_prepared_xacts p on p.transaction = x.transactionid
 where l.granted and l.pid is distinct from pg_backend_pid() and l.locktype = 'relation'
   and l.database = (select oid from pg_database where datname = current_database())
   and (l.relation = $1::oid
        or l.relation in (select objid from pg_depend
                           where classid = 'pg_class'::regclass and refclassid = 'pg_class'::regclass
                             and refobjid = $1::oid and deptype in ('a', 'i')))
 order by age desc nulls last
 limit 4)sql";

} // namespace

Blockers blockers_of(Connection& session, const MoveObject& object) {
  const auto rows = session.query(blockers_query, {std::to_string(object.oid)});
  Blockers blockers;
  std::vector<std::string> texts;
  for (int row = 0; row < rows.size(); ++row) {
    texts.push_back(holder_words(rows, row));
    blockers.autovacuum =
        blockers.autovacuum || rows.text(row, "backend_type") == "autovacuum worker";
  }
  blockers.text = join(texts, ", ");
  return blockers;
}

} // namespace pgtool
