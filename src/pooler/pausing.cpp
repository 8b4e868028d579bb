#include "pooler/pausing.hpp"

#include "base/text.hpp"
#include "pooler/identify.hpp"
#include "pooler/recycling.hpp"

namespace pgtool {
namespace {

/// RECONNECT and a PAUSE that can be told by its entry are of this age.
bool is_older_than_1_9(const std::string& version) {
  const auto parts = split(version, '.');
  const auto major = parse_integer(parts.front());
  const auto minor = parts.size() > 1 ? parse_integer(parts[1]) : std::nullopt;
  return major && minor && (*major < 1 || (*major == 1 && *minor < 9));
}

} // namespace

EntryState entry_state(const Rows& databases, const std::string& entry) {
  const auto found = database_in(databases, entry);
  if (!found || found->name != entry) {
    return {};
  }
  EntryState state{true, found->paused, 0};
  for (int row = 0; row < databases.size(); ++row) {
    if (databases.text(row, "name") == entry) {
      state.servers = parse_integer(databases.text(row, "current_connections")).value_or(0);
    }
  }
  return state;
}

std::string why_no_pausing(const ConsoleIdentity& identity) {
  if (identity.kind != "pgbouncer") {
    return "only PgBouncer can be paused by pgtool, this is " + pooler_name(identity.kind);
  }
  if (is_older_than_1_9(identity.version)) {
    return "PgBouncer " + identity.version + " is too old to be paused by pgtool, 1.9 is needed";
  }
  return "";
}

std::optional<std::string> unsayable(const std::vector<std::string>& entries) {
  for (const auto& entry : entries) {
    if (!console_name(entry)) {
      return entry;
    }
  }
  return std::nullopt;
}

bool says_not_paused(const Refusal& refusal) {
  return refusal.message.find("is not paused") != std::string::npos;
}

bool says_no_such_entry(const Refusal& refusal) {
  return refusal.message.find("no such database") != std::string::npos;
}

} // namespace pgtool
