#include "commands/migrate/blockers.hpp"

#include "base/text.hpp"
#include "commands/holder_words.hpp"
#include "sql/shown_statement.hpp"

#include <cctype>
#include <fmt/core.h>

namespace pgtool {
namespace {

// A prepared transaction has pid 0 in pg_blocking_pids(), and none in pg_locks.
constexpr const char* blockers_query = R"sql(
with wanted as (
  select l.locktype, l.relation, l.mode from pg_locks l where l.pid = $1::int and not l.granted limit 1),
blocking as (select distinct unnest(pg_blocking_pids($1::int)) as pid),
queue as (
  select count(*) as queued
    from (select distinct pid from pg_locks where not granted and pid <> $1::int) others
   where $1::int = any (pg_blocking_pids(others.pid))),
prepared as (
  select l.relation, l.mode, x.gid, x.owner, x.prepared
    from pg_locks l join pg_locks t on t.virtualtransaction = l.virtualtransaction and t.locktype = 'transactionid'
    join pg_prepared_xacts x on x.transaction = t.transactionid
   where l.pid is null and l.locktype = 'relation'
     and l.database = (select oid from pg_database where datname = current_database()))
select w.mode, case when w.locktype = 'relation' then w.relation::regclass::text end as relation, q.queued,
       nullif(b.pid, 0) as pid, a.usename, a.application_name, host(a.client_addr), a.state, a.backend_type, a.query,
       p.gid, p.owner, coalesce(h.mode, p.mode) as held, h.granted = false as asks, a.state is null and a.backend_type is null and b.pid <> 0 as hidden,
       round(extract(epoch from clock_timestamp() - case when a.state like 'idle%' then a.state_change
                                 else coalesce(a.xact_start, p.prepared) end))::bigint as age
  from wanted w cross join queue q cross join blocking b
  left join pg_stat_activity a on a.pid = b.pid
  left join prepared p on b.pid = 0 and p.relation = w.relation
  left join lateral (
    select o.mode, o.granted from pg_locks o
     where o.pid = b.pid and o.locktype = 'relation' and o.relation = w.relation
     order by o.granted desc, array_position(array['AccessShareLock', 'RowShareLock', 'RowExclusiveLock',
       'ShareUpdateExclusiveLock', 'ShareLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock'],
       o.mode) desc limit 1) h on true
 order by a.xact_start nulls first)sql";

Blocker blocker_of(const Rows& rows, int row) {
  Blocker blocker;
  blocker.pid = static_cast<int>(parse_integer(rows.text(row, "pid")).value_or(0));
  blocker.who = holder_words(rows, row);
  blocker.holds = shown_mode(rows.text(row, "held"));
  blocker.only_asks = rows.truth(row, "asks");
  blocker.hidden = rows.truth(row, "hidden");
  blocker.query = blocker.hidden ? "" : shown_statement(rows.text(row, "query"));
  return blocker;
}

} // namespace

std::optional<Blocked> blocked(DirectSession& session, int pid) {
  const auto found = session.connection().attempt(blockers_query, {std::to_string(pid)});
  if (!found.ok() || found.rows.size() == 0) {
    return std::nullopt;
  }
  Blocked blocked;
  blocked.relation = found.rows.text(0, "relation");
  blocked.mode = blocked.relation.empty() ? "" : shown_mode(found.rows.text(0, "mode"));
  blocked.queued = static_cast<int>(parse_integer(found.rows.text(0, "queued")).value_or(0));
  for (int row = 0; row < found.rows.size(); ++row) {
    blocked.by.push_back(blocker_of(found.rows, row));
  }
  return blocked;
}

std::string words_of(const Blocked& blocked) {
  constexpr std::size_t most = 3;
  std::vector<std::string> texts;
  for (const auto& blocker : blocked.by) {
    if (texts.size() == most) {
      texts.push_back(fmt::format("and {} more", blocked.by.size() - most));
      break;
    }
    texts.push_back(blocker.who +
                    (blocker.holds.empty() ? ""
                     : blocker.only_asks   ? " asked before for " + blocker.holds
                                           : " holds " + blocker.holds) +
                    (blocker.query.empty() ? "" : "; its last statement: " + blocker.query));
  }
  const auto what = blocked.relation.empty() ? std::string("others to end their transactions")
                                             : blocked.mode + " on " + blocked.relation;
  const auto queue = blocked.queued == 0 ? std::string()
                     : blocked.queued == 1
                         ? "; 1 session queues behind it"
                         : fmt::format("; {} sessions queue behind it", blocked.queued);
  return one_line(what + ": " + join(texts, ", ") + queue);
}

std::string shown_mode(std::string_view mode) {
  std::string words;
  for (const char letter : mode.substr(0, mode.rfind("Lock"))) {
    if (std::isupper(static_cast<unsigned char>(letter)) != 0 && !words.empty()) {
      words += ' ';
    }
    words += static_cast<char>(std::toupper(static_cast<unsigned char>(letter)));
  }
  return words;
}

} // namespace pgtool
