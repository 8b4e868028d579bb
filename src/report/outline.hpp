#pragma once

#include "model/report.hpp"

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace pgtool {

/// The report, then its parts.
std::vector<const Report*> with_parts(const Report& report);

/// The name of a rule as it is shown: "pgtool.server-side-cursors". A finding of no rule has one,
/// too.
std::string rule_id(std::string_view rule);

/// The row about that rule among those of the report; null when there is none.
const RuleText* rule_of(const Report& report, const Finding& finding);

/// What a finding says, a line for each of its parts; without its place.
std::string words_of(const Finding& finding);
/// The verdict and what to do next.
std::string words_of_verdict(const Report& report);
/// "why; cure"
std::string words_of(const Unknown& unknown);

/// "pgtool.detect", "pgtool.detect: Alias replica".
std::string name_of(const Report& report, const Report& part);

/// Whether the command could not do what it was asked for: more than a "no".
bool is_broken(const Report& part);
/// Whether its status is a "no" that none of its findings accounts for.
bool is_bare_refusal(const Report& part, Severity fail_level);

/// A name for what these texts say, the same in every run: 16 hexadecimal digits.
std::string fingerprint_of(std::initializer_list<std::string_view> texts);

} // namespace pgtool
