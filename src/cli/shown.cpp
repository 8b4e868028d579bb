#include "cli/shown.hpp"

#include "base/utf8.hpp"

#include <algorithm>

namespace pgtool {
namespace {

std::string quoted_for_shell(const std::string& word) {
  constexpr std::string_view plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                     "0123456789-_=./:,@%+";
  if (!word.empty() && word.find_first_not_of(plain) == std::string::npos) {
    return word;
  }
  std::string quoted = "'";
  for (const char c : word) {
    quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  }
  return quoted + "'";
}

} // namespace

std::string shown(std::string_view word) {
  constexpr std::size_t longest = 60;
  const auto secret_from = word.find_first_of("=:");
  const bool cut = secret_from != std::string_view::npos || word.size() > longest;
  return printable(word.substr(0, std::min(secret_from, longest))) + (cut ? "…" : "");
}

std::string printable_command(const std::vector<std::string>& words) {
  std::string line;
  bool is_url = false;
  for (const auto& word : words) {
    const auto equals = word.find("-url=");
    const bool has_url = word.starts_with("--") && equals != std::string::npos;
    const auto text = is_url ? "URL" : has_url ? word.substr(0, equals) + "-url=URL" : word;
    is_url = word.starts_with("--") && word.ends_with("-url");
    line += (line.empty() ? "" : " ") + quoted_for_shell(text);
  }
  return line;
}

} // namespace pgtool
