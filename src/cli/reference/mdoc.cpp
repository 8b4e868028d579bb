#include "cli/reference/mdoc.hpp"

#include "base/text.hpp"

#include <cctype>

namespace pgtool {
namespace {

// Of the wording, changed by hand: a page must not change because it was built again.
constexpr std::string_view revised = "November 24, 2026";

std::string safe_letter(char letter) {
  return letter == '\\' ? "\\e" : letter == '-' ? "\\-" : std::string(1, letter);
}

/// A line of prose: only hyphens that are part of an option's name become minus signs.
std::string safe_prose(std::string_view line) {
  std::string safe = line.starts_with('.') || line.starts_with('\'') ? "\\&" : "";
  bool is_code = false;
  char before = ' ';
  for (const char letter : line) {
    if (letter == '`') {
      is_code = !is_code;
      safe += is_code ? "\\fB" : "\\fR";
    } else if (letter == '-' && !is_code && std::isalnum(static_cast<unsigned char>(before)) != 0) {
      safe += letter;
    } else {
      safe += safe_letter(letter);
    }
    before = letter;
  }
  return safe;
}

/// Where the sentence that begins at `from` ends.
std::size_t sentence_end(std::string_view text, std::size_t from) {
  const auto end = text.find(". ", from);
  return end == std::string_view::npos ? text.size() : end + 1;
}

} // namespace

Mdoc::Mdoc(std::string_view title, int section, std::string_view summary) {
  macro(".\\\" Made by `pgtool generate " + std::string(title) + "." + std::to_string(section) +
        "`: change nothing here.");
  macro(".Dd " + std::string(revised));
  std::string capitals;
  for (const char letter : title) {
    capitals += static_cast<char>(std::toupper(static_cast<unsigned char>(letter)));
  }
  macro(".Dt " + capitals + " " + std::to_string(section));
  macro(".Os pgtool " PGTOOL_VERSION);
  heading("NAME");
  macro(".Nm " + std::string(title));
  macro(".Nd " + safe_prose(summary));
}

void Mdoc::heading(std::string_view title) { macro(".Sh " + std::string(title)); }

void Mdoc::subheading(std::string_view title) { macro(".Ss " + safe_prose(title)); }

void Mdoc::paragraph(std::string_view content) {
  macro(".Pp");
  text(content);
}

void Mdoc::text(std::string_view content) {
  for (std::size_t at = 0; at < content.size();) {
    const auto end = sentence_end(content, at);
    macro(safe_prose(trim(content.substr(at, end - at))));
    at = end + 1;
  }
}

void Mdoc::macro(std::string_view line) { page_.append(line).append("\n"); }

void Mdoc::literal(std::string_view lines) {
  macro(".Bd -literal -offset indent");
  for (const auto& line : split(lines, '\n')) {
    std::string safe = line.starts_with('.') ? "\\&" : "";
    for (const char letter : line) {
      safe += safe_letter(letter);
    }
    macro(safe);
  }
  macro(".Ed");
}

void Mdoc::begin_list() { macro(".Bl -tag -width Ds"); }

void Mdoc::item(std::string_view tag) { macro(".It " + std::string(tag)); }

void Mdoc::end_list() { macro(".El"); }

std::string mdoc_word(std::string_view word) {
  // Macros have two or three letters, the first a capital.
  const bool is_capital = std::isupper(static_cast<unsigned char>(word.front())) != 0;
  std::string safe = is_capital && word.size() <= 3 ? "\\&" : "";
  for (const char letter : word) {
    safe += safe_letter(letter);
  }
  return safe;
}

} // namespace pgtool
