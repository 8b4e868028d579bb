#include "commands/schema_move/role_settings.hpp"

#include "base/error.hpp"
#include "sql/quote.hpp"

#include <array>
#include <fmt/core.h>

namespace pgtool {
namespace {

constexpr const char* settings_query = R"sql(
select coalesce(r.rolname, '') as role, s.setdatabase <> 0 as in_database,
       substr(c.config, length('search_path=') + 1) as value
  from pg_db_role_setting s
  left join pg_roles r on r.oid = s.setrole
  cross join lateral unnest(s.setconfig) c(config)
 where s.setdatabase in (0, (select oid from pg_database where datname = current_database()))
   and c.config like 'search\_path=%')sql";

// Where a setting of the database, of the role or of the client is in force, the server's own is
// hidden behind it.
constexpr const char* server_path_query = R"sql(
select reset_val from pg_settings
 where name = 'search_path'
   and source in ('default', 'configuration file', 'command line', 'environment variable'))sql";

std::optional<SearchPath> parsed(const std::optional<std::string>& setting) {
  return setting ? parse_search_path(*setting) : std::nullopt;
}

} // namespace

RoleSettings RoleSettings::read(Connection& session) {
  RoleSettings found;
  const auto rows = session.query(settings_query);
  for (int row = 0; row < rows.size(); ++row) {
    found.settings_.push_back(
        {rows.text(row, "role"), rows.truth(row, "in_database"), rows.text(row, "value")});
  }
  return found;
}

std::optional<std::string> server_path(Connection& session) {
  return session.query(server_path_query).at(0, "reset_val");
}

std::optional<std::string> RoleSettings::at(const std::string& role, bool cluster_wide) const {
  for (const auto& setting : settings_) {
    if (setting.role == role && setting.in_database != cluster_wide) {
      return setting.value;
    }
  }
  return std::nullopt;
}

SearchPath path_before(const RoleSettings& settings, const Ledger& ledger, const std::string& role,
                       bool cluster_wide, const std::string& server_path) {
  const auto recorded = ledger.old_settings.find(role);
  const bool changed = recorded != ledger.old_settings.end();
  const auto setting = [&](bool wide) {
    return changed && wide == cluster_wide ? recorded->second : settings.at(role, wide);
  };
  const std::array<std::optional<std::string>, 5> by_strength = {
      setting(false), setting(true), settings.at("", false), settings.at("", true), server_path};
  for (const auto& one : by_strength) {
    if (const auto path = parsed(one)) {
      return *path;
    }
  }
  throw Error(Failure::unknown, fmt::format("the search_path of role {} cannot be read", role),
              "look at it in pg_db_role_setting");
}

std::string alter_path_sql(const std::string& role, const std::string& database, bool cluster_wide,
                           const std::optional<SearchPath>& path) {
  return fmt::format("ALTER ROLE {}{} {}", quote_identifier(role),
                     cluster_wide ? "" : " IN DATABASE " + quote_identifier(database),
                     path ? "SET search_path = " + search_path_value(*path) : "RESET search_path");
}

} // namespace pgtool
