#include "sql/statement_locks.hpp"

#include <fmt/core.h>
#include <iostream>
#include <iterator>

// What pgtool reads from the SQL on stdin, one thing a line, for test_statement_locks.py.

int main() {
  const std::string sql(std::istreambuf_iterator<char>(std::cin), {});
  const auto statement = pgtool::statement_locks(sql);
  fmt::print("understood|{}\n", statement.understood);
  for (const auto& lock : statement.locks) {
    fmt::print("lock|{}|{}|{}\n", lock.relation.name, pgtool::lock_mode_name(lock.mode),
               lock.index);
  }
  return 0;
}
