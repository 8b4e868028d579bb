#include "cli/status_line.hpp"

#include "base/error.hpp"
#include "base/utf8.hpp"
#include "base/write_all.hpp"

#include <fmt/core.h>
#include <sys/ioctl.h>
#include <unistd.h>

namespace pgtool {
namespace {

// Control functions of ECMA-48 and DEC's VT100, which every terminal emulator knows.
constexpr const char* save = "\0337"; // with colours and the like
constexpr const char* restore = "\0338";
constexpr const char* index_down = "\033D"; // to the next line, in the same column
constexpr int fewest_rows = 5;
constexpr int fewest_columns = 20;

winsize size_of_terminal() {
  winsize size{};
  return ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 ? size : winsize{};
}

/// As much of it as fits: of UTF-8, a column for each character.
std::string cut(const std::string& text, int columns) {
  std::string kept;
  int used = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const bool begins = (static_cast<unsigned char>(text[at]) & 0xC0) != 0x80;
    if (begins && ++used > columns) {
      break;
    }
    kept += text[at];
  }
  return kept;
}

void put(const std::string& text) {
  try {
    write_all(STDERR_FILENO, text);
  } catch (const Error&) {
    // It only shows how far things are.
  }
}

} // namespace

StatusLine::StatusLine(const Environment& environment) {
  const auto term = environment.find("TERM");
  possible_ = isatty(STDERR_FILENO) == 1 && term != environment.end() && !term->second.empty() &&
              term->second != "dumb";
}

StatusLine::~StatusLine() { give_back(); }

void StatusLine::show(const std::string& text) {
  if (!possible_) {
    return;
  }
  const auto size = size_of_terminal();
  if (text.empty() || size.ws_row < fewest_rows || size.ws_col < fewest_columns) {
    give_back();
    return;
  }
  if (rows_ != size.ws_row) {
    take(size.ws_row);
  }
  const auto fitting = cut(printable(text), size.ws_col - 1);
  if (fitting != shown_) {
    shown_ = fitting;
    put(fmt::format("{}\033[{};1H\033[0m\033[2K{}{}", save, rows_, fitting, restore));
  }
}

/// The cursor stays where it is, in its line and column, but for the last line, which scrolls up.
/// It is above the line before that is fenced off: emulators differ in what they restore below.
void StatusLine::take(int rows) {
  rows_ = rows;
  shown_.clear();
  put(fmt::format("{}\033[1A{}\033[1;{}r{}", index_down, save, rows - 1, restore));
}

void StatusLine::give_back() {
  if (rows_ != 0) {
    put(fmt::format("{}\033[r\033[{};1H\033[2K{}", save, rows_, restore));
    rows_ = 0;
    shown_.clear();
  }
}

} // namespace pgtool
