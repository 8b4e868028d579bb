#pragma once

#include "rules/reading/reading.hpp"

#include <string>
#include <vector>

namespace pgtool {

/// One of the statements that do what another one does without keeping anybody out for long.
struct SafeStep {
  std::string sql;    ///< without its last semicolon
  std::string undo;   ///< a statement; "" where there is nothing to undo, or nobody knows
  std::string note;   ///< for the reader, before it
  bool later = false; ///< in the next release
  bool kept = false;  ///< as it was written: its way back is not known
};
using SafeSteps = std::vector<SafeStep>;

/// What takes the place of a statement that builds an index or alters a table. Each step is to run
/// in a transaction of its own. None where nobody can write it for this very statement.
SafeSteps safe_steps(const Reading& reading, std::size_t statement);

} // namespace pgtool
