#include "commands/check/baseline.hpp"
#include "commands/check/ignore_comments.hpp"
#include "commands/check/silencing.hpp"
#include "model/fingerprint.hpp"

#include <doctest/doctest.h>

using namespace pgtool;

namespace {

Finding finding(std::string rule, std::string file, std::string object) {
  Finding one;
  one.rule = std::move(rule);
  one.message = "it is 80 of 100";
  one.where = {std::move(file), 3, std::move(object)};
  return one;
}

Report silenced_by(const CheckOptions& options, std::vector<std::string> checks = {}) {
  Report report;
  report.findings = {finding("auth-md5", "no/such/pgbouncer.ini", "auth_type"),
                     finding("tls-off", "", "default")};
  silence(report, {options, std::move(checks), "2026-11-28"});
  return report;
}

} // namespace

TEST_CASE("a rule that is ignored does not count, and its reason is kept") {
  CheckOptions options;
  options.ignore = {{"auth-md5", "", "old clients", "", "pgtool.yaml:4"}};
  const auto report = silenced_by(options);

  REQUIRE(report.silenced.size() == 1);
  CHECK(report.silenced[0].finding.rule == "auth-md5");
  CHECK(report.silenced[0].reason == "old clients (pgtool.yaml:4)");
  CHECK(report.findings.size() == 1);
}

TEST_CASE("an ignore holds for its place only") {
  CheckOptions options;
  options.ignore = {{"auth-md5", "*/other.ini", "", "", "pgtool.yaml:4"}};
  CHECK(silenced_by(options).silenced.empty());

  options.ignore = {{"auth-md5", "*/pgbouncer.ini", "", "", "pgtool.yaml:4"}};
  CHECK(silenced_by(options).silenced.size() == 1);

  options.ignore = {{"tls-off", "default", "", "", "pgtool.yaml:4"}};
  CHECK(silenced_by(options).silenced.size() == 1);
}

TEST_CASE("an ignore holds up to its last day, and then says so") {
  CheckOptions options;
  options.ignore = {{"auth-md5", "", "", "2026-11-28", "pgtool.yaml:4"}};
  CHECK(silenced_by(options).silenced.size() == 1);

  options.ignore[0].until = "2026-11-27";
  const auto report = silenced_by(options);
  CHECK(report.silenced.empty());
  CHECK(report.findings[0].detail == "it was ignored until 2026-11-27 (pgtool.yaml:4)");
}

TEST_CASE("Django's own list of silenced checks counts") {
  CHECK(silenced_by({}, {"pgtool.tls-off", "fields.W904"}).silenced.size() == 1);
  CHECK(silenced_by({}, {"tls-off"}).silenced.empty());
}

TEST_CASE("only selected rules are told") {
  CheckOptions options;
  options.select = {"tls-off"};
  const auto report = silenced_by(options);

  REQUIRE(report.findings.size() == 1);
  CHECK(report.findings[0].rule == "tls-off");
  CHECK(report.silenced.empty());
}

TEST_CASE("a comment on the line, or alone above it, ignores a rule") {
  constexpr const char* text = "a = 1  # pgtool: ignore[one, pgtool.two] since 2019\n"
                               "# pgtool: ignore[three]\n"
                               "b = 2\n"
                               "; pgtool: ignore[four] ini\n"
                               "c = 3\n";

  CHECK(ignore_reason(text, 1, "one") == "since 2019");
  CHECK(ignore_reason(text, 1, "two") == "since 2019");
  CHECK_FALSE(ignore_reason(text, 2, "one")); // the line above holds something else, too
  CHECK(ignore_reason(text, 3, "three") == "");
  CHECK_FALSE(ignore_reason(text, 5, "three"));
  CHECK(ignore_reason(text, 5, "four") == "ini");
  CHECK_FALSE(ignore_reason(text, 3, "one"));
  CHECK(ignore_reason(text, 0, "one") == "since 2019");
  CHECK_FALSE(ignore_reason("# pgtool: ignore[one\n", 1, "one"));
  CHECK_FALSE(ignore_reason("", 1, "one"));
}

TEST_CASE("a fingerprint stays when lines and counts change, and differs by place") {
  std::vector<Finding> all = {finding("a", "/tree/x.ini", "k"), finding("a", "/tree/x.ini", "k"),
                              finding("a", "/tree/y.ini", "k"), finding("a", "/tree/x.ini", "")};
  auto moved = all;
  for (auto& one : moved) {
    one.where.line = 99;
    one.message = "it is 90 of 200";
    one.where.file = "/elsewhere" + one.where.file.substr(5);
  }
  add_fingerprints(all, "/tree");
  add_fingerprints(moved, "/elsewhere");

  for (std::size_t i = 0; i < all.size(); ++i) {
    CHECK(all[i].fingerprint == moved[i].fingerprint);
    for (std::size_t other = 0; other < i; ++other) {
      CHECK(all[i].fingerprint != all[other].fingerprint);
    }
  }
}

TEST_CASE("a baseline silences what it lists, and counts what is gone") {
  Report report;
  report.findings = {finding("a", "x", "k"), finding("b", "x", "k")};
  add_fingerprints(report.findings, "/");
  auto baseline = baseline_of({report.findings[0]}, "/");
  baseline.entries.push_back({"0123456789abcdef", "c", "x"});

  CHECK(apply_baseline(baseline, report) == 1);
  REQUIRE(report.silenced.size() == 1);
  CHECK(report.silenced[0].by == SilencedFinding::By::baseline);
  CHECK(report.findings[0].rule == "b");
}
