#include "pooler/config/container_completions.hpp"

#include "base/text.hpp"
#include "pooler/config/bouncer_entry.hpp"
#include "pooler/config/container_conventions.hpp"

#include <utility>

namespace pgtool {
namespace {

void object(const Container& container, PoolerConfig& config, std::string message) {
  config.problems.push_back({container.file, container.line, std::move(message)});
}

/// PGBOUNCER_DSN_0="name=host=… port=…" and so on are further entries.
void add_data_sources(const Container& container, PoolerConfig& config) {
  for (int number = 0;; ++number) {
    const auto variable = "PGBOUNCER_DSN_" + std::to_string(number);
    const auto text = container.value(variable);
    if (text.empty()) {
      return;
    }
    // Without a name this could be anything, a password among it.
    const auto equals = text.find('=');
    const auto name = std::string(trim(std::string_view(text).substr(0, equals)));
    if (equals == std::string::npos || name.empty()) {
      object(container, config, variable + " is no entry of [databases]");
      continue;
    }
    Complaints complaints;
    auto entry = read_bouncer_database(name, text.substr(equals + 1), complaints);
    if (entry) {
      entry->server.origin = container.origin;
      config.databases.push_back(std::move(*entry));
    }
    if (!complaints.empty()) {
      object(container, config, variable + " has a part that PgBouncer refuses");
    }
  }
}

} // namespace

void complete_bitnami(const Container& container, PoolerConfig& config) {
  if (config.databases.empty()) {
    return;
  }
  auto& own = config.databases.front();
  if (container.value("PGBOUNCER_DATABASE") == "*") {
    own.server.set("dbname", "");
  } else if (own.server.database().empty() && own.name != "*") {
    own.server.set("dbname", own.name);
  }
  if (parse_truth(container.value("PGBOUNCER_SET_DATABASE_USER")).value_or(false)) {
    own.server.set("user", own.logins.front().user);
  }
  if (parse_truth(container.value("PGBOUNCER_SET_DATABASE_PASSWORD")).value_or(false)) {
    own.server.password = own.logins.front().password;
  }
  add_data_sources(container, config);
}

void complete_old_official(const Container& container, PoolerConfig& config) {
  if (config.databases.empty()) {
    return;
  }
  auto& database = config.databases.front();
  database.mode = container.value("DATABASES_POOL_MODE");
  for (const char* key : {"auth_user", "pool_size", "reserve_pool", "connect_query",
                          "max_db_connections", "client_encoding", "datestyle", "timezone"}) {
    if (auto value = container.value("DATABASES_" + upper(key)); !value.empty()) {
      database.settings.emplace(key, std::move(value));
    }
  }
}

void complete_heroku(const Container& container, PoolerConfig& config) {
  auto names = split_words(container.value("PGBOUNCER_URLS"));
  if (names.empty()) {
    names.emplace_back("DATABASE_URL");
  }
  for (std::size_t number = 1; number <= names.size(); ++number) {
    const auto& variable = names[number - 1];
    if (!is_variable_name(variable)) {
      object(container, config, "PGBOUNCER_URLS: expected names of variables");
      continue;
    }
    auto server = server_of_url(container.value(variable), variable, container, config);
    if (server && server->host() == "127.0.0.1" && server->port() == "6000") {
      object(container, config, variable + " leads to this pooler itself: it was overwritten");
    } else if (server) {
      ConfiguredDatabase database;
      database.name = "db" + std::to_string(number);
      database.logins.push_back({server->user(), server->password});
      server->set("user", "");
      server->password = {};
      database.server = std::move(*server);
      config.databases.push_back(std::move(database));
    }
  }
}

/// "0:pg-0:5432,1:pg-1" names the nodes of one cluster; any of them may be the primary.
void complete_pgpool(const Container& container, PoolerConfig& config) {
  std::vector<std::string> hosts;
  std::vector<std::string> ports;
  for (const auto& node : split(container.value("PGPOOL_BACKEND_NODES"), ',')) {
    const auto parts = split(trim(node), ':');
    if (parts.size() < 2 || parts[1].empty() || parts[1].find('@') != std::string::npos) {
      continue;
    }
    hosts.push_back(parts[1]);
    ports.push_back(parts.size() > 2 && is_port(parts[2]) ? parts[2] : "5432");
  }
  config.mode = "session";
  if (hosts.empty()) {
    return;
  }
  ConfiguredDatabase database;
  database.name = "*";
  database.server.origin = container.origin;
  database.server.set("host", join(hosts, ","));
  database.server.set("port", join(ports, ","));
  database.logins.push_back({container.value("PGPOOL_POSTGRES_USERNAME"),
                             Secret(container.value("PGPOOL_POSTGRES_PASSWORD"))});
  config.databases.push_back(std::move(database));
}

/// The image takes what stands behind the host for the name, and the user for auth_user.
void complete_edoburu(const Container& container, PoolerConfig& config) {
  const std::string variable = container.has("DATABASE_URLS") ? "DATABASE_URLS" : "DATABASE_URL";
  const auto urls = split(container.value(variable), variable.back() == 'S' ? ',' : '\n');
  const auto by_words = std::exchange(config.databases, {});
  for (const auto& url : urls) {
    auto server =
        container.has(variable) ? server_of_url(url, variable, container, config) : std::nullopt;
    if (server) {
      ConfiguredDatabase database;
      database.name = server->database().empty() ? "*" : server->database();
      database.logins.push_back({server->user(), server->password});
      server->password = {};
      server->set("user", "");
      server->set("dbname", "");
      database.server = std::move(*server);
      config.databases.push_back(std::move(database));
    }
  }
  if (!container.has(variable)) {
    config.databases = by_words;
  }
  for (auto& database : config.databases) {
    if (!database.logins.empty() && !database.logins.front().user.empty()) {
      database.settings.emplace("auth_user", database.logins.front().user);
    }
  }
}

} // namespace pgtool
