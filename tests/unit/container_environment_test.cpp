#include "config_words.hpp"
#include "pooler/config/container_environment.hpp"

#include <doctest/doctest.h>

using namespace pgtool;

namespace {

Container container(Environment environment, std::string image = "") {
  return {"compose.yaml, service pooler",
          "compose.yaml",
          std::move(image),
          std::move(environment),
          {},
          7};
}

std::string problems(const PoolerConfig& config) { return words(config.problems); }

} // namespace

TEST_CASE("the article's container is read as bitnami's image reads it") {
  const auto found = pooler_of(container({{"PGBOUNCER_LISTEN_ADDRESS", "*"},
                                          {"PGBOUNCER_POOL_MODE", "transaction"},
                                          {"PGBOUNCER_PORT", "6432"},
                                          {"PGBOUNCER_MAX_CLIENT_CONN", "1000"},
                                          {"PGBOUNCER_DEFAULT_POOL_SIZE", "80"},
                                          {"PGBOUNCER_MIN_POOL_SIZE", "30"},
                                          {"PGBOUNCER_AUTH_TYPE", "md5"},
                                          {"POSTGRESQL_HOST", "shop.rds.example.com"},
                                          {"POSTGRESQL_PORT", "5432"},
                                          {"POSTGRESQL_USERNAME", "app"},
                                          {"POSTGRESQL_PASSWORD", "hunter2"},
                                          {"POSTGRESQL_DATABASE", "shop"},
                                          {"PGBOUNCER_DATABASE", "shop"}}));

  REQUIRE(found);
  CHECK(found->kind == "pgbouncer");
  CHECK(found->origin == "compose.yaml, service pooler");
  CHECK(found->mode == "transaction");
  REQUIRE(found->listens.size() == 1);
  CHECK(found->listens[0].host().empty());
  CHECK(found->listens[0].port() == "6432");
  REQUIRE(found->databases.size() == 1);
  const auto& database = found->databases[0];
  CHECK(database.name == "shop");
  CHECK(database.server.place() == "shop.rds.example.com:5432/shop");
  CHECK(database.server.user().empty());
  CHECK(database.logins.front().user == "app");
  CHECK(database.logins.front().password.reveal() == "hunter2");
  CHECK(found->settings.at("default_pool_size") == "80");
  CHECK(found->settings.at("listen_addr") == "*");
  CHECK(found->settings.at("auth_type") == "md5");
  CHECK(found->settings.at("admin_users") == "app");
  CHECK(found->settings.at("ignore_startup_parameters") == "extra_float_digits");
  CHECK(found->problems.empty());
}

TEST_CASE("bitnami's image has its own defaults") {
  const auto found = pooler_of(
      container({{"POSTGRESQL_PASSWORD", "hunter2"}}, "docker.io/bitnamilegacy/pgbouncer:1.24"));

  REQUIRE(found);
  CHECK(found->listens[0].port() == "6432");
  CHECK(found->mode.empty());
  CHECK(found->databases[0].name == "postgres");
  CHECK(found->databases[0].server.place() == "postgresql:5432/postgres");
  CHECK(found->databases[0].logins.front().user == "postgres");
}

TEST_CASE("bitnami's image forces a login only when it is told to") {
  const auto found = pooler_of(container({{"POSTGRESQL_HOST", "db"},
                                          {"POSTGRESQL_USERNAME", "app"},
                                          {"POSTGRESQL_PASSWORD", "hunter2"},
                                          {"PGBOUNCER_DATABASE", "*"},
                                          {"PGBOUNCER_POOL_MODE", "session"},
                                          {"PGBOUNCER_SET_DATABASE_USER", "yes"},
                                          {"PGBOUNCER_SET_DATABASE_PASSWORD", "yes"}}));

  REQUIRE(found);
  CHECK(found->databases[0].name == "*");
  CHECK(found->databases[0].server.database().empty());
  CHECK(found->databases[0].server.user() == "app");
  CHECK(found->databases[0].server.password.reveal() == "hunter2");
}

TEST_CASE("bitnami's further data sources are further databases") {
  const auto found = pooler_of(container(
      {{"POSTGRESQL_HOST", "db"},
       {"PGBOUNCER_DSN_0", "reports=host=replica port=5433 dbname=shop pool_mode=session"},
       {"PGBOUNCER_DSN_1", "hunter2"},
       {"PGBOUNCER_DSN_3", "never=host=read"}},
      "bitnami/pgbouncer"));

  REQUIRE(found);
  REQUIRE(found->databases.size() == 2);
  CHECK(found->databases[1].name == "reports");
  CHECK(found->databases[1].server.place() == "replica:5433/shop");
  CHECK(found->databases[1].mode == "session");
  CHECK(problems(*found) == "PGBOUNCER_DSN_1 is no entry of [databases]\n");
}

TEST_CASE("values that stand in files or secrets are told, not guessed") {
  auto described = container(
      {{"POSTGRESQL_HOST_FILE", "/run/secrets/host"}, {"PGBOUNCER_POOL_MODE", "transaction"}},
      "bitnami/pgbouncer");
  described.elsewhere["POSTGRESQL_PASSWORD"] = "secret app, key password";

  const auto found = pooler_of(described);

  REQUIRE(found);
  CHECK(found->databases.empty());
  CHECK(problems(*found).find("POSTGRESQL_HOST was not read: POSTGRESQL_HOST_FILE names a file") !=
        std::string::npos);

  described.environment["POSTGRESQL_HOST"] = "db";
  described.environment.erase("POSTGRESQL_HOST_FILE");
  const auto with_host = pooler_of(described);

  REQUIRE(with_host);
  CHECK(with_host->databases[0].logins.front().password.empty());
  CHECK(problems(*with_host) ==
        "POSTGRESQL_PASSWORD was not read: its value stands in secret app, key password\n");
}

TEST_CASE("a URL in the wrong variable is told without a word of it") {
  const auto found =
      pooler_of(container({{"POSTGRESQL_HOST", "db"},
                           {"PGBOUNCER_DATABASE", "postgresql://app:hunter2@db:5432/shop"},
                           {"POSTGRESQL_PORT", "hunter2"}},
                          "bitnami/pgbouncer"));

  REQUIRE(found);
  CHECK(found->databases[0].name == "*");
  CHECK(found->databases[0].server.get("port").empty());
  CHECK(found->problems.size() == 2);
  CHECK(problems(*found).find("hunter2") == std::string::npos);
}

TEST_CASE("a password in a place of its own is not told") {
  const auto host =
      pooler_of(container({{"POSTGRESQL_HOST", "app:hunter2@db"}}, "bitnami/pgbouncer"));
  const auto urls = pooler_of(container({{"PGBOUNCER_URLS", "postgres://app:hunter2@db/shop"}}));

  const auto entry = pooler_of(
      container({{"PGBOUNCER_DSN_0", "shop=host=postgres://app:hunter2@db"}}, "bitnami/pgbouncer"));

  for (const auto& found : {host, urls, entry}) {
    REQUIRE(found);
    CHECK(found->databases.size() <= 1);
    CHECK(found->problems.size() == 1);
    CHECK(problems(*found).find("hunter2") == std::string::npos);
  }
}

TEST_CASE("variables that bitnami's image does not read are told") {
  const auto found = pooler_of(container(
      {{"POSTGRESQL_HOST", "db"}, {"PGBOUNCER_LISTEN_PORT", "6543"}, {"POOL_MODE", "transaction"}},
      "bitnami/pgbouncer"));

  REQUIRE(found);
  CHECK(found->mode.empty());
  CHECK(found->listens[0].port() == "6432");
  CHECK(problems(*found) ==
        "bitnami/pgbouncer does not read PGBOUNCER_LISTEN_PORT, but PGBOUNCER_PORT\n"
        "bitnami/pgbouncer does not read POOL_MODE, but PGBOUNCER_POOL_MODE\n");
}

TEST_CASE("an app that knows the pooler and the server is no pooler of bitnami's") {
  CHECK_FALSE(pooler_of(container({{"POSTGRESQL_HOST", "db"},
                                   {"POSTGRESQL_USERNAME", "app"},
                                   {"POSTGRESQL_PASSWORD", "hunter2"},
                                   {"PGBOUNCER_HOST", "pooler"},
                                   {"PGBOUNCER_PORT", "6432"},
                                   {"PGBOUNCER_POOL_MODE", "transaction"}},
                                  "shop/web")));
  CHECK_FALSE(pooler_of(container({{"POSTGRESQL_USERNAME", "app"},
                                   {"POSTGRESQL_PASSWORD", "hunter2"},
                                   {"POSTGRESQL_DATABASE", "shop"}},
                                  "bitnami/postgresql:16")));
}

TEST_CASE("edoburu's words are a server that the client logs in to as itself") {
  const auto found = pooler_of(container({{"DB_HOST", "db"},
                                          {"DB_USER", "app"},
                                          {"DB_PASSWORD", "hunter2"},
                                          {"POOL_MODE", "transaction"},
                                          {"MAX_CLIENT_CONN", "100"},
                                          {"ADMIN_USERS", "postgres,app"}}));

  REQUIRE(found);
  CHECK(found->listens[0].port() == "5432");
  CHECK(found->mode == "transaction");
  CHECK(found->databases[0].name == "*");
  CHECK(found->databases[0].server.host() == "db");
  CHECK(found->databases[0].server.get("port") == "5432");
  CHECK(found->databases[0].server.user().empty());
  CHECK(found->databases[0].settings.at("auth_user") == "app");
  CHECK(found->databases[0].logins.front().password.reveal() == "hunter2");
  CHECK(found->settings.at("admin_users") == "postgres,app");
  CHECK(found->settings.at("auth_type") == "md5");
}

TEST_CASE("edoburu's URL beats its words, whatever driver it names") {
  const auto found = pooler_of(container(
      {{"DATABASE_URL", "postgis://app:hunter2@db:5433/shop?schema=public&pgbouncer=true"},
       {"DB_HOST", "unused"},
       {"LISTEN_PORT", "6432"}},
      "edoburu/pgbouncer:v1.25.1-p0"));

  REQUIRE(found);
  CHECK(found->listens[0].port() == "6432");
  REQUIRE(found->databases.size() == 1);
  CHECK(found->databases[0].name == "shop");
  CHECK(found->databases[0].server.host() == "db");
  CHECK(found->databases[0].server.port() == "5433");
  CHECK(found->databases[0].server.database().empty());
  CHECK(found->databases[0].server.password.empty());
  CHECK(found->databases[0].logins.front().user == "app");
}

TEST_CASE("edoburu's list of URLs is a list of databases") {
  const auto found =
      pooler_of(container({{"DATABASE_URLS", "postgres://a:x@one/shop,postgres://b:y@two/stock"}},
                          "edoburu/pgbouncer"));

  REQUIRE(found);
  REQUIRE(found->databases.size() == 2);
  CHECK(found->databases[1].name == "stock");
  CHECK(found->databases[1].server.host() == "two");
  CHECK(pooler_of(container({{"DATABASE_URLS", "postgres://a:x@one/shop"}}, "edoburu/pgbouncer"))
            ->databases.size() == 1);
}

TEST_CASE("a URL that is none is told without a word of it") {
  const auto found =
      pooler_of(container({{"DATABASE_URL", "mysql://app:hunter2@db/shop"}}, "edoburu/pgbouncer"));

  REQUIRE(found);
  CHECK(found->databases.empty());
  CHECK(problems(*found) == "DATABASE_URL is no URL of a PostgreSQL server\n");
}

TEST_CASE("Django's and PostgreSQL's own containers are no pooler of edoburu's") {
  CHECK_FALSE(pooler_of(container({{"DB_HOST", "pooler"},
                                   {"DB_PORT", "6432"},
                                   {"DB_NAME", "shop"},
                                   {"DB_USER", "app"},
                                   {"DB_PASSWORD", "hunter2"},
                                   {"POOL_MODE", "transaction"}},
                                  "shop/web")));
  CHECK_FALSE(
      pooler_of(container({{"DATABASE_URL", "postgres://app:hunter2@pooler/shop"}}, "shop/web")));
  CHECK_FALSE(pooler_of(container({{"POSTGRES_HOST", "pooler"},
                                   {"POSTGRES_USER", "app"},
                                   {"POSTGRES_PASSWORD", "hunter2"},
                                   {"PG_BOUNCER_HOST", "pooler"},
                                   {"PG_BOUNCER_PORT", "6432"}})));
}

TEST_CASE("a pooler's own image needs no second hint") {
  const auto found = pooler_of(
      container({{"DB_HOST", "db"}, {"POOL_MODE", "session"}}, "registry.example/ops/pgbouncer"));

  REQUIRE(found);
  CHECK(found->mode == "session");
}

TEST_CASE("the old official image forces its login") {
  const auto found = pooler_of(container({{"DATABASES_HOST", "db"},
                                          {"DATABASES_CLIENT_SIDE_DBNAME", "shop"},
                                          {"DATABASES_DBNAME", "shop_live"},
                                          {"DATABASES_USER", "app"},
                                          {"DATABASES_PASSWORD", "hunter2"},
                                          {"DATABASES_POOL_MODE", "transaction"},
                                          {"DATABASES_POOL_SIZE", "20"},
                                          {"PGBOUNCER_LISTEN_PORT", "5432"}},
                                         "pgbouncer/pgbouncer:1.15.0"));

  REQUIRE(found);
  CHECK(found->listens[0].port() == "5432");
  CHECK(found->databases[0].name == "shop");
  CHECK(found->databases[0].server.place() == "db:5432/shop_live");
  CHECK(found->databases[0].server.user() == "app");
  CHECK(found->databases[0].server.password.reveal() == "hunter2");
  CHECK(found->databases[0].mode == "transaction");
  CHECK(found->databases[0].settings.at("pool_size") == "20");
  CHECK(found->settings.at("auth_type") == "any");
}

TEST_CASE("another list of databases is not that of the old official image") {
  CHECK_FALSE(pooler_of(container({{"DATABASE_HOST", "db"}, {"DATABASES_DEFAULT_HOST", "db"}})));
}

TEST_CASE("the pod of Zalando's pooler is read") {
  auto pod = container({{"PGHOST", "shop"},
                        {"PGPORT", "5432"},
                        {"PGUSER", "pooler"},
                        {"PGSCHEMA", "pooler"},
                        {"CONNECTION_POOLER_PORT", "5432"},
                        {"CONNECTION_POOLER_MODE", "transaction"},
                        {"CONNECTION_POOLER_DEFAULT_SIZE", "30"},
                        {"CONNECTION_POOLER_MAX_DB_CONN", "60"}});
  pod.elsewhere["PGPASSWORD"] = "secret pooler.shop.credentials, key password";

  const auto found = pooler_of(pod);

  REQUIRE(found);
  CHECK(found->mode == "transaction");
  CHECK(found->databases[0].name == "*");
  CHECK(found->databases[0].server.host() == "shop");
  CHECK(found->settings.at("default_pool_size") == "30");
  CHECK(found->settings.at("max_db_connections") == "60");
  CHECK(found->settings.at("auth_user") == "pooler");
  CHECK(found->problems.size() == 1);
}

TEST_CASE("libpq's own variables make no pooler") {
  CHECK_FALSE(pooler_of(container(
      {{"PGHOST", "shop"}, {"PGPORT", "5432"}, {"PGUSER", "app"}, {"PGPASSWORD", "hunter2"}})));
}

TEST_CASE("Heroku's buildpack numbers what its list of variables names") {
  const auto found =
      pooler_of(container({{"PGBOUNCER_URLS", "DATABASE_URL FOLLOWER_URL MISSING_URL"},
                           {"DATABASE_URL", "postgres://u1:hunter2@ec2-1.example.com:5432/d1"},
                           {"FOLLOWER_URL", "postgres://u2:hunter3@ec2-2.example.com:5432/d2"},
                           {"PGBOUNCER_DEFAULT_POOL_SIZE", "5"}}));

  REQUIRE(found);
  CHECK(found->listens[0].port() == "6000");
  CHECK(found->mode == "transaction");
  REQUIRE(found->databases.size() == 2);
  CHECK(found->databases[1].name == "db2");
  CHECK(found->databases[1].server.place() == "ec2-2.example.com:5432/d2");
  CHECK(found->databases[1].logins.front().user == "u2");
  CHECK(found->settings.at("default_pool_size") == "5");
  CHECK(found->settings.at("server_tls_sslmode") == "require");
  CHECK(problems(*found) == "MISSING_URL is no URL of a PostgreSQL server\n");
}

TEST_CASE("a URL that the buildpack has overwritten leads to no server") {
  const auto found = pooler_of(container(
      {{"PGBOUNCER_URLS", "DATABASE_URL"}, {"DATABASE_URL", "postgres://u:x@127.0.0.1:6000/db1"}}));

  REQUIRE(found);
  CHECK(found->databases.empty());
  CHECK(problems(*found) == "DATABASE_URL leads to this pooler itself: it was overwritten\n");
}

TEST_CASE("a dyno without the buildpack is no pooler") {
  CHECK_FALSE(pooler_of(container({{"DATABASE_URL", "postgres://u:x@ec2-1.example.com/d1"},
                                   {"DATABASE_CONNECTION_POOL_URL", "postgres://u:x@h:5433/d1"},
                                   {"PORT", "8000"}})));
}

TEST_CASE("Pgpool's nodes are one server with several hosts, in session mode") {
  const auto found =
      pooler_of(container({{"PGPOOL_BACKEND_NODES", "0:pg-0:5432,1:pg-1:70000,nonsense"},
                           {"PGPOOL_POSTGRES_USERNAME", "postgres"},
                           {"PGPOOL_POSTGRES_PASSWORD", "hunter2"}}));

  REQUIRE(found);
  CHECK(found->kind == "pgpool");
  CHECK(found->mode == "session");
  CHECK(found->databases[0].server.host() == "pg-0,pg-1");
  CHECK(found->databases[0].server.get("port") == "5432,5432");
}

TEST_CASE("an app that is told of Pgpool is no Pgpool") {
  CHECK_FALSE(pooler_of(container({{"PGPOOL_HOST", "pgpool"}, {"PGPOOL_PORT_NUMBER", "5432"}})));
}

TEST_CASE("an image is known by the last part of its name") {
  CHECK(pooler_kind_of_image("registry:5000/ops/pgbouncer@sha256:00") == "pgbouncer");
  CHECK(pooler_kind_of_image("ghcr.io/postgresml/pgcat:latest") == "pgcat");
  CHECK(pooler_kind_of_image("supabase/supavisor:2.5.1") == "supavisor");
  CHECK(pooler_kind_of_image("yandex/Odyssey") == "odyssey");
  CHECK(pooler_kind_of_image("pgbouncer/web:1").empty());
  CHECK(pooler_kind_of_image("postgres:16").empty());
  CHECK(pooler_kind_of_image("prometheuscommunity/pgbouncer-exporter:v0.7.0").empty());
}
