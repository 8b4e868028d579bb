#include "report/sarif.hpp"

#include "base/json.hpp"
#include "base/text.hpp"
#include "report/outline.hpp"
#include "report/printable_value.hpp"
#include "report/sarif_rules.hpp"

#include <algorithm>
#include <map>

namespace pgtool {
namespace {

constexpr const char* schema =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";
constexpr const char* root_name = "%SRCROOT%";

Value text_value(std::string text) { return Value::object({{"text", std::move(text)}}); }

Value artifact(const std::string& file) {
  // A SARIF uri is a reference: a letter with a meaning in those is encoded, and bytes that are no
  // UTF-8, too.
  return Value::object({{"uri", percent_encoded(file, "-._~/")}, {"uriBaseId", root_name}});
}

Value location_of(const Place& where, const MachineStyle& style) {
  const auto file = path_in_tree(where.file, style);
  Value physical = Value::object({{"artifactLocation", artifact(file.value_or(style.stand_in))}});
  if (file && where.line > 0) {
    physical.set("region", Value::object({{"startLine", where.line}}));
  }
  Value location = Value::object({{"physicalLocation", physical}});
  const auto name = file ? where.object : place_text(where);
  if (!name.empty()) {
    location.set("logicalLocations",
                 Value(Value::Array{Value::object({{"fullyQualifiedName", name}})}));
  }
  if (!file) {
    location.set("message", text_value(where.file.empty()
                                           ? "it is about no file; this one stands in"
                                           : where.file + " is outside the work tree; this file "
                                                          "stands in"));
  }
  return location;
}

/// What a line of an ini is to be. A line of another form may hold more than the key and its value.
Value replacement_of(const Edit& edit) {
  return Value::object(
      {{"deletedRegion", Value::object({{"startLine", edit.line}, {"startColumn", 1}})},
       {"insertedContent", text_value(edit.key + " = " + edit.value)}});
}

/// One fix that makes all edits, or none: half a remedy is no remedy.
Value fixes_of(const Finding& finding, const MachineStyle& style) {
  std::map<std::string, Value> by_file;
  for (const auto& edit : finding.edits) {
    const auto file = path_in_tree(edit.file, style);
    if (edit.form != FileForm::ini || edit.line <= 0 || !file) {
      return Value::array();
    }
    by_file[*file].add(replacement_of(edit));
  }
  Value changes = Value::array();
  for (const auto& [file, replacements] : by_file) {
    changes.add(
        Value::object({{"artifactLocation", artifact(file)}, {"replacements", replacements}}));
  }
  Value fixes = Value::array();
  if (!by_file.empty()) {
    const auto words = finding.remedy.empty() ? finding.message : finding.remedy;
    fixes.add(Value::object({{"description", text_value(words)}, {"artifactChanges", changes}}));
  }
  return fixes;
}

Value fingerprints_of(const Finding& finding, const MachineStyle& style) {
  Value prints = Value::object();
  if (finding.fingerprint.empty()) {
    return prints;
  }
  prints.set("pgtool/v1", finding.fingerprint);
  if (!path_in_tree(finding.where.file, style)) {
    // GitHub tells results apart by the line that they stand in, which here says nothing.
    prints.set("primaryLocationLineHash", finding.fingerprint);
  }
  return prints;
}

Value suppression_of(const SilencedFinding& silenced) {
  const bool in_source = silenced.by == SilencedFinding::By::source;
  Value suppression =
      Value::object({{"kind", in_source ? "inSource" : "external"}, {"status", "accepted"}});
  if (!silenced.reason.empty()) {
    suppression.set("justification", silenced.reason);
  }
  return suppression;
}

/// The results under construction.
class Results {
public:
  Results(const SarifRules& rules, const MachineStyle& style) : rules_(rules), style_(style) {}

  void add(const Finding& finding, const Report& part) { list_.add(result_of(finding, part)); }

  void add(const SilencedFinding& silenced, const Report& part) {
    Value result = result_of(silenced.finding, part);
    result.set("suppressions", Value(Value::Array{suppression_of(silenced)}));
    if (silenced.by == SilencedFinding::By::baseline) {
      result.set("baselineState", "unchanged");
    }
    list_.add(result);
  }

  [[nodiscard]] const Value& list() const { return list_; }

private:
  [[nodiscard]] Value result_of(const Finding& finding, const Report& part) const {
    const auto& where = finding.where;
    const auto place = path_in_tree(where.file, style_) ? where.object : place_text(where);
    Value result = Value::object(
        {{"ruleId", rule_id(finding.rule)},
         {"ruleIndex", rules_.index_of(finding)},
         {"level", sarif_level(finding.severity)},
         {"message", text_value(words_of(finding) + (place.empty() ? "" : "\nat " + place))},
         {"locations", Value(Value::Array{location_of(where, style_)})}});
    if (auto prints = fingerprints_of(finding, style_); !prints.members().empty()) {
      result.set("partialFingerprints", prints);
    }
    if (auto fixes = fixes_of(finding, style_); !fixes.elements().empty()) {
      result.set("fixes", fixes);
    }
    if (!part.title.empty()) {
      result.set("properties", Value::object({{"part", part.title}}));
    }
    return result;
  }

  const SarifRules& rules_;
  const MachineStyle& style_;
  Value list_ = Value::array();
};

/// Where one result has a state, all have: what is not in the baseline is new.
Value with_states(const Value& results) {
  const auto has_state = [](const Value& result) { return !result["baselineState"].is_null(); };
  const auto& all = results.elements();
  if (std::none_of(all.begin(), all.end(), has_state)) {
    return results;
  }
  Value list = Value::array();
  for (Value result : all) {
    result.set("baselineState", has_state(result) ? "unchanged" : "new");
    list.add(std::move(result));
  }
  return list;
}

Value results_of(const Report& report, const SarifRules& rules, const MachineStyle& style) {
  Results results(rules, style);
  for (const auto* part : with_parts(report)) {
    for (const auto& finding : part->findings) {
      results.add(finding, *part);
    }
    for (const auto& silenced : part->silenced) {
      results.add(silenced, *part);
    }
  }
  return with_states(results.list());
}

Value notification(std::string_view level, const std::string& text) {
  return Value::object({{"level", level}, {"message", text_value(text)}});
}

Value notifications_of(const Report& report, Severity fail_level) {
  Value list = Value::array();
  for (const auto* part : with_parts(report)) {
    const auto start = part->title.empty() ? "" : part->title + ": ";
    for (const auto& unknown : part->unknown) {
      const auto words = words_of(unknown);
      list.add(notification(is_broken(*part) ? "error" : "warning",
                            start + "could not be examined: " + unknown.what +
                                (words.empty() ? "" : ": " + words)));
    }
    if (is_broken(*part) || is_bare_refusal(*part, fail_level)) {
      list.add(notification("error", start + words_of_verdict(*part)));
    }
  }
  return list;
}

Value invocation_of(const Report& report, Severity fail_level) {
  return Value::object({{"executionSuccessful", !is_broken(report)},
                        {"exitCode", report.status},
                        {"exitCodeDescription", report.verdict},
                        {"toolExecutionNotifications", notifications_of(report, fail_level)}});
}

} // namespace

std::string render_sarif(const Report& report, const MachineStyle& style) {
  const SarifRules rules(report);
  const auto driver = Value::object(
      {{"name", "pgtool"}, {"semanticVersion", style.version}, {"rules", rules.list()}});
  const auto root = Value::object({{"description", text_value("the top of the work tree")}});
  const auto run =
      Value::object({{"tool", Value::object({{"driver", driver}})},
                     {"invocations", Value(Value::Array{invocation_of(report, style.fail_level)})},
                     {"originalUriBaseIds", Value::object({{root_name, root}})},
                     {"columnKind", "unicodeCodePoints"},
                     {"results", results_of(report, rules, style)},
                     {"properties", Value::object({{"command", report.command},
                                                   {"verdict", report.verdict},
                                                   {"hint", report.hint}})}});
  const auto log = Value::object(
      {{"$schema", schema}, {"version", "2.1.0"}, {"runs", Value(Value::Array{run})}});
  return dump_json(printable_value(log), 2) + "\n";
}

} // namespace pgtool
