#include "rules/both/all.hpp"

#include "base/text.hpp"
#include "rules/both/option_fates.hpp"
#include "sql/quote.hpp"
#include "sql/search_path.hpp"

#include <algorithm>
#include <fmt/core.h>

namespace pgtool::rules {
namespace {

bool is_same_path(const std::string& one, const std::string& other) {
  const auto left = parse_search_path(one);
  const auto right = parse_search_path(other);
  return left && right ? *left == *right : one == other;
}

const StoredSetting* stored_path(const ServerFacts& server, const std::string& role,
                                 const std::string& database) {
  for (const auto& one : server.stored) {
    if (lower(one.name) == "search_path" && one.role == role && one.database == database) {
      return &one;
    }
  }
  return nullptr;
}

/// That of a new session of this role, as PostgreSQL chooses it: the nearer one wins.
const StoredSetting* winner(const ServerFacts& server, const std::string& role) {
  for (const auto& [whose, where] :
       {std::pair{role, server.database}, std::pair{role, std::string()},
        std::pair{std::string(), server.database}}) {
    if (const auto* found = stored_path(server, whose, where)) {
      return found;
    }
  }
  return nullptr;
}

std::string words_of(const StoredSetting& setting) {
  if (setting.role.empty()) {
    return "ALTER DATABASE " + setting.database;
  }
  return "ALTER ROLE " + setting.role +
         (setting.database.empty() ? "" : " IN DATABASE " + setting.database);
}

Remark remark_on(const AliasFacts& alias, std::string message, std::string remedy, Place where) {
  return {.message = std::move(message),
          .where = std::move(where),
          .remedy = std::move(remedy),
          .mode = alias.pool_mode};
}

/// The setting is on one role, and the pooler logs in as another.
std::optional<Remark> of_forced_user(const AliasFacts& alias, const OfferedDatabase& offered,
                                     const ServerFacts& server) {
  const auto user = alias.alias.endpoint.user();
  if (offered.forced_user.empty() || offered.forced_user == user) {
    return std::nullopt;
  }
  const auto* meant = winner(server, user);
  const auto* real = winner(server, offered.forced_user);
  if (meant == nullptr || meant->role.empty() ||
      (real != nullptr && is_same_path(real->value, meant->value))) {
    return std::nullopt;
  }
  return remark_on(
      alias,
      fmt::format("search_path = {} is set on {}, and the pooler logs in as {}, which has {}",
                  meant->value, user, offered.forced_user, real == nullptr ? "none" : real->value),
      fmt::format("ALTER ROLE {} IN DATABASE {} SET search_path = {};",
                  quote_identifier(offered.forced_user), quote_identifier(server.database),
                  meant->value),
      alias.place_of(""));
}

std::optional<Remark> of_option(const Deployment& deployment, const AliasFacts& alias,
                                const ServerFacts& server) {
  const auto* stored = winner(server, server.user);
  for (const auto& one : option_fates(deployment, alias)) {
    if (one.name != "search_path" || one.fate != OptionFate::honoured || stored == nullptr ||
        is_same_path(one.value, stored->value)) {
      continue;
    }
    return remark_on(
        alias,
        fmt::format("alias '{}' sets search_path = {} in OPTIONS, which wins over {} of {}: other "
                    "clients of the same role have that",
                    alias.alias.name, one.value, stored->value, words_of(*stored)),
        "take it out of OPTIONS: " + role_statements(deployment, alias, {one}),
        alias.place_of("OPTIONS.options"));
  }
  return std::nullopt;
}

std::vector<Remark> look(const Deployment& deployment) {
  std::vector<Remark> remarks;
  for (const auto& alias : deployment.aliases) {
    const auto* server = deployment.server_of(alias);
    const auto* pooler = deployment.pooler_of(alias);
    if (server == nullptr || !alias.is_pooled()) {
      continue;
    }
    const auto* offered =
        pooler == nullptr ? nullptr : pooler->database_of(alias.alias.endpoint.database());
    auto found = of_option(deployment, alias, *server);
    if (!found && offered != nullptr) {
      found = of_forced_user(alias, *offered, *server);
    }
    if (found) {
      remarks.push_back(std::move(*found));
    }
  }
  return remarks;
}

} // namespace

const Rule search_path_conflict{
    .slug = "search-path-conflict",
    .area = Area::both,
    .grades = {Severity::warning, Severity::warning, Severity::warning, std::nullopt,
               Severity::warning},
    .summary = "search_path is set in several places that differ",
    .why = "What a session asks for when it connects wins over ALTER ROLE … IN DATABASE, that over "
           "ALTER ROLE, that over ALTER DATABASE; "
           "Sessions that come another way see other tables: migrate builds its own there.",
    .remedy = "set it in one place: ALTER ROLE … IN DATABASE … SET search_path, for the role that "
              "logs in",
    .link = "https://www.postgresql.org/docs/current/sql-alterrole.html",
    .look = look,
};

} // namespace pgtool::rules
