#pragma once

#include <optional>
#include <string>
#include <vector>

namespace pgtool {

/// Does what pgtool starts itself for, such as the guard of a pause: the exit status; nullopt when
/// these are the words of a person.
std::optional<int> run_hidden_word(const std::vector<std::string>& words);

} // namespace pgtool
