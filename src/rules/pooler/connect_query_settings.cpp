#include "rules/pooler/all.hpp"

#include "base/text.hpp"
#include "rules/pooler/bouncers.hpp"
#include "sql/statement_locks.hpp"

#include <algorithm>
#include <fmt/core.h>

namespace pgtool::rules {
namespace {

/// What decides where a table is found or made, and whose it is.
bool is_grave(const std::string& setting) {
  return setting == "search_path" || setting == "role" || setting == "session_authorization";
}

/// Direct sessions have it, too: from the role or the database.
bool is_stored(const Deployment& deployment, const PoolerFacts& pooler,
               const OfferedDatabase& database, const std::string& setting) {
  for (const auto* alias : aliases_of(deployment, pooler)) {
    const auto* server = deployment.server_of(*alias);
    if (pooler.database_of(alias->alias.endpoint.database()) != &database || server == nullptr) {
      continue;
    }
    const auto user = database.forced_user.empty() ? server->user : database.forced_user;
    if (std::any_of(server->stored.begin(), server->stored.end(), [&](const StoredSetting& one) {
          return lower(one.name) == setting && (one.role.empty() || one.role == user);
        })) {
      return true;
    }
  }
  return false;
}

std::string cure(const std::string& setting, const OfferedDatabase& database) {
  const auto role = database.forced_user.empty() ? std::string("app") : database.forced_user;
  if (setting == "search_path") {
    return fmt::format("ALTER ROLE {} SET search_path = …, which every session has, and take it "
                       "out of connect_query",
                       role);
  }
  return "let the pooler log in as that role (user= in the database's line), or give the objects "
         "to the role that logs in, and take it out of connect_query";
}

std::vector<Remark> look(const Deployment& deployment) {
  std::vector<Remark> remarks;
  for (const auto* pooler : bouncers(deployment)) {
    for (const auto& database : pooler->databases) {
      const auto query = database.settings.find("connect_query");
      if (query == database.settings.end()) {
        continue;
      }
      for (const auto& setting : statement_locks(query->second.value).sets) {
        if (is_grave(setting) && !is_stored(deployment, *pooler, database, setting)) {
          auto where = database.where;
          where.object = database.name + ", connect_query";
          remarks.push_back(
              {.message = fmt::format("connect_query of {} sets {}, which sessions past {} do not "
                                      "have",
                                      database.name, setting, pooler->name),
               .where = std::move(where),
               .remedy = cure(setting, database)});
        }
      }
    }
  }
  return remarks;
}

} // namespace

const Rule connect_query_settings{
    .slug = "connect-query-settings",
    .area = Area::pooler,
    .grades = always(Severity::warning),
    .summary = "connect_query sets what direct sessions do not have",
    .why = "The pooler sends it once when it opens a server session. Migrations, dbshell and "
           "whatever else goes straight to the server have another search_path or role: tables "
           "are built a second time in public, or belong to somebody else. In session mode "
           "DISCARD ALL takes it away from the second client of that session, too.",
    .remedy = "keep it with the role or the database: ALTER ROLE … SET, ALTER DATABASE … SET",
    .link = "https://www.pgbouncer.org/config.html#connect_query",
    .look = look,
};

} // namespace pgtool::rules
