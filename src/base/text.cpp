#include "base/text.hpp"

#include "base/error.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cmath>

namespace pgtool {
namespace {

constexpr std::string_view white_space = " \t\r\n\f\v";

template <typename Number> std::optional<Number> parse_whole(std::string_view text) {
  Number number{};
  const char* end = text.data() + text.size();
  const auto [stop, code] = std::from_chars(text.data(), end, number);
  if (code != std::errc{} || stop != end || text.empty()) {
    return std::nullopt;
  }
  return number;
}

struct Unit {
  std::string_view name;
  double seconds;
};
constexpr std::array units = {Unit{"ms", 0.001}, Unit{"s", 1}, Unit{"m", 60}, Unit{"h", 3600},
                              Unit{"d", 86400}};

// Longer waits are typing errors, and would overflow what counts milliseconds in an int.
constexpr double longest_duration = 20 * 86400.0;

std::optional<double> duration_of(std::string_view text) {
  const auto unit_at = std::min(text.find_first_not_of("0123456789."), text.size());
  const auto number = parse_real(text.substr(0, unit_at));
  const auto name = trim(text.substr(unit_at));
  const auto* unit = std::find_if(units.begin(), units.end(),
                                  [&](const Unit& known) { return known.name == name; });
  if (!number || *number < 0 || (unit == units.end() && !name.empty())) {
    return std::nullopt;
  }
  return *number * (name.empty() ? 1.0 : unit->seconds);
}

/// ASCII letters of the case that `first` begins, in that of `to`.
std::string shifted(std::string_view text, char first, char to) {
  std::string changed(text);
  for (char& letter : changed) {
    if (letter >= first && letter <= first + ('z' - 'a')) {
      letter = static_cast<char>(letter - first + to);
    }
  }
  return changed;
}

} // namespace

std::string_view trim(std::string_view text) {
  const auto first = text.find_first_not_of(white_space);
  if (first == std::string_view::npos) {
    return {};
  }
  return text.substr(first, text.find_last_not_of(white_space) - first + 1);
}

std::string first_line(std::string_view text) {
  return std::string(text.substr(0, text.find('\n')));
}

std::string one_line(std::string text) {
  std::replace_if(
      text.begin(), text.end(),
      [](char letter) { return static_cast<unsigned char>(letter) < ' ' || letter == 0x7F; }, ' ');
  return text;
}

std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> pieces;
  for (auto at = text.find(separator); at != std::string_view::npos; at = text.find(separator)) {
    pieces.emplace_back(text.substr(0, at));
    text.remove_prefix(at + 1);
  }
  pieces.emplace_back(text);
  return pieces;
}

std::vector<std::string> split_words(std::string_view text) {
  std::vector<std::string> words;
  for (text = trim(text); !text.empty(); text = trim(text)) {
    const auto end = std::min(text.find_first_of(white_space), text.size());
    words.emplace_back(text.substr(0, end));
    text.remove_prefix(end);
  }
  return words;
}

std::string join(const std::vector<std::string>& pieces, std::string_view separator) {
  std::string joined;
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    joined += i == 0 ? std::string_view{} : separator;
    joined += pieces[i];
  }
  return joined;
}

std::string upper(std::string_view text) { return shifted(text, 'a', 'A'); }

std::string lower(std::string_view text) { return shifted(text, 'A', 'a'); }

std::string percent_encoded(std::string_view text, std::string_view allowed) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       allowed.find(c) != std::string_view::npos;
    if (plain) {
      out += c;
    } else {
      out += {'%', digits[byte >> 4U], digits[byte & 15U]};
    }
  }
  return out;
}

std::optional<std::int64_t> parse_integer(std::string_view text) {
  return parse_whole<std::int64_t>(text);
}

std::optional<double> parse_real(std::string_view text) {
  const auto number = parse_whole<double>(text);
  return number && std::isfinite(*number) ? number : std::nullopt;
}

bool is_date(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') {
    return false;
  }
  const auto year = parse_integer(text.substr(0, 4));
  const auto month = parse_integer(text.substr(5, 2));
  const auto day = parse_integer(text.substr(8, 2));
  return year && month && day && *year > 0 && *month > 0 && *day > 0 &&
         std::chrono::year_month_day{std::chrono::year(static_cast<int>(*year)),
                                     std::chrono::month(static_cast<unsigned>(*month)),
                                     std::chrono::day(static_cast<unsigned>(*day))}
             .ok();
}

std::optional<bool> parse_truth(std::string_view text) {
  const std::string word = lower(text);
  if (word == "true" || word == "yes" || word == "on" || word == "1") {
    return true;
  }
  if (word == "false" || word == "no" || word == "off" || word == "0") {
    return false;
  }
  return std::nullopt;
}

double parse_duration(std::string_view text, std::string_view name) {
  const std::string prefix = name.empty() ? std::string() : std::string(name) + ": ";
  const auto seconds = duration_of(trim(text));
  if (!seconds) {
    throw Error(Failure::usage, prefix + "'" + std::string(text) + "' is not a duration",
                "write 500ms, 2s, 10m, 1h or a number of seconds");
  }
  if (*seconds > longest_duration) {
    throw Error(Failure::usage, prefix + "'" + std::string(text) + "' is too long",
                "the longest duration is 20d");
  }
  return *seconds;
}

std::size_t edit_distance(std::string_view from, std::string_view to) {
  std::vector<std::vector<std::size_t>> cost(from.size() + 1,
                                             std::vector<std::size_t>(to.size() + 1));
  for (std::size_t i = 0; i <= from.size(); ++i) {
    for (std::size_t j = 0; j <= to.size(); ++j) {
      if (i == 0 || j == 0) {
        cost[i][j] = i + j;
        continue;
      }
      const std::size_t replaced = cost[i - 1][j - 1] + (from[i - 1] == to[j - 1] ? 0 : 1);
      cost[i][j] = std::min({cost[i - 1][j] + 1, cost[i][j - 1] + 1, replaced});
      if (i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1]) {
        cost[i][j] = std::min(cost[i][j], cost[i - 2][j - 2] + 1);
      }
    }
  }
  return cost[from.size()][to.size()];
}

std::optional<std::string> nearest(std::string_view word,
                                   const std::vector<std::string>& candidates) {
  // One slip in a short word, two in a long one: more would suggest what nobody meant.
  constexpr std::size_t longest_word = 64;
  std::optional<std::string> best;
  std::size_t best_distance = word.size() <= 4 ? 2 : 3;
  if (word.empty() || word.size() > longest_word) {
    return best;
  }
  for (const auto& candidate : candidates) {
    const bool is_far = word.size() >= candidate.size() + best_distance ||
                        candidate.size() >= word.size() + best_distance;
    if (is_far) {
      continue; // by their lengths alone
    }
    const std::size_t distance = edit_distance(word, candidate);
    if (distance < best_distance && distance < candidate.size()) {
      best = candidate;
      best_distance = distance;
    }
  }
  return best;
}

} // namespace pgtool
