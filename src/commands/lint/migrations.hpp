#pragma once

#include "base/value.hpp"
#include "commands/lint/lint_subject.hpp"
#include "commands/lint/live_facts.hpp"

namespace pgtool {

/// Takes the bridge's answer to `migrations` apart: a reading for each that was chosen, with what
/// Django's state says of the columns before it. `one_plan`: they are all applied by one deploy, so
/// that a table that one of them makes is new for the later ones. With a session (else null) the
/// database is asked, too; `before` says what of it holds before the first of them.
void read_migrations(const Value& answer, const LintTerms& terms, bool one_plan,
                     const LiveSession& live, Before before, LintSubject& subject);

/// The same of the answer to `queries`: the SQL in the project's source.
void read_queries(const Value& answer, const LintTerms& terms, LintSubject& subject);

} // namespace pgtool
