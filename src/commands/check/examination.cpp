#include "commands/check/examination.hpp"

#include "base/text.hpp"
#include "commands/check/pooled_look.hpp"
#include "commands/check/pooler_facts.hpp"
#include "commands/check/pooler_files.hpp"
#include "commands/check/project_facts.hpp"
#include "commands/check/server_facts.hpp"
#include "commands/check/source_facts.hpp"
#include "commands/check/unproved_direct.hpp"
#include "commands/migrate/database_checks.hpp"
#include "commands/survey_report.hpp"
#include "connector/configured_candidates.hpp"

#include <algorithm>
#include <filesystem>
#include <fmt/core.h>

namespace pgtool {
namespace {

class Examiner {
public:
  Examiner(const CheckOptions& options, ProjectLink* link, const ConfigReading& configs)
      : options_(options), link_(link), configs_(configs) {}

  Examination run(std::vector<SurveyedAlias>& surveyed) {
    for (const auto& config : configs_.poolers) {
      deployment().poolers.push_back(pooler_facts(config));
      add_local_files(deployment().poolers.back(), config);
    }
    if (link_ != nullptr) {
      deployment().project = project_facts(link_->settings);
      examination_.silenced_checks = link_->settings.silenced_checks;
    }
    make_read_only(surveyed);
    for (auto& one : surveyed) {
      add_surveyed(one);
    }
    if (link_ != nullptr) {
      note_broken_aliases();
    }
    if (link_ != nullptr && options_.offline) {
      for (const auto& alias : link_->settings.aliases) {
        if (alias.is_postgresql()) {
          add_unseen(alias);
        }
      }
    }
    join_mounted(deployment().poolers);
    if (link_ != nullptr) {
      read_source(*link_, deployment(), examination_.unknown);
      note_unloaded();
    }
    note_problems();
    note_sources(surveyed);
    return std::move(examination_);
  }

private:
  void note_broken_aliases() {
    for (const auto& alias : link_->settings.aliases) {
      if (!alias.error.empty()) {
        examination_.unknown.push_back(
            {"alias '" + alias.name + "'", "its parameters cannot be had: " + alias.error, ""});
      }
    }
  }

  /// A project that connects when its apps load cannot load them while nobody may connect: that it
  /// was kept from it is no fault of the project.
  void note_unloaded() {
    const auto is_ours = [](const Unknown& unknown) {
      return unknown.why.find("pgtool only asks") != std::string::npos;
    };
    for (const auto& unknown : examination_.unknown) {
      if (is_ours(unknown)) {
        examination_.notes.push_back("not looked at: " + unknown.what +
                                     " (the project connects when its apps load)");
      }
    }
    std::erase_if(examination_.unknown, is_ours);
  }

  /// Files that were found and could not be examined. Templates look like manifests, and a pooler's
  /// file in /etc is not the project's: those are only told.
  void note_problems() {
    constexpr std::size_t most = 20; // a file of nonsense has one in every line
    const auto told = std::min(configs_.problems.size(), most);
    if (told < configs_.problems.size()) {
      examination_.notes.push_back(fmt::format("{} more things in configurations were not read",
                                               configs_.problems.size() - told));
    }
    for (std::size_t i = 0; i < told; ++i) {
      const auto& problem = configs_.problems[i];
      const auto name = std::filesystem::path(problem.file).filename().string();
      const bool is_ours = name.ends_with(".ini") || name.find("compose") != std::string::npos;
      if (is_ours && !problem.file.starts_with("/etc/")) {
        examination_.unknown.push_back(
            {problem.file, problem.message, "name the right file with --pooler-config"});
      } else {
        examination_.notes.push_back(problem.file + " was not looked at: " + problem.message);
      }
    }
  }

  /// What was tried and could not be reached.
  void note_unreached(const SurveyedAlias& one) {
    if (one.survey.direct && !one.survey.pooled_failure) {
      return;
    }
    Report seen;
    add_survey(one.survey, one.request.known.pooled, seen);
    examination_.unknown.insert(examination_.unknown.end(), seen.unknown.begin(),
                                seen.unknown.end());
  }

  Deployment& deployment() { return examination_.deployment; }

  /// The configuration that leads clients of that endpoint, the surest first.
  std::optional<std::size_t> config_of(const Endpoint& pooled) const {
    for (const auto wanted : {Fit::exact, Fit::possible}) {
      for (std::size_t i = 0; i < configs_.poolers.size(); ++i) {
        if (fit_of(configs_.poolers[i], pooled) == wanted) {
          return i;
        }
      }
    }
    return std::nullopt;
  }

  /// The pooler that was seen there for another alias already.
  std::optional<std::size_t> known_pooler(const Survey& survey, const Endpoint& pooled) {
    const auto name = pooler_facts(survey, pooled).name;
    auto& poolers = deployment().poolers;
    for (std::size_t i = configs_.poolers.size(); i < poolers.size(); ++i) {
      if (poolers[i].name == name) {
        return i;
      }
    }
    return std::nullopt;
  }

  std::size_t pooler_of(const Survey& survey, const Endpoint& pooled) {
    auto found = config_of(pooled);
    if (!found) {
      found = known_pooler(survey, pooled);
    }
    if (!found) {
      deployment().poolers.push_back(pooler_facts(survey, pooled));
      return deployment().poolers.size() - 1;
    }
    return *found;
  }

  void add_surveyed(SurveyedAlias& one) {
    const auto& pooled = one.request.known.pooled;
    auto& survey = one.survey;
    AliasFacts facts;
    facts.alias = one.alias;
    facts.was_reached = !survey.pooled_failure;
    facts.refused_options = survey.options_refused ? survey.options_refused->message : "";
    const bool has_pooler = !survey.direct || !survey.direct->is_pooled_endpoint;
    if (has_pooler) {
      facts.pooler = pooler_of(survey, pooled);
      auto& pooler = deployment().poolers[*facts.pooler];
      note_pooler(one, pooler);
      facts.pooler_kind = pooler.kind;
      facts.pooler_version = pooler.version;
      facts.pool_mode = survey.pooler.mode;
      facts.is_standby = survey.pooled_facts && survey.pooled_facts->standby;
      note_direct(one, facts);
    } else {
      facts.pool_mode = "none";
      facts.pooler_kind = "none";
    }
    if (has_pooler && facts.pool_mode == "unknown") {
      facts.pool_mode = mode_of_files(facts, pooled);
    }
    add_server(one);
    look_through_pool(one, facts);
    note_unreached(one);
    if (link_ != nullptr) { // a bare URL has no settings of Django
      deployment().aliases.push_back(std::move(facts));
    }
  }

  void look_through_pool(const SurveyedAlias& one, AliasFacts& facts) {
    PooledLook look(one);
    look.look(facts);
    for (auto& server : look.servers) {
      server.aliases.push_back(one.alias.name);
      deployment().servers.push_back(std::move(server));
    }
    add_found(look.findings, look.unknown);
  }

  void add_found(const std::vector<Finding>& findings, const std::vector<Unknown>& unknown) {
    auto& all = examination_.findings;
    all.insert(all.end(), findings.begin(), findings.end());
    auto& open = examination_.unknown;
    open.insert(open.end(), unknown.begin(), unknown.end());
  }

  void note_pooler(const SurveyedAlias& one, PoolerFacts& pooler) const {
    const auto& seen = one.survey.pooler;
    if (seen.kind != "unknown") {
      pooler.kind = seen.kind;
      pooler.version = seen.version.empty() ? pooler.version : seen.version;
    }
    if (one.survey.console_tables && !pooler.is_live) {
      add_console(pooler, *one.survey.console_tables);
    }
    if (one.survey.pooled_facts && one.survey.pooled_facts->peer_pid > 0 && !pooler.file_limit) {
      pooler.file_limit = open_file_limit(one.survey.pooled_facts->peer_pid);
    }
    pooler.aliases.push_back(one.alias.name);
    pooler.processes = std::max(pooler.processes, static_cast<int>(one.request.consoles.size()));
  }

  static void note_direct(const SurveyedAlias& one, AliasFacts& facts) {
    const auto& direct = one.survey.direct;
    if (direct) {
      facts.direct_url = direct->endpoint.url();
      facts.direct_origin = direct->endpoint.origin;
    } else {
      facts.why_not_direct = why_not_direct(one.survey, one.request.known.pooled).message;
      facts.unproved = unproved_direct(one.survey);
    }
  }

  std::string mode_of_files(const AliasFacts& facts, const Endpoint& pooled) {
    const auto* pooler = deployment().pooler_of(facts);
    const auto mode = pooler == nullptr ? "" : pooler->mode_for(pooled.database(), pooled.user());
    return mode.empty() ? "unknown" : mode;
  }

  /// Offline: only what is written is known.
  void add_unseen(const Alias& alias) {
    AliasFacts facts;
    facts.alias = alias;
    facts.pooler = config_of(alias.endpoint);
    if (facts.pooler) {
      auto& pooler = deployment().poolers[*facts.pooler];
      pooler.aliases.push_back(alias.name);
      facts.pooler_kind = pooler.kind;
      facts.pool_mode = mode_of_files(facts, alias.endpoint);
      facts.direct_said = direct_said(options_.common.connect, alias, *link_);
    }
    deployment().aliases.push_back(std::move(facts));
  }

  void add_server(SurveyedAlias& one) {
    if (!one.survey.direct) {
      return;
    }
    auto& session = one.survey.direct->session;
    const auto place = session.connection().endpoint().place();
    for (auto& known : deployment().servers) {
      if (known.place == place && known.user == session.facts().session_user) {
        known.aliases.push_back(one.alias.name);
        return;
      }
    }
    auto server = server_facts(session.connection(), true, examination_.unknown);
    server.aliases.push_back(one.alias.name);
    deployment().servers.push_back(std::move(server));
    Checked checked = check_before(session, one.survey, one.request);
    checked.add(check_leftovers(session, one.alias.engine));
    add_found(checked.findings, checked.unknown);
    add_found(findings_of_pair(one.survey, one.request.known.pooled), {});
  }

  void note_sources(const std::vector<SurveyedAlias>& surveyed) {
    auto& sources = examination_.sources;
    sources.push_back(django_source());
    sources.push_back(files_source());
    const auto reached = std::count_if(surveyed.begin(), surveyed.end(), [](const auto& one) {
      return one.survey.direct || one.survey.pooled_facts;
    });
    Source live{"live", reached > 0 && static_cast<std::size_t>(reached) == surveyed.size(), ""};
    live.what = options_.offline ? "--offline"
                : surveyed.empty()
                    ? "no database is known"
                    : fmt::format("{} of {} databases were reached", reached, surveyed.size());
    sources.push_back(live);
    const bool told = std::any_of(surveyed.begin(), surveyed.end(), [](const auto& one) {
      return one.survey.console_tables && one.survey.console_tables->config.size() > 0;
    });
    sources.push_back({"console", told,
                       told ? "the pooler's own settings" : "no console told its settings",
                       told ? "" : "name one with --console-url (stats_users will do)"});
  }

  [[nodiscard]] Source django_source() const {
    if (link_ == nullptr) {
      return {"django", false, "no Django project was looked at", "name it with --project"};
    }
    const auto& settings = link_->settings;
    return {"django", true,
            fmt::format("{} with Django {}", settings.settings_module, settings.django_version)};
  }

  [[nodiscard]] Source files_source() const {
    std::vector<std::string> names;
    for (const auto& config : configs_.poolers) {
      names.push_back(config.origin);
    }
    return {"files", !names.empty(),
            names.empty() ? "no pooler's configuration was found" : join(names, ", "),
            names.empty() ? "name it with --pooler-config" : ""};
  }

  const CheckOptions& options_;
  ProjectLink* link_;
  const ConfigReading& configs_;
  Examination examination_;
};

} // namespace

const Source* Examination::find(const std::string& name) const {
  const auto found = std::find_if(sources.begin(), sources.end(),
                                  [&](const Source& source) { return source.name == name; });
  return found != sources.end() ? &*found : nullptr;
}

Examination examine(const CheckOptions& options, ProjectLink* link, const ConfigReading& configs,
                    std::vector<SurveyedAlias>& surveyed) {
  return Examiner(options, link, configs).run(surveyed);
}

} // namespace pgtool
