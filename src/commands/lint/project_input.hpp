#pragma once

#include "commands/context.hpp"
#include "commands/lint/lint_subject.hpp"

namespace pgtool {

/// Which of the project's files are meant; all empty: its own migrations and its source.
struct ProjectFiles {
  std::vector<std::string> migrations;
  std::vector<std::string> sources;
  bool chosen = false; ///< by the command line or by git: nothing but these
};

/// Reads the project's migrations and source in one process of it.
void read_project(const LintOptions& options, const ProjectFiles& files, LintTerms& terms,
                  const Context& context, LintSubject& subject);

/// The mode of the pooler that these configurations describe; "unknown" where they say nothing.
std::string configured_mode(const LintOptions& options, const Context& context);

} // namespace pgtool
