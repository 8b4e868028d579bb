#pragma once

#include "sql/statement_locks.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace pgtool {

/// A type as the parser names it: "int4", "varchar", "timestamptz"; SQL's own spellings (integer,
/// character varying) are these by now, while a name from the catalog may stand with its schema.
struct TypeName {
  std::string schema;
  std::string name;
  std::vector<std::int64_t> modifiers; ///< varchar(50): 50; numeric(10,2): 10, 2
  bool array = false;

  friend bool operator==(const TypeName&, const TypeName&) = default;
};

/// "varchar(50)", "int4[]"
std::string type_text(const TypeName& type);

/// Whether an expression gives the same for all rows of one statement.
enum class Volatility {
  steady,    ///< a constant, or functions that are immutable or stable
  changing,  ///< a function that is volatile
  not_known, ///< a function that PostgreSQL does not bring along
};

/// A value that a column gets, or an expression that is indexed or checked.
struct Expression {
  Volatility volatility = Volatility::steady;
  std::string function; ///< that makes it not steady
  bool null = false;    ///< NULL itself
};

enum class ConstraintKind { check, foreign_key, unique, primary_key, exclusion };

struct ConstraintDefinition {
  ConstraintKind kind = ConstraintKind::check;
  std::string name;                 ///< "": the server chooses one
  std::vector<std::string> columns; ///< of a check: those that it reads
  bool not_valid = false;
  std::string using_index;        ///< of USING INDEX
  std::optional<Relation> target; ///< that a foreign key refers to
  /// Of a check: the columns that it proves to hold no NULL.
  std::vector<std::string> not_null;
  std::vector<std::string> constants; ///< of a check: what it compares with
};

struct ColumnDefinition {
  std::string name;
  TypeName type;
  std::string collation; ///< of COLLATE, without its schema; "": that of its type
  std::optional<Expression> value; ///< its DEFAULT
  bool not_null = false;
  bool generated = false; ///< GENERATED ALWAYS AS (…) STORED
  bool identity = false;
  bool serial = false;
  std::vector<ConstraintDefinition> constraints;
};

} // namespace pgtool
