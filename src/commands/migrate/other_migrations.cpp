#include "commands/migrate/other_migrations.hpp"

#include "base/text.hpp"
#include "commands/holder_words.hpp"
#include "connector/deploy_lock.hpp"

namespace pgtool {
namespace {

// The text of another's statement may hold secrets: only its first two words are taken. Where this
// role may not see it, locks that only such statements take tell. $1 and $2: the keys of our locks.
constexpr const char* others_query = R"sql(
with strong as (
  select distinct l.pid from pg_locks l join pg_class c on c.oid = l.relation
   where l.locktype = 'relation' and l.relation >= 16384
     and l.mode in ('ShareRowExclusiveLock', 'AccessExclusiveLock') and c.relpersistence <> 't'
     and l.database = (select oid from pg_database where datname = current_database()))
select a.pid, a.usename, a.application_name, host(a.client_addr), a.state, a.backend_type, null as gid, null as owner,
       round(extract(epoch from clock_timestamp() - a.query_start))::bigint as age,
       upper(substring(a.query from '^\s*(\w+\s+\w+)')) as doing, s.pid is not null as holds
  from pg_stat_activity a left join strong s on s.pid = a.pid
 where a.datname = current_database() and a.pid <> pg_backend_pid()
   and coalesce(a.backend_type, 'client backend') = 'client backend' and a.usesysid is not null
   and not exists (select from pg_locks r where r.pid = a.pid and r.locktype = 'advisory'
                    and r.classid = $1::oid and r.objsubid = 2
                    and r.objid in ($2::oid, $3::oid))
   and (s.pid is not null
        or a.state_change > clock_timestamp() - interval '2 s'
           and (a.query ~* '^\s*(alter|create|drop)\s+(table|index|unique|sequence|type|view)'
                or a.query ~* '^\s*insert into "?django_migrations"?')))sql";

} // namespace

std::vector<std::string> OtherMigrations::look(DirectSession& session) {
  std::vector<std::string> words;
  if (Clock::now() - looked_ < std::chrono::seconds(1)) {
    return words;
  }
  looked_ = Clock::now();
  const auto found = session.connection().attempt(others_query, {std::to_string(lock_class),
                                                                 std::to_string(deploy_lock_object),
                                                                 std::to_string(run_lock_object)});
  for (int row = 0; found.ok() && row < found.rows.size(); ++row) {
    const auto pid = parse_integer(found.rows.text(row, "pid")).value_or(0);
    if (told_.insert(static_cast<int>(pid)).second) {
      const auto doing = found.rows.text(row, "doing");
      words.push_back(holder_words(found.rows, row) + ": " +
                      (doing.empty() ? "holds locks of schema changes" : doing));
    }
  }
  return words;
}

} // namespace pgtool
