#include "pooler/console.hpp"

#include "base/text.hpp"
#include "pooler/config/pooler_config.hpp"

#include <array>
#include <string_view>

namespace pgtool {
namespace {

/// How a console's SHOW VERSION begins.
struct Greeting {
  std::string_view words; ///< lower case
  const char* kind;
};
constexpr std::array greetings{Greeting{"pgbouncer version ", "pgbouncer"},
                               Greeting{"pgbouncer ", "pgbouncer"}, Greeting{"pgcat ", "pgcat"},
                               Greeting{"pgdog v", "pgdog"}, Greeting{"odyssey ", "odyssey"}};

std::string first_word(std::string_view text) {
  return std::string(text.substr(0, text.find_first_of(" \t\r\n,")));
}

std::string first_cell(const Rows& rows) {
  for (const char* column : {"version", "VERSION"}) {
    if (const auto text = rows.text(0, column); !text.empty()) {
      return text;
    }
  }
  return "";
}

Rows rows_of(Connection& console, const char* command) {
  auto outcome = console.attempt(command);
  return outcome.ok() ? std::move(outcome.rows) : Rows{};
}

std::int64_t number(const Rows& rows, int row, const char* column) {
  return parse_integer(rows.text(row, column)).value_or(0);
}

/// The row of that pair in SHOW POOLS; Odyssey repeats its rows.
std::optional<int> pool_row(const Rows& pools, const std::string& name, const std::string& user) {
  for (int row = 0; row < pools.size(); ++row) {
    if (pools.text(row, "database") == name && pools.text(row, "user") == user) {
      return row;
    }
  }
  return std::nullopt;
}

std::optional<PoolSessions> sessions_of(const Rows& pools, const std::string& name,
                                        const std::string& user) {
  const auto row = pool_row(pools, name, user);
  if (!row || pools.text(*row, "sv_active").empty()) {
    return std::nullopt;
  }
  return PoolSessions{number(pools, *row, "sv_active"),
                      number(pools, *row, "sv_idle") + number(pools, *row, "sv_used") +
                          number(pools, *row, "sv_tested"),
                      number(pools, *row, "sv_login")};
}

ConsoleDatabase database_of(const Rows& rows, int row) {
  ConsoleDatabase database;
  database.name = rows.text(row, "name");
  database.host = rows.text(row, "host");
  database.port = rows.text(row, "port");
  database.database = rows.text(row, "database");
  database.forced_user = rows.text(row, "force_user");
  database.mode = rows.text(row, "pool_mode");
  database.paused = rows.text(row, "paused") == "1";
  database.disabled = rows.text(row, "disabled") == "1";
  database.pool_size = number(rows, row, "pool_size");
  return database;
}

PoolMode told(const std::string& mode, const char* table) {
  const auto source = std::string(table) + " of its console";
  return {mode, "certain", source, source + " says " + mode};
}

/// The cell of `column` in the row whose `key` column is `value`; "" when there is none.
std::string cell(const Rows& rows, std::string_view key, std::string_view value,
                 std::string_view column) {
  for (int row = 0; row < rows.size(); ++row) {
    if (rows.text(row, key) == value) {
      return rows.text(row, column);
    }
  }
  return "";
}

} // namespace

std::optional<ConsoleIdentity> console_identity(const std::string& server_version,
                                                const std::string& words) {
  if (const auto cut = server_version.find("/bouncer"); cut != std::string::npos) {
    return ConsoleIdentity{"pgbouncer", server_version.substr(0, cut)};
  }
  const auto said = lower(words);
  for (const auto& greeting : greetings) {
    if (said.starts_with(greeting.words)) {
      return ConsoleIdentity{greeting.kind, first_word(words.substr(greeting.words.size()))};
    }
  }
  return std::nullopt;
}

std::optional<ConsoleIdentity> ask_console(Connection& console) {
  const auto status = console.parameter("server_version").value_or("");
  if (auto identity = console_identity(status, "")) {
    return identity;
  }
  const auto answer = console.attempt("show version");
  if (!answer.ok()) {
    return std::nullopt;
  }
  const auto words = first_cell(answer.rows);
  const bool by_notice = words.empty() && !console.notices().empty();
  return console_identity(status, by_notice ? console.notices().back() : words);
}

std::optional<ConsoleDatabase> database_in(const Rows& databases, const std::string& name) {
  std::optional<ConsoleDatabase> of_pool;
  for (int row = 0; row < databases.size(); ++row) {
    auto database = database_of(databases, row);
    if (database.name == name) {
      return database;
    }
    if (!of_pool && database.name.starts_with(name + "_shard_") &&
        database.name.ends_with("_primary")) {
      of_pool = std::move(database);
    }
  }
  return of_pool;
}

std::optional<ConsoleDatabase> database_in_pools(const Rows& pools, const std::string& name) {
  for (int row = 0; row < pools.size(); ++row) {
    const bool primary = pools.text(row, "role").empty() || pools.text(row, "role") == "primary";
    if (pools.text(row, "database") == name && !pools.text(row, "addr").empty() && primary) {
      ConsoleDatabase database;
      database.name = name;
      database.host = pools.text(row, "addr");
      database.port = pools.text(row, "port");
      database.mode = pools.text(row, "pool_mode");
      return database;
    }
  }
  return std::nullopt;
}

PoolMode mode_in(const ConsoleTables& tables, const std::string& name, const std::string& user) {
  const auto pool = pool_row(tables.pools, name, user);
  if (const auto mode = pool ? tables.pools.text(*pool, "pool_mode") : ""; is_pool_mode(mode)) {
    return told(mode, "SHOW POOLS");
  }
  if (const auto mode = cell(tables.users, "name", user, "pool_mode"); is_pool_mode(mode)) {
    return told(mode, "SHOW USERS");
  }
  if (const auto mode = cell(tables.databases, "name", name, "pool_mode"); is_pool_mode(mode)) {
    return told(mode, "SHOW DATABASES");
  }
  if (const auto mode = cell(tables.config, "key", "pool_mode", "value"); is_pool_mode(mode)) {
    return told(mode, "SHOW CONFIG");
  }
  return {};
}

ConsoleAnswer read_console(Connection& console, const ConsoleIdentity& identity,
                           const std::string& name, const std::string& user, ConsoleReach reach) {
  auto read = std::make_shared<ConsoleTables>();
  auto& tables = *read;
  tables.pools = rows_of(console, "show pools");
  tables.databases = rows_of(console, "show databases");
  ConsoleAnswer answer;
  answer.database = database_in(tables.databases, name);
  if (!answer.database) {
    answer.database = database_in_pools(tables.pools, name);
  }
  if (answer.database && identity.kind == "odyssey") {
    answer.database->database.clear(); // a route's own word; the server's name is not told
  }
  const bool forced = answer.database && !answer.database->forced_user.empty();
  const auto& pool_user = forced ? answer.database->forced_user : user; // its pool is listed so
  answer.sessions = sessions_of(tables.pools, name, pool_user);
  answer.mode = mode_in(tables, name, pool_user);
  const bool is_open =
      answer.mode.mode == "unknown" || answer.mode.source.starts_with("SHOW DATABASES");
  if (is_open) {
    // The [users] line of a forced user does not count (PgBouncer 1.18 was run).
    tables.users = forced ? Rows{} : rows_of(console, "show users");
    tables.config = rows_of(console, "show config");
    answer.mode = mode_in(tables, name, pool_user);
  }
  if (reach == ConsoleReach::all) {
    tables.users = !is_open || forced ? rows_of(console, "show users") : std::move(tables.users);
    tables.config = is_open ? std::move(tables.config) : rows_of(console, "show config");
  }
  answer.tables = std::move(read);
  return answer;
}

} // namespace pgtool
