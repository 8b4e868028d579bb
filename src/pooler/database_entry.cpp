#include "pooler/database_entry.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <utility>

namespace pgtool {
namespace {

using Pair = std::pair<std::string, std::string>;

std::optional<std::string> take_quoted(std::string_view& rest) {
  std::string value;
  for (std::size_t at = 1; at < rest.size(); ++at) {
    if (rest[at] != '\'') {
      value += rest[at];
    } else if (rest.substr(at).starts_with("''")) {
      value += rest[at++];
    } else {
      rest.remove_prefix(at + 1);
      return value;
    }
  }
  return std::nullopt;
}

std::string take_word(std::string_view& rest) {
  const auto end = std::min(rest.find_first_of(" \t\r\n"), rest.size());
  const std::string word(rest.substr(0, end));
  rest.remove_prefix(end);
  return word;
}

/// The first `key = value` of a text that has no white space before it.
std::optional<Pair> take_pair(std::string_view& rest) {
  const auto equals = rest.find('=');
  const auto key = trim(rest.substr(0, equals));
  if (equals == std::string_view::npos || key.empty() ||
      key.find_first_of(" \t\r\n'") != std::string_view::npos) {
    return std::nullopt;
  }
  rest = trim(rest.substr(equals + 1));
  auto value = rest.starts_with('\'') ? take_quoted(rest) : take_word(rest);
  return value ? std::optional(Pair(key, *value)) : std::nullopt;
}

} // namespace

void set_database_key(ConfiguredDatabase& database, std::string_view key, std::string value) {
  if (key == "host" || key == "port" || key == "dbname" || key == "user") {
    database.server.set(key, std::move(value));
  } else if (key == "password") {
    database.server.password = Secret(std::move(value));
  } else if (key == "pool_mode") {
    database.mode = std::move(value);
  } else {
    database.settings.insert_or_assign(std::string(key), std::move(value));
  }
}

std::optional<ConfiguredDatabase>
parse_database_entry(const std::string& name, std::string_view text, const std::string& origin) {
  ConfiguredDatabase database;
  database.name = name;
  database.server.origin = origin;
  for (auto rest = trim(text); !rest.empty(); rest = trim(rest)) {
    auto pair = take_pair(rest);
    if (!pair) {
      return std::nullopt;
    }
    set_database_key(database, pair->first, std::move(pair->second));
  }
  return database;
}

} // namespace pgtool
