#include "commands/migrate/settled.hpp"

#include "connector/deploy_lock.hpp"
#include "sql/quote.hpp"

#include <chrono>
#include <thread>

namespace pgtool {
namespace {

/// The server itself refused something: then the transaction is known to be undone.
bool was_refused(const MigrationRecord& record) {
  const auto& state = record.sqlstate();
  return !state.empty() && !state.starts_with("08") && !state.starts_with("57P");
}

/// A killed client's backend may still be at its COMMIT.
bool wait_until_ended(Connection& session) {
  constexpr auto patience = std::chrono::seconds(5);
  const auto deadline = Clock::now() + patience;
  while (Clock::now() < deadline) {
    const auto found = session.attempt(
        "select from pg_locks where locktype = 'advisory' and classid = $1::oid"
        " and objid = $2::oid and objsubid = 2 and pid <> pg_backend_pid()"
        " and database = (select oid from pg_database where datname = current_database())",
        {std::to_string(lock_class), std::to_string(run_lock_object)});
    if (!found.ok()) {
      return false;
    }
    if (found.rows.size() == 0) {
      return true;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  return false;
}

/// Nothing when it cannot be seen.
std::optional<bool> is_recorded(DirectSession& session, const std::string& app,
                                const std::string& name) {
  auto& connection = session.connection();
  if (!wait_until_ended(connection)) {
    return std::nullopt;
  }
  const auto place = connection.attempt(
      "select n.nspname from pg_class c join pg_namespace n on n.oid = c.relnamespace"
      " where c.relname = 'django_migrations' and n.nspname = any ($1::text[])"
      " order by array_position($1::text[], n.nspname::text) limit 1",
      {session.facts().schemas});
  if (!place.ok()) {
    return std::nullopt;
  }
  if (place.rows.size() == 0) {
    return false;
  }
  const auto found =
      connection.attempt("select from " + quote_identifier(place.rows.text(0, "nspname")) +
                             ".django_migrations where app = $1 and name = $2",
                         {app, name});
  return found.ok() ? std::optional(found.rows.size() > 0) : std::nullopt;
}

} // namespace

void settle_unfinished(Routes& routes, MigrationRecord& record, Ending& ending) {
  const auto migration = record.doubtful();
  const auto* routed = migration ? routes.find(migration->alias) : nullptr;
  if (!migration || was_refused(record) || routed == nullptr || !routed->database) {
    return;
  }
  const auto recorded =
      is_recorded(routed->database->route->session, migration->app, migration->name);
  ending.commit_unknown = !recorded;
  if (recorded && *recorded != migration->backwards) {
    record.complete();
  }
}

} // namespace pgtool
