#include "rules/cases.hpp"

#include "rules/judge.hpp"
#include "rules/rule_table.hpp"

#include <algorithm>
#include <doctest/doctest.h>

using namespace pgtool;
using namespace pgtool::test;

namespace pgtool::test {

std::vector<RuleCase>& rule_cases() {
  static std::vector<RuleCase> cases;
  return cases;
}

} // namespace pgtool::test

namespace {

std::set<std::string> rules_of(const std::vector<Finding>& findings) {
  std::set<std::string> rules;
  for (const auto& finding : findings) {
    rules.insert(finding.rule);
  }
  return rules;
}

} // namespace

TEST_CASE("no rule has anything to say of a well-configured deployment") {
  const auto findings = judge(well_configured());

  for (const auto& finding : findings) {
    FAIL_CHECK(finding.rule << ": " << finding.message);
  }
}

TEST_CASE("each rule speaks where it should, alone, and is silent on the innocent twin") {
  for (const auto& one : rule_cases()) {
    CAPTURE(one.slug);
    CAPTURE(one.name);
    const auto findings = judge(one.make());
    auto rules = rules_of(findings);
    CHECK(rules.contains(one.slug) == one.severity.has_value());
    for (const auto& finding : findings) {
      if (finding.rule == one.slug) {
        CHECK(finding.severity == one.severity);
        CHECK_FALSE(finding.message.empty());
        CHECK_FALSE(finding.remedy.empty());
      } else if (one.severity && !one.also.contains(finding.rule)) {
        FAIL_CHECK("also said: " << finding.rule << ": " << finding.message);
      }
    }
  }
}

TEST_CASE("every rule that judges a deployment has a case that fires and an innocent twin") {
  for (const auto* rule : rule_table()) {
    if (rule->look == nullptr) {
      continue; // the scenarios have them: tests/rules.py looks
    }
    CAPTURE(rule->slug);
    const auto has = [&](bool that_fires) {
      return std::any_of(rule_cases().begin(), rule_cases().end(), [&](const RuleCase& one) {
        return one.slug == rule->slug && one.severity.has_value() == that_fires;
      });
    };
    CHECK(has(true));
    CHECK(has(false));
  }
}

TEST_CASE("every case is about a rule that there is") {
  for (const auto& one : rule_cases()) {
    CAPTURE(one.slug);
    CHECK(find_rule(one.slug) != nullptr);
  }
}

TEST_CASE("every rule says what it is about") {
  std::set<std::string_view> slugs;
  for (const auto* rule : rule_table()) {
    CAPTURE(rule->slug);
    CHECK(slugs.insert(rule->slug).second);
    CHECK_FALSE(rule->summary.empty());
    CHECK_FALSE(rule->why.empty());
    CHECK_FALSE(rule->remedy.empty());
    CHECK(rule->summary.size() <= 90);
    CHECK_FALSE(rule->summary.ends_with('.'));
    CHECK_FALSE(grades_text(rule->grades).empty());
  }
}
