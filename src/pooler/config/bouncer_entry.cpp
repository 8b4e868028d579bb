#include "pooler/config/bouncer_entry.hpp"

#include "base/text.hpp"
#include "pooler/config/bouncer_values.hpp"
#include "pooler/config/connection_words.hpp"

#include <algorithm>
#include <cstdlib>

namespace pgtool {
namespace {

constexpr std::string_view quotes_needed = "a value with a space in it needs '…' around it";

bool is_plain(char letter) {
  return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
         (letter >= '0' && letter <= '9') || letter == '_' || letter == '.' || letter == '-';
}

/// True for what was meant to be `password`, or glued to it.
bool means_password(std::string_view key) {
  constexpr std::string_view password = "password";
  return key.ends_with(password) || nearest(key, {std::string(password)});
}

/// The pairs with a key that PgBouncer knows there. What stands behind a password may be the rest
/// of one with a space in it, and a line that begins with `password` may go on an entry: unknown
/// keys are not repeated then.
ConnectionWords known_words(BouncerSection section, std::string_view name, std::string_view value,
                            Complaints& complaints) {
  auto words = split_connection_words(value);
  ConnectionWords known;
  known.broken = words.broken;
  bool may_be_secret = means_password(name);
  for (auto& pair : words.pairs) {
    const bool was_secret = may_be_secret;
    may_be_secret = was_secret || means_password(pair.first);
    if (find_bouncer_key(section, pair.first) != nullptr) {
      known.pairs.push_back(std::move(pair));
    } else if (was_secret) {
      complaints.add("unknown key behind a password; " + std::string(quotes_needed));
    } else {
      complaints.add_unknown(section, pair.first);
    }
  }
  if (words.broken) {
    const bool has_comment = has_inline_comment(value);
    complaints.add(has_comment ? std::string(comment_alone)
                               : "expected key=value with a space before the next key; " +
                                     std::string(quotes_needed),
                   has_comment ? ProblemKind::inline_comment : ProblemKind::refused);
  }
  return known;
}

/// PgBouncer takes the digits that a port begins with.
std::string read_port(const std::string& value, Complaints& complaints) {
  const auto number = std::strtol(value.c_str(), nullptr, 10);
  if (number < 1 || number > 65535) {
    complaints.add("the port is no number from 1 to 65535");
    return "";
  }
  return std::to_string(number);
}

void take_word(ConfiguredDatabase& database, const std::string& key, std::string value,
               Complaints& complaints) {
  if (key == "host" || key == "dbname" || key == "user") {
    database.server.set(key, std::move(value));
  } else if (key == "port") {
    database.server.set(key, read_port(value, complaints));
  } else if (key == "password") {
    database.server.password = Secret(std::move(value));
  } else if (key == "pool_mode") {
    database.mode = read_pool_mode(value, complaints).value_or("");
  } else {
    database.settings.insert_or_assign(key, std::move(value));
  }
}

} // namespace

void Complaints::add(std::string words, ProblemKind kind) {
  if (all_.size() < room_) {
    all_.push_back({std::move(words), kind});
  }
}

void Complaints::add_unknown(BouncerSection section, std::string_view key) {
  if (all_.size() < room_) { // or the search is for nothing
    const auto meant = nearest_bouncer_key(section, key);
    add("unknown key" + quoted_if_plain(key) + (meant ? "; did you mean " + *meant + "?" : ""),
        ProblemKind::unknown_key);
  }
}

std::string quoted_if_plain(std::string_view word) {
  constexpr std::size_t longest = 64;
  const bool is_word =
      !word.empty() && word.size() <= longest && std::all_of(word.begin(), word.end(), is_plain);
  return is_word ? " '" + std::string(word) + "'" : "";
}

std::optional<std::string> read_pool_mode(std::string_view value, Complaints& complaints) {
  auto mode = lower(value);
  if (is_pool_mode(mode)) {
    return mode;
  }
  const bool has_comment = value.find_first_of(";#") != std::string_view::npos;
  complaints.add("pool_mode is none of session, transaction and statement" +
                     (has_comment ? "; " + std::string(comment_alone) : ""),
                 has_comment ? ProblemKind::inline_comment : ProblemKind::refused);
  return std::nullopt;
}

std::optional<ConfiguredDatabase>
read_bouncer_database(std::string_view name, std::string_view value, Complaints& complaints) {
  ConfiguredDatabase database;
  database.name = name;
  auto words = known_words(BouncerSection::databases, name, value, complaints);
  for (auto& [key, text] : words.pairs) {
    take_word(database, key, std::move(text), complaints);
  }
  auto& password = database.server.password;
  if (!password.empty() && database.server.user().empty()) {
    complaints.add("PgBouncer uses no password here without a user", ProblemKind::other);
    password = Secret();
  }
  if (words.broken) {
    password = Secret(); // perhaps only its first word
  }
  const auto& server = database.server;
  if (!is_plain_host(server.host()) || !is_plain_host(server.database()) ||
      !is_plain_host(server.user())) {
    complaints.add("a URL, or a part of one, stands where a word is expected", ProblemKind::other);
    return std::nullopt;
  }
  return database;
}

PoolerSettings read_bouncer_user(std::string_view name, std::string_view value,
                                 Complaints& complaints) {
  PoolerSettings settings;
  for (auto& [key, text] : known_words(BouncerSection::users, name, value, complaints).pairs) {
    if (key != "pool_mode") {
      settings.insert_or_assign(key, std::move(text));
    } else if (auto mode = read_pool_mode(text, complaints)) {
      settings.insert_or_assign(key, std::move(*mode));
    }
  }
  return settings;
}

void check_bouncer_peer(std::string_view name, std::string_view value, Complaints& complaints) {
  known_words(BouncerSection::peers, name, value, complaints);
}

} // namespace pgtool
