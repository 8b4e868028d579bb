#include "base/text.hpp"
#include "pooler/config/bouncer_entry.hpp"
#include "pooler/config/container.hpp"
#include "pooler/config/kubernetes_object.hpp"

#include <algorithm>

namespace pgtool {
namespace {

constexpr const char* postgres_port = "5432";

std::string or_else(const std::string& text, const char* otherwise) {
  return text.empty() ? otherwise : text;
}

/// A port that is none says as little as one that is not there.
std::string port_of(const Yaml& node) { return is_port(node.text()) ? node.text() : postgres_port; }

void add_settings(PoolerConfig& config, const Yaml& parameters) {
  for (const auto& [key, value] : parameters.members()) {
    if (key == "pool_mode") {
      config.mode = value.text();
    } else if (value.is_text()) {
      config.settings.insert_or_assign(key, value.text());
    }
  }
}

/// CloudNativePG: the Pooler's own service leads to `<cluster>-rw` or `-ro`.
std::vector<PoolerConfig> cloud_native_poolers(const KubernetesObject& object) {
  const auto& spec = object.body["spec"];
  const auto& cluster = spec["cluster"]["name"].text();
  auto config = config_of(object);
  const auto type = or_else(spec["type"].text(), "rw");
  config.settings = {{"admin_users", "pgbouncer"}};
  add_settings(config, spec["pgbouncer"]["parameters"]);
  // The operator always ignores these, and what the user names besides.
  auto& ignored = config.settings["ignore_startup_parameters"];
  ignored = "extra_float_digits,options" + (ignored.empty() ? "" : "," + ignored);
  config.mode = or_else(spec["pgbouncer"]["poolMode"].text(), "session");
  listen_as(config, object.name, object.space, postgres_port);
  if (cluster.empty()) {
    config.problems.push_back({object.file, spec.line(), "spec.cluster.name is not said"});
    return {config};
  }
  config.databases.push_back(database_behind(object, cluster + "-" + type, postgres_port));
  config.databases.front().is_replica = type == "ro" || type == "r";
  return {config};
}

/// Zalando: `<cluster>-pooler` leads to `<cluster>`, `<cluster>-pooler-repl` to `<cluster>-repl`.
PoolerConfig zalando_pooler(const KubernetesObject& object, const std::string& suffix) {
  const auto& pooler = object.body["spec"]["connectionPooler"];
  auto config = config_of(object);
  config.mode = or_else(pooler["mode"].text(), "transaction");
  if (const auto& most = pooler["maxDBConnections"].text(); !most.empty()) {
    config.settings.emplace("max_db_connections", most);
  }
  config.settings.emplace("auth_user", or_else(pooler["user"].text(), "pooler"));
  listen_as(config, object.name + "-pooler" + suffix, object.space, postgres_port);
  config.databases.push_back(database_behind(object, object.name + suffix, postgres_port));
  config.databases.front().is_replica = !suffix.empty();
  return config;
}

std::vector<PoolerConfig> zalando_poolers(const KubernetesObject& object) {
  const auto& spec = object.body["spec"];
  const auto& enabled = spec["enableConnectionPooler"];
  std::vector<PoolerConfig> found;
  if (parse_truth(enabled.text()).value_or(spec["connectionPooler"].is_map())) {
    found.push_back(zalando_pooler(object, ""));
  }
  if (parse_truth(spec["enableReplicaConnectionPooler"].text()).value_or(false)) {
    found.push_back(zalando_pooler(object, "-repl"));
  }
  return found;
}

/// Keys are not repeated: a text that is no entry may be anything.
void tell(PoolerConfig& config, const Yaml& at, const Complaints& complaints) {
  if (!complaints.empty()) {
    const bool is_refused = std::any_of(complaints.begin(), complaints.end(), [](const auto& one) {
      return one.kind != ProblemKind::other;
    });
    config.problems.push_back({config.file, at.line(), "has a part that PgBouncer refuses",
                               is_refused ? ProblemKind::refused : ProblemKind::other});
  }
}

/// What the manifest says of databases replaces the one for any name.
void add_entries(PoolerConfig& config, const KubernetesObject& object, const Yaml& entries) {
  std::vector<ConfiguredDatabase> databases;
  for (const auto& [name, entry] : entries.members()) {
    Complaints complaints;
    auto database = read_bouncer_database(name, entry.text(), complaints);
    if (database) {
      database->server.origin = object.origin();
      database->line = entry.line();
      databases.push_back(std::move(*database));
    }
    tell(config, entry, complaints);
  }
  if (!databases.empty()) {
    config.databases = std::move(databases);
  }
}

/// Crunchy: `<cluster>-pgbouncer` leads to `<cluster>-primary`.
std::vector<PoolerConfig> crunchy_poolers(const KubernetesObject& object) {
  const auto& spec = object.body["spec"];
  const auto& bouncer = spec["proxy"]["pgBouncer"];
  if (!bouncer.is_map()) {
    return {};
  }
  auto config = config_of(object);
  const auto& words = bouncer["config"];
  add_settings(config, words["global"]);
  const auto port = port_of(spec["port"]);
  config.databases.push_back(database_behind(object, object.name + "-primary", port));
  add_entries(config, object, words["databases"]);
  for (const auto& [user, entry] : words["users"].members()) {
    Complaints complaints;
    config.users[user] = read_bouncer_user(user, entry.text(), complaints);
    tell(config, entry, complaints);
  }
  listen_as(config, object.name + "-pgbouncer", object.space, port_of(bouncer["port"]));
  return {config};
}

struct Row {
  const char* group;
  const char* kind;
  std::vector<PoolerConfig> (*read)(const KubernetesObject&);
};

constexpr Row rows[] = {
    {"postgresql.cnpg.io", "Pooler", cloud_native_poolers},
    {"acid.zalan.do", "postgresql", zalando_poolers},
    {"postgres-operator.crunchydata.com", "PostgresCluster", crunchy_poolers},
};

} // namespace

std::vector<PoolerConfig> operator_poolers(const KubernetesObject& object) {
  for (const auto& row : rows) {
    if (object.group == row.group && object.kind == row.kind && !object.name.empty()) {
      return row.read(object);
    }
  }
  return {};
}

} // namespace pgtool
