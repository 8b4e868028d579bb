#pragma once

#include "sql/action.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace pgtool {

/// One statement of a script.
struct Statement {
  std::string text;
  int line = 1;                ///< on which its first word stands, from 1
  std::vector<Action> actions; ///< none where it does nothing that a rule asks about
  StatementLocks locks;
  std::string problem;  ///< why the parser does not understand it; "" when it does
  int problem_line = 0; ///< where
};

/// Takes a text of any number of statements apart. What the parser does not understand is a
/// statement with a `problem`, and the rest is read nevertheless. Lines that are psql's own
/// (\connect, the data behind COPY … FROM stdin) are passed over. Never fails, whatever the bytes.
std::vector<Statement> read_script(const std::string& text);

} // namespace pgtool
