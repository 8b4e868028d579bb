#include "rules/failures/all.hpp"

#include "rules/reading/remarks.hpp"
#include "sql/quote.hpp"

#include "sql/parse_tree.hpp"
#include <fmt/core.h>

namespace pgtool::rules {
namespace {

/// The parser repeats what stands there, which may be a literal.
std::string without_words(const std::string& problem) {
  const auto at = problem.find(" at or near \"");
  return at == std::string::npos ? problem : problem.substr(0, at);
}

std::vector<Remark> read(const Reading& reading) {
  std::vector<Remark> remarks;
  for (std::size_t at = 0; at < reading.statements.size(); ++at) {
    const auto& statement = reading.statements[at];
    if (!statement.problem.empty()) {
      auto remark = remark_on(reading, at,
                              fmt::format("the parser (PostgreSQL {}) does not understand it: {}",
                                          grammar_version(), without_words(statement.problem)));
      remark.where.line = statement.problem_line;
      remarks.push_back(std::move(remark));
    }
  }
  return remarks;
}

} // namespace

const Rule invalid_syntax_or_unsupported{
    .slug = "invalid-syntax-or-unsupported",
    .area = Area::migrations,
    .grades = always(Severity::warning),
    .summary = "a statement that the parser does not understand",
    .why = "PostgreSQL 15's own grammar reads the statements. What it objects to fails on that "
           "server, or is newer than it, or belongs to a tool that fills in the text later. It is "
           "not judged.",
    .remedy = "look at the line; run it against a server of the version that you have",
    .read = read,
};

} // namespace pgtool::rules
