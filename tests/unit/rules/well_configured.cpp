#include "rules/cases.hpp"

namespace pgtool::test {
namespace {

PoolerFacts pooler() {
  PoolerFacts pooler;
  pooler.name = "pgbouncer.ini";
  pooler.version = "1.18.0";
  pooler.form = PoolerFacts::Form::ini;
  pooler.file = "pgbouncer.ini";
  pooler.where = {"pgbouncer.ini", 0, ""};
  pooler.aliases = {"default"};
  set(pooler, "listen_addr", "10.0.0.5");
  set(pooler, "listen_port", "6432");
  set(pooler, "auth_type", "scram-sha-256");
  set(pooler, "auth_file", "/etc/pgbouncer/userlist.txt");
  set(pooler, "admin_users", "bouncer_admin");
  set(pooler, "pool_mode", "transaction");
  set(pooler, "default_pool_size", "20");
  set(pooler, "max_client_conn", "500");
  set(pooler, "client_tls_sslmode", "require");
  set(pooler, "server_tls_sslmode", "verify-full");
  OfferedDatabase database;
  database.name = "shop";
  database.host = "10.0.0.7";
  database.port = "5432";
  database.database = "shop";
  database.where = {"pgbouncer.ini", 2, "shop"};
  pooler.databases.push_back(std::move(database));
  pooler.auth_file = AuthFile{"/etc/pgbouncer/userlist.txt", 0640, 0, 0, 2, true};
  return pooler;
}

AliasFacts alias() {
  AliasFacts facts;
  facts.alias.name = "default";
  facts.alias.engine = "django.db.backends.postgresql";
  facts.alias.vendor = "postgresql";
  facts.alias.server_side_cursors = false;
  facts.alias.conn_max_age = 0;
  facts.alias.time_zone = "UTC";
  facts.alias.endpoint.origin = "alias 'default'";
  facts.alias.endpoint.set("host", "10.0.0.5");
  facts.alias.endpoint.set("port", "6432");
  facts.alias.endpoint.set("dbname", "shop");
  facts.alias.endpoint.set("user", "app");
  facts.alias.endpoint.set("sslmode", "verify-full");
  facts.pool_mode = "transaction";
  facts.pooler_kind = "pgbouncer";
  facts.pooler_version = "1.18.0";
  facts.pooler = 0;
  facts.where = {"shop/settings.py", 20, ""};
  facts.was_reached = true;
  facts.direct_url = "postgresql://app@10.0.0.7:5432/shop";
  facts.direct_origin = "PGTOOL_DIRECT_URL";
  return facts;
}

ServerFacts server() {
  ServerFacts server;
  server.place = "10.0.0.7:5432/shop";
  server.aliases = {"default"};
  server.version_number = 150020;
  server.max_connections = 100;
  server.reserved = 3;
  server.connections = 12;
  server.password_encryption = "scram-sha-256";
  server.user = "app";
  server.database = "shop";
  server.search_path = "\"$user\", public";
  server.time_zone = "UTC";
  server.speaks_tls = true;
  server.stored = {{"app", "shop", "TimeZone", "UTC"}};
  return server;
}

ProjectFacts project() {
  ProjectFacts project;
  project.django_version = "5.2.19";
  project.settings_file = "shop/settings.py";
  project.apps = {"django.contrib.admin", "django.contrib.auth", "shop"};
  return project;
}

} // namespace

void set(PoolerFacts& pooler, const std::string& key, const std::string& value) {
  const int line = 10 + static_cast<int>(pooler.settings.size());
  pooler.settings.insert_or_assign(key, Setting{value, {pooler.file, line, key}, key});
}

Deployment well_configured() {
  Deployment deployment;
  deployment.poolers.push_back(pooler());
  deployment.aliases.push_back(alias());
  deployment.servers.push_back(server());
  deployment.project = project();
  return deployment;
}

} // namespace pgtool::test
