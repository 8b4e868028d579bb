#pragma once

#include "base/value.hpp"
#include "model/report.hpp"

#include <cstddef>
#include <map>
#include <string>

namespace pgtool {

/// The rules of a SARIF run: those that the report tells about, then those that only its findings
/// name, since code scanning wants each result's rule in the list.
class SarifRules {
public:
  explicit SarifRules(const Report& report);

  [[nodiscard]] const Value& list() const { return list_; }
  /// Where the finding's rule stands in the list.
  [[nodiscard]] int index_of(const Finding& finding) const;

private:
  void add(const RuleText& rule);
  void add_unless_told(const Finding& finding);

  Value list_ = Value::array();
  std::map<std::string, int> index_;
};

/// error, warning or note.
std::string_view sarif_level(Severity severity);

} // namespace pgtool
