#include "commands/migrate/table_holders.hpp"

#include "base/json.hpp"
#include "base/text.hpp"
#include "base/value.hpp"
#include "commands/holder_words.hpp"
#include "connector/deploy_lock.hpp"

#include <algorithm>
#include <fmt/core.h>

namespace pgtool {
namespace {

// pg_locks is visible to everybody, the activity of others in part: what of it is null then is not
// "young". $1: the needed locks, $2: our schemas, $3 and $4: the keys of the run lock, $5:
// whether who holds it is meant.
constexpr const char* holders_query = R"sql(
with recursive wanted as (
  select w.against, w.cascades, coalesce(i.indrelid, c.oid) as oid
    from json_to_recordset($1::json) as w(schema text, name text, against json, cascades boolean)
   cross join lateral (
     select c.oid from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where c.relname = w.name
        and (n.nspname = w.schema or w.schema is null and n.nspname = any ($2::text[]))
      order by array_position($2::text[], n.nspname::text) limit 1) c
    left join pg_index i on i.indexrelid = c.oid),
related as (
  select oid, against from wanted
  union all
  select k.confrelid, w.against from wanted w join pg_constraint k on k.conrelid = w.oid
   where w.cascades and k.contype = 'f'
  union all
  select k.conrelid, w.against from wanted w join pg_constraint k on k.confrelid = w.oid
   where w.cascades and k.contype = 'f'),
parts(oid, against) as (
  select oid, against from related
  union all
  select h.inhrelid, p.against from parts p join pg_inherits h on h.inhparent = p.oid),
held as (
  select distinct on (l.pid, l.virtualtransaction)
         l.pid, l.virtualtransaction, l.mode, l.relation::regclass::text as relation
    from parts p join pg_locks l on l.relation = p.oid
   where l.locktype = 'relation' and l.granted
     and l.database = (select oid from pg_database where datname = current_database())
     and l.mode in (select json_array_elements_text(p.against)))
select h.pid, h.virtualtransaction, h.relation, a.usename, a.application_name, host(a.client_addr), a.state,
       a.backend_type, x.gid, x.owner, coalesce(a.xact_start, x.prepared) is null as hidden,
       round(extract(epoch from clock_timestamp() - coalesce(a.xact_start, x.prepared)))::bigint as age,
       extract(epoch from clock_timestamp() - coalesce(a.xact_start, x.prepared)) as exact_age
  from held h
  left join pg_stat_activity a on a.pid = h.pid
  left join pg_locks t on h.pid is null and t.pid is null and t.locktype = 'transactionid'
        and t.virtualtransaction = h.virtualtransaction
  left join pg_prepared_xacts x on x.transaction = t.transactionid
 where h.pid is distinct from pg_backend_pid()
   and $5::boolean = exists (select from pg_locks r where r.pid = h.pid and r.locktype = 'advisory'
                    and r.classid = $3::oid and r.objid = $4::oid and r.objsubid = 2)
   and not (h.mode = 'ShareUpdateExclusiveLock' and h.pid is not null
            and (a.backend_type = 'autovacuum worker' or a.usesysid is null)
            and coalesce(a.query, '') not like '%to prevent wraparound%')
 order by exact_age desc nulls first limit 50)sql";

Value conflicting_with(LockMode mode) {
  Value names = Value::array();
  for (const auto other : all_lock_modes) {
    if (conflicts(mode, other)) {
      names.add(lock_mode_name(other));
    }
  }
  return names;
}

Value question(const std::vector<NeededLock>& needed) {
  Value wanted = Value::array();
  for (const auto& need : needed) {
    const auto& relation = need.lock.relation;
    wanted.add(Value::object({{"schema", relation.schema.empty() ? Value() : relation.schema},
                              {"name", relation.name},
                              {"against", conflicting_with(need.lock.mode)},
                              {"cascades", need.cascades}}));
  }
  return wanted;
}

} // namespace

std::vector<TableHolder> table_holders(DirectSession& session,
                                       const std::vector<NeededLock>& needed,
                                       const std::string& schemas, Whose whose) {
  std::vector<TableHolder> holders;
  if (needed.empty()) {
    return holders;
  }
  const auto rows = session.connection().query(
      holders_query, {dump_json(question(needed)), schemas, std::to_string(lock_class),
                      std::to_string(run_lock_object), whose == Whose::own ? "true" : "false"});
  for (int row = 0; row < rows.size(); ++row) {
    TableHolder holder;
    holder.transaction = rows.text(row, "pid") + " " + rows.text(row, "virtualtransaction");
    holder.pid = static_cast<int>(parse_integer(rows.text(row, "pid")).value_or(0));
    holder.words = holder_words(rows, row);
    holder.relation = rows.text(row, "relation");
    holder.age = parse_real(rows.text(row, "exact_age"));
    holders.push_back(std::move(holder));
  }
  return holders;
}

std::string words_of(const std::vector<TableHolder>& holders, const std::string& verb) {
  constexpr std::size_t most = 3;
  std::vector<std::string> texts;
  for (const auto& holder : holders) {
    texts.push_back(holder.words + " " + verb + " " + holder.relation);
  }
  if (texts.size() > most) {
    const auto more = texts.size() - most;
    texts.resize(most);
    texts.push_back(fmt::format("and {} more", more));
  }
  return join(texts, ", ");
}

} // namespace pgtool
