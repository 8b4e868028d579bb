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

Value value_of(const Finding& finding) {
  const auto where =
      Value::object({{"file", text_or_null(finding.where.file)},
                     {"line", finding.where.line > 0 ? Value(finding.where.line) : Value()},
                     {"object", text_or_null(finding.where.object)}});
  return Value::object({{"rule", finding.rule},
                        {"severity", severity_name(finding.severity)},
                        {"message", finding.message},
                        {"where", where},
                        {"detail", text_or_null(finding.detail)},
                        {"remedy", text_or_null(finding.remedy)},
                        {"fingerprint", text_or_null(finding.fingerprint)}});
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

} // namespace

std::string render_json(const Report& report) {
  const auto each = [](const auto& item) { return value_of(item); };
  Value document = Value::object({
      {"version", 1},
      {"command", text_or_null(report.command)},
      {"status", report.status},
      {"verdict", report.verdict},
      {"hint", text_or_null(report.hint)},
      {"route", value_of(report.route)},
      {"pooler", value_of(report.pooler)},
      {"facts", report.facts.is_object() ? report.facts : Value::object()},
      {"findings", list_of(report.findings, each)},
      {"steps", list_of(report.steps, each)},
      {"unknown", list_of(report.unknown, each)},
  });
  if (!report.own.is_null() && !report.command.empty()) {
    document.set(report.command, report.own);
  }
  return dump_json(document, 2) + "\n";
}

} // namespace pgtool
