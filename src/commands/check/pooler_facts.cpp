#include "commands/check/pooler_facts.hpp"

#include "base/text.hpp"
#include "commands/survey_report.hpp"
#include "pooler/identify.hpp"

#include <algorithm>

namespace pgtool {
namespace {

Setting setting_of(const PoolerConfig& config, const std::string& key, const std::string& value) {
  Setting setting{value, {config.file, 0, key}, key};
  if (const auto place = config.places.find(key); place != config.places.end()) {
    setting.where = {place->second.file, place->second.line, place->second.written_as};
    setting.written_as = place->second.written_as;
  }
  return setting;
}

Settings settings_of(const PoolerSettings& words, const Place& where) {
  Settings settings;
  for (const auto& [key, value] : words) {
    settings.insert_or_assign(key, Setting{value, where, key});
  }
  return settings;
}

OfferedDatabase offered(const PoolerConfig& config, const ConfiguredDatabase& database) {
  OfferedDatabase one;
  one.name = database.name;
  one.host = database.server.host();
  one.port = database.server.port();
  one.database = database.server.database();
  one.forced_user = database.server.user();
  one.mode = database.mode;
  one.where = {config.is_container ? config.file : database.server.origin, database.line,
               database.name};
  one.settings = settings_of(database.settings, one.where);
  one.is_replica = database.is_replica;
  return one;
}

std::int64_t number(const Rows& rows, int row, const char* column) {
  return parse_integer(rows.text(row, column)).value_or(0);
}

void add_settings(PoolerFacts& pooler, const Rows& config) {
  for (int row = 0; row < config.size(); ++row) {
    const auto key = config.text(row, "key");
    auto value = config.text(row, "value");
    auto [place, is_new] = pooler.settings.try_emplace(key, Setting{value, {}, key});
    if (!is_new && place->second.value != value) {
      pooler.not_loaded.insert_or_assign(key, place->second);
      place->second.value = std::move(value);
    }
  }
}

void add_databases(PoolerFacts& pooler, const Rows& databases) {
  for (int row = 0; row < databases.size(); ++row) {
    const auto name = databases.text(row, "name");
    const auto known =
        std::find_if(pooler.databases.begin(), pooler.databases.end(),
                     [&](const OfferedDatabase& database) { return database.name == name; });
    if (name == "pgbouncer") {
      continue;
    }
    auto& database = known != pooler.databases.end() ? *known : pooler.databases.emplace_back();
    database.name = name;
    database.host = databases.text(row, "host");
    database.port = databases.text(row, "port");
    database.database = databases.text(row, "database");
    database.forced_user = databases.text(row, "force_user");
    database.mode = databases.text(row, "pool_mode");
    for (const char* key : {"pool_size", "min_pool_size", "reserve_pool", "reserve_pool_size"}) {
      if (const auto value = databases.at(row, key)) {
        database.settings.insert_or_assign(key, Setting{*value, database.where, key});
      }
    }
  }
}

void add_pools(PoolerFacts& pooler, const Rows& pools) {
  for (int row = 0; row < pools.size(); ++row) {
    Pool pool;
    pool.database = pools.text(row, "database");
    pool.user = pools.text(row, "user");
    pool.mode = pools.text(row, "pool_mode");
    pool.waiting = number(pools, row, "cl_waiting");
    pool.clients = number(pools, row, "cl_active") + pool.waiting;
    for (const char* state : {"sv_active", "sv_idle", "sv_used", "sv_tested", "sv_login"}) {
      pool.servers += number(pools, row, state);
    }
    if (pool.database != "pgbouncer") {
      pooler.pools.push_back(std::move(pool));
    }
  }
}

} // namespace

PoolerFacts pooler_facts(const PoolerConfig& config) {
  PoolerFacts pooler;
  pooler.name = config.origin;
  pooler.kind = config.kind;
  pooler.form = config.is_container ? PoolerFacts::Form::environment : PoolerFacts::Form::ini;
  pooler.file = config.file;
  pooler.where = {config.file, config.line, ""};
  pooler.variable_prefix = config.variable_prefix;
  for (const auto& [key, value] : config.settings) {
    pooler.settings.insert_or_assign(key, setting_of(config, key, value));
  }
  if (!config.mode.empty()) {
    pooler.settings.insert_or_assign("pool_mode", setting_of(config, "pool_mode", config.mode));
  }
  for (const auto& database : config.databases) {
    pooler.databases.push_back(offered(config, database));
  }
  for (const auto& [user, settings] : config.users) {
    pooler.users.emplace(user, settings_of(settings, pooler.where));
  }
  for (const auto& problem : config.problems) {
    pooler.misread.push_back({{problem.file, problem.line, ""}, problem.message});
  }
  return pooler;
}

PoolerFacts pooler_facts(const Survey& survey, const Endpoint& pooled) {
  PoolerFacts pooler;
  pooler.name = pooler_name(survey.pooler.kind) + " at " + place_words(pooled);
  pooler.kind = survey.pooler.kind;
  pooler.version = survey.pooler.version;
  return pooler;
}

void add_console(PoolerFacts& pooler, const ConsoleTables& tables) {
  if (tables.config.size() > 0) {
    pooler.is_live = true;
    add_settings(pooler, tables.config);
  }
  add_databases(pooler, tables.databases);
  add_pools(pooler, tables.pools);
  for (int row = 0; row < tables.users.size(); ++row) {
    if (const auto mode = tables.users.text(row, "pool_mode"); is_pool_mode(mode)) {
      pooler.users[tables.users.text(row, "name")].insert_or_assign("pool_mode",
                                                                    Setting{mode, {}, "pool_mode"});
    }
  }
}

} // namespace pgtool
