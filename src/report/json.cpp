#include "report/json.hpp"

#include "base/json.hpp"
#include "report/severity.hpp"

#include <cmath>

namespace pgtool {
namespace {

Value text_or_null(const std::string& text) { return text.empty() ? Value() : Value(text); }

template <typename Item, typename ToValue>
Value list_of(const std::vector<Item>& items, ToValue to_value) {
  Value list = Value::array();
  for (const auto& item : items) {
    list.add(to_value(item));
  }
  return list;
}

Value value_of(const Proof& proof) {
  return Value::object({{"name", proof.name},
                        {"holds", proof.holds ? Value(*proof.holds) : Value()},
                        {"observed", text_or_null(proof.observed)}});
}

Value value_of(const std::optional<RouteReport>& route) {
  if (!route) {
    return {};
  }
  return Value::object(
      {{"pooled", text_or_null(route->pooled)},
       {"direct", text_or_null(route->direct)},
       {"origin", text_or_null(route->origin)},
       {"proofs", list_of(route->proofs, [](const Proof& proof) { return value_of(proof); })}});
}

Value value_of(const std::optional<PoolerReport>& pooler) {
  if (!pooler) {
    return {};
  }
  return Value::object(
      {{"kind", pooler->kind},
       {"version", text_or_null(pooler->version)},
       {"mode", text_or_null(pooler->mode)},
       {"confidence", text_or_null(pooler->confidence)},
       {"evidence", list_of(pooler->evidence, [](const std::string& line) { return Value(line); })},
       {"mode_confidence", text_or_null(pooler->mode_confidence)},
       {"mode_source", text_or_null(pooler->mode_source)}});
}

std::string_view form_name(FileForm form) {
  switch (form) {
  case FileForm::ini:
    return "ini";
  case FileForm::dotenv:
    return "dotenv";
  case FileForm::python:
    return "python";
  }
  return "unknown";
}

Value value_of(const Edit& edit) {
  return Value::object({{"form", form_name(edit.form)},
                        {"file", text_or_null(edit.file)},
                        {"line", edit.line > 0 ? Value(edit.line) : Value()},
                        {"section", text_or_null(edit.section)},
                        {"key", edit.key},
                        {"value", edit.value}});
}

Value value_of(const Finding& finding) {
  const auto where =
      Value::object({{"file", text_or_null(finding.where.file)},
                     {"line", finding.where.line > 0 ? Value(finding.where.line) : Value()},
                     {"object", text_or_null(finding.where.object)}});
  return Value::object(
      {{"rule", finding.rule},
       {"severity", severity_name(finding.severity)},
       {"message", finding.message},
       {"where", where},
       {"detail", text_or_null(finding.detail)},
       {"remedy", text_or_null(finding.remedy)},
       {"fingerprint", text_or_null(finding.fingerprint)},
       {"edits", list_of(finding.edits, [](const Edit& edit) { return value_of(edit); })}});
}

std::string_view name_of(SilencedFinding::By by) {
  switch (by) {
  case SilencedFinding::By::configuration:
    return "configuration";
  case SilencedFinding::By::source:
    return "source";
  case SilencedFinding::By::baseline:
    return "baseline";
  }
  return "unknown";
}

Value value_of(const SilencedFinding& silenced) {
  Value value = value_of(silenced.finding);
  value.set("by", name_of(silenced.by));
  value.set("reason", text_or_null(silenced.reason));
  return value;
}

Value value_of(const RuleText& rule) {
  return Value::object({{"rule", rule.slug},
                        {"area", text_or_null(rule.area)},
                        {"severity", severity_name(rule.severity)},
                        {"grades", text_or_null(rule.grades)},
                        {"summary", text_or_null(rule.summary)},
                        {"why", text_or_null(rule.why)},
                        {"remedy", text_or_null(rule.remedy)},
                        {"since", text_or_null(rule.since)},
                        {"link", text_or_null(rule.link)}});
}

Value value_of(const Step& step) {
  return Value::object({{"name", step.name},
                        {"state", step.state},
                        {"seconds", std::round(step.seconds * 1000) / 1000}});
}

Value value_of(const Unknown& unknown) {
  return Value::object({{"what", unknown.what},
                        {"why", text_or_null(unknown.why)},
                        {"cure", text_or_null(unknown.cure)}});
}

Value document_of(const Report& report) {
  const auto each = [](const auto& item) { return value_of(item); };
  Value document = Value::object({
      {"status", report.status},
      {"verdict", report.verdict},
      {"hint", text_or_null(report.hint)},
      {"route", value_of(report.route)},
      {"pooler", value_of(report.pooler)},
      {"facts", report.facts.is_object() ? report.facts : Value::object()},
      {"findings", list_of(report.findings, each)},
      {"steps", list_of(report.steps, each)},
      {"unknown", list_of(report.unknown, each)},
      {"silenced", list_of(report.silenced, each)},
      {"rules", list_of(report.rules, each)},
  });
  if (!report.own.is_null() && !report.command.empty()) {
    document.set(report.command, report.own);
  }
  return document;
}

Value part_of(const Report& report) {
  Value part = Value::object({{"title", report.title}});
  const auto document = document_of(report);
  for (const auto& [key, value] : document.members()) {
    part.set(key, value);
  }
  return part;
}

} // namespace

std::string render_json(const Report& report) {
  Value document = Value::object({{"version", 1}, {"command", text_or_null(report.command)}});
  const auto rest = document_of(report);
  for (const auto& [key, value] : rest.members()) {
    document.set(key, value);
  }
  if (!report.parts.empty()) {
    document.set("parts", list_of(report.parts, part_of));
  }
  return dump_json(document, 2) + "\n";
}

} // namespace pgtool
