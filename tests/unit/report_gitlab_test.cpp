#include "base/json.hpp"
#include "report/gitlab.hpp"
#include "told_report.hpp"

#include <doctest/doctest.h>
#include <set>

using namespace pgtool;

namespace {

Value rendered(const Report& report) {
  return parse_json(render_gitlab(report, told::style()), "the artifact");
}

} // namespace

TEST_CASE("findings and what is unknown are entries of the artifact") {
  const auto list = rendered(told::checked()).elements();

  REQUIRE(list.size() == 4);
  CHECK(dump_json(list[0]) ==
        R"({"description":"cursors break\nin transaction mode\nset DISABLE_SERVER_SIDE_CURSORS)"
        R"(\nat default","check_name":"pgtool.server-side-cursors","fingerprint":"abc",)"
        R"("severity":"critical","location":{"path":"web/settings.py","lines":{"begin":12}}})");
  CHECK(list[1]["severity"].text() == "info");
  CHECK(list[1]["location"]["path"].text() == "web/manage.py");
  CHECK(list[1]["location"]["lines"]["begin"].number() == 1);
  CHECK(list[2]["severity"].text() == "major");
  CHECK(list[2]["description"].text() == "odd\nat /etc/pgbouncer.ini:3");
  CHECK(list[2]["location"]["lines"]["begin"].number() == 1);
  CHECK(list[3]["check_name"].text() == "pgtool.unknown");
  CHECK(list[3]["description"].text() ==
        "could not be examined: the console: refused\nname a user");
}

TEST_CASE("a run that failed is a blocker, a clean one an empty artifact") {
  Report report;
  report.command = "check";
  report.verdict = "fine";
  CHECK(render_gitlab(report, told::style()) == "[]\n");

  report.status = 1;
  CHECK(rendered(report).elements().at(0)["severity"].text() == "critical");
  for (const int status : {2, 3, 4, 5, 70, 130}) {
    report.status = status;
    const auto list = rendered(report).elements();
    REQUIRE(list.size() == 1);
    CHECK(list[0]["severity"].text() == "blocker");
    CHECK(list[0]["check_name"].text() == "pgtool.verdict");
  }
}

TEST_CASE("fingerprints are there, each once, and do not depend on the line") {
  Report report;
  const Finding finding = {"x", Severity::error, "m", {"a.py", 1, ""}, "", "", "", {}};
  report.findings = {finding, finding, finding};
  report.findings[2].message = "other";
  const auto before = rendered(report).elements();
  std::set<std::string> seen;
  for (const auto& entry : before) {
    CHECK_FALSE(entry["fingerprint"].text().empty());
    seen.insert(entry["fingerprint"].text());
  }
  CHECK(seen.size() == 3);

  for (auto& moved : report.findings) {
    moved.where.line += 10;
  }

  CHECK(rendered(report).elements()[0]["fingerprint"].text() == before[0]["fingerprint"].text());
  CHECK(rendered(report).elements()[2]["fingerprint"].text() == before[2]["fingerprint"].text());
}

TEST_CASE("texts from outside are made printable") {
  const auto text = render_gitlab(told::poisoned(), told::style());
  const auto list = parse_json(text, "the artifact").elements();

  CHECK(list.size() == 8);
  CHECK(text.find("\\u0000") == std::string::npos);
  CHECK(text.find("\\u001b") == std::string::npos);
  CHECK(list[0]["description"].text().find("\\x00\\x01\\x1b[31m") != std::string::npos);
}
