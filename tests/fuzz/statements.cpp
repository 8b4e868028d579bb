#include "fuzz_target.hpp"
#include "sql/placeholders.hpp"
#include "sql/shown_statement.hpp"
#include "sql/statement_locks.hpp"

namespace pgtool::fuzz {
namespace {

void check_statements(std::string_view bytes) {
  const auto statement = statement_locks(std::string(bytes));
  require(statement.understood || statement.strong(), "what nobody understands may be strong");
  for (const auto& lock : statement.locks) {
    require(!lock.relation.name.empty(), "a lock is on something that has a name");
    require(lock.mode < LockMode::share || statement.strong(), "a strong lock makes it strong");
  }
  const auto shown = shown_statement(bytes);
  require(shown.size() <= 123, "it is cut");
  require(shown.find('\'') == std::string::npos || shown.find('"') != std::string::npos,
          "no literal is shown; a quoted name may hold a quote");
  require(without_placeholders(bytes).size() <= 2 * bytes.size(), "NULL stands for two letters");
}

const Target target("statements", check_statements);

} // namespace
} // namespace pgtool::fuzz
