#pragma once

#include "model/finding.hpp"
#include "rules/reading/django_migration.hpp"

#include <optional>
#include <string>
#include <vector>

namespace pgtool::test {

/// Statements of which a rule has to speak, or must not although it nearly would.
struct StatementCase {
  std::string slug;
  std::string name;                 ///< a sentence
  std::optional<Severity> severity; ///< nothing: the rule is silent
  std::string sql;
  std::string history{}; ///< what ran before, in an earlier file
  bool wrapped = false;  ///< the runner opens a transaction around all of it
  std::string pool_mode = "unknown";
  int server_version = 0;
  DjangoMigration (*django)() = nullptr; ///< what Django tells beside the SQL
};

/// Every case of every file; statement_cases_test.cpp runs them, and demands both kinds of each
/// rule.
std::vector<StatementCase>& statement_cases();

/// Puts a case into that list before main().
struct RegisteredStatement {
  explicit RegisteredStatement(StatementCase one) { statement_cases().push_back(std::move(one)); }
};

} // namespace pgtool::test
