#include "rules/remedies/safe_steps.hpp"

#include "rules/reading/remarks.hpp"
#include "rules/reading/type_change.hpp"
#include "rules/remedies/column_steps.hpp"
#include "sql/quote.hpp"

#include <algorithm>
#include <fmt/core.h>

namespace pgtool {
namespace {

/// The steps of a statement that have that kind of action, in their order.
template <typename Kind>
std::vector<const ReadStep*> steps_with(const Reading& reading, std::size_t statement) {
  std::vector<const ReadStep*> steps;
  each<Kind>(reading, [&](const ReadStep& step, const Kind& /*action*/) {
    if (step.statement == statement) {
      steps.push_back(&step);
    }
  });
  return steps;
}

/// Takes ALTER TABLE apart into its subcommands, and each of them into its steps.
class Alteration {
public:
  Alteration(const Reading& reading, std::size_t statement)
      : reading_(reading), columns_(steps_with<action::AddColumn>(reading, statement)),
        types_(steps_with<action::ChangeColumnType>(reading, statement)),
        not_nulls_(steps_with<action::SetNotNull>(reading, statement)),
        constraints_(steps_with<action::AddConstraint>(reading, statement)) {}

  SafeSteps steps(const std::vector<AlterPart>& parts) {
    for (const auto& part : parts) {
      auto found = steps_of(part);
      if (found.empty()) {
        steps_.push_back({.sql = part.written, .undo = "", .note = "", .kept = true});
        continue;
      }
      is_changed_ = true;
      std::move(found.begin(), found.end(), std::back_inserter(steps_));
    }
    return is_changed_ ? std::move(steps_) : SafeSteps{};
  }

private:
  SafeSteps steps_of(const AlterPart& part) {
    if (part.kind == "AT_AddColumn") {
      const auto* step = next(columns_);
      return step != nullptr && !step->table.partitioned ? added_column_steps(reading_, *step, part)
                                                         : SafeSteps{};
    }
    if (part.kind == "AT_AddConstraint" && !part.constraints.empty()) {
      const auto* step = next(constraints_);
      const auto& constraint = part.constraints.front();
      const bool works = step != nullptr && (!step->table.partitioned ||
                                             constraint.definition.kind == ConstraintKind::check);
      return works ? constraint_steps(table_of(step->action), constraint) : SafeSteps{};
    }
    if (part.kind == "AT_SetNotNull") {
      const auto* step = next(not_nulls_);
      return step != nullptr && !step->proved_not_null
                 ? not_null_steps(table_of(step->action), part.column)
                 : SafeSteps{};
    }
    if (part.kind == "AT_AlterColumnType") {
      const auto* step = next(types_);
      return step != nullptr ? type_steps_of(*step, part) : SafeSteps{};
    }
    return {};
  }

  static SafeSteps type_steps_of(const ReadStep& step, const AlterPart& part) {
    const auto& change = std::get<action::ChangeColumnType>(step.action);
    const auto kind =
        change.converts ? TypeChange::rewrites : type_change(step.old_type, change.type);
    return kind == TypeChange::rewrites && !step.table.partitioned ? type_steps(change, part)
                                                                   : SafeSteps{};
  }

  static const ReadStep* next(std::vector<const ReadStep*>& steps) {
    if (steps.empty()) {
      return nullptr;
    }
    const auto* first = steps.front();
    steps.erase(steps.begin());
    return first;
  }

  const Reading& reading_;
  std::vector<const ReadStep*> columns_;
  std::vector<const ReadStep*> types_;
  std::vector<const ReadStep*> not_nulls_;
  std::vector<const ReadStep*> constraints_;
  SafeSteps steps_;
  bool is_changed_ = false;
};

SafeSteps index_steps(const Reading& reading, std::size_t statement,
                      const action::CreateIndex& create) {
  const auto steps = steps_with<action::CreateIndex>(reading, statement);
  if (create.concurrently || steps.empty() || steps.front()->table.partitioned) {
    return {};
  }
  SafeSteps found;
  for (auto& text : concurrently(reading.statements[statement].text)) {
    const auto undo = create.index.empty()
                          ? ""
                          : fmt::format("DROP INDEX CONCURRENTLY IF EXISTS {}",
                                        written({create.table.schema, create.index}));
    found.push_back({std::move(text), undo, ""});
  }
  return found;
}

SafeSteps all_steps(const Reading& reading, std::size_t statement) {
  const auto& one = reading.statements[statement];
  if (one.actions.empty()) {
    return {};
  }
  const auto& first = one.actions.front();
  if (const auto* create = std::get_if<action::CreateIndex>(&first)) {
    return index_steps(reading, statement, *create);
  }
  if (const auto* drop = std::get_if<action::Drop>(&first);
      drop != nullptr && drop->kind == "INDEX" && !drop->concurrently) {
    SafeSteps steps;
    for (auto& text : concurrently(one.text)) {
      steps.push_back({std::move(text), "", ""});
    }
    return steps;
  }
  return Alteration(reading, statement).steps(alter_parts(one.text));
}

} // namespace

SafeSteps safe_steps(const Reading& reading, std::size_t statement) {
  auto steps = all_steps(reading, statement);
  const bool is_whole = std::none_of(steps.begin(), steps.end(),
                                     [](const SafeStep& step) { return step.sql.empty(); });
  return is_whole ? std::move(steps) : SafeSteps{};
}

} // namespace pgtool
