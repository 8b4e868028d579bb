#include "statement_cases.hpp"

#include "rules/judge.hpp"
#include "rules/rule_table.hpp"

#include <doctest/doctest.h>
#include <map>
#include <set>

using namespace pgtool;

namespace pgtool::test {

std::vector<StatementCase>& statement_cases() {
  static std::vector<StatementCase> cases;
  return cases;
}

} // namespace pgtool::test

namespace {

std::vector<Finding> findings_of(const test::StatementCase& one) {
  Schema schema;
  ReadingTerms terms;
  terms.name = terms.file = "0002.sql";
  terms.pool_mode = one.pool_mode;
  terms.server_version = one.server_version;
  read_statements(read_script(one.history), terms, schema);
  schema.age();
  terms.wrapped = one.wrapped;
  terms.sender = one.django != nullptr ? Sender::migration : Sender::file;
  auto reading = read_statements(read_script(one.sql), terms, schema);
  if (one.django != nullptr) {
    reading.django = one.django();
  }
  return judge(reading);
}

} // namespace

TEST_CASE("each rule about statements speaks where it should, and is silent on the innocent twin") {
  for (const auto& one : test::statement_cases()) {
    CAPTURE(one.slug);
    CAPTURE(one.name);
    CAPTURE(one.sql);
    std::optional<Severity> told;
    for (const auto& finding : findings_of(one)) {
      if (finding.rule == one.slug) {
        told = finding.severity;
        CHECK_FALSE(finding.remedy.empty());
        CHECK(finding.where.line > 0);
      }
    }
    CHECK(told == one.severity);
  }
}

TEST_CASE("each rule about statements has cases of both kinds") {
  std::map<std::string, std::set<bool>> kinds;
  for (const auto& one : test::statement_cases()) {
    kinds[one.slug].insert(one.severity.has_value());
  }
  for (const auto* rule : rule_table()) {
    if (rule->read != nullptr) {
      CAPTURE(rule->slug);
      CHECK(kinds[std::string(rule->slug)].size() == 2);
    }
  }
}
