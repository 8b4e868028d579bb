#pragma once

#include "commands/options.hpp"
#include "connector/survey.hpp"
#include "django/messages.hpp"
#include "model/report.hpp"

#include <string>

namespace pgtool {

/// How the survey ended, as exit status: 0 a direct endpoint is proved; 1 it is not; 5 it shows
/// another view while another deploy is at work there; 3 the endpoint itself, or the one that the
/// user named, could not be reached, did not let us in, or could not be examined.
int survey_status(const Survey& survey);

/// One line that says why there is no direct endpoint, and what to do about it.
struct Refused {
  std::string message;
  std::string hint;
};
Refused why_not_direct(const Survey& survey, const Endpoint& pooled);

/// Fills the shared parts of a report: route, pooler, facts; adds to unknown and findings.
void add_survey(const Survey& survey, const Endpoint& pooled, Report& report);

/// Fills route, pooler and facts alone.
void add_route_and_facts(const Survey& survey, const Endpoint& pooled, Report& report);

/// A warning for each alias that pgtool.yaml names and the project does not have: a misspelt name
/// would leave a direct URL unused without a word.
std::vector<Finding> unknown_aliases(const ConnectOptions& options,
                                     const ProjectSettings& settings);

/// "127.0.0.1:6432 cannot be used: the database is paused on the pooler"; there is a failure.
std::string unusable_words(const Survey& survey, const Endpoint& pooled);

/// "PgBouncer 1.26.0 in transaction mode", "PgBouncer (before 1.20)", "an unknown pooler", "no
/// pooler".
std::string pooler_words(const PoolerReport& pooler);

/// "127.0.0.1:5432", "db.example:5432 (10.0.0.7)" or "/run/postgresql:5432", for messages.
std::string place_words(const Endpoint& endpoint);

} // namespace pgtool
