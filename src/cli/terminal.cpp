#include "cli/terminal.hpp"

#include "base/text.hpp"
#include "report/page.hpp"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <sys/ioctl.h>
#include <unistd.h>

namespace pgtool {
namespace {

// Wider lines are hard to read, narrower ones are not worth breaking for.
constexpr std::size_t widest = 110;
constexpr std::size_t narrowest = 40;
constexpr std::size_t usual = 80;

bool is_set(const Environment& environment, std::string_view name) {
  const auto variable = environment.find(name);
  return variable != environment.end() && !variable->second.empty();
}

std::size_t terminal_width(int descriptor) {
  winsize size{};
  if (ioctl(descriptor, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) {
    return usual;
  }
  return std::clamp<std::size_t>(size.ws_col, narrowest, widest);
}

bool wants_color(const OutputOptions& output, const Environment& environment, bool on_terminal) {
  if (output.color != Color::automatic) {
    return output.color == Color::always;
  }
  const auto term = environment.find("TERM");
  const bool dumb = term == environment.end() || term->second == "dumb";
  return on_terminal && !dumb && !is_set(environment, "NO_COLOR");
}

} // namespace

void open_standard_streams() {
  for (int number = 0; number <= 2; ++number) {
    if (fcntl(number, F_GETFD) == -1 && errno == EBADF) {
      // The lowest free number is this one: those below are open.
      [[maybe_unused]] const int opened = open("/dev/null", O_RDWR);
    }
  }
}

TextStyle text_style(const OutputOptions& output, const Environment& environment) {
  const bool on_terminal = output.file.empty() && isatty(STDOUT_FILENO) == 1;
  return {.width = on_terminal ? terminal_width(STDOUT_FILENO) : usual,
          .color = wants_color(output, environment, on_terminal),
          .brief = false,
          .quiet = output.quiet};
}

std::size_t help_width() { return std::min(terminal_width(STDOUT_FILENO), usual); }

std::string fitted(std::string_view text) {
  constexpr std::size_t indent = 2;
  if (isatty(STDERR_FILENO) != 1) {
    return std::string(text);
  }
  std::string lines;
  for (const auto& line : split(text, '\n')) {
    const auto pieces = wrap(line, terminal_width(STDERR_FILENO) - indent);
    for (std::size_t at = 0; at < pieces.size(); ++at) {
      lines += (lines.empty() ? "" : "\n") + std::string(at == 0 ? 0 : indent, ' ') + pieces[at];
    }
  }
  return lines;
}

} // namespace pgtool
