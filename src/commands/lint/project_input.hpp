#pragma once

#include "commands/context.hpp"
#include "commands/lint/lint_subject.hpp"
#include "commands/lint/live_database.hpp"

#include <optional>

namespace pgtool {

/// Which of the project's files are meant; all empty: its own migrations and its source.
struct ProjectFiles {
  std::vector<std::string> migrations;
  std::vector<std::string> sources;
  bool chosen = false; ///< by the command line or by git: nothing but these
};

/// Reads the project's migrations and source in one process of it; with --live its database, too,
/// which is the answer then.
std::optional<LiveDatabase> read_project(const LintOptions& options, const ProjectFiles& files,
                                         LintTerms& terms, const Context& context,
                                         LintSubject& subject);

/// The database that --live is about where no project is read. Throws Error(Failure::usage) where
/// nothing names one.
std::optional<LiveDatabase> live_database(const LintOptions& options, const Context& context);

/// What it tells of the pooler and of itself, where nobody said it.
void take_terms(const LiveDatabase& live, LintTerms& terms);

/// The mode of the pooler that these configurations describe; "unknown" where they say nothing.
std::string configured_mode(const LintOptions& options, const Context& context);

} // namespace pgtool
