#include "commands/check/pooler_facts.hpp"

#include "base/text.hpp"
#include "commands/survey_report.hpp"
#include "pooler/config/bouncer_keys.hpp"
#include "pooler/config/bouncer_values.hpp"
#include "pooler/identify.hpp"

#include <algorithm>
#include <filesystem>

namespace pgtool {
namespace {

void note_versions(Setting& setting, BouncerSection section, const std::string& key) {
  if (const auto* known = find_bouncer_key(section, key)) {
    setting.since = known->since;
    setting.until = known->until;
  }
}

/// What an image sets unasked stands nowhere.
Setting setting_of(const PoolerConfig& config, const std::string& key, const std::string& value) {
  Setting setting{value, {}, config.is_container ? "" : key};
  if (const auto place = config.places.find(key); place != config.places.end()) {
    setting.where = {place->second.file, place->second.line, place->second.written_as};
    setting.written_as = place->second.written_as;
  }
  note_versions(setting, BouncerSection::pgbouncer, key);
  return setting;
}

Settings settings_of(const PoolerSettings& words, const Place& where, BouncerSection section) {
  Settings settings;
  for (const auto& [key, value] : words) {
    Setting setting{value, where, key};
    note_versions(setting, section, key);
    settings.insert_or_assign(key, std::move(setting));
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
  one.settings = settings_of(database.settings, one.where, BouncerSection::databases);
  if (!database.max_connections.empty()) {
    const auto& place = database.max_connections_place;
    one.max_connections = Setting{
        database.max_connections, {place.file, place.line, place.written_as}, place.written_as};
  }
  one.is_replica = database.is_replica;
  return one;
}

std::int64_t number(const Rows& rows, int row, const char* column) {
  return parse_integer(rows.text(row, column)).value_or(0);
}

/// The pooler that runs was started with this very file: what stands there is meant for it.
bool was_started_with(const PoolerFacts& pooler, const Rows& config) {
  std::error_code unreadable;
  const auto file = std::filesystem::weakly_canonical(pooler.file, unreadable);
  for (int row = 0; row < config.size(); ++row) {
    if (config.text(row, "key") == "conffile") {
      const std::filesystem::path named = config.text(row, "value");
      return pooler.form == PoolerFacts::Form::ini && !pooler.file.empty() && named.is_absolute() &&
             std::filesystem::weakly_canonical(named, unreadable) == file;
    }
  }
  return false;
}

/// These can be given on the command line, which beats the file.
bool is_by_command_line(std::string_view key) {
  return key == "user" || key == "verbose" || key == "conffile";
}

void add_settings(PoolerFacts& pooler, const Rows& config) {
  const bool is_its_file = was_started_with(pooler, config);
  for (int row = 0; row < config.size(); ++row) {
    const auto key = config.text(row, "key");
    auto value = config.text(row, "value");
    if (config.text(row, "changeable") == "no") {
      pooler.only_at_start.insert(key);
    }
    auto [place, is_new] = pooler.settings.try_emplace(key, Setting{value, {}, key});
    if (is_new || is_same_value(key, place->second.value, value)) {
      continue;
    }
    if (is_its_file && place->second.is_written() && !is_by_command_line(key)) {
      pooler.not_loaded.insert_or_assign(key, place->second);
    }
    place->second.value = std::move(value);
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
    pool.clients = number(pools, row, "cl_active") + number(pools, row, "cl_waiting");
    for (const char* state : {"sv_active", "sv_idle", "sv_used", "sv_tested", "sv_login"}) {
      pool.servers += number(pools, row, state);
    }
    if (pool.database != "pgbouncer") {
      pooler.pools.push_back(std::move(pool));
    }
  }
}

PoolerFacts::Form form_of(const PoolerConfig& config) {
  if (config.is_container) {
    return PoolerFacts::Form::environment;
  }
  return config.is_bouncer_ini ? PoolerFacts::Form::ini : PoolerFacts::Form::other;
}

/// Zalando's image and the operators have defaults of their own.
bool is_told_whole(const PoolerConfig& config) {
  const bool is_own = config.is_bouncer_ini ||
                      (config.is_container && config.variable_prefix != "CONNECTION_POOLER_");
  return is_own && !config.is_partial && !config.own_file;
}

std::optional<Reach> reach_of(const PoolerConfig& config) {
  switch (config.exposure) {
  case Exposure::machine:
    return Reach::machine;
  case Exposure::neighbours:
    return Reach::neighbours;
  case Exposure::published:
    return Reach::anywhere;
  case Exposure::by_address:
    break;
  }
  return std::nullopt;
}

Misread::Kind kind_of(ProblemKind kind) {
  switch (kind) {
  case ProblemKind::refused:
    return Misread::Kind::refused;
  case ProblemKind::unknown_key:
    return Misread::Kind::unknown_key;
  case ProblemKind::inline_comment:
    return Misread::Kind::inline_comment;
  case ProblemKind::unread_variable:
    return Misread::Kind::unread_variable;
  case ProblemKind::other:
    break;
  }
  return Misread::Kind::other;
}

} // namespace

PoolerFacts pooler_facts(const PoolerConfig& config) {
  PoolerFacts pooler;
  pooler.name = config.origin;
  pooler.kind = config.kind;
  pooler.form = form_of(config);
  pooler.file = config.ini_file.empty() ? config.file : config.ini_file;
  pooler.where = {pooler.file, config.ini_file.empty() ? config.line : 0, ""};
  pooler.variable_prefix = config.variable_prefix;
  pooler.version = config.version;
  pooler.is_upstream_build = !config.version.empty();
  pooler.is_complete = is_told_whole(config);
  pooler.container_reach = reach_of(config);
  pooler.published = config.published;
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
    pooler.users.emplace(user, settings_of(settings, pooler.where, BouncerSection::users));
  }
  for (const auto& problem : config.problems) {
    pooler.misread.push_back(
        {{problem.file, problem.line, ""}, problem.message, kind_of(problem.kind)});
  }
  if (config.own_file) {
    pooler.settings.clear(); // the file that was not read beats the variables
  }
  return pooler;
}

void join_mounted(std::vector<PoolerFacts>& poolers) {
  for (auto& container : poolers) {
    if (!container.container_reach || container.form != PoolerFacts::Form::ini) {
      continue;
    }
    for (auto& alone : poolers) {
      if (!alone.container_reach && alone.form == PoolerFacts::Form::ini &&
          alone.file == container.file) {
        alone.container_reach = container.container_reach;
        alone.published = container.published;
        alone.version = container.version;
        alone.is_upstream_build = container.is_upstream_build;
        auto& less = alone.aliases.empty() && !container.aliases.empty() ? alone : container;
        less.kind.clear(); // no rule is to say the same twice
      }
    }
  }
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
