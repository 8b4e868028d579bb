#include "sql/script.hpp"
#include "fuzz_target.hpp"
#include "rules/judge.hpp"

#include <algorithm>

namespace pgtool::fuzz {
namespace {

/// The first byte says how the text is run, the rest is the text.
void check_script(std::string_view bytes) {
  const auto how = bytes.empty() ? 0U : static_cast<unsigned char>(bytes.front());
  bytes.remove_prefix(bytes.empty() ? 0 : 1);
  Schema schema;
  ReadingTerms terms;
  terms.name = terms.file = "script.sql";
  terms.wrapped = (how & 1U) != 0;
  terms.pool_mode = (how & 2U) != 0 ? "transaction" : "unknown";
  terms.sender = (how & 4U) != 0 ? Sender::application : Sender::file;
  const auto lines = 1 + std::count(bytes.begin(), bytes.end(), '\n');
  const auto reading = read_statements(read_script(std::string(bytes)), terms, schema);
  require(reading.transactions.size() == reading.statements.size(), "each has its transaction");
  for (const auto& statement : reading.statements) {
    require(statement.line >= 1 && statement.line <= lines, "it stands on a line of the text");
    require(statement.problem.empty() || statement.actions.empty(),
            "what is not understood does nothing");
  }
  for (const auto& finding : judge(reading)) {
    require(finding.where.line >= 1 && finding.where.line <= lines, "a finding has a line");
    require(!finding.message.empty() && !finding.remedy.empty(), "it says what and how to mend it");
  }
}

const Target target("script", check_script);

} // namespace
} // namespace pgtool::fuzz
