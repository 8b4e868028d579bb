#include "rules/releases/all.hpp"

#include "base/text.hpp"
#include "rules/reading/remarks.hpp"
#include "rules/releases/left_behind.hpp"
#include "sql/quote.hpp"

#include <fmt/core.h>

namespace pgtool::rules {
namespace {

bool is_asked_for(const std::string& kind) {
  return kind == "TABLE" || kind == "VIEW" || kind == "MATVIEW" || kind == "FOREIGN TABLE";
}

std::string remedy_for(const action::MoveToSchema& move) {
  const auto schema = quote_identifier(move.schema);
  return fmt::format(
      "-- or pgtool schema-move --to {0}, which extends every role's search_path first\n"
      "BEGIN;\nALTER {3} {1} SET SCHEMA {0};\nCREATE VIEW {1} AS SELECT * FROM {2};\n"
      "COMMIT;\n-- in the next release:\n-- DROP VIEW {1};",
      schema, written(move.object), written({move.schema, move.object.name}),
      move.kind == "MATVIEW" ? "MATERIALIZED VIEW" : move.kind);
}

std::vector<Remark> read(const Reading& reading) {
  std::vector<Remark> remarks;
  each<action::MoveToSchema>(reading, [&](const ReadStep& step, const action::MoveToSchema& move) {
    if (!is_asked_for(move.kind) || !step.is_old() || is_left_behind(reading, step, move.object)) {
      return;
    }
    remarks.push_back(
        remark_on(reading, step,
                  fmt::format("{} leaves for schema {}, where the running release finds it only "
                              "if the search_path of its role names that schema",
                              written(move.object), quote_identifier(move.schema)),
                  remedy_for(move)));
  });
  return remarks;
}

} // namespace

const Rule move_table_schema{
    .slug = "move-table-schema",
    .area = Area::migrations,
    .grades = always(Severity::error),
    .summary = "a table moves to another schema under the release that is still running",
    .why = "Django writes table names without a schema, so a table is found by the search_path of "
           "the role alone. Sessions that a pooler keeps open have the old one, even after ALTER "
           "ROLE: their queries fail with \"relation does not exist\".",
    .remedy = "extend the search_path of every role first and recycle the pooler's sessions, as "
              "pgtool schema-move does, or leave a view behind in the same transaction",
    .link = "https://www.postgresql.org/docs/current/ddl-schemas.html",
    .read = read,
};

} // namespace pgtool::rules
