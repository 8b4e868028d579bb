#include "report/json_schema.hpp"

#include "base/json.hpp"

#include <initializer_list>

namespace pgtool {
namespace {

Value type(const char* name) { return Value::object({{"type", name}}); }
Value or_null(const char* name) {
  return Value::object({{"type", Value::Array{Value(name), Value("null")}}});
}
Value reference(const std::string& name) { return Value::object({{"$ref", "#/$defs/" + name}}); }
Value reference_or_null(const std::string& name) {
  return Value::object({{"anyOf", Value::Array{reference(name), type("null")}}});
}
Value list_of(Value items) {
  return Value::object({{"type", "array"}, {"items", std::move(items)}});
}
Value one_of(std::initializer_list<const char*> words) {
  Value list = Value::array();
  for (const auto* word : words) {
    list.add(word);
  }
  return Value::object({{"enum", list}});
}

/// All of its keys are always there; others may be added.
Value object_of(const Value::Object& properties) {
  Value required = Value::array();
  for (const auto& [name, schema] : properties) {
    required.add(name);
  }
  return Value::object({{"type", "object"}, {"properties", properties}, {"required", required}});
}

Value line() {
  return Value::object({{"type", Value::Array{Value("integer"), Value("null")}}, {"minimum", 1}});
}

Value::Object finding_keys() {
  return {{"rule", type("string")},           {"severity", reference("severity")},
          {"message", type("string")},        {"where", reference("place")},
          {"detail", or_null("string")},      {"remedy", or_null("string")},
          {"fingerprint", or_null("string")}, {"edits", list_of(reference("edit"))}};
}

Value silenced() {
  auto keys = finding_keys();
  keys.emplace_back("by", one_of({"configuration", "source", "baseline"}));
  keys.emplace_back("reason", or_null("string"));
  return object_of(keys);
}

Value definitions() {
  return Value::object(
      {{"severity", one_of({"info", "warning", "error"})},
       {"place",
        object_of({{"file", or_null("string")}, {"line", line()}, {"object", or_null("string")}})},
       {"edit", object_of({{"form", one_of({"ini", "dotenv", "python"})},
                           {"file", or_null("string")},
                           {"line", line()},
                           {"section", or_null("string")},
                           {"key", type("string")},
                           {"value", type("string")}})},
       {"finding", object_of(finding_keys())},
       {"silenced", silenced()},
       {"rule", object_of({{"rule", type("string")},
                           {"area", or_null("string")},
                           {"severity", reference("severity")},
                           {"grades", or_null("string")},
                           {"summary", or_null("string")},
                           {"why", or_null("string")},
                           {"remedy", or_null("string")},
                           {"since", or_null("string")},
                           {"link", or_null("string")}})},
       {"proof", object_of({{"name", type("string")},
                            {"holds", or_null("boolean")},
                            {"observed", or_null("string")}})},
       {"route", object_of({{"pooled", or_null("string")},
                            {"direct", or_null("string")},
                            {"origin", or_null("string")},
                            {"proofs", list_of(reference("proof"))}})},
       {"pooler", object_of({{"kind", type("string")},
                             {"version", or_null("string")},
                             {"mode", or_null("string")},
                             {"confidence", or_null("string")},
                             {"evidence", list_of(type("string"))},
                             {"mode_confidence", or_null("string")},
                             {"mode_source", or_null("string")}})},
       {"step", object_of({{"name", type("string")},
                           {"state", one_of({"done", "failed", "skipped", "running", "to do"})},
                           {"seconds", type("number")}})},
       {"unknown",
        object_of(
            {{"what", type("string")}, {"why", or_null("string")}, {"cure", or_null("string")}})}});
}

Value::Object report_keys() {
  return {{"status", type("integer")},
          {"verdict", type("string")},
          {"hint", or_null("string")},
          {"route", reference_or_null("route")},
          {"pooler", reference_or_null("pooler")},
          {"facts", type("object")},
          {"findings", list_of(reference("finding"))},
          {"steps", list_of(reference("step"))},
          {"unknown", list_of(reference("unknown"))},
          {"silenced", list_of(reference("silenced"))},
          {"rules", list_of(reference("rule"))}};
}

} // namespace

std::string json_schema() {
  auto part = report_keys();
  part.insert(part.begin(), {"title", type("string")});
  auto definitions_and_part = definitions();
  definitions_and_part.set("part", object_of(part));
  auto keys = report_keys();
  keys.insert(keys.begin(),
              {{"version", Value::object({{"const", 1}})}, {"command", or_null("string")}});
  auto schema = object_of(keys);
  auto properties = schema["properties"];
  properties.set("parts", list_of(reference("part")));
  schema.set("properties", properties);
  Value document = Value::object({{"$schema", "https://json-schema.org/draft/2020-12/schema"},
                                  {"title", "A report of pgtool"},
                                  {"description", "What every command writes with --format json. A "
                                                  "command adds one key of its own name. Keys are "
                                                  "only ever added."}});
  for (const auto& [name, value] : schema.members()) {
    document.set(name, value);
  }
  document.set("$defs", definitions_and_part);
  return dump_json(document, 2) + "\n";
}

} // namespace pgtool
