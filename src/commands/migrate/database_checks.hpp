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

/// Apps with several leaf nodes, as Django itself finds them. `told`: the message `conflicts`.
Checked check_conflicts(const Value& told);

/// Migrations that are not recorded, although all that they make is there. `told`: the message
/// `effects` of the bridge.
Checked check_unrecorded(DirectSession& session, const Value& told);

} // namespace pgtool
