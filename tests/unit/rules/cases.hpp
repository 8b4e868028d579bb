#pragma once

#include "rules/deployment.hpp"

#include <optional>
#include <set>
#include <string>
#include <vector>

namespace pgtool::test {

/// A deployment on which a rule speaks, or on which it must be silent although it nearly would not.
struct RuleCase {
  std::string slug;
  std::string name;                 ///< a sentence
  std::optional<Severity> severity; ///< nothing: the rule is silent
  Deployment (*make)();
  std::set<std::string> also{}; ///< other rules that may speak on the same deployment
};

/// Every case of every file; rule_cases_test.cpp runs them, and demands both kinds of each rule.
std::vector<RuleCase>& rule_cases();

/// Puts a case into that list before main().
struct Registered {
  explicit Registered(RuleCase one) { rule_cases().push_back(std::move(one)); }
};

/// The rule speaks, with that severity, and no other rule does.
inline RuleCase fires(std::string slug, Severity severity, std::string name, Deployment (*make)(),
                      std::set<std::string> also = {}) {
  return {std::move(slug), std::move(name), severity, make, std::move(also)};
}

/// The nearest innocent twin: the rule says nothing.
inline RuleCase silent(std::string slug, std::string name, Deployment (*make)()) {
  return {std::move(slug), std::move(name), std::nullopt, make};
}

/// PgBouncer 1.18 in transaction mode on a private address, with SCRAM and room for its pools; one
/// alias that fits it, and a proved direct endpoint; a server with its settings on the role. No
/// rule has anything to say of it. Cases change the one thing that they are about.
Deployment well_configured();

/// Sets a key as if it stood in the pooler's file.
void set(PoolerFacts& pooler, const std::string& key, const std::string& value);

} // namespace pgtool::test
