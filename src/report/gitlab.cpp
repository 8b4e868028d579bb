#include "report/gitlab.hpp"

#include "base/json.hpp"
#include "report/outline.hpp"
#include "report/printable_value.hpp"

#include <set>

namespace pgtool {
namespace {

std::string_view severity_of(Severity severity) {
  switch (severity) {
  case Severity::error:
    return "critical";
  case Severity::warning:
    return "major";
  case Severity::info:
    break;
  }
  return "info";
}

/// The entries under construction. GitLab shows but the first of those with the same fingerprint.
class Entries {
public:
  Entries(const Report& report, const MachineStyle& style) : report_(report), style_(style) {}

  void add(const Finding& finding, const Report& part) {
    const auto file = path_in_tree(finding.where.file, style_);
    const auto place = file ? finding.where.object : place_text(finding.where);
    const auto own = fingerprint_of(
        {part.title, finding.rule, file.value_or(place), finding.where.object, finding.message});
    add({.description = words_of(finding) + (place.empty() ? "" : "\nat " + place),
         .name = rule_id(finding.rule),
         .fingerprint = finding.fingerprint.empty() ? own : finding.fingerprint,
         .severity = severity_of(finding.severity),
         .file = file.value_or(style_.stand_in),
         .line = file && finding.where.line > 0 ? finding.where.line : 1});
  }

  void add(const Unknown& unknown, const Report& part) {
    const auto words = words_of(unknown);
    add({.description =
             "could not be examined: " + unknown.what + (words.empty() ? "" : ": " + words),
         .name = "pgtool.unknown",
         .fingerprint = fingerprint_of({report_.command, part.title, "unknown", unknown.what}),
         .severity = "major",
         .file = style_.stand_in});
  }

  void add_verdict(const Report& part) {
    add({.description = name_of(report_, part) + ": " + words_of_verdict(part),
         .name = "pgtool.verdict",
         .fingerprint = fingerprint_of({report_.command, part.title, "verdict"}),
         .severity = is_broken(part) ? "blocker" : "critical",
         .file = style_.stand_in});
  }

  [[nodiscard]] const Value& list() const { return list_; }

private:
  struct Entry {
    std::string description;
    std::string name;
    std::string fingerprint;
    std::string_view severity;
    std::string file;
    int line = 1;
  };

  std::string unused(const std::string& wanted) {
    std::string name = wanted;
    for (int number = 2; !used_.insert(name).second; ++number) {
      name = wanted + "-" + std::to_string(number);
    }
    return name;
  }

  void add(const Entry& entry) {
    list_.add(Value::object(
        {{"description", entry.description},
         {"check_name", entry.name},
         {"fingerprint", unused(entry.fingerprint)},
         {"severity", entry.severity},
         {"location", Value::object({{"path", entry.file},
                                     {"lines", Value::object({{"begin", entry.line}})}})}}));
  }

  const Report& report_;
  const MachineStyle& style_;
  std::set<std::string> used_;
  Value list_ = Value::array();
};

} // namespace

std::string render_gitlab(const Report& report, const MachineStyle& style) {
  Entries entries(report, style);
  for (const auto* part : with_parts(report)) {
    for (const auto& finding : part->findings) {
      entries.add(finding, *part);
    }
    for (const auto& unknown : part->unknown) {
      entries.add(unknown, *part);
    }
    if (is_broken(*part) || is_bare_refusal(*part, style.fail_level)) {
      entries.add_verdict(*part);
    }
  }
  return dump_json(printable_value(entries.list()), 2) + "\n";
}

} // namespace pgtool
