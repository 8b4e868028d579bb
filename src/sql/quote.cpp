#include "sql/quote.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <array>

namespace pgtool {
namespace {

// What PostgreSQL 18 and those before it do not take for a name without quotes: every keyword but
// the unreserved ones (pg_get_keywords). Sorted.
constexpr std::array keywords = std::to_array<std::string_view>({"all",
                                                                 "analyse",
                                                                 "analyze",
                                                                 "and",
                                                                 "any",
                                                                 "array",
                                                                 "as",
                                                                 "asc",
                                                                 "asymmetric",
                                                                 "authorization",
                                                                 "between",
                                                                 "bigint",
                                                                 "binary",
                                                                 "bit",
                                                                 "boolean",
                                                                 "both",
                                                                 "case",
                                                                 "cast",
                                                                 "char",
                                                                 "character",
                                                                 "check",
                                                                 "coalesce",
                                                                 "collate",
                                                                 "collation",
                                                                 "column",
                                                                 "concurrently",
                                                                 "constraint",
                                                                 "create",
                                                                 "cross",
                                                                 "current_catalog",
                                                                 "current_date",
                                                                 "current_role",
                                                                 "current_schema",
                                                                 "current_time",
                                                                 "current_timestamp",
                                                                 "current_user",
                                                                 "dec",
                                                                 "decimal",
                                                                 "default",
                                                                 "deferrable",
                                                                 "desc",
                                                                 "distinct",
                                                                 "do",
                                                                 "else",
                                                                 "end",
                                                                 "except",
                                                                 "exists",
                                                                 "extract",
                                                                 "false",
                                                                 "fetch",
                                                                 "float",
                                                                 "for",
                                                                 "foreign",
                                                                 "freeze",
                                                                 "from",
                                                                 "full",
                                                                 "grant",
                                                                 "greatest",
                                                                 "group",
                                                                 "grouping",
                                                                 "having",
                                                                 "ilike",
                                                                 "in",
                                                                 "initially",
                                                                 "inner",
                                                                 "inout",
                                                                 "int",
                                                                 "integer",
                                                                 "intersect",
                                                                 "interval",
                                                                 "into",
                                                                 "is",
                                                                 "isnull",
                                                                 "join",
                                                                 "json",
                                                                 "json_array",
                                                                 "json_arrayagg",
                                                                 "json_exists",
                                                                 "json_object",
                                                                 "json_objectagg",
                                                                 "json_query",
                                                                 "json_scalar",
                                                                 "json_serialize",
                                                                 "json_table",
                                                                 "json_value",
                                                                 "lateral",
                                                                 "leading",
                                                                 "least",
                                                                 "left",
                                                                 "like",
                                                                 "limit",
                                                                 "localtime",
                                                                 "localtimestamp",
                                                                 "merge_action",
                                                                 "national",
                                                                 "natural",
                                                                 "nchar",
                                                                 "none",
                                                                 "normalize",
                                                                 "not",
                                                                 "notnull",
                                                                 "null",
                                                                 "nullif",
                                                                 "numeric",
                                                                 "offset",
                                                                 "on",
                                                                 "only",
                                                                 "or",
                                                                 "order",
                                                                 "out",
                                                                 "outer",
                                                                 "overlaps",
                                                                 "overlay",
                                                                 "placing",
                                                                 "position",
                                                                 "precision",
                                                                 "primary",
                                                                 "real",
                                                                 "references",
                                                                 "returning",
                                                                 "right",
                                                                 "row",
                                                                 "select",
                                                                 "session_user",
                                                                 "setof",
                                                                 "similar",
                                                                 "smallint",
                                                                 "some",
                                                                 "substring",
                                                                 "symmetric",
                                                                 "system_user",
                                                                 "table",
                                                                 "tablesample",
                                                                 "then",
                                                                 "time",
                                                                 "timestamp",
                                                                 "to",
                                                                 "trailing",
                                                                 "treat",
                                                                 "trim",
                                                                 "true",
                                                                 "union",
                                                                 "unique",
                                                                 "user",
                                                                 "using",
                                                                 "values",
                                                                 "varchar",
                                                                 "variadic",
                                                                 "verbose",
                                                                 "when",
                                                                 "where",
                                                                 "window",
                                                                 "with",
                                                                 "xmlattributes",
                                                                 "xmlconcat",
                                                                 "xmlelement",
                                                                 "xmlexists",
                                                                 "xmlforest",
                                                                 "xmlnamespaces",
                                                                 "xmlparse",
                                                                 "xmlpi",
                                                                 "xmlroot",
                                                                 "xmlserialize",
                                                                 "xmltable"});

bool needs_no_quotes(std::string_view name) {
  constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyz_";
  constexpr std::string_view later = "abcdefghijklmnopqrstuvwxyz_0123456789";
  return !name.empty() && letters.find(name.front()) != std::string_view::npos &&
         name.find_first_not_of(later) == std::string_view::npos &&
         !std::binary_search(keywords.begin(), keywords.end(), name);
}

std::string doubled(std::string_view text, char letter) {
  std::string twice;
  for (const char one : text) {
    twice += one;
    if (one == letter) {
      twice += one;
    }
  }
  return twice;
}

} // namespace

std::string quote_identifier(std::string_view name) {
  return needs_no_quotes(name) ? std::string(name) : '"' + doubled(name, '"') + '"';
}

std::string quote_literal(std::string_view text) {
  const auto quoted = "'" + doubled(text, '\'') + "'";
  const bool escapes = text.find('\\') != std::string_view::npos;
  return escapes ? "E" + doubled(quoted, '\\') : quoted;
}

std::string quote_literals(const std::vector<std::string>& texts) {
  std::vector<std::string> quoted;
  for (const auto& text : texts) {
    quoted.push_back(quote_literal(text));
  }
  return join(quoted, ", ");
}

} // namespace pgtool
