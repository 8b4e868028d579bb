#pragma once

#include "rules/rule.hpp"

#include <span>

namespace pgtool {

/// The parts of the table; a rule stands in one of them.
using RuleList = std::span<const Rule* const>;

RuleList rules_of_both();       ///< the pooler and Django against each other
RuleList rules_of_django();     ///< Django's settings, packages and source
RuleList rules_of_poolers();    ///< a pooler's settings
RuleList rules_of_databases();  ///< what stands in a database, and its server's settings
RuleList rules_of_migrations(); ///< what migrate tells while it runs
RuleList rules_of_moves();      ///< what schema-move finds before it moves

RuleList rules_of_locks();        ///< statements that block others while they work
RuleList rules_of_operations();   ///< what Django itself makes of a migration
RuleList rules_of_failures();     ///< statements that fail, or do nothing where it matters
RuleList rules_of_releases();     ///< what the release that is still running cannot bear
RuleList rules_of_losses();       ///< statements after which rows, or what guards them, are gone
RuleList rules_of_transactions(); ///< transactions that are not what they look like
RuleList rules_of_sessions();     ///< what a session keeps, and a pooler gives to other clients

} // namespace pgtool
