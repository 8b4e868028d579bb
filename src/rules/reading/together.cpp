#include "rules/reading/together.hpp"

#include <algorithm>

namespace pgtool {

bool are_together(const ReadStep& one, const ReadStep& other) {
  return one.statement == other.statement ||
         (one.transaction != 0 && one.transaction == other.transaction);
}

bool is_in_block(const Reading& reading, const ReadStep& step) {
  const auto& actions = reading.statements[step.statement].actions;
  return std::any_of(actions.begin(), actions.end(), [](const Action& action) {
    const auto* code = std::get_if<action::RunCode>(&action);
    return code != nullptr && code->how == "DO";
  });
}

bool is_rolled_back(const Reading& reading, const ReadStep& step) {
  return step.transaction != 0 && follows_together<action::ControlTransaction>(
                                      reading, step, [](const action::ControlTransaction& control) {
                                        return control.step == action::TransactionStep::rollback;
                                      });
}

bool is_same(const Relation& one, const Relation& other) {
  return one.name == other.name &&
         (one.schema.empty() || other.schema.empty() || one.schema == other.schema);
}

} // namespace pgtool
