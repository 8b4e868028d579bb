#include "commands/hidden_words.hpp"

#include "connector/pause_keeper.hpp"

namespace pgtool {

std::optional<int> run_hidden_word(const std::vector<std::string>& words) {
  const bool is_guard = words.size() == 1 && words.front() == pause_guard_word;
  return is_guard ? std::optional(keep_pause()) : std::nullopt;
}

} // namespace pgtool
