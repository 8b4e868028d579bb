#include "cli/confirm.hpp"

#include "base/signals.hpp"
#include "base/text.hpp"
#include "base/write_all.hpp"
#include "cli/terminal.hpp"

#include <array>
#include <poll.h>
#include <unistd.h>

namespace pgtool {
namespace {

/// What is typed up to the end of the line, or of the input.
std::string read_answer() {
  std::string answer;
  while (answer.find('\n') == std::string::npos) {
    std::array<pollfd, 2> watch{{{STDIN_FILENO, POLLIN, 0}, {signal_descriptor(), POLLIN, 0}}};
    poll(watch.data(), watch.size(), -1);
    throw_if_interrupted();
    if (watch[0].revents == 0) {
      continue;
    }
    std::array<char, 256> typed{};
    const auto got = read(STDIN_FILENO, typed.data(), typed.size());
    if (got <= 0) {
      break;
    }
    answer.append(typed.data(), static_cast<std::size_t>(got));
  }
  return answer;
}

} // namespace

std::optional<bool> confirm(const Report& report, const std::string& question,
                            const Environment& environment) {
  if (isatty(STDIN_FILENO) != 1 || isatty(STDERR_FILENO) != 1) {
    return std::nullopt;
  }
  auto style = text_style(OutputOptions{}, environment);
  style.evidence = false;
  write_all(STDERR_FILENO, render_text(report, style) + "\n" + question + " [y/N] ");
  const auto answer = lower(trim(read_answer()));
  return answer == "y" || answer == "yes";
}

} // namespace pgtool
