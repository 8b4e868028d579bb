#include "pooler/recycling.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <fmt/core.h>

namespace pgtool {
namespace {

// PgBouncer copies an argument with its quotes into 64 bytes.
constexpr std::size_t argument_bytes = 64;
constexpr std::string_view bare_letters =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";

std::string real_name(const Rows& databases, int row) {
  const auto real = databases.text(row, "database");
  return real.empty() ? databases.text(row, "name") : real;
}

std::optional<double> longest_life(const Rows& databases, const std::vector<std::string>& entries) {
  std::optional<double> longest;
  for (int row = 0; row < databases.size(); ++row) {
    const auto name = databases.text(row, "name");
    const auto own = parse_real(databases.text(row, "server_lifetime"));
    if (own && std::find(entries.begin(), entries.end(), name) != entries.end()) {
      longest = std::max(longest.value_or(0), *own);
    }
  }
  return longest;
}

std::optional<double> global_life(const Rows& config) {
  for (int row = 0; row < config.size(); ++row) {
    if (config.text(row, "key") == "server_lifetime") {
      return parse_real(config.text(row, "value"));
    }
  }
  return std::nullopt;
}

} // namespace

std::optional<std::string> console_name(std::string_view name) {
  std::string quoted = "\"";
  for (const char letter : name) {
    quoted += letter == '"' ? "\"\"" : std::string(1, letter);
  }
  quoted += '"';
  const bool sayable = !name.empty() && name.find('\0') == std::string_view::npos;
  if (sayable && quoted.size() < argument_bytes) {
    return quoted;
  }
  const bool bare = name.find_first_not_of(bare_letters) == std::string_view::npos;
  return sayable && bare && name.size() < argument_bytes ? std::optional(std::string(name))
                                                         : std::nullopt;
}

std::vector<std::string> entries_in(const Rows& databases, const EntryChoice& choice) {
  std::vector<std::string> entries;
  for (int row = 0; row < databases.size(); ++row) {
    const auto name = databases.text(row, "name");
    const bool meant = real_name(databases, row) == choice.database || name == choice.entry;
    if (meant && !name.empty() && name != "pgbouncer") {
      entries.push_back(name);
    }
  }
  return entries;
}

std::optional<RecycleCommands> recycle_commands(const std::string& kind,
                                                std::vector<std::string> entries) {
  if (kind == "odyssey") {
    return RecycleCommands{{"DROP SERVERS"}, {}, true};
  }
  if (kind == "pgdog") {
    return RecycleCommands{{"RECONNECT"}, {}, true};
  }
  if (kind != "pgbouncer") {
    return std::nullopt;
  }
  RecycleCommands found;
  for (const auto& entry : entries) {
    const auto name = console_name(entry);
    if (!name) {
      found.commands = {"RECONNECT"};
      found.others_too = true;
      break;
    }
    found.commands.push_back("RECONNECT " + *name);
  }
  found.entries = std::move(entries);
  return found;
}

std::string console_database(const std::string& kind) {
  if (kind == "pgbouncer") {
    return "pgbouncer";
  }
  if (kind == "odyssey") {
    return "console";
  }
  return kind == "pgdog" ? "admin" : "";
}

std::string why_no_recycling(const std::string& kind) {
  if (kind == "pgpool") {
    return "Pgpool-II has no command that gives its clients fresh server sessions";
  }
  if (kind == "pgcat") {
    return "pgcat's console has no command that gives its clients fresh server sessions";
  }
  if (kind == "pgagroal") {
    return "pgagroal is told by pgagroal-cli (flush gracefully), not through a session";
  }
  if (kind == "none") {
    return "there is no pooler";
  }
  return "no console of this pooler is known that could give its clients fresh server sessions";
}

std::optional<SessionLife> bouncer_session_life(const Rows& databases, const Rows& config,
                                                const std::vector<std::string>& entries) {
  auto seconds = longest_life(databases, entries);
  if (!seconds) {
    seconds = global_life(config);
  }
  if (!seconds) {
    return std::nullopt;
  }
  if (*seconds == 0) {
    return SessionLife{0, false, "each server session serves one client (server_lifetime = 0)"};
  }
  return SessionLife{*seconds, false,
                     fmt::format("a server session that no client has at the moment is closed when "
                                 "it is {:.0f} s old (server_lifetime)",
                                 *seconds)};
}

std::optional<SessionLife> pgpool_session_life(const std::string& value) {
  const auto digits = value.substr(0, value.find_first_not_of("0123456789"));
  if (digits.empty()) {
    return std::nullopt;
  }
  double seconds = 0;
  try {
    seconds = parse_duration(value);
  } catch (const Error&) {
    return std::nullopt;
  }
  if (seconds == 0) {
    return SessionLife{0, true,
                       "a server session is kept as long as the process of Pgpool-II that has it "
                       "(connection_life_time = 0)"};
  }
  return SessionLife{seconds, false,
                     fmt::format("a server session is closed when nobody has used it for {:.0f} s "
                                 "(connection_life_time)",
                                 seconds)};
}

} // namespace pgtool
