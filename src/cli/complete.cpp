#include "cli/complete.hpp"

#include "base/text.hpp"
#include "cli/command_line.hpp"
#include "cli/typed_words.hpp"
#include "commands/alias_names.hpp"

#include <algorithm>
#include <array>
#include <csignal>
#include <fcntl.h>
#include <unistd.h>

namespace pgtool {
namespace {

/// Somebody waits at a prompt.
constexpr std::chrono::seconds patience{10};

/// The shell's terminal is none of the project's: it shall neither print there, nor ask, nor become
/// the foreground; and pgtool, which is in the shell's own process group, shall not stop.
void let_go_of_terminal() {
  const int nothing = open("/dev/null", O_RDWR | O_CLOEXEC);
  dup2(nothing, STDIN_FILENO);
  dup2(nothing, STDERR_FILENO);
  std::signal(SIGTSTP, SIG_IGN);
}

/// Patience ends in order. This is for what it does not cover, such as a project that closed its
/// socket and lives on.
void end_in_any_case() {
  std::signal(SIGALRM, [](int) { _exit(0); });
  alarm(static_cast<unsigned>(patience.count()) + 5);
}

std::vector<std::string> typed_words() {
  std::string text;
  std::array<char, 4096> piece{};
  ssize_t got = 0;
  while ((got = read(STDIN_FILENO, piece.data(), piece.size())) > 0) {
    text.append(piece.data(), static_cast<std::size_t>(got));
  }
  return split(text, '\n');
}

std::vector<std::string> names_in_project(const CommonOptions& common,
                                          const Environment& environment) {
  Context context;
  context.environment = environment;
  context.patience = patience;
  try {
    return alias_names(common, context);
  } catch (const std::exception&) {
    return {}; // a project that does not load has no names to offer, and here nobody to tell
  }
}

/// The names in the settings, then those that only pgtool.yaml has.
std::vector<std::string> aliases(const std::vector<std::string>& typed,
                                 const Environment& environment) {
  std::vector<std::string> words = {"detect"};
  for (const auto& option : project_options(typed)) {
    const auto value = option.find('=') + 1; // as the shell would hand it over
    words.push_back(option.substr(0, value) + unquoted(option.substr(value), environment));
  }
  const auto common = std::get<DetectOptions>(parse(words, environment).command).common;
  auto names = names_in_project(common, environment);
  for (const auto& [name, ignored] : common.connect.aliases) {
    if (std::find(names.begin(), names.end(), name) == names.end()) {
      names.push_back(name);
    }
  }
  return names;
}

} // namespace

bool is_completion(const std::vector<std::string>& words) {
  return !words.empty() && words.front() == "complete";
}

std::string complete(const std::vector<std::string>& words, const Environment& environment) {
  if (words.size() != 2 || words.back() != "aliases") {
    return {};
  }
  end_in_any_case();
  const auto typed = typed_words();
  let_go_of_terminal();
  try {
    const auto names = aliases(typed, environment);
    return names.empty() ? std::string() : join(names, "\n") + "\n";
  } catch (const std::exception&) {
    return {}; // an error in the midst of a line that is being typed would only destroy it
  }
}

} // namespace pgtool
