#include "rules/judge.hpp"

#include <doctest/doctest.h>

using namespace pgtool;

namespace {

std::vector<Finding> findings_of(Sender sender, const std::string& sql) {
  Schema schema;
  ReadingTerms terms;
  terms.name = terms.file = "here";
  terms.sender = sender;
  terms.pool_mode = "transaction";
  return judge(read_statements(read_script(sql), terms, schema));
}

std::string remedy_of(Sender sender, const std::string& sql) {
  const auto findings = findings_of(sender, sql);
  REQUIRE(findings.size() == 1);
  return findings.front().remedy;
}

} // namespace

TEST_CASE("the remedy is what the sender of the statements can do") {
  const std::string sql = "listen orders";

  CHECK(remedy_of(Sender::migration, sql).find("pgtool migrate --direct") != std::string::npos);
  CHECK(remedy_of(Sender::file, sql).find("psql") != std::string::npos);
  CHECK(remedy_of(Sender::application, sql).find("alias") != std::string::npos);
  CHECK(remedy_of(Sender::migration, "alter table a drop b").find("RemoveField") !=
        std::string::npos);
}

TEST_CASE("nobody says of a call whether its caller has opened a transaction, or will end it") {
  CHECK(findings_of(Sender::application, "set local lock_timeout = 1").empty());
  CHECK(findings_of(Sender::application, "begin").empty());
  CHECK(findings_of(Sender::application, "create temp table a (b int) on commit drop").empty());
  CHECK(findings_of(Sender::file, "set local lock_timeout = 1").size() == 1);
  CHECK(findings_of(Sender::file, "begin").size() == 1);
}

TEST_CASE("a value that a statement sets is in no part of a finding") {
  for (const auto* sql :
       {"set app.key = 'tellnobody'", "select set_config('app.key', 'tellnobody', false)",
        "set role 'tellnobody'", "load 'tellnobody'", "set session authorization 'tellnobody'",
        "alter type mood rename value 'tellnobody' to 'tellnobody2'"}) {
    CAPTURE(sql);
    const auto findings = findings_of(Sender::file, sql);
    CHECK(findings.size() == 1);
    for (const auto& finding : findings) {
      const auto all = finding.message + finding.remedy + finding.detail + finding.where.object;
      CHECK(all.find("tellnobody") == std::string::npos);
    }
  }
}
