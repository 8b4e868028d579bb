#include "pooler/config/server_settings.hpp"

#include "base/text.hpp"

namespace pgtool {
namespace {

constexpr std::string_view setting = "max_connections";

/// The digits at the start; nothing where there are none.
std::optional<std::string> digits_of(std::string_view text) {
  const auto end = text.find_first_not_of("0123456789");
  const auto digits = text.substr(0, end);
  return digits.empty() || digits.size() > 6 ? std::nullopt : std::optional(std::string(digits));
}

/// What stands behind the name in a line that sets it: `= '200'`, `200`.
std::optional<std::string> value_in(std::string_view line) {
  line = trim(line);
  if (!lower(line.substr(0, setting.size())).starts_with(setting)) {
    return std::nullopt;
  }
  line.remove_prefix(setting.size());
  const auto value = line.find_first_not_of(" \t='");
  const bool is_name_over = !line.empty() && std::string_view(" \t=").find(line[0]) != line.npos;
  return is_name_over && value != std::string_view::npos ? digits_of(line.substr(value))
                                                         : std::nullopt;
}

} // namespace

std::optional<ToldConnections> max_connections_of_file(std::string_view text) {
  std::optional<ToldConnections> found;
  int number = 0;
  for (const auto& line : split(text, '\n')) {
    ++number;
    if (auto value = value_in(line)) {
      found = ToldConnections{std::move(*value), number};
    }
  }
  return found;
}

std::optional<std::string> max_connections_of_command(std::string_view command) {
  const auto words = split_words(command);
  std::optional<std::string> found;
  for (std::size_t at = 0; at < words.size(); ++at) {
    std::string_view word = words[at];
    if (const auto behind = word.find("max_connections="); behind != std::string_view::npos) {
      found = digits_of(word.substr(behind + setting.size() + 1));
    } else if (word == "-N" && at + 1 < words.size()) {
      found = digits_of(words[at + 1]);
    }
  }
  return found;
}

} // namespace pgtool
