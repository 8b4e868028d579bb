#include "rules/pooler/all.hpp"

#include "rules/pooler/bouncers.hpp"

#include <algorithm>
#include <fmt/core.h>

namespace pgtool::rules {
namespace {

/// The mode in which clients share sessions there; "" where none is known to.
std::string shared_mode(const Deployment& deployment, const PoolerFacts& pooler) {
  const auto aliases = aliases_of(deployment, pooler);
  for (const auto* alias : aliases) {
    if (alias->shares_sessions()) {
      return alias->pool_mode;
    }
  }
  const auto mode = pooler.value("pool_mode");
  return aliases.empty() && (mode == "transaction" || mode == "statement") ? mode : "";
}

std::vector<Remark> look(const Deployment& deployment) {
  std::vector<Remark> remarks;
  for (const auto* pooler : bouncers(deployment)) {
    const auto mode = shared_mode(deployment, *pooler);
    const auto query = pooler->value("server_reset_query");
    if (pooler->number("server_reset_query_always").value_or(0) == 0 || query.empty() ||
        mode.empty()) {
      continue;
    }
    remarks.push_back(
        {.message = fmt::format("{} sends {} after every {} in {} mode", pooler->name, query,
                                mode == "statement" ? "statement" : "transaction", mode),
         .where = pooler->place_of("server_reset_query_always"),
         .remedy = pooler->line_for("server_reset_query_always", "0"),
         .mode = mode,
         .edits = pooler->edit_for("server_reset_query_always", "0")});
  }
  return remarks;
}

} // namespace

const Rule reset_query_always{
    .slug = "reset-query-always",
    .area = Area::pooler,
    .grades = when_shared(Severity::warning),
    .summary = "The pooler resets the server session after every transaction",
    .why = "Each transaction waits for one more round trip, and DISCARD ALL throws away the plans "
           "and prepared statements that the pooler keeps (prepared statement does not exist, "
           "before 1.22) and what connect_query has set. It hides that something of the project "
           "changes sessions that it does not own.",
    .remedy = "set server_reset_query_always = 0, and let nothing in the project SET for a session",
    .link = "https://www.pgbouncer.org/config.html#server_reset_query_always",
    .look = look,
};

} // namespace pgtool::rules
