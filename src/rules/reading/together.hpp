#pragma once

#include "rules/reading/reading.hpp"

namespace pgtool {

/// Whether nobody else sees what stands between the two: they are in one statement, or in one
/// transaction.
bool are_together(const ReadStep& one, const ReadStep& other);

/// Whether the step runs inside a DO block: that is one transaction, whatever is around it.
bool is_in_block(const Reading& reading, const ReadStep& step);

/// Whether the transaction of the step is rolled back, and the step with it.
bool is_rolled_back(const Reading& reading, const ReadStep& step);

/// The schema of a name counts only where both have one.
bool is_same(const Relation& one, const Relation& other);

/// Whether an action of that kind, of which `test(action)` holds, comes before the step.
template <typename Kind, typename Test>
bool comes_before(const Reading& reading, const ReadStep& step, Test test) {
  bool found = false;
  each<Kind>(reading, [&](const ReadStep& other, const Kind& action) {
    found = found || (&other < &step && test(action));
  });
  return found;
}

/// The same of one that comes after it, together with it.
template <typename Kind, typename Test>
bool follows_together(const Reading& reading, const ReadStep& step, Test test) {
  bool found = false;
  each<Kind>(reading, [&](const ReadStep& other, const Kind& action) {
    found = found || (&other > &step && are_together(step, other) && test(action));
  });
  return found;
}

/// The same of one that comes before or after it, together with it.
template <typename Kind, typename Test>
bool stands_together(const Reading& reading, const ReadStep& step, Test test) {
  bool found = false;
  each<Kind>(reading, [&](const ReadStep& other, const Kind& action) {
    found = found || (&other != &step && are_together(step, other) && test(action));
  });
  return found;
}

} // namespace pgtool
