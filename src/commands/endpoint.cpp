#include "commands/endpoint.hpp"

#include "base/text.hpp"
#include "commands/alias_survey.hpp"
#include "commands/endpoint_text.hpp"
#include "commands/project_link.hpp"
#include "commands/survey_report.hpp"
#include "connector/cure.hpp"
#include "pg/connect.hpp"

#include <fmt/core.h>
#include <memory>

namespace pgtool {
namespace {

/// What is asked for. The project's process waits meanwhile: it may be asked for passwords that it
/// computes.
struct Subject {
  SurveyRequest request;
  std::unique_ptr<ProjectLink> link{}; ///< null for bare URLs
};

Subject subject_of(const EndpointOptions& options, const Context& context) {
  const auto& connect = options.common.connect;
  if (!connect.pooled_url.empty()) {
    return {survey_request(options.common, context)};
  }
  auto link = std::make_unique<ProjectLink>(open_project(options.common, context, {"check"}, true));
  const auto& alias = chosen_alias(link->settings, connect.database);
  auto request = survey_request(connect, alias, *link, context.environment);
  request.password_for = password_source(*link, alias);
  return {std::move(request), std::move(link)};
}

/// Why the pooled endpoint cannot be used; nothing when it can. A paused pool lets clients in and
/// answers no statement.
std::optional<ConnectFailure> pooled_failure(const SurveyRequest& request) {
  auto pooled = request.known.pooled;
  pooled.set("application_name", ""); // the pooler would leave ours on its server
  auto tried = std::move(connect_side_by_side({pooled}, request.timeout).front());
  if (!tried.connection) {
    return tried.failure;
  }
  tried.connection->set_time_limit(request.timeout);
  const auto answer = tried.connection->attempt("select 1");
  if (answer.ok()) {
    return std::nullopt;
  }
  return ConnectFailure{ConnectFailure::Kind::refused, *answer.refusal};
}

struct Choice {
  std::optional<Endpoint> endpoint;
  bool direct = false;
  std::string instead; ///< why it is not the preferred one
  Survey survey;       ///< when the direct one was looked for
};

Choice choose_direct(SurveyRequest& request) {
  Choice choice;
  request.accept_uncompared = true;
  choice.survey = survey(request);
  if (choice.survey.direct) {
    choice.endpoint = choice.survey.direct->endpoint;
    choice.direct = true;
  }
  return choice;
}

Choice choose(const EndpointOptions& options, SurveyRequest& request) {
  if (options.prefer_direct) {
    auto choice = choose_direct(request);
    const bool answers = !choice.survey.pooled_failure && !request.pooled_failure;
    if (!choice.endpoint && options.fallback && answers) {
      choice.endpoint = request.known.pooled;
      choice.instead = why_not_direct(choice.survey, request.known.pooled).message;
    }
    return choice;
  }
  request.pooled_failure = pooled_failure(request);
  if (!request.pooled_failure) {
    Choice choice;
    choice.endpoint = request.known.pooled;
    return choice;
  }
  const auto why =
      fmt::format("{} ({}) cannot be used: {}", request.known.pooled.place(),
                  request.known.pooled.origin, first_line(request.pooled_failure->refusal.message));
  if (!options.fallback) {
    Choice choice;
    choice.instead = why;
    choice.survey.pooled_failure = request.pooled_failure;
    return choice;
  }
  auto choice = choose_direct(request);
  choice.instead = why;
  return choice;
}

void say_instead(const Choice& choice, const Context& context) {
  if (!choice.instead.empty() && choice.endpoint) {
    context.say(fmt::format("{}; using {} ({})", choice.instead, place_words(*choice.endpoint),
                            choice.endpoint->origin));
  }
}

void tell(const EndpointOptions& options, const Choice& choice, Report& report) {
  const bool runs = options.runs;
  const ToldEndpoint told{*choice.endpoint, choice.direct, options.show_password || runs};
  report.verdict = fmt::format("{} endpoint: {}", choice.direct ? "direct" : "pooled",
                               place_words(*choice.endpoint));
  if (runs) {
    report.become = Become{options.exec, endpoint_variables(told, options.names)};
    return;
  }
  report.own = endpoint_value(told);
  const auto format = options.common.output.format;
  report.text = format == Format::text || format == Format::url
                    ? connection_url(told) + "\n"
                    : variable_lines(endpoint_variables(told, options.names), format);
}

void refuse(const SurveyRequest& request, const Choice& choice, Report& report) {
  report.status = 3;
  report.text = ""; // what is not there must not end up in somebody's variable
  const auto direct = why_not_direct(choice.survey, request.known.pooled);
  const bool named_another =
      !choice.survey.rejected.empty() && choice.survey.rejected.front().by_user;
  report.verdict = choice.instead.empty()         ? direct.message
                   : named_another                ? choice.instead + "; and " + direct.message
                   : choice.survey.pooled_failure ? direct.message
                                                  : choice.instead;
  report.hint = request.pooled_failure && !named_another
                    ? cure_for(*request.pooled_failure, request.known.pooled.origin)
                    : direct.hint;
}

} // namespace

Report run(const EndpointOptions& options, const Context& context) {
  auto [request, link] = subject_of(options, context);
  auto choice = choose(options, request);
  if (choice.direct && request.password_for) {
    choice.endpoint->password = request.password_for(*choice.endpoint).password;
  }
  if (link) {
    link->bridge.reply(link->question, Value::object({{"do", "stop"}, {"status", 0}}));
  }
  Report report;
  report.command = "endpoint";
  if (choice.direct || !choice.endpoint) {
    add_survey(choice.survey, request.known.pooled, report);
  }
  if (choice.endpoint) {
    say_instead(choice, context);
    tell(options, choice, report);
  } else {
    refuse(request, choice, report);
  }
  return report;
}

} // namespace pgtool
