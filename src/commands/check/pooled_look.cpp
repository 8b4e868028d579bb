#include "commands/check/pooled_look.hpp"

#include "commands/check/server_facts.hpp"
#include "commands/migrate/database_checks.hpp"
#include "pg/connect.hpp"

#include <utility>

namespace pgtool {
namespace {

// set_config() says the value as the server would write it, and holds for this statement only.
constexpr const char* compare = "select current_setting($1, true) as found,"
                                " pg_catalog.set_config($1, $2, true) as wanted";

} // namespace

void PooledLook::look(AliasFacts& alias) {
  const bool has_options = !alias.startup_settings().empty() && alias.refused_options.empty();
  // A standby has what its primary has.
  const bool needs_catalog = !one_.survey.direct && one_.survey.pooled_facts && !alias.is_standby;
  if (one_.survey.pooled_failure || !alias.is_pooled() || !(has_options || needs_catalog)) {
    return;
  }
  auto endpoint = one_.request.known.pooled;
  if (!alias.refused_options.empty()) {
    endpoint.set("options", "");
  }
  auto opened = connect_side_by_side({endpoint}, one_.request.timeout);
  if (!opened.front().connection) {
    return;
  }
  auto& session = *opened.front().connection;
  if (has_options) {
    read_options(session, alias);
  }
  if (needs_catalog) {
    read_catalog(session);
  }
}

void PooledLook::read_options(Connection& session, AliasFacts& alias) const {
  std::vector<LostOption> lost;
  for (const auto& [name, value] : alias.startup_settings()) {
    const auto answer = session.attempt(compare, {name, value});
    if (!answer.ok()) {
      return; // a value that the server does not take says nothing about the pooler
    }
    const auto found = answer.rows.text(0, "found");
    const auto wanted = answer.rows.text(0, "wanted");
    if (found != wanted) {
      lost.push_back({name, wanted, found});
    }
  }
  alias.lost_options = std::move(lost);
}

void PooledLook::read_catalog(Connection& session) {
  servers.push_back(server_facts(session, false, unknown));
  auto checked = check_ground(session, *one_.survey.pooled_facts);
  checked.add(check_catalog(session, *one_.survey.pooled_facts, one_.alias.engine));
  findings = std::move(checked.findings);
  unknown.insert(unknown.end(), checked.unknown.begin(), checked.unknown.end());
  unknown.push_back({"sequences and advisory locks in " + one_.request.known.pooled.place(),
                     "they are looked at past the pooler only, and no direct endpoint is proved",
                     "name PostgreSQL itself with --direct-url or PGTOOL_DIRECT_URL"});
}

} // namespace pgtool
