#include "rules/remedies/safe_form.hpp"

#include "base/text.hpp"
#include "rules/remedies/django_operations.hpp"

#include <algorithm>
#include <utility>

namespace pgtool {
namespace {

/// Each line behind `mark`.
std::string commented(const std::string& text, const std::string& mark) {
  std::string lines;
  for (const auto& line : split(text, '\n')) {
    lines += mark + line + "\n";
  }
  return lines;
}

bool is_concurrent(const SafeStep& step) {
  return step.sql.find(" CONCURRENTLY ") != std::string::npos;
}

} // namespace

std::string sql_of(const SafeSteps& steps) {
  const bool several = std::count_if(steps.begin(), steps.end(),
                                     [](const SafeStep& step) { return !step.later; }) > 1;
  std::string text;
  if (several) {
    text = "-- each statement in a transaction of its own\n";
  } else if (std::any_of(steps.begin(), steps.end(), is_concurrent)) {
    text = "-- outside of a transaction\n";
  }
  bool is_later = false;
  for (const auto& step : steps) {
    if (step.later && !std::exchange(is_later, true)) {
      text += "-- in the next release:\n";
    }
    text += step.note.empty() ? "" : "-- " + step.note + "\n";
    text += commented(step.sql + ";", step.later ? "-- " : "");
  }
  return text.empty() ? text : text.substr(0, text.size() - 1);
}

const DjangoOperation* operation_of(const Reading& reading, std::size_t statement) {
  if (!reading.django) {
    return nullptr;
  }
  for (const auto& one : reading.django->operations) {
    const bool is_deferred =
        std::find(one.deferred.begin(), one.deferred.end(), statement) != one.deferred.end();
    if (is_deferred || (statement >= one.first_statement && statement < one.end_statement)) {
      return &one;
    }
  }
  return nullptr;
}

std::string safe_form(const Reading& reading, const ReadStep& step, std::string_view rule,
                      const SafeSteps& steps) {
  if (steps.empty()) {
    return "";
  }
  const auto* operation = operation_of(reading, step.statement);
  if (operation == nullptr) {
    return sql_of(steps);
  }
  if (auto own = own_form(reading, step, rule); !own.empty()) {
    return own;
  }
  if (operation->source.empty()) { // RunSQL says it itself
    return sql_of(steps);
  }
  return operations_with(reading, *operation, step.statement, steps);
}

std::string safe_form(const Reading& reading, const ReadStep& step, std::string_view rule) {
  return safe_form(reading, step, rule, safe_steps(reading, step.statement));
}

std::string own_form(const Reading& reading, const ReadStep& step, std::string_view rule) {
  const auto* operation = operation_of(reading, step.statement);
  if (operation == nullptr) {
    return "";
  }
  const auto safe = operation->safe.find(std::string(rule));
  return safe != operation->safe.end() ? safe->second : "";
}

} // namespace pgtool
