#include "commands/check/ignore_comments.hpp"

#include "base/text.hpp"
#include "rules/rule_table.hpp"

#include <algorithm>

namespace pgtool {
namespace {

constexpr std::string_view mark = "pgtool: ignore[";

/// The comment of a line, without what begins it; a `#` in a text is found, too, which does no
/// harm: no text says `pgtool: ignore[…]` by chance.
std::optional<std::string_view> comment_of(std::string_view line) {
  const auto start = trim(line);
  if (start.starts_with(';')) {
    return start.substr(1);
  }
  const auto begin = std::min(line.find('#'), line.find("--")); // Python's and SQL's
  return begin == std::string_view::npos ? std::nullopt : std::optional(line.substr(begin + 1));
}

bool is_comment_alone(std::string_view line) {
  const auto start = trim(line);
  return start.starts_with('#') || start.starts_with(';') || start.starts_with("--");
}

std::optional<std::string> reason_in(std::string_view line, std::string_view rule) {
  const auto comment = comment_of(line);
  const auto at = comment ? comment->find(mark) : std::string_view::npos;
  if (at == std::string_view::npos) {
    return std::nullopt;
  }
  const auto rest = comment->substr(at + mark.size());
  const auto end = rest.find(']');
  if (end == std::string_view::npos) {
    return std::nullopt;
  }
  for (const auto& word : split(rest.substr(0, end), ',')) {
    if (bare_slug(trim(word)) == rule) {
      return std::string(trim(rest.substr(end + 1)));
    }
  }
  return std::nullopt;
}

} // namespace

std::optional<std::string> ignore_reason(std::string_view text, int line, std::string_view rule) {
  if (text.find(mark) == std::string_view::npos) {
    return std::nullopt;
  }
  const auto lines = split(text, '\n');
  for (int number = 1; number <= static_cast<int>(lines.size()); ++number) {
    const auto& one = lines[static_cast<std::size_t>(number - 1)];
    const bool is_meant =
        line == 0 || number == line || (number == line - 1 && is_comment_alone(one));
    if (!is_meant) {
      continue;
    }
    if (auto reason = reason_in(one, rule)) {
      return reason;
    }
  }
  return std::nullopt;
}

} // namespace pgtool
