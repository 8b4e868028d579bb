#include "base/error.hpp"
#include "base/result_sink.hpp"
#include "base/text.hpp"
#include "base/write_all.hpp"
#include "cli/command_table.hpp"
#include "cli/reference/artifact.hpp"
#include "cli/shown.hpp"

#include <array>
#include <filesystem>

namespace pgtool {
namespace {

namespace fs = std::filesystem;

constexpr std::array<std::string_view, 4> other_names = {"completion", "completions", "man",
                                                         "manual"};

std::string known_names() {
  std::vector<std::string> names;
  for (const auto& artifact : artifacts()) {
    names.push_back(artifact.name);
  }
  return join(names, ", ") + ", or " + std::string(all_artifacts) + " FOLDER";
}

/// Writes every file below the folder; returns their paths, one a line.
std::string write_all_below(const fs::path& folder) {
  std::string written;
  for (const auto& artifact : artifacts()) {
    const fs::path path = folder / artifact.path;
    std::error_code shown_when_opened;
    fs::create_directories(path.parent_path(), shown_when_opened);
    ResultSink(path.string()).write(artifact.make());
    written += path.string() + "\n";
  }
  return written;
}

std::string one_artifact(const std::string& name) {
  for (const auto& artifact : artifacts()) {
    if (artifact.name == name) {
      return artifact.make();
    }
  }
  throw Error(Failure::usage, "nothing is generated under the name '" + shown(name) + "'",
              "expected " + known_names());
}

std::string print(const Rest& rest) {
  if (rest.words.size() == 2 && rest.words.front() == all_artifacts) {
    return write_all_below(rest.words.back());
  }
  if (rest.words.size() != 1 || rest.words.front() == all_artifacts) {
    throw Error(Failure::usage, "expected the name of what to generate", known_names());
  }
  return one_artifact(rest.words.front());
}

} // namespace

const CommandSpec& generate_command() {
  static const CommandSpec command{
      .name = "generate",
      .usage = "NAME [FOLDER]",
      .summary = "Print a man page or the completions for a shell",
      .text = "Prints what is made from pgtool's own table of options: the completions for bash, "
              "zsh or fish, or a man page by the name of its file. The name all writes every one "
              "of them below man/ and completions/ in a folder.",
      .options = {},
      .examples = "source <(pgtool generate bash)\n"
                  "pgtool generate zsh > /usr/local/share/zsh/site-functions/_pgtool\n"
                  "pgtool generate fish > ~/.config/fish/completions/pgtool.fish\n"
                  "pgtool generate pgtool-migrate.1 | man -l -",
      .words = Completes::artifact,
      .print = print,
      .other_names = other_names,
  };
  return command;
}

} // namespace pgtool
