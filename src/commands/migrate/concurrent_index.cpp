#include "commands/migrate/concurrent_index.hpp"

#include "sql/quote.hpp"

#include <fmt/core.h>
#include <thread>

namespace pgtool {
namespace {

/// Dropping waits for those who use the table; a person waits for us.
constexpr int drop_seconds = 10;

bool is_at_work(DirectSession& session, int backend) {
  const auto found = session.connection().attempt(
      "select from pg_stat_activity where pid = $1::int and state is distinct from 'idle'",
      {std::to_string(backend)});
  return found.ok() && found.rows.size() > 0;
}

/// Its client may have been killed: the server notices that a moment later.
void wait_until_idle(DirectSession& session, int backend) {
  constexpr auto patience = std::chrono::seconds(5);
  const auto deadline = Clock::now() + patience;
  while (Clock::now() < deadline && is_at_work(session, backend)) {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
}

} // namespace

std::string ConcurrentIndex::shown() const {
  return quote_identifier(schema) + "." + quote_identifier(name);
}

std::string ConcurrentIndex::drop() const { return "drop index concurrently " + shown(); }

std::optional<ConcurrentIndex> concurrent_index(DirectSession& session,
                                                const StatementLocks& statement,
                                                const std::string& schemas, int backend) {
  const auto& table = *statement.concurrent_table;
  const auto found = session.connection().attempt(
      "select c.oid as table, n.nspname, (select i.indisvalid from pg_class x"
      " join pg_index i on i.indexrelid = x.oid"
      " where x.relnamespace = c.relnamespace and x.relname = $4) as valid,"
      " exists (select from pg_locks l join pg_stat_activity a on a.pid = l.pid"
      " where l.relation in (c.oid, (select i.indrelid from pg_class x"
      " join pg_index i on i.indexrelid = x.oid"
      " where x.relnamespace = c.relnamespace and x.relname = $4)) and l.mode = "
      "'ShareUpdateExclusiveLock'"
      " and a.usesysid is not null and l.pid <> $5::int) as in_progress,"
      " (select coalesce(array_agg(i.indexrelid), '{}') from pg_index i"
      " where i.indrelid = c.oid and not i.indisvalid) as invalid"
      " from pg_class c join pg_namespace n on n.oid = c.relnamespace"
      " where c.relname = $1 and (n.nspname = $2 or $2 = '' and n.nspname = any ($3::text[]))"
      " order by array_position($3::text[], n.nspname::text) limit 1",
      {table.name, table.schema, schemas, statement.concurrent_index->name,
       std::to_string(backend)});
  if (!found.ok() || found.rows.size() == 0) {
    return std::nullopt;
  }
  ConcurrentIndex index;
  index.table = found.rows.text(0, "table");
  index.schema = found.rows.text(0, "nspname");
  index.name = statement.concurrent_index->name;
  index.backend = backend;
  index.before = !found.rows.at(0, "valid")     ? IndexState::absent
                 : found.rows.truth(0, "valid") ? IndexState::valid
                                                : IndexState::invalid;
  index.in_progress = found.rows.truth(0, "in_progress");
  index.invalid_before = found.rows.text(0, "invalid");
  return index;
}

bool drop_leftover(DirectSession& session, ConcurrentIndex& index, std::string& trouble) {
  if (index.before != IndexState::absent) {
    return false;
  }
  wait_until_idle(session, index.backend);
  auto& connection = session.connection();
  // One whose name the server chose is known by being new. While somebody else makes an index of
  // that table, what is not valid may be theirs.
  const auto left = connection.query(
      "select x.relname from pg_index i join pg_class x on x.oid = i.indexrelid"
      " where i.indrelid = $1::oid and not i.indisvalid and i.indexrelid <> all ($2::oid[])"
      " and $3::text in ('', x.relname::text) and not exists (select from pg_locks l"
      " join pg_stat_activity a on a.pid = l.pid where l.relation = i.indrelid"
      " and l.mode = 'ShareUpdateExclusiveLock' and a.usesysid is not null)",
      {index.table, index.invalid_before, index.name});
  if (left.size() != 1) {
    return false;
  }
  index.name = left.text(0, "relname");
  connection.query(fmt::format("set statement_timeout = '{}s'", drop_seconds));
  const auto before = connection.time_limit();
  connection.set_time_limit(drop_seconds + 5);
  const auto dropped = connection.attempt(index.drop());
  connection.set_time_limit(before);
  if (!dropped.ok()) {
    trouble = dropped.refusal->message;
  }
  connection.attempt("reset statement_timeout");
  return dropped.ok();
}

} // namespace pgtool
