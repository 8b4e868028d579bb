#pragma once

#include "pg/connection.hpp"
#include "plan/move_plan.hpp"

namespace pgtool {

/// Fills in whether the target has to be made, who will own it, and the statements that give it
/// what the source gives: USAGE and CREATE, and default privileges for new objects; and those that
/// take it back.
void plan_grants(Connection& session, MovePlan& plan, const std::string& role);

/// Fills in the statements of --protect-old: nobody may create anything in the source any more.
void plan_revokes(Connection& session, MovePlan& plan);

/// CREATE SCHEMA for a target that is not there yet.
std::string create_schema_sql(const MovePlan& plan);

} // namespace pgtool
