#include "commands/schema_move/request_timeouts.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "sql/quote.hpp"

#include <array>
#include <fmt/core.h>

namespace pgtool {
namespace {

constexpr std::array<std::string_view, 2> names = {"statement_timeout", "lock_timeout"};

constexpr const char* settings_query = R"sql(
select split_part(c.config, '=', 1) as name, split_part(c.config, '=', 2) as value,
       coalesce('role ' || r.rolname, 'the database') as place
  from pg_db_role_setting s
  left join pg_roles r on r.oid = s.setrole
  cross join lateral unnest(s.setconfig) c(config)
 where s.setdatabase in (0, (select oid from pg_database where datname = current_database()))
   and (r.rolname is null or r.rolname in ({}))
   and split_part(c.config, '=', 1) in ('statement_timeout', 'lock_timeout')
union all
select name, reset_val, 'the server' from pg_settings
 where name in ('statement_timeout', 'lock_timeout'))sql";

void take(std::optional<RequestTimeout>& shortest, const std::string& value,
          const std::string& where) {
  const auto milliseconds = timeout_milliseconds(value);
  if (milliseconds && (!shortest || *milliseconds < shortest->milliseconds)) {
    shortest = RequestTimeout{*milliseconds, where};
  }
}

void take_options(std::optional<RequestTimeout>& shortest, const MoveAlias& alias) {
  const auto options = alias.alias.endpoint.get("options");
  for (const auto& name : names) {
    const auto at = options.find(std::string(name) + "=");
    if (at != std::string::npos) {
      const auto begin = at + name.size() + 1;
      take(shortest, options.substr(begin, options.find(' ', begin) - begin),
           fmt::format("{} in OPTIONS of alias '{}'", name, alias.name));
    }
  }
}

} // namespace

std::optional<int> timeout_milliseconds(const std::string& setting) {
  if (const auto plain = parse_integer(setting)) {
    return *plain > 0 ? std::optional(static_cast<int>(std::min<std::int64_t>(*plain, 1 << 30)))
                      : std::nullopt;
  }
  const bool minutes = setting.ends_with("min");
  try {
    const auto seconds = parse_duration(minutes ? setting.substr(0, setting.size() - 2) : setting);
    return seconds > 0 ? std::optional(static_cast<int>(std::min(seconds, 1e6) * 1000))
                       : std::nullopt;
  } catch (const Error&) {
    return std::nullopt;
  }
}

std::optional<RequestTimeout> shortest_request_timeout(MoveWork& work) {
  std::vector<std::string> roles;
  for (const auto& role : work.plan.roles) {
    roles.push_back(role.role);
  }
  std::optional<RequestTimeout> shortest;
  const auto rows = work.connection().query(
      fmt::format(fmt::runtime(settings_query), roles.empty() ? "null" : quote_literals(roles)));
  for (int row = 0; row < rows.size(); ++row) {
    take(shortest, rows.text(row, "value"),
         fmt::format("{} of {}", rows.text(row, "name"), rows.text(row, "place")));
  }
  for (const auto& alias : work.ground.aliases) {
    take_options(shortest, alias);
  }
  return shortest;
}

} // namespace pgtool
