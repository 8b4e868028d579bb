#include "base/json.hpp"
#include "report/sarif.hpp"
#include "told_report.hpp"

#include <doctest/doctest.h>

using namespace pgtool;

namespace {

Value run_of(const Report& report) {
  const auto log = parse_json(render_sarif(report, told::style()), "the log");
  CHECK(log["version"].text() == "2.1.0");
  CHECK(log["runs"].elements().size() == 1);
  return log["runs"].elements().at(0);
}

Value results_of(const Report& report) { return run_of(report)["results"]; }

Finding at(Place where) { return {"x", Severity::error, "m", std::move(where), "", "", "", {}}; }

Value physical(const Place& where) {
  Report report;
  report.findings = {at(where)};
  const auto results = results_of(report);
  return results.elements().at(0)["locations"].elements().at(0)["physicalLocation"];
}

} // namespace

TEST_CASE("a run names the tool, its rules and how it ended") {
  const auto run = run_of(told::checked());
  const auto& driver = run["tool"]["driver"];
  const auto& invocation = run["invocations"].elements().at(0);

  CHECK(driver["name"].text() == "pgtool");
  CHECK(driver["semanticVersion"].text() == "1.2.3");
  REQUIRE(driver["rules"].elements().size() == 4);
  CHECK(dump_json(driver["rules"].elements()[0]) ==
        R"({"id":"pgtool.server-side-cursors","name":"server-side-cursors",)"
        R"("shortDescription":{"text":"about server-side-cursors"},)"
        R"("fullDescription":{"text":"because"},)"
        R"("help":{"text":"Why: because\n\nRemedy: do it otherwise\n\n)"
        R"(See: https://docs.djangoproject.com/","markdown":"**Why**: because\n\n)"
        R"(**Remedy**: do it otherwise\n\n**See**: https://docs.djangoproject.com/"},)"
        R"("helpUri":"https://docs.djangoproject.com/","defaultConfiguration":{"level":"error"},)"
        R"("properties":{"area":"django","tags":["postgresql","django"],)"
        R"("problem.severity":"error"}})");
  CHECK(driver["rules"].elements()[1]["properties"]["problem.severity"].text() == "recommendation");
  CHECK(dump_json(invocation) ==
        R"({"executionSuccessful":true,"exitCode":1,"exitCodeDescription":"2 findings",)"
        R"("toolExecutionNotifications":[{"level":"warning","message":{"text":)"
        R"("could not be examined: the console: refused\nname a user"}}]})");
}

TEST_CASE("a result has its rule, its place and a fingerprint") {
  const auto results = results_of(told::checked()).elements();

  REQUIRE(results.size() == 4);
  CHECK(dump_json(results[0]) ==
        R"({"ruleId":"pgtool.server-side-cursors","ruleIndex":0,"level":"error",)"
        R"("message":{"text":"cursors break\nin transaction mode\n)"
        R"(set DISABLE_SERVER_SIDE_CURSORS\nat default"},)"
        R"("locations":[{"physicalLocation":{"artifactLocation":{"uri":"web/settings.py",)"
        R"("uriBaseId":"%SRCROOT%"},"region":{"startLine":12}},)"
        R"("logicalLocations":[{"fullyQualifiedName":"default"}]}],)"
        R"("partialFingerprints":{"pgtool/v1":"abc"}})");
  CHECK(results[1]["level"].text() == "note");
  CHECK(results[1]["ruleIndex"].number() == 1);
  CHECK(results[1]["partialFingerprints"].is_null());
  CHECK(results[2]["ruleId"].text() == "pgtool.remark");
  CHECK(results[2]["ruleIndex"].number() == 3);
}

TEST_CASE("a result without a file of the work tree stands in another, and says so") {
  const auto results = results_of(told::checked()).elements();
  const auto location = [&](std::size_t i) { return results[i]["locations"].elements().at(0); };

  CHECK(dump_json(location(1)) ==
        R"({"physicalLocation":{"artifactLocation":{"uri":"web/manage.py",)"
        R"("uriBaseId":"%SRCROOT%"}},"logicalLocations":[{"fullyQualifiedName":"default"}],)"
        R"("message":{"text":"it is about no file; this one stands in"}})");
  CHECK(location(2)["physicalLocation"]["region"].is_null());
  CHECK(results[2]["message"]["text"].text() == "odd\nat /etc/pgbouncer.ini:3");
  CHECK(results[3]["partialFingerprints"]["primaryLocationLineHash"].text() == "q");
}

TEST_CASE("a path is a uri as seen from the top of the work tree") {
  const auto uri = [](const char* file) {
    return physical({file, 1, ""})["artifactLocation"]["uri"].text();
  };

  CHECK(uri("settings.py") == "web/settings.py");
  CHECK(uri("../deploy/./pool.ini") == "deploy/pool.ini");
  CHECK(uri("/src/shop/a b/#1/ü%.py") == "a%20b/%231/%C3%BC%25.py");
  CHECK(uri("/src/shop/\xff:x?") == "%FF%3Ax%3F");
  CHECK(uri("/src/shopping/x.py") == "web/manage.py");
  CHECK(uri("../../x.py") == "web/manage.py");
  CHECK(physical({"a.py", 0, ""})["region"].is_null());
}

TEST_CASE("silenced findings are suppressed results with the reason") {
  const auto result = results_of(told::checked()).elements()[3];

  CHECK(dump_json(result["suppressions"]) ==
        R"([{"kind":"inSource","status":"accepted","justification":"known"}])");
  CHECK(result["baselineState"].is_null());
}

TEST_CASE("with a baseline each result is in it or new") {
  Report report = told::checked();
  report.silenced.push_back({at({}), SilencedFinding::By::baseline, ""});
  const auto results = results_of(report).elements();

  REQUIRE(results.size() == 5);
  CHECK(results[0]["baselineState"].text() == "new");
  CHECK(results[3]["baselineState"].text() == "new");
  CHECK(results[4]["baselineState"].text() == "unchanged");
  CHECK(dump_json(results[4]["suppressions"]) == R"([{"kind":"external","status":"accepted"}])");
}

TEST_CASE("a remedy is a fix when all of it is a line of an ini") {
  Report report;
  report.findings = {at({"pool.ini", 7, ""})};
  auto& finding = report.findings[0];
  finding.remedy = "raise it";
  finding.edits = {{FileForm::ini, "pool.ini", 7, "pgbouncer", "max_client_conn", "500"}};
  const auto fixes = [&] { return results_of(report).elements()[0]["fixes"]; };

  CHECK(
      dump_json(fixes()) ==
      R"([{"description":{"text":"raise it"},"artifactChanges":[{"artifactLocation":)"
      R"({"uri":"web/pool.ini","uriBaseId":"%SRCROOT%"},"replacements":[{"deletedRegion":)"
      R"({"startLine":7,"startColumn":1},"insertedContent":{"text":"max_client_conn = 500"}}]}]}])");

  finding.edits.push_back({FileForm::ini, "pool.ini", 0, "pgbouncer", "pool_mode", "session"});
  CHECK(fixes().is_null());
  finding.edits.back().line = 8;
  CHECK_FALSE(fixes().is_null());
  finding.edits.back().form = FileForm::python;
  CHECK(fixes().is_null());
  finding.edits.back() = {FileForm::ini, "/etc/pool.ini", 8, "pgbouncer", "pool_mode", "session"};
  CHECK(fixes().is_null());
}

TEST_CASE("a run that failed says why, and what is unknown then is an error") {
  Report report = told::checked();
  report.status = 3;
  report.verdict = "no answer";
  report.hint = "look";
  const auto invocation = run_of(report)["invocations"].elements().at(0);
  const auto notes = invocation["toolExecutionNotifications"].elements();

  CHECK_FALSE(invocation["executionSuccessful"].truth(true));
  REQUIRE(notes.size() == 2);
  CHECK(notes[0]["level"].text() == "error");
  CHECK(notes[1]["message"]["text"].text() == "no answer\nlook");
}

TEST_CASE("a no that no finding accounts for is told, though the run succeeded") {
  Report report;
  report.status = 1;
  report.verdict = "not proved direct";
  const auto invocation = run_of(report)["invocations"].elements().at(0);

  CHECK(invocation["executionSuccessful"].truth());
  CHECK(dump_json(invocation["toolExecutionNotifications"]) ==
        R"([{"level":"error","message":{"text":"not proved direct"}}])");
}

TEST_CASE("the parts' findings and what they lack are in the same run") {
  Report report;
  report.parts.emplace_back();
  report.parts[0].title = "Alias replica";
  report.parts[0].findings = {at({})};
  report.parts[0].unknown = {{"the console", "", ""}};
  const auto run = run_of(report);

  CHECK(run["results"].elements().at(0)["properties"]["part"].text() == "Alias replica");
  CHECK(dump_json(run["invocations"].elements().at(0)["toolExecutionNotifications"]) ==
        R"([{"level":"warning","message":)"
        R"({"text":"Alias replica: could not be examined: the console"}}])");
}

TEST_CASE("hostile bytes leave a log of the same shape") {
  const auto text = render_sarif(told::poisoned(), told::style());
  const auto run = parse_json(text, "the log")["runs"].elements().at(0);

  CHECK(run["results"].elements().size() == 6);
  CHECK(run["tool"]["driver"]["rules"].elements().size() == 1);
  CHECK(run["tool"]["driver"]["rules"].elements()[0]["helpUri"].is_null());
  CHECK(text.find("\\u0000") == std::string::npos);
}
