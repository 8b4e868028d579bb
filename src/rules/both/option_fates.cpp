#include "rules/both/option_fates.hpp"

#include "base/text.hpp"
#include "sql/quote.hpp"
#include "sql/search_path.hpp"

#include <algorithm>
#include <array>
#include <fmt/core.h>

namespace pgtool {
namespace {

struct Verdict {
  OptionFate fate = OptionFate::unknown;
  std::string how{};
};

bool lists(const std::string& setting, const std::string& name) {
  const auto words = split(setting, ',');
  return std::any_of(words.begin(), words.end(),
                     [&](const std::string& word) { return lower(trim(word)) == name; });
}

// PgBouncer 1.20 and newer give these to each session that a client gets; before that they are
// start-up parameters, too, but not in `options`.
bool is_tracked(const std::string& name) {
  constexpr std::array names{"application_name", "client_encoding", "datestyle",
                             "intervalstyle",    "timezone",        "standard_conforming_strings"};
  return std::find(names.begin(), names.end(), name) != names.end();
}

// Those that PostgreSQL 18 reports beside them, which PgBouncer 1.26 tracks where the server does.
bool is_reported_by_some(const std::string& name) {
  constexpr std::array names{"search_path", "default_transaction_read_only", "scram_iterations"};
  return std::find(names.begin(), names.end(), name) != names.end();
}

Verdict by_bouncer(const PoolerFacts& pooler, const std::string& name) {
  const auto ignored = pooler.value("ignore_startup_parameters");
  const bool in_track = lists(pooler.value("track_extra_parameters"), name);
  const bool may_be_tracked = is_tracked(name) || is_reported_by_some(name) || in_track;
  // 1.26.0 alone lets tracking win over the list.
  if (pooler.is_since("1.26.0") && pooler.is_before("1.26.1") && may_be_tracked) {
    return {};
  }
  for (const auto& word : {std::string("options"), name}) {
    if (lists(ignored, word) && !in_track && (word == "options" || !pooler.is_before("1.20"))) {
      return {OptionFate::ignored, "ignore_startup_parameters has " + word};
    }
  }
  if (pooler.is_before("1.20")) {
    return {OptionFate::refused, "PgBouncer before 1.20 refuses any options"};
  }
  if (!may_be_tracked) {
    return {OptionFate::refused, "PgBouncer takes only settings that it tracks"};
  }
  if (name == "search_path" && !in_track && pooler.is_since("1.20") && pooler.is_before("1.26")) {
    return {OptionFate::refused, "PgBouncer before 1.26 does not track search_path"};
  }
  return {};
}

Verdict by_kind(const Deployment& deployment, const AliasFacts& alias, const std::string& name,
                const std::string& value) {
  if (alias.pooler_kind == "pgcat") {
    return {OptionFate::ignored, "pgcat drops what a client asks for when it connects"};
  }
  if (alias.pooler_kind == "pgdog" && name == "search_path" &&
      value.find(',') != std::string::npos) {
    return {OptionFate::misread, "PgDog sets the whole list as one name"};
  }
  if (alias.pooler_kind == "rds-proxy") {
    return {OptionFate::refused, "RDS Proxy supports no command-line options"};
  }
  const auto* pooler = deployment.pooler_of(alias);
  return pooler != nullptr && pooler->kind == "pgbouncer" ? by_bouncer(*pooler, name) : Verdict{};
}

/// PgBouncer 1.20 and newer name the one that it stumbled over.
Verdict by_refusal(const std::string& words, const std::string& name) {
  constexpr std::string_view naming = "in options: ";
  const auto at = words.find(naming);
  const bool names_another =
      at != std::string::npos && lower(trim(words.substr(at + naming.size()))) != name;
  return names_another ? Verdict{} : Verdict{OptionFate::refused, first_line(words)};
}

Verdict by_session(const std::vector<LostOption>& lost, const std::string& name) {
  for (const auto& one : lost) {
    if (one.name == name) {
      const bool is_one_name = name == "search_path" && one.wanted.find(',') != std::string::npos &&
                               one.found.find('"' + one.wanted + '"') != std::string::npos;
      return {is_one_name ? OptionFate::misread : OptionFate::ignored,
              "a session through the pool has " + (one.found.empty() ? "none" : one.found)};
    }
  }
  return {OptionFate::honoured, ""};
}

Verdict verdict_on(const Deployment& deployment, const AliasFacts& alias,
                   const NamedSetting& setting) {
  if (!alias.refused_options.empty()) {
    return by_refusal(alias.refused_options, setting.first);
  }
  if (alias.lost_options) {
    return by_session(*alias.lost_options, setting.first);
  }
  auto verdict = by_kind(deployment, alias, setting.first, setting.second);
  // Whoever let us in with these options refuses none of them.
  return alias.was_reached && verdict.fate == OptionFate::refused ? Verdict{} : verdict;
}

/// A setting of the application's own, such as shop.tenant: its value may be a secret.
bool is_custom(const std::string& name) { return name.find('.') != std::string::npos; }

std::string value_text(const std::string& name, const std::string& value) {
  const auto path = name == "search_path" ? parse_search_path(value) : std::nullopt;
  return path ? search_path_value(*path) : quote_literal(value);
}

} // namespace

std::vector<FatedOption> option_fates(const Deployment& deployment, const AliasFacts& alias) {
  std::vector<FatedOption> options;
  if (!alias.is_pooled()) {
    return options;
  }
  for (const auto& setting : alias.startup_settings()) {
    auto [fate, how] = verdict_on(deployment, alias, setting);
    const auto same = [&](const FatedOption& one) { return one.name == setting.first; };
    std::erase_if(options, same); // the last one counts
    options.push_back({setting.first, setting.second, fate, std::move(how)});
  }
  return options;
}

std::vector<FatedOption> options_with(OptionFate fate, const std::vector<FatedOption>& options) {
  std::vector<FatedOption> found;
  std::copy_if(options.begin(), options.end(), std::back_inserter(found),
               [&](const FatedOption& one) { return one.fate == fate; });
  return found;
}

std::string options_text(const std::vector<FatedOption>& options) {
  std::vector<std::string> words;
  for (const auto& one : options) {
    words.push_back(is_custom(one.name) ? one.name : one.name + " = " + one.value);
  }
  return join(words, ", ");
}

std::string role_statements(const Deployment& deployment, const AliasFacts& alias,
                            const std::vector<FatedOption>& options) {
  const auto* pooler = deployment.pooler_of(alias);
  const auto* offered =
      pooler == nullptr ? nullptr : pooler->database_of(alias.alias.endpoint.database());
  const auto* server = deployment.server_of(alias);
  auto role = alias.alias.endpoint.user();
  auto database = alias.alias.endpoint.database();
  if (server != nullptr) {
    database = server->database.empty() ? database : server->database;
  } else if (offered != nullptr && !offered->database.empty()) {
    database = offered->database;
  }
  if (offered != nullptr && !offered->forced_user.empty()) {
    role = offered->forced_user;
  }
  std::vector<std::string> statements;
  for (const auto& one : options) {
    statements.push_back(fmt::format("ALTER ROLE {} IN DATABASE {} SET {} = {};",
                                     quote_identifier(role), quote_identifier(database), one.name,
                                     is_custom(one.name) ? "…" : value_text(one.name, one.value)));
  }
  return join(statements, " ");
}

} // namespace pgtool
