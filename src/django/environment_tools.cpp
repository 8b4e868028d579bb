#include "django/environment_tools.hpp"

#include "base/capture.hpp"
#include "base/error.hpp"
#include "base/file.hpp"

#include <array>
#include <filesystem>
#include <string_view>
#include <vector>

namespace pgtool {
namespace {

namespace fs = std::filesystem;

/// The slowest of them, poetry, takes about two seconds on a busy machine.
constexpr double patience = 20;

/// How one tool is recognised and asked.
struct Tool {
  const char* file;                 ///< that stands in the projects it manages
  const char* mark;                 ///< words in that file; empty: the file itself is the sign
  std::array<const char*, 4> words; ///< the question
  const char* below;                ///< the interpreter, seen from what is answered
};

constexpr std::array tools = {
    Tool{"poetry.lock", "", {"poetry", "env", "info", "--path"}, "bin/python"},
    Tool{"Pipfile", "", {"pipenv", "--venv"}, "bin/python"},
    Tool{"pdm.lock", "", {"pdm", "info", "--python"}, ""},
    Tool{"pyproject.toml", "[tool.hatch", {"hatch", "env", "find"}, "bin/python"},
};

bool manages(const Tool& tool, const fs::path& folder) {
  const auto file = (folder / tool.file).string();
  if (!is_file(file)) {
    return false;
  }
  try {
    return read_file(file).find(tool.mark) != std::string::npos;
  } catch (const Error&) {
    return false; // what cannot be read names no environment
  }
}

std::string ask(const Tool& tool, const fs::path& folder) {
  std::vector<std::string> argv;
  for (const char* word : tool.words) {
    if (word != nullptr) {
      argv.emplace_back(word);
    }
  }
  const auto answer = captured_output(argv, folder.string(), patience);
  if (!answer || answer->empty()) {
    return "";
  }
  // A tool may say other things first; the answer is the last line.
  const fs::path place(answer->substr(answer->rfind('\n') + 1));
  return (*tool.below == '\0' ? place : place / tool.below).string();
}

/// uv is not asked: its rule is short, and `uv run` would make or change the environment.
std::string python_of_uv(const fs::path& folder, const Environment& environment) {
  const auto named = environment.find("UV_PROJECT_ENVIRONMENT");
  if (named == environment.end() || named->second.empty() ||
      !is_file((folder / "uv.lock").string())) {
    return "";
  }
  return (folder / named->second / "bin" / "python").string();
}

} // namespace

std::optional<Interpreter> environment_of_tool(const std::string& folder,
                                               const Environment& environment) {
  if (const auto python = python_of_uv(folder, environment); is_executable(python)) {
    return Interpreter{python, "$UV_PROJECT_ENVIRONMENT"};
  }
  for (const auto& tool : tools) {
    if (!manages(tool, folder) || find_on_path(tool.words.front(), environment).empty()) {
      continue;
    }
    if (const auto python = ask(tool, folder); is_executable(python)) {
      return Interpreter{python, std::string(tool.words.front()) + ", for " + folder};
    }
  }
  return std::nullopt;
}

} // namespace pgtool
