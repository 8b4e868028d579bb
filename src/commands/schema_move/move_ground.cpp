#include "commands/schema_move/move_ground.hpp"

#include "base/error.hpp"
#include "commands/alias_survey.hpp"
#include "commands/survey_report.hpp"

#include <algorithm>
#include <fmt/core.h>

namespace pgtool {
namespace {

/// The view of a role is what this command changes, and it sends qualified names only: another view
/// on the direct session, or another role there, is no reason to stop.
void accept_any_view(SurveyRequest& request) { request.accept_schema_differs = true; }

std::string role_of(const Survey& survey, const Endpoint& endpoint) {
  return survey.pooled_facts ? survey.pooled_facts->session_user : endpoint.user();
}

MoveAlias look_at(SurveyRequest request, const Alias& alias, bool identify) {
  accept_any_view(request);
  request.identify = identify;
  MoveAlias found{alias.name, alias, std::move(request), {}, {}};
  found.survey = survey(found.request);
  found.role = role_of(found.survey, found.request.known.pooled);
  found.standby = found.survey.pooled_facts && found.survey.pooled_facts->standby;
  return found;
}

bool is_same_cluster(const SessionFacts& one, const SessionFacts& other) {
  const bool known = !one.system_identifier.empty() && !other.system_identifier.empty();
  return one.database == other.database &&
         (!known || one.system_identifier == other.system_identifier);
}

/// Takes an alias that leads to the same database; notes one of which that cannot be told.
void add_other(MoveGround& ground, MoveAlias other) {
  const auto& facts = ground.chosen().survey.direct->session.facts();
  if (other.survey.direct) {
    if (same_database(other.survey.direct->session.facts(), facts)) {
      ground.aliases.push_back(std::move(other));
    }
  } else if (other.standby) {
    if (is_same_cluster(*other.survey.pooled_facts, facts)) {
      ground.aliases.push_back(std::move(other));
    }
  } else {
    const auto& pooled = other.request.known.pooled;
    ground.unknown.push_back({"alias '" + other.name + "'",
                              why_not_direct(other.survey, pooled).message,
                              "if it leads to this database, name its role with --role"});
  }
}

void refuse_without_session(MoveGround& ground) {
  const auto& chosen = ground.chosen();
  if (!chosen.survey.direct) {
    const auto refused = why_not_direct(chosen.survey, chosen.request.known.pooled);
    ground.refusal =
        MoveGround::Refusal{survey_status(chosen.survey), refused.message, refused.hint};
  }
}

MoveGround of_urls(const CommonOptions& common, const Context& context) {
  MoveGround ground;
  ground.aliases.push_back(look_at(survey_request(common, context), {}, true));
  refuse_without_session(ground);
  return ground;
}

} // namespace

std::vector<DirectSession*> MoveGround::sessions() {
  std::vector<DirectSession*> sessions;
  for (auto& alias : aliases) {
    if (alias.survey.direct) {
      sessions.push_back(&alias.survey.direct->session);
    }
  }
  return sessions;
}

MoveGround find_ground(const CommonOptions& common, const Context& context, bool needs_no_pooler) {
  const auto& connect = common.connect;
  if (!connect.pooled_url.empty()) {
    return of_urls(common, context);
  }
  // What is wrong with a project that is named is for its user to know.
  const bool none = common.project.dir.empty() && !has_project(common, context);
  if (needs_no_pooler && !connect.direct_url.empty() && none) {
    auto direct_only = common;
    direct_only.connect.pooled_url = connect.direct_url;
    direct_only.connect.pooled_url_origin = connect.direct_url_origin;
    return of_urls(direct_only, context);
  }
  MoveGround ground;
  ground.link = std::make_unique<ProjectLink>(open_project(common, context, {"check"}, true));
  auto& link = *ground.link;
  ground.settings_module = link.settings.settings_module;
  const auto look = [&](const Alias& alias, bool identify) {
    auto request = survey_request(connect, alias, link, context.environment);
    request.password_for = password_source(link, alias);
    return look_at(std::move(request), alias, identify);
  };
  const auto& chosen = chosen_alias(link.settings, connect.database);
  ground.aliases.push_back(look(chosen, true));
  refuse_without_session(ground);
  for (const auto& alias : link.settings.aliases) {
    const bool other = alias.name != chosen.name && alias.is_postgresql() && alias.error.empty();
    if (other && !ground.refusal) {
      add_other(ground, look(alias, false));
    }
  }
  return ground;
}

} // namespace pgtool
