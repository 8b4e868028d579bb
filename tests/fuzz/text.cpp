#include "base/text.hpp"

#include "base/error.hpp"
#include "base/shell_words.hpp"
#include "base/utf8.hpp"
#include "fuzz_target.hpp"

#include <algorithm>

namespace pgtool::fuzz {
namespace {

void check_duration(std::string_view bytes) {
  try {
    const double seconds = parse_duration(bytes, "--wait");
    require(seconds >= 0 && seconds <= 20 * 86400.0, "a duration has bounds");
  } catch (const Error& error) {
    require(error.kind() == Failure::usage, "what is no duration is an error of usage");
    require(std::string_view(error.what()).starts_with("--wait: "), "an error names the option");
  }
}

std::string shell_line(const std::vector<std::string>& words) {
  std::string line;
  for (const auto& word : words) {
    line += quoted_for_shell(word) + " ";
  }
  return line;
}

void check_shell_words(std::string_view bytes) {
  const std::vector<std::string> whole{std::string(bytes)};
  require(split_shell_words(shell_line(whole), "--manage") == whole, "a quoted word is one word");
  try {
    const auto words = split_shell_words(bytes, "--manage");
    require(split_shell_words(shell_line(words), "--manage") == words, "quoted words are the same");
  } catch (const Error& error) {
    require(std::string_view(error.what()).starts_with("--manage: "), "an error names its source");
  }
}

bool is_safe_on_a_terminal(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char letter) {
    const auto byte = static_cast<unsigned char>(letter);
    return letter == '\n' || (byte >= 0x20 && byte != 0x7F);
  });
}

void check_utf8(std::string_view bytes) {
  const auto clean = replace_invalid_utf8(bytes);
  const auto shown = printable(bytes);

  require(replace_invalid_utf8(clean) == clean, "what was replaced is valid");
  require(columns(clean) == columns(bytes), "replacing keeps the number of code points");
  require(printable(shown) == shown && is_safe_on_a_terminal(shown), "printable text is safe");
}

void check_pieces(std::string_view bytes) {
  require(join(split(bytes, ','), ",") == bytes, "joining undoes splitting");
  require(trim(trim(bytes)) == trim(bytes), "a trimmed text stays");
  if (const auto number = parse_integer(bytes)) {
    require(parse_integer(std::to_string(*number)) == number, "a number is read again");
  }
  const auto word = bytes.substr(0, 80);
  require(edit_distance(word, word) == 0, "a text has no distance from itself");
  if (const auto meant = nearest(word, {"pool_mode", "host"})) {
    require(*meant == "pool_mode" || *meant == "host", "a candidate is the nearest");
  }
}

void check_text(std::string_view bytes) {
  check_duration(bytes);
  check_shell_words(bytes);
  check_utf8(bytes);
  check_pieces(bytes);
}

const Target target("text", check_text);

} // namespace
} // namespace pgtool::fuzz
