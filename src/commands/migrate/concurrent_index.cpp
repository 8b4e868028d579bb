#include "commands/migrate/concurrent_index.hpp"

#include "sql/quote.hpp"

#include <fmt/core.h>
#include <thread>

namespace pgtool {
namespace {

/// Dropping waits for those who use the table; a person waits for us.
constexpr int drop_seconds = 10;

IndexState read_state(const Rows& rows) {
  return rows.size() == 0 ? IndexState::absent
                          : (rows.truth(0, "valid") ? IndexState::valid : IndexState::invalid);
}

bool is_at_work(DirectSession& session, int backend) {
  const auto found = session.connection().attempt(
      "select from pg_stat_activity where pid = $1::int and state is distinct from 'idle'",
      {std::to_string(backend)});
  return found.ok() && found.rows.size() > 0;
}

} // namespace

std::string ConcurrentIndex::shown() const {
  return quote_identifier(schema) + "." + quote_identifier(name);
}

std::string ConcurrentIndex::drop() const { return "drop index concurrently " + shown(); }

ConcurrentIndex concurrent_index(DirectSession& session, const StatementLocks& statement,
                                 int backend) {
  ConcurrentIndex index;
  index.backend = backend;
  index.before = IndexState::valid;
  if (!statement.concurrent_index || !statement.concurrent_table ||
      statement.concurrent_index->name.empty()) {
    return index;
  }
  const auto& table = *statement.concurrent_table;
  const auto found = session.connection().attempt(
      "select n.nspname from pg_class c join pg_namespace n on n.oid = c.relnamespace"
      " where c.relname = $1 and (n.nspname = $2 or $2 = '' and n.nspname = any ($3::text[]))"
      " order by array_position($3::text[], n.nspname::text) limit 1",
      {table.name, table.schema, session.facts().schemas});
  if (found.ok() && found.rows.size() > 0) {
    index.schema = found.rows.text(0, "nspname");
    index.name = statement.concurrent_index->name;
    index.before = state_of(session, index, 0);
  }
  return index;
}

IndexState state_of(DirectSession& session, const ConcurrentIndex& index, double patience) {
  const auto deadline = Clock::now() + std::chrono::duration<double>(patience);
  while (Clock::now() < deadline && is_at_work(session, index.backend)) {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  return read_state(session.connection().query(
      "select i.indisvalid as valid from pg_class c join pg_namespace n on n.oid = c.relnamespace"
      " join pg_index i on i.indexrelid = c.oid where n.nspname = $1 and c.relname = $2",
      {index.schema, index.name}));
}

bool drop_leftover(DirectSession& session, const ConcurrentIndex& index, std::string& trouble) {
  constexpr double patience = 5; // a cancelled backend's, and of one whose client was killed
  if (index.before != IndexState::absent ||
      state_of(session, index, patience) != IndexState::invalid) {
    return false;
  }
  auto& connection = session.connection();
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
