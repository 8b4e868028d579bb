#pragma once

#include "connector/direct_session.hpp"
#include "connector/survey.hpp"
#include "model/report.hpp"

#include <string>
#include <vector>

namespace pgtool {

/// What was found in a database, and what could not be looked at. Clean ones give nothing.
struct Checked {
  std::vector<Finding> findings;
  std::vector<Unknown> unknown;

  void add(Checked more);
};

/// Before migrations begin: whether they may create, whether the path is there, and advisory locks
/// that a session of the pooler has kept.
Checked check_before(DirectSession& session, const Survey& survey, const SurveyRequest& request);

/// What runs leave behind, this one or an earlier one: invalid indexes, tables and a
/// django_migrations that stand in two schemas, constraints that are not validated, sequences that
/// are behind. `engine`: the alias's ENGINE, since tenants have a django_migrations each.
Checked check_leftovers(DirectSession& session, const std::string& engine);

/// What of those two any session can see, one statement at a time: a pool may give each of them
/// another session of the server.
Checked check_ground(Connection& session, const SessionFacts& facts);
Checked check_catalog(Connection& session, const SessionFacts& facts, const std::string& engine);

/// What the bridge tells: `conflicts`, the apps with several leaf nodes as Django itself finds
/// them; `effects`, what unapplied migrations make, which is looked for in the database (`session`
/// may be null: then it is not).
Checked check_told(DirectSession* session, const Value& message);

} // namespace pgtool
