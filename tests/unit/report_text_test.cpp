#include "base/text.hpp"
#include "base/utf8.hpp"
#include "report/page.hpp"
#include "report/text.hpp"

#include <doctest/doctest.h>

using namespace pgtool;

namespace {

Report detected() {
  Report report;
  report.command = "detect";
  report.verdict = "PgBouncer stands before PostgreSQL";
  report.hint = "pgtool migrate --direct";
  report.route =
      RouteReport{"postgresql://app@pool:6432/shop",
                  "postgresql://app@db:5432/shop",
                  "POSTGRES_HOST",
                  {{"client port", true, "41000"}, {"backend pid", false, "12, not 13"}}};
  report.pooler = PoolerReport{"pgbouncer", "1.18.0", "transaction", "proved", {"it says so"}};
  report.facts.set("server_version", "15.14");
  return report;
}

bool contains(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

} // namespace

TEST_CASE("the verdict is the first line and the next command the last") {
  const std::string text = render_text(detected(), {});

  CHECK(text.starts_with("PgBouncer stands before PostgreSQL\n"));
  CHECK(text.ends_with("\nNext: pgtool migrate --direct\n"));
  CHECK(contains(text, "  pooler          pgbouncer 1.18.0, proved\n"));
  CHECK(contains(text, "  server version  15.14\n"));
  CHECK(contains(text, "  no   backend pid: 12, not 13\n"));
}

TEST_CASE("brief text keeps what is in doubt and leaves out what holds") {
  const std::string text = render_text(detected(), {.brief = true});

  CHECK(contains(text, "backend pid"));
  CHECK_FALSE(contains(text, "client port"));
  CHECK_FALSE(contains(text, "server version"));
}

TEST_CASE("a brief report names only the steps that did not go well") {
  Report report;
  report.verdict = "stopped: 1 of 2 migrations applied";
  report.steps = {{"shop.0001_initial", "done", 0.123}, {"shop.0002_index", "failed", 72.4}};

  CHECK(render_text(report, {.brief = true}) == "stopped: 1 of 2 migrations applied\n"
                                                "\n"
                                                "  failed  shop.0002_index  (72 s)\n");
}

TEST_CASE("a full report names every step") {
  Report report;
  report.verdict = "2 migrations applied directly";
  report.steps = {{"shop.0001_initial", "done", 0.123}, {"shop.0002_index", "done", 72.4}};

  const auto text = render_text(report, {});
  CHECK(text.find("  done  shop.0001_initial  (0.12 s)\n") != std::string::npos);
  CHECK(text.find("  done  shop.0002_index  (72 s)\n") != std::string::npos);
}

TEST_CASE("an empty report is its verdict and nothing else") {
  Report report;
  report.verdict = "nothing to do";

  CHECK(render_text(report, {}) == "nothing to do\n");
}

TEST_CASE("lines keep to the width, and commands to copy stay whole") {
  Report report = detected();
  report.advice = {std::string(30, 'x') + " " + std::string(30, 'y'),
                   "  pgtool migrate --direct --database analytics --settings shop.settings"};
  report.unknown = {{"the console", "the login was refused by the pooler itself", "ask for it"}};

  for (const auto& line : split(render_text(report, {.width = 50}), '\n')) {
    CAPTURE(line);
    CHECK((columns(line) <= 50 || line == report.advice.back()));
  }
}

TEST_CASE("what comes from outside cannot write on the terminal") {
  Report report = detected();
  report.pooler->evidence = {"\x1b]0;title\x07"};
  report.facts.set("na\x1bme", "va\x1blue");
  report.findings = {{"r", Severity::info, "a\rb", {"", 0, "\x1b[2J"}, "", "", ""}};

  const std::string text = render_text(report, {});

  CHECK_FALSE(contains(text, "\x1b"));
  CHECK_FALSE(contains(text, "\r"));
  CHECK(contains(text, "\\x1b]0;title\\x07"));
}

TEST_CASE("colour is there only when it was asked for") {
  Report report = detected();
  report.status = 1;

  CHECK_FALSE(contains(render_text(report, {}), "\x1b"));
  CHECK(render_text(report, {.color = true}).starts_with("\x1b[33mPgBouncer"));
}

TEST_CASE("unknown and findings stay in quiet text") {
  Report report = detected();
  report.unknown = {{"the console", "refused", "give --console-url"}};
  report.findings = {{"pgtool.x", Severity::error, "wrong", {}, "", "", ""}};

  const std::string text = render_text(report, {.quiet = true});

  CHECK(contains(text, "the console: refused"));
  CHECK(contains(text, "error  wrong [pgtool.x]"));
  CHECK_FALSE(contains(text, "Next:"));
}

TEST_CASE("a heading without anything below it is not drawn") {
  Page page(80, false);
  page.paragraph("a");
  page.heading("Empty");
  page.gap();
  page.paragraph("b");

  CHECK(page.text() == "a\n\nb\n");
}

TEST_CASE("a table keeps to a narrow page, even with a long word in it") {
  Page page(40, false);

  page.table(
      {{"--connect-timeout SEC", "Seconds for one connect (default: 2) [PGTOOL_CONNECT_TIMEOUT]"},
       {"--project DIR", "Folder of the Django project [PGTOOL_PROJECT]"}});

  for (const auto& line : split(page.text(), '\n')) {
    CHECK(columns(line) <= 40);
  }
  CHECK(contains(page.text(), "  --connect-timeout SEC\n      Seconds for one connect"));
}

TEST_CASE("a long word that fits below its label goes there") {
  Page page(40, false);

  page.table({{"database", "shop"}, {"pooled", "postgresql://app@pooler:6432/shop"}});

  CHECK(page.text() == "  database  shop\n  pooled\n      postgresql://app@pooler:6432/shop\n");
}

TEST_CASE("silenced findings are counted, and told one by one only when asked for") {
  using By = SilencedFinding::By;
  const auto one = [](By by) {
    return SilencedFinding{{"x", Severity::error, "m", {"a.py", 3, ""}, "", "", "", {}}, by, "why"};
  };
  Report report;
  report.verdict = "fine";
  report.silenced = {one(By::configuration)};
  CHECK(render_text(report, {}) == "fine\n\n  1 finding is silenced by configuration\n");

  report.silenced.push_back(one(By::baseline));
  report.silenced.push_back(one(By::source));
  CHECK(render_text(report, {}) ==
        "fine\n\n  3 findings are silenced: 1 by configuration, 1 by comments in the source, 1 by\n"
        "  the baseline\n");
  CHECK(render_text(report, {.quiet = true}) == "fine\n");

  report.silenced = {one(By::source), one(By::source)};
  const std::string each = "    - m [x]\n      a.py:3\n      by comments in the source: why\n";
  CHECK(render_text(report, {.silenced = true}) ==
        "fine\n\n  2 findings are silenced by comments in the source\n" + each + each);
}

TEST_CASE("of more findings than a person reads those that are alike share an entry") {
  const auto one = [](const std::string& file, int line) {
    return Finding{
        "x", Severity::error, "a is locked", {file, line, "a"}, "", "-- first\ndo it", "", {}};
  };
  Report report;
  report.verdict = "no";
  for (int line = 1; line <= 12; ++line) {
    report.findings.push_back(one("a.sql", line));
  }
  const auto all = render_text(report, {});
  CHECK(contains(all, "a.sql:12"));
  CHECK(!contains(all, "like it"));

  report.findings.push_back(one("b.sql", 7));
  const auto folded = render_text(report, {});
  CHECK(contains(folded, "a.sql:1 a\n"));
  CHECK(!contains(folded, "a.sql:2"));
  CHECK(contains(folded, "and 11 like it, on lines 2, 3, 4, 5, 6, 7, 8, 9 and more: a\n"));
  CHECK(contains(folded, "b.sql:7 a\n"));
  // Its remedy stands below the first one.
  CHECK(folded.find("do it") == folded.rfind("do it"));
  CHECK(contains(folded, "--format json"));
}
