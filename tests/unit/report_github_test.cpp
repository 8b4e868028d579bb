#include "base/text.hpp"
#include "report/github.hpp"
#include "told_report.hpp"

#include <doctest/doctest.h>

using namespace pgtool;

TEST_CASE("findings are annotations, and the verdict is the last line") {
  CHECK(render_github(told::checked(), told::style()) ==
        "::error file=web/settings.py,line=12,title=pgtool.server-side-cursors::"
        "cursors break%0Ain transaction mode%0Aset DISABLE_SERVER_SIDE_CURSORS%0Aat default\n"
        "::notice title=pgtool.conn-age::ages%0Aat default\n"
        "::warning title=pgtool.remark::odd%0Aat /etc/pgbouncer.ini:3\n"
        "::warning title=could not be examined::the console: refused%0Aname a user\n"
        "pgtool check: 2 findings\n");
}

TEST_CASE("what fails without a finding is an error of its own") {
  Report report;
  report.command = "migrate";
  report.status = 1;
  report.verdict = "not proved direct";
  report.hint = "name it";

  CHECK(render_github(report, told::style()) ==
        "::error title=pgtool.migrate::not proved direct%0Aname it\n"
        "pgtool migrate: not proved direct\n");
  report.status = 0;
  CHECK(render_github(report, told::style()) == "pgtool migrate: not proved direct\n");
}

TEST_CASE("a finding below the fail level does not account for a no") {
  Report report;
  report.status = 1;
  report.verdict = "no";
  report.findings = {{"x", Severity::warning, "m", {}, "", "", "", {}}};
  auto style = told::style();

  CHECK(render_github(report, style) == "::warning title=pgtool.x::m\n"
                                        "::error title=pgtool::no\n"
                                        "pgtool: no\n");
  style.fail_level = Severity::warning;
  CHECK(render_github(report, style) == "::warning title=pgtool.x::m\npgtool: no\n");
}

TEST_CASE("what a command means is escaped as the toolkit does it") {
  Report report;
  report.verdict = "v";
  report.findings = {
      {"a:b,c%", Severity::error, "50%, a: b\nc", {"x,y:z%.py", 2, ""}, "", "", "", {}}};

  CHECK(render_github(report, told::style()) ==
        "::error file=web/x%2Cy%3Az%25.py,line=2,title=pgtool.a%3Ab%2Cc%25::50%25, a: b%0Ac\n"
        "pgtool: v\n");
}

TEST_CASE("the parts of a report are named in the titles") {
  Report report;
  report.command = "detect";
  report.verdict = "v";
  report.parts.emplace_back();
  report.parts[0].title = "Alias replica";
  report.parts[0].status = 3;
  report.parts[0].verdict = "no answer";
  report.parts[0].findings = {{"x", Severity::info, "m", {}, "", "", "", {}}};

  CHECK(render_github(report, told::style()) ==
        "::notice title=pgtool.x (Alias replica)::m\n"
        "::error title=pgtool.detect%3A Alias replica::no answer\n"
        "pgtool detect: v\n");
}

TEST_CASE("nothing that is quoted becomes a command") {
  const auto lines = split(render_github(told::poisoned(), told::style()), '\n');

  REQUIRE(lines.size() == 10); // 2 × (2 findings, 1 unknown, 1 verdict), the verdict, the end
  for (std::size_t i = 0; i < 8; ++i) {
    CHECK((lines[i].starts_with("::error ") || lines[i].starts_with("::warning title=")));
    CHECK(lines[i].find('\r') == std::string::npos);
    const auto head = lines[i].substr(2, lines[i].find("::", 2) - 2);
    CHECK(split(head, ',').size() <= 3);
  }
  CHECK(lines[8].starts_with("pgtool check: "));
  CHECK(lines[8].find("##[") == std::string::npos);
  CHECK(lines[9].empty());
}

TEST_CASE("plain text for GitHub is one line without the older form of commands") {
  CHECK(without_commands("a\n::error::b\r##[add-mask]c ##[[") ==
        "a ::error::b\\x0d# #[add-mask]c # #[[");
}
