#pragma once

#include "model/finding.hpp"
#include "rules/deployment.hpp"
#include "rules/reading/reading.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pgtool {

/// Whose setting, or what, is wrong.
enum class Area { pooler, django, database, both, migrations };

/// How grave a finding is in each pool mode; nothing: it is none there.
struct Grades {
  std::optional<Severity> transaction;
  std::optional<Severity> statement;
  std::optional<Severity> session;
  std::optional<Severity> none;    ///< without a pooler
  std::optional<Severity> unknown; ///< a pooler whose mode nobody tells

  [[nodiscard]] std::optional<Severity> of(std::string_view mode) const;
  [[nodiscard]] Severity gravest() const;
};

/// The same whatever the pool mode.
constexpr Grades always(Severity severity) {
  return {severity, severity, severity, severity, severity};
}

/// In modes where sessions are shared; a mode that nobody tells may be one of them.
constexpr Grades when_shared(Severity severity, std::optional<Severity> if_unknown = {}) {
  return {severity, severity, std::nullopt, std::nullopt, if_unknown};
}

/// One thing that a rule has to say of a deployment. What it leaves empty is the rule's own.
struct Remark {
  std::string message; ///< lower case, names the object
  Place where{};
  std::string detail{};
  std::string remedy{};
  std::string mode = "unknown";       ///< the pool mode that it is about
  std::optional<Severity> severity{}; ///< where the rule's grades do not fit
  std::optional<TableSize> size{};    ///< of the table that it is about
  std::vector<Edit> edits{};
};

/// One row of the table of rules.
struct Rule {
  std::string_view slug;
  Area area = Area::both;
  Grades grades;
  std::string_view summary; ///< one line
  std::string_view why;
  std::string_view remedy; ///< in general; a remark has the exact line
  std::string_view since = {};
  std::string_view link = {};
  /// What it tells takes as long as the table is large.
  bool grows = false;
  /// Null, and `read`, too: its findings come from a command that looks at the database while it
  /// works.
  std::vector<Remark> (*look)(const Deployment& deployment) = nullptr;
  /// Of the statements of a migration, a file or a call.
  std::vector<Remark> (*read)(const Reading& reading) = nullptr;
};

/// "error in transaction and statement mode, info in session mode"
std::string grades_text(const Grades& grades);

/// As reports carry it.
RuleText rule_text(const Rule& rule);

} // namespace pgtool
