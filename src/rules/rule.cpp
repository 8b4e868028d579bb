#include "rules/rule.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <array>

namespace pgtool {
namespace {

constexpr std::string_view names[] = {"info", "warning", "error"};

std::string_view name_of(Severity severity) { return names[static_cast<int>(severity)]; }

std::string_view area_name(Area area) {
  switch (area) {
  case Area::pooler:
    return "pooler";
  case Area::django:
    return "django";
  case Area::database:
    return "database";
  case Area::migrations:
    return "migrations";
  case Area::both:
    break;
  }
  return "both";
}

struct InMode {
  std::string_view mode;
  std::optional<Severity> severity;
};

std::array<InMode, 5> by_mode(const Grades& grades) {
  return {{{"in transaction mode", grades.transaction},
           {"in statement mode", grades.statement},
           {"in session mode", grades.session},
           {"without a pooler", grades.none},
           {"when the mode is not known", grades.unknown}}};
}

} // namespace

std::optional<Severity> Grades::of(std::string_view mode) const {
  if (mode == "transaction") {
    return transaction;
  }
  if (mode == "statement") {
    return statement;
  }
  if (mode == "session") {
    return session;
  }
  return mode == "none" ? none : unknown;
}

Severity Grades::gravest() const {
  auto found = Severity::info;
  for (const auto& [mode, severity] : by_mode(*this)) {
    found = std::max(found, severity.value_or(Severity::info));
  }
  return found;
}

std::string grades_text(const Grades& grades) {
  const auto all = by_mode(grades);
  const bool is_one = std::all_of(all.begin(), all.end(), [&](const InMode& one) {
    return one.severity && one.severity == all.front().severity;
  });
  if (is_one) {
    return std::string(name_of(*all.front().severity));
  }
  std::vector<std::string> parts;
  for (const auto severity : {Severity::error, Severity::warning, Severity::info}) {
    std::vector<std::string> modes;
    for (const auto& one : all) {
      if (one.severity == severity) {
        modes.emplace_back(one.mode);
      }
    }
    if (!modes.empty()) {
      parts.push_back(std::string(name_of(severity)) + " " + join(modes, ", "));
    }
  }
  return join(parts, "; ");
}

RuleText rule_text(const Rule& rule) {
  return {std::string(rule.slug),   std::string(area_name(rule.area)), rule.grades.gravest(),
          grades_text(rule.grades), std::string(rule.summary),         std::string(rule.why),
          std::string(rule.remedy), std::string(rule.since),           std::string(rule.link)};
}

} // namespace pgtool
