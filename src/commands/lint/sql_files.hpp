#pragma once

#include "commands/lint/lint_subject.hpp"
#include "commands/lint/live_facts.hpp"

namespace pgtool {

/// The files of SQL that these words name, in their order; of a folder all that end in .sql, by
/// name. "-" stays. Throws Error(Failure::usage) for what is not there.
std::vector<std::string> sql_files(const std::vector<std::string>& words);

/// Takes in what ran before.
void read_history(const std::vector<std::string>& files, Schema& schema);

/// Reads files in their order; they are parsed side by side. With a session (else null) the
/// database is asked what is there before the first of them.
void read_sql_files(const std::vector<std::string>& files, const LintTerms& terms,
                    const LiveSession& live, Schema& schema, LintSubject& subject);

} // namespace pgtool
