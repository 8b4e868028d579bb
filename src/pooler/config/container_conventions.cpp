#include "pooler/config/container_conventions.hpp"

#include "base/text.hpp"
#include "pooler/config/container_completions.hpp"

#include <algorithm>

namespace pgtool {
namespace {

bool has_image(const Container& container, std::string_view part) {
  return lower(container.image).find(part) != std::string::npos;
}

bool is_bouncer_image(const Container& container) {
  return pooler_kind_of_image(container.image) == "pgbouncer";
}

/// How many keys of pgbouncer.ini are set. What a project calls its pooler's host, port, user or
/// database is none of them.
std::ptrdiff_t count_keys(const Container& container, std::string_view prefix) {
  const auto keys = ini_keys();
  return std::count_if(keys.begin(), keys.end(), [&](std::string_view key) {
    return container.has(std::string(prefix) + upper(key));
  });
}

// bitnami/pgbouncer

bool is_bitnami(const Container& container) {
  if (has_image(container, "bitnami") && is_bouncer_image(container)) {
    return true;
  }
  const bool is_app = container.has("PGBOUNCER_HOST") && !is_bouncer_image(container);
  return container.has("POSTGRESQL_HOST") && !is_app &&
         (count_keys(container, "PGBOUNCER_") > 0 || container.has("PGBOUNCER_LISTEN_ADDRESS"));
}

constexpr Renamed bitnami_renamed[] = {
    {"PGBOUNCER_SOCKET_DIR", "unix_socket_dir"},
    {"PGBOUNCER_SOCKET_MODE", "unix_socket_mode"},
    {"PGBOUNCER_SOCKET_GROUP", "unix_socket_group"},
    {"POSTGRESQL_USERNAME", "admin_users"},
};
constexpr Renamed bitnami_settings[] = {{"auth_type", "scram-sha-256"},
                                        {"ignore_startup_parameters", "extra_float_digits"},
                                        {"admin_users", "postgres"},
                                        {"server_tls_sslmode", "disable"}};
constexpr Renamed bitnami_mistaken[] = {
    {"PGBOUNCER_LISTEN_PORT", "PGBOUNCER_PORT"},
    {"PGBOUNCER_PORT_NUMBER", "PGBOUNCER_PORT"},
    {"POSTGRESQL_PORT_NUMBER", "POSTGRESQL_PORT"},
    {"POSTGRESQL_USER", "POSTGRESQL_USERNAME"},
    {"PGBOUNCER_ADMIN_USERS", "POSTGRESQL_USERNAME"},
    {"POOL_MODE", "PGBOUNCER_POOL_MODE"},
    {"MAX_CLIENT_CONN", "PGBOUNCER_MAX_CLIENT_CONN"},
    {"DEFAULT_POOL_SIZE", "PGBOUNCER_DEFAULT_POOL_SIZE"},
};

// pgbouncer/pgbouncer

bool is_old_official(const Container& container) { return container.has("DATABASES_HOST"); }

constexpr Renamed old_official_settings[] = {{"auth_type", "any"},
                                             {"ignore_startup_parameters", "extra_float_digits"},
                                             {"admin_users", "postgres"}};

// Zalando's operator

bool is_zalando(const Container& container) {
  return container.has("CONNECTION_POOLER_PORT") || container.has("CONNECTION_POOLER_MODE");
}

constexpr Renamed zalando_renamed[] = {
    {"CONNECTION_POOLER_MODE", "pool_mode"},
    {"CONNECTION_POOLER_DEFAULT_SIZE", "default_pool_size"},
    {"CONNECTION_POOLER_MIN_SIZE", "min_pool_size"},
    {"CONNECTION_POOLER_RESERVE_SIZE", "reserve_pool_size"},
    {"CONNECTION_POOLER_MAX_CLIENT_CONN", "max_client_conn"},
    {"CONNECTION_POOLER_MAX_DB_CONN", "max_db_connections"},
    {"PGUSER", "auth_user"},
};
constexpr Renamed zalando_settings[] = {{"pool_mode", "transaction"}};

// Heroku's buildpack

bool is_heroku(const Container& container) {
  return container.has("PGBOUNCER_URLS") ||
         (container.has("DATABASE_URL") && container.has("PGBOUNCER_ENABLED"));
}

constexpr Renamed heroku_settings[] = {
    {"pool_mode", "transaction"},
    {"auth_type", "scram-sha-256"},
    {"server_tls_sslmode", "require"},
    {"max_prepared_statements", "0"},
    {"max_client_conn", "100"},
    {"default_pool_size", "1"},
    {"min_pool_size", "0"},
    {"reserve_pool_size", "1"},
};

// bitnami/pgpool

bool is_pgpool(const Container& container) { return container.has("PGPOOL_BACKEND_NODES"); }

// edoburu/pgbouncer

bool is_edoburu(const Container& container) {
  const bool says_server =
      container.has("DB_HOST") || container.has("DATABASE_URL") || container.has("DATABASE_URLS");
  if (has_image(container, "edoburu/") || has_image(container, "brainsam/")) {
    return is_bouncer_image(container);
  }
  // Django's containers have these too; one such key may be a project's own word.
  return says_server && (is_bouncer_image(container) || count_keys(container, "") > 1);
}

constexpr Renamed edoburu_settings[] = {{"auth_type", "md5"},
                                        {"ignore_startup_parameters", "extra_float_digits"},
                                        {"admin_users", "postgres"}};
constexpr Renamed edoburu_mistaken[] = {
    {"PGBOUNCER_POOL_MODE", "POOL_MODE"},
    {"PGBOUNCER_LISTEN_PORT", "LISTEN_PORT"},
    {"PGBOUNCER_PORT", "LISTEN_PORT"},
    {"PGBOUNCER_MAX_CLIENT_CONN", "MAX_CLIENT_CONN"},
    {"PGBOUNCER_DEFAULT_POOL_SIZE", "DEFAULT_POOL_SIZE"},
    {"POSTGRESQL_HOST", "DB_HOST"},
};

// The table: one row for each image. What is not named does not exist there.

constexpr Convention table[] = {
    {.name = "bitnami/pgbouncer",
     .kind = "pgbouncer",
     .is_followed = is_bitnami,
     .server = {"POSTGRESQL_HOST", "POSTGRESQL_PORT", "PGBOUNCER_DATABASE", "POSTGRESQL_DATABASE",
                "POSTGRESQL_USERNAME", "POSTGRESQL_PASSWORD"},
     .defaults = {"postgresql", "5432", "postgres", "", "postgres", ""},
     .reads_files = true,
     .listen_addr = "PGBOUNCER_LISTEN_ADDRESS",
     .listen_port = "PGBOUNCER_PORT",
     .default_port = "6432",
     .prefix = "PGBOUNCER_",
     .renamed = bitnami_renamed,
     .settings = bitnami_settings,
     .mistaken = bitnami_mistaken,
     .complete = complete_bitnami},
    {.name = "pgbouncer/pgbouncer",
     .kind = "pgbouncer",
     .is_followed = is_old_official,
     .server = {"DATABASES_HOST", "DATABASES_PORT", "DATABASES_CLIENT_SIDE_DBNAME",
                "DATABASES_DBNAME", "DATABASES_USER", "DATABASES_PASSWORD"},
     .defaults = {"", "5432", "*", "", "postgres", ""},
     .forces_login = true,
     .listen_addr = "PGBOUNCER_LISTEN_ADDR",
     .listen_port = "PGBOUNCER_LISTEN_PORT",
     .default_port = "6432",
     .prefix = "PGBOUNCER_",
     .renamed = {},
     .settings = old_official_settings,
     .mistaken = {},
     .complete = complete_old_official},
    {.name = "zalando/postgres-operator",
     .kind = "pgbouncer",
     .is_followed = is_zalando,
     .server = {"PGHOST", "PGPORT", "", "", "PGUSER", "PGPASSWORD"},
     .defaults = {"", "5432", "*", "", "", ""},
     .listen_addr = "",
     .listen_port = "CONNECTION_POOLER_PORT",
     .default_port = "5432",
     .prefix = "CONNECTION_POOLER_",
     .renamed = zalando_renamed,
     .settings = zalando_settings,
     .mistaken = {}},
    {.name = "heroku-buildpack-pgbouncer",
     .kind = "pgbouncer",
     .is_followed = is_heroku,
     .server = {},
     .defaults = {},
     .listen_addr = "",
     .listen_port = "",
     .default_port = "6000",
     .prefix = "PGBOUNCER_",
     .renamed = {},
     .settings = heroku_settings,
     .mistaken = {},
     .complete = complete_heroku},
    {.name = "bitnami/pgpool",
     .kind = "pgpool",
     .is_followed = is_pgpool,
     .server = {},
     .defaults = {},
     .reads_files = true,
     .listen_addr = "",
     .listen_port = "PGPOOL_PORT_NUMBER",
     .default_port = "5432",
     .prefix = "PGPOOL_",
     .renamed = {},
     .settings = {},
     .mistaken = {},
     .complete = complete_pgpool},
    {.name = "edoburu/pgbouncer",
     .kind = "pgbouncer",
     .is_followed = is_edoburu,
     .server = {"DB_HOST", "DB_PORT", "DB_NAME", "", "DB_USER", "DB_PASSWORD"},
     .defaults = {"", "5432", "*", "", "postgres", ""},
     .listen_addr = "LISTEN_ADDR",
     .listen_port = "LISTEN_PORT",
     .default_port = "5432",
     .prefix = "",
     .renamed = {},
     .settings = edoburu_settings,
     .mistaken = edoburu_mistaken,
     .complete = complete_edoburu},
};

} // namespace

std::span<const Convention> conventions() { return table; }

} // namespace pgtool
