#include "commands/run_lock.hpp"

#include "base/error.hpp"
#include "connector/deploy_lock.hpp"

#include <csignal>
#include <map>
#include <utility>

namespace pgtool {
namespace {

/// The pid of our session that has locked this database already, for an alias of another user or by
/// another name; 0 when there is none.
int locked_before(const RoutedDatabase& database,
                  const std::map<std::string, RoutedDatabase*>& ordered) {
  for (const auto& [url, other] : ordered) {
    if (other->lock_pid != 0 &&
        same_database(other->route->session.facts(), database.route->session.facts())) {
      return other->lock_pid;
    }
  }
  return 0;
}

} // namespace

void lock_databases(Routes& routes, double wait, ProjectLink& link, const Context& context) {
  std::map<std::string, RoutedDatabase*> ordered;
  for (const auto& routed : routes.aliases) {
    if (routed.database) {
      ordered.emplace(routed.database->route->endpoint.url(), routed.database.get());
    }
  }
  int told = 0; // the holder that was named last
  for (const auto& [url, database] : ordered) {
    database->lock_pid = locked_before(*database, ordered);
    if (database->lock_pid != 0) {
      continue;
    }
    take_deploy_lock(database->route->session, wait, [&](const LockHolder& holder) {
      if (const auto status = link.bridge.child().poll_exit()) {
        throw Interrupted(*status > 128 ? *status - 128 : SIGINT);
      }
      if (std::exchange(told, holder.pid) != holder.pid) {
        context.say("waiting for another deploy: " + holder.text);
      }
    });
    database->lock_pid = database->route->session.pid();
  }
  for (auto& routed : routes.aliases) {
    routed.route.lock_pid = routed.database ? routed.database->lock_pid : 0;
  }
}

} // namespace pgtool
