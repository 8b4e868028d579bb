#include "base/json.hpp"
#include "report/json.hpp"

#include <doctest/doctest.h>

using namespace pgtool;

TEST_CASE("every shared key is there, in the order of the contract") {
  Report report;
  report.command = "detect";
  report.verdict = "no pooler";

  CHECK(render_json(report) == R"({
  "version": 1,
  "command": "detect",
  "status": 0,
  "verdict": "no pooler",
  "hint": null,
  "route": null,
  "pooler": null,
  "facts": {},
  "findings": [],
  "steps": [],
  "unknown": [],
  "silenced": [],
  "rules": []
}
)");
}

TEST_CASE("what is set appears under the contract's names") {
  Report report;
  report.command = "migrate";
  report.route = RouteReport{"p", "", "", {{"pid", std::nullopt, "no answer"}}};
  report.pooler = PoolerReport{"pgbouncer", "", "transaction", "proved", {"e"}};
  report.findings = {{"pgtool.x", Severity::error, "m", {"a.py", 3, ""}, "", "", "", {}}};
  report.steps = {{"shop.0001", "done", 0.12345}};
  report.unknown = {{"w", "y", ""}};
  report.own = Value::object({{"applied", 1}});

  const Value json = parse_json(render_json(report), "the report");

  CHECK(dump_json(json["route"]) ==
        R"({"pooled":"p","direct":null,"origin":null,)"
        R"("proofs":[{"name":"pid","holds":null,"observed":"no answer"}]})");
  CHECK(
      dump_json(json["pooler"]) ==
      R"({"kind":"pgbouncer","version":null,"mode":"transaction",)"
      R"("confidence":"proved","evidence":["e"],"mode_confidence":"unknown","mode_source":null})");
  CHECK(dump_json(json["findings"].elements().at(0)) ==
        R"({"rule":"pgtool.x","severity":"error","message":"m",)"
        R"("where":{"file":"a.py","line":3,"object":null},)"
        R"("detail":null,"remedy":null,"fingerprint":null,"edits":[]})");
  CHECK(dump_json(json["steps"]) == R"([{"name":"shop.0001","state":"done","seconds":0.123}])");
  CHECK(dump_json(json["unknown"]) == R"([{"what":"w","why":"y","cure":null}])");
  CHECK(json["migrate"]["applied"].number() == 1);
}

TEST_CASE("silenced findings, rules and edits are told in full") {
  Report report;
  const Edit edit = {FileForm::dotenv, ".env", 0, "", "PORT", "5432"};
  report.silenced = {
      {{"x", Severity::info, "m", {}, "", "", "f", {edit}}, SilencedFinding::By::baseline, "old"}};
  report.rules = {{"x", "django", Severity::error, "", "s", "w", "r", "", ""}};

  const Value json = parse_json(render_json(report), "the report");

  CHECK(dump_json(json["silenced"]) ==
        R"([{"rule":"x","severity":"info","message":"m",)"
        R"("where":{"file":null,"line":null,"object":null},"detail":null,"remedy":null,)"
        R"("fingerprint":"f","edits":[{"form":"dotenv","file":".env","line":null,)"
        R"("section":null,"key":"PORT","value":"5432"}],"by":"baseline","reason":"old"}])");
  CHECK(dump_json(json["rules"]) ==
        R"([{"rule":"x","area":"django","severity":"error","grades":null,"summary":"s",)"
        R"("why":"w","remedy":"r","since":null,"link":null}])");
}

TEST_CASE("bytes that are no UTF-8 do not break the document") {
  Report report;
  report.verdict = "a\xff";
  report.facts.set("k\xfe", "\xc3");

  CHECK_NOTHROW(parse_json(render_json(report), "the report"));
}
