#include "rules/judge.hpp"

#include <fmt/core.h>
#include <iostream>
#include <iterator>

// The rules that speak of the SQL on stdin, sent through a pooler in transaction mode, one a line,
// for test_shared_sessions.py.

int main() {
  const std::string sql(std::istreambuf_iterator<char>(std::cin), {});
  pgtool::Schema schema;
  pgtool::ReadingTerms terms;
  terms.name = terms.file = "stdin";
  terms.pool_mode = "transaction";
  for (const auto& finding :
       pgtool::judge(pgtool::read_statements(pgtool::read_script(sql), terms, schema))) {
    fmt::print("{}\n", finding.rule);
  }
  return 0;
}
