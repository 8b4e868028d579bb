#include "rules/deployment.hpp"

#include "base/text.hpp"
#include "base/version_order.hpp"
#include "rules/bouncer_defaults.hpp"

#include <algorithm>

namespace pgtool {

std::string PoolerFacts::value(std::string_view key) const {
  if (const auto* set = find(key)) {
    return set->value;
  }
  // Of a pooler whose settings nobody told, or not all, the defaults are not known to hold.
  const bool is_told = is_live || (form != Form::other && is_complete);
  return is_told && kind == "pgbouncer" ? std::string(bouncer_default(key, version))
                                        : std::string();
}

std::optional<std::int64_t> PoolerFacts::number(std::string_view key) const {
  return parse_integer(value(key));
}

std::optional<double> PoolerFacts::seconds(std::string_view key) const {
  return parse_real(value(key));
}

Reach PoolerFacts::reach() const {
  if (container_reach) {
    return *container_reach;
  }
  auto reach = Reach::sockets;
  for (const auto& address : split(value("listen_addr"), ',')) {
    const std::string word(trim(address));
    if (!word.empty()) {
      Endpoint listening;
      listening.set("host", word);
      reach = std::max(reach, listening.is_local() ? Reach::machine : Reach::anywhere);
    }
  }
  return reach;
}

bool PoolerFacts::demands_tls() const {
  const auto mode = value("client_tls_sslmode");
  return mode == "require" || mode == "verify-ca" || mode == "verify-full";
}

const Setting* PoolerFacts::find(std::string_view key) const {
  const auto found = settings.find(key);
  return found != settings.end() ? &found->second : nullptr;
}

Place PoolerFacts::place_of(std::string_view key) const {
  const auto* set = find(key);
  auto place = set != nullptr && !set->where.file.empty() ? set->where : where;
  place.object = set != nullptr && !set->written_as.empty() ? set->written_as : std::string(key);
  if (place.file.empty()) {
    place.object = name + ", " + place.object;
  }
  return place;
}

std::string PoolerFacts::line_for(std::string_view key, std::string_view value) const {
  const auto* set = find(key);
  if (form == Form::environment) {
    const bool is_variable = set != nullptr && !set->written_as.empty();
    return (is_variable ? set->written_as : variable_prefix + upper(key)) + "=" +
           std::string(value);
  }
  return std::string(key) + " = " + std::string(value);
}

std::vector<Edit> PoolerFacts::edit_for(std::string_view key, std::string_view value) const {
  const auto* set = find(key);
  const bool is_written = set != nullptr && !set->where.file.empty() && set->where.line > 0;
  if (form == Form::ini && !file.empty()) {
    return {{FileForm::ini, is_written ? set->where.file : file, is_written ? set->where.line : 0,
             "pgbouncer", std::string(key), std::string(value)}};
  }
  // A compose file is no list of variables: only what stands in an .env is changed.
  if (form == Form::environment && is_written && !set->written_as.empty() &&
      set->where.file.find(".env") != std::string::npos) {
    return {{FileForm::dotenv, set->where.file, set->where.line, "", set->written_as,
             std::string(value)}};
  }
  return {};
}

const OfferedDatabase* PoolerFacts::database_of(std::string_view asked) const {
  const OfferedDatabase* any = nullptr;
  for (const auto& database : databases) {
    if (database.name == asked) {
      return &database;
    }
    any = database.name == "*" ? &database : any;
  }
  return any;
}

std::string PoolerFacts::mode_for(std::string_view database, std::string_view user) const {
  if (const auto found = users.find(user); found != users.end()) {
    if (const auto mode = found->second.find("pool_mode"); mode != found->second.end()) {
      return mode->second.value;
    }
  }
  const auto* offered = database_of(database);
  return offered != nullptr && !offered->mode.empty() ? offered->mode : value("pool_mode");
}

bool PoolerFacts::is_since(std::string_view wanted) const {
  return is_surely_since(version, wanted);
}

bool PoolerFacts::is_before(std::string_view wanted) const {
  return is_surely_older(version, wanted);
}

bool AliasFacts::shares_sessions() const {
  return pool_mode == "transaction" || pool_mode == "statement";
}

bool AliasFacts::is_pooled() const {
  return pool_mode != "none" && (pool_mode != "unknown" || pooler_kind != "unknown" || pooler);
}

Place AliasFacts::place_of(std::string_view key) const {
  const auto found = key_places.find(key);
  auto place = found != key_places.end() ? found->second : where;
  place.object = "DATABASES['" + alias.name + "']" + (key.empty() ? "" : " " + std::string(key));
  return place;
}

std::vector<Edit> AliasFacts::edit_for(std::string_view key, std::string_view value) const {
  const auto place = place_of(key);
  if (place.file.empty() || place.line == 0) {
    return {};
  }
  return {
      {FileForm::python, place.file, place.line, alias.name, std::string(key), std::string(value)}};
}

std::vector<NamedSetting> AliasFacts::startup_settings() const {
  return pgtool::startup_settings(alias.endpoint.get("options"));
}

const PoolerFacts* Deployment::pooler_of(const AliasFacts& alias) const {
  return alias.pooler && *alias.pooler < poolers.size() ? &poolers[*alias.pooler] : nullptr;
}

const ServerFacts* Deployment::server_of(const AliasFacts& alias) const {
  for (const auto& server : servers) {
    if (std::find(server.aliases.begin(), server.aliases.end(), alias.alias.name) !=
        server.aliases.end()) {
      return &server;
    }
  }
  return nullptr;
}

} // namespace pgtool
