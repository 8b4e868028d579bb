#include "django/manage_command.hpp"

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/shell_words.hpp"
#include "django/interpreter.hpp"
#include "django/shebang.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <filesystem>

namespace pgtool {
namespace {

namespace fs = std::filesystem;

// Commands that start a process in another container, machine or user's session.
constexpr std::array elsewhere{
    "docker", "docker-compose", "podman", "podman-compose", "nerdctl", "kubectl", "oc",
    "ssh",    "heroku",         "fly",    "flyctl",         "vagrant"};

using Words = std::vector<std::string>;

[[noreturn]] void refuse(const std::string& origin, const std::string& message,
                         const std::string& hint) {
  throw Error(Failure::usage, origin + ": " + message, hint);
}

void refuse_elsewhere(const std::string& program, const std::string& origin) {
  const auto name = fs::path(program).filename().string();
  if (std::find(elsewhere.begin(), elsewhere.end(), name) != elsewhere.end()) {
    refuse(origin, "'" + name + "' starts the project elsewhere, where pgtool cannot watch it",
           "run pgtool itself there: " + name + " … pgtool …");
  }
}

bool is_assignment(const std::string& word) {
  const auto equals = word.find('=');
  return equals != std::string::npos && equals > 0 && word.find('/') > equals &&
         std::all_of(word.begin(), word.begin() + static_cast<std::ptrdiff_t>(equals), [](char c) {
           return c == '_' || std::isalnum(static_cast<unsigned char>(c)) != 0;
         });
}

void take_assignments(Words& words, EntryPoint& entry) {
  while (!words.empty() && is_assignment(words.front())) {
    const auto equals = words.front().find('=');
    entry.variables.emplace_back(words.front().substr(0, equals), words.front().substr(equals + 1));
    words.erase(words.begin());
  }
}

/// Takes one word of interpreter options off the front; "m" is handed back for `-m`, whose module
/// then stands at the front, and "" otherwise.
std::string take_flag(Words& words, const std::string& origin, EntryPoint& entry) {
  const auto word = words.front();
  words.erase(words.begin());
  for (std::size_t at = 1; at < word.size(); ++at) {
    if (word[at] == 'c') {
      refuse(origin, "python -c runs a program of its own, no Django project",
             "name a script or a module: 'python manage.py', 'python -m acme'");
    }
    if (word[at] == 'm') {
      if (at > 1) {
        entry.flags.push_back(word.substr(0, at));
      }
      if (at + 1 < word.size()) {
        words.insert(words.begin(), word.substr(at + 1));
      }
      return "m";
    }
    if (word[at] == 'X' || word[at] == 'W') {
      entry.flags.push_back(word);
      if (at + 1 == word.size() && !words.empty()) {
        entry.flags.push_back(words.front());
        words.erase(words.begin());
      }
      return "";
    }
  }
  entry.flags.push_back(word);
  return "";
}

/// The Python of the command, but for --python, and for a bare name that is not on PATH: that means
/// the project's own, which is not active.
std::string python_of(const std::string& word, const EntryPointRequest& request,
                      const std::string& folder) {
  const bool is_path = word.find('/') != std::string::npos;
  const bool is_there = is_path || !find_on_path(word, request.environment).empty();
  return request.python.empty() && is_there ? word : find_interpreter(folder, "", request).path;
}

void take_python(Words words, const EntryPointRequest& request, EntryPoint& entry) {
  entry.python = python_of(words.front(), request, entry.dir);
  words.erase(words.begin());
  std::string flag;
  while (flag.empty() && !words.empty() && words.front().size() > 1 &&
         words.front().starts_with('-')) {
    flag = take_flag(words, request.manage_origin, entry);
  }
  if (words.empty()) {
    refuse(request.manage_origin, "'" + request.manage + "' names no script and no module",
           "expected 'python manage.py' or 'python -m acme'");
  }
  if (flag == "m") {
    words.insert(words.begin(), "-m");
  }
  entry.command = std::move(words);
}

/// A console script stands beside the interpreter of its environment, which need not be active.
std::string beside_interpreter(const std::string& word, const EntryPointRequest& request,
                               const fs::path& folder) {
  const auto python = find_interpreter(folder.string(), "", request).path;
  const auto script = (fs::path(python).parent_path() / word).string();
  return is_file(script) ? script : std::string();
}

/// The file behind the first word: in the project's folder, on PATH, beside the interpreter.
std::string find_script(const std::string& word, const EntryPointRequest& request,
                        const fs::path& folder) {
  const auto here = (folder / word).lexically_normal().string();
  if (is_file(here)) {
    return here;
  }
  const bool is_path = word.find('/') != std::string::npos;
  std::string script;
  if (!is_path && !request.python.empty()) {
    script = beside_interpreter(word, request, folder);
  }
  if (!is_path && script.empty()) {
    script = find_on_path(word, request.environment);
  }
  if (!is_path && script.empty() && request.python.empty()) {
    script = beside_interpreter(word, request, folder);
  }
  if (script.empty()) {
    refuse(request.manage_origin,
           "no command '" + word + "' in " + folder.string() + (is_path ? "" : " or on PATH"),
           "give a path, or a command that is on PATH or in the project's environment");
  }
  return script;
}

void take_script(Words words, const EntryPointRequest& request, EntryPoint& entry) {
  words.front() = find_script(words.front(), request, entry.dir);
  const auto& script = words.front();
  const auto shebang = read_shebang(script);
  const bool is_python = shebang || script.ends_with(".py") || script.ends_with(".pyz");
  if (!is_python && !is_executable(script)) {
    refuse(request.manage_origin,
           script + " is neither a Python script nor a program that can be run",
           "expected a command such as 'python manage.py' or 'acme-server'");
  }
  if (is_python) {
    const bool named = shebang && shebang->python.find('/') != std::string::npos;
    entry.python = request.python.empty() && named ? shebang->python
                                                   : find_interpreter(entry.dir, "", request).path;
    entry.flags = shebang ? shebang->flags : Words{};
  }
  entry.command = std::move(words);
}

} // namespace

EntryPoint entry_of_command(const EntryPointRequest& request, const std::string& folder) {
  EntryPoint entry;
  entry.dir = folder;
  auto words = split_shell_words(request.manage, request.manage_origin);
  take_assignments(words, entry);
  if (words.empty()) {
    refuse(request.manage_origin, "it is empty", "expected a command such as 'python manage.py'");
  }
  refuse_elsewhere(words.front(), request.manage_origin);
  if (is_python_name(words.front())) {
    take_python(std::move(words), request, entry);
  } else {
    take_script(std::move(words), request, entry);
  }
  entry.reason = entry.starts_python_itself()
                     ? entry.command.front() + ", which starts Python by itself"
                     : entry.command.front() + " with " + entry.python;
  entry.reason += " (from " + request.manage_origin + ")";
  return entry;
}

} // namespace pgtool
