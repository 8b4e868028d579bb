#pragma once

#include "rules/reading/reading.hpp"
#include "rules/remedies/safe_steps.hpp"

#include <string>
#include <string_view>

namespace pgtool {

/// What takes the place of the statement of a step, ready to be pasted: SQL, or in a migration the
/// operations that take the place of the one that sends it. What is for the reader stands in
/// comments; what is for the next release is a comment, too. "" where nobody can write it for this
/// very statement.
std::string safe_form(const Reading& reading, const ReadStep& step, std::string_view rule);

/// The same of steps that the rule knows itself.
std::string safe_form(const Reading& reading, const ReadStep& step, std::string_view rule,
                      const SafeSteps& steps);

/// What Django's bridge says for that rule of the operation that sends the statement; "" for none.
std::string own_form(const Reading& reading, const ReadStep& step, std::string_view rule);

/// Steps as SQL, each behind its semicolon.
std::string sql_of(const SafeSteps& steps);

/// The operation of a migration that sends a statement; null for that of something else.
const DjangoOperation* operation_of(const Reading& reading, std::size_t statement);

} // namespace pgtool
