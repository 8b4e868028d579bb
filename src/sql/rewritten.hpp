#pragma once

#include "sql/definitions.hpp"

#include <string>
#include <vector>

namespace pgtool {

/// A constraint that a statement adds, in the steps that block nobody; each is a statement without
/// its semicolon, or "" where that kind of constraint has no such step.
struct ConstraintSteps {
  ConstraintDefinition definition;
  std::string name;       ///< given, or the one that the server chooses
  std::string not_valid;  ///< ALTER TABLE … ADD CONSTRAINT … NOT VALID
  std::string index;      ///< CREATE UNIQUE INDEX CONCURRENTLY
  std::string from_index; ///< ALTER TABLE … ADD CONSTRAINT … USING INDEX
};

/// One subcommand of ALTER TABLE.
struct AlterPart {
  std::string kind;    ///< the parser's: "AT_AddColumn"
  std::string written; ///< the statement with this subcommand alone
  std::string column;
  std::string type;  ///< that the column is given
  std::string bare;  ///< ADD COLUMN: with the type and collation only
  std::string kept;  ///< … without checks, keys and references
  std::string value; ///< its DEFAULT, what it is GENERATED from, or the USING of a new type
  std::vector<ConstraintSteps> constraints;
};

/// ALTER TABLE by its subcommands; none of another statement, or of what does not parse.
std::vector<AlterPart> alter_parts(const std::string& sql);

/// CREATE INDEX without USING btree, which nearly everybody leaves out.
std::string without_method(std::string text);

/// CREATE INDEX, and DROP INDEX one by one, with CONCURRENTLY; none of another statement.
std::vector<std::string> concurrently(const std::string& sql);

/// ALTER DOMAIN … ADD CONSTRAINT with NOT VALID; none of another statement.
ConstraintSteps domain_constraint(const std::string& sql);

} // namespace pgtool
