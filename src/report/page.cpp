#include "report/page.hpp"

#include "base/text.hpp"
#include "base/utf8.hpp"

#include <algorithm>
#include <utility>

namespace pgtool {
namespace {

constexpr std::size_t narrowest_text = 20;

std::string_view escape_of(Ink ink) {
  switch (ink) {
  case Ink::bold:
    return "\x1b[1m";
  case Ink::faint:
    return "\x1b[2m";
  case Ink::good:
    return "\x1b[32m";
  case Ink::caution:
    return "\x1b[33m";
  case Ink::bad:
    return "\x1b[31m";
  case Ink::plain:
    break;
  }
  return {};
}

std::size_t room(std::size_t width, std::size_t taken) {
  return std::max(width, taken + narrowest_text) - taken;
}

std::size_t longest_word(std::string_view text) {
  std::size_t longest = 0;
  for (const auto& word : split_words(text)) {
    longest = std::max(longest, columns(word));
  }
  return longest;
}

std::string padded(std::string text, std::size_t width) {
  const std::size_t used = columns(text);
  return text.append(used < width ? width - used : 0, ' ');
}

void wrap_line(const std::string& line, std::size_t width, std::vector<std::string>& lines) {
  if (line.starts_with(' ') || columns(line) <= width) {
    lines.push_back(line);
    return;
  }
  std::string current;
  for (const auto& word : split_words(line)) {
    if (!current.empty() && columns(current) + 1 + columns(word) > width) {
      lines.push_back(std::exchange(current, {}));
    }
    current += current.empty() ? word : " " + word;
  }
  lines.push_back(current);
}

} // namespace

std::vector<std::string> wrap(std::string_view text, std::size_t width) {
  std::vector<std::string> lines;
  for (const auto& line : split(text, '\n')) {
    wrap_line(line, width, lines);
  }
  return lines;
}

std::string Page::inked(std::string_view content, Ink ink) const {
  const auto escape = color_ ? escape_of(ink) : std::string_view{};
  return escape.empty() ? std::string(content)
                        : std::string(escape).append(content).append("\x1b[0m");
}

void Page::unbroken(std::string_view text, Ink ink) { line(inked(one_line(printable(text)), ink)); }

void Page::line(std::string_view content) {
  if (gap_wanted_ && !text_.empty()) {
    text_ += '\n';
  }
  gap_wanted_ = false;
  if (!heading_.empty()) {
    text_ += inked(std::exchange(heading_, {}), Ink::bold) + "\n";
  }
  text_.append(content).append("\n");
}

void Page::paragraph(std::string_view text, std::size_t indent, Ink ink) {
  for (const auto& piece : wrap(printable(text), room(width_, indent))) {
    line(piece.empty() ? "" : std::string(indent, ' ') + inked(piece, ink));
  }
}

void Page::heading(std::string_view title) {
  gap();
  heading_ = printable(title);
}

void Page::gap() {
  gap_wanted_ = true;
  heading_.clear();
}

void Page::table(const std::vector<Row>& rows, std::size_t indent) {
  // A label wider than a third of the page would squeeze all texts; it gets a line of its own.
  const std::size_t widest_label = std::max(width_ / 3, narrowest_text);
  std::size_t label_width = 0;
  for (const auto& row : rows) {
    const std::size_t width = columns(printable(row.label));
    label_width = width <= widest_label ? std::max(label_width, width) : label_width;
  }
  const std::size_t beside = indent + label_width + 2;
  const std::size_t below = indent + 4;
  for (const auto& row : rows) {
    const std::string label = printable(row.label);
    const std::string text = printable(row.text);
    const std::size_t longest = longest_word(text);
    const bool squeezed = beside + narrowest_text > width_ ||
                          (beside + longest > width_ && below + longest <= width_);
    const std::size_t text_at = squeezed ? std::min(beside, below) : beside;
    std::string start = std::string(indent, ' ') + inked(padded(label, label_width), row.ink);
    if (columns(label) > label_width || text_at < beside) {
      line(std::string(indent, ' ') + inked(label, row.ink));
      start = std::string(text_at - 2, ' ');
    }
    for (const auto& piece : wrap(text, room(width_, text_at))) {
      line(piece.empty() ? start : start + "  " + piece);
      start = std::string(text_at - 2, ' ');
    }
  }
}

} // namespace pgtool
