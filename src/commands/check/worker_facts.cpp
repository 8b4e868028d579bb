#include "commands/check/worker_facts.hpp"

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/shell_words.hpp"
#include "base/shown_path.hpp"
#include "base/text.hpp"
#include "base/work_tree.hpp"

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>

namespace pgtool {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t largest = 1U << 18;

/// A value that is written down once, at the margin, as a plain number.
struct Written {
  std::string value;
  int line = 0;
  bool is_plain = true;
};
using WrittenValues = std::map<std::string, Written, std::less<>>;

WrittenValues assignments(std::string_view text, std::string_view comment_marks) {
  WrittenValues values;
  int number = 0;
  for (const auto& line : split(text, '\n')) {
    ++number;
    const auto equals = line.find('=');
    const auto name = trim(std::string_view(line).substr(0, equals));
    if (equals == std::string::npos || name.empty() ||
        comment_marks.find(name.front()) != std::string_view::npos) {
      continue;
    }
    auto value = std::string_view(line).substr(equals + 1);
    value = trim(value.substr(0, value.find_first_of(comment_marks)));
    const bool at_margin = line.front() != ' ' && line.front() != '\t';
    const bool again = values.contains(name);
    auto& written = values[std::string(name)];
    written = {std::string(value), number, at_margin && !again};
  }
  return values;
}

std::optional<std::int64_t> number_of(const WrittenValues& values, std::string_view name) {
  const auto found = values.find(name);
  const bool usable = found != values.end() && found->second.is_plain;
  return usable ? parse_integer(found->second.value) : std::nullopt;
}

/// One thread for each process, unless something was said that we do not understand.
std::optional<std::int64_t> threads_of(const WrittenValues& values) {
  return values.contains("threads") ? number_of(values, "threads") : std::optional<std::int64_t>(1);
}

/// Greenlets and coroutines are no threads: how many requests there are is not known then.
bool is_threaded(std::string_view worker_class) {
  return worker_class.empty() || worker_class == "sync" || worker_class == "gthread";
}

std::string value_of(const std::vector<std::string>& words, std::size_t& at,
                     std::string_view long_name, std::string_view short_name) {
  const auto& word = words[at];
  if (word == long_name || word == short_name) {
    return at + 1 < words.size() ? words[++at] : "";
  }
  if (word.starts_with(long_name) && word.size() > long_name.size() &&
      word[long_name.size()] == '=') {
    return word.substr(long_name.size() + 1);
  }
  const bool glued = !short_name.empty() && word.starts_with(short_name) &&
                     !word.starts_with("--") && word.size() > short_name.size();
  return glued ? word.substr(short_name.size()) : "";
}

std::string text_of(const fs::path& file) {
  try {
    return is_file(file.string()) ? read_file(file.string(), largest) : "";
  } catch (const Error&) {
    return "";
  }
}

void add_procfile(const fs::path& file, std::vector<WorkerFacts>& found) {
  int number = 0;
  for (const auto& line : split(text_of(file), '\n')) {
    ++number;
    if (!line.starts_with("web:")) {
      continue;
    }
    auto workers = gunicorn_command(std::string_view(line).substr(4),
                                    {shown_path(file.string()), number, "web"});
    if (workers) {
      found.push_back(std::move(*workers));
    }
  }
}

void look_into(const fs::path& folder, std::vector<WorkerFacts>& found) {
  const auto settings = folder / "gunicorn.conf.py";
  if (auto one = gunicorn_settings(text_of(settings), shown_path(settings.string()))) {
    found.push_back(std::move(*one));
  }
  const auto uwsgi = folder / "uwsgi.ini";
  if (auto one = uwsgi_settings(text_of(uwsgi), shown_path(uwsgi.string()))) {
    found.push_back(std::move(*one));
  }
  add_procfile(folder / "Procfile", found);
}

} // namespace

std::optional<WorkerFacts> gunicorn_settings(std::string_view text, const std::string& file) {
  const auto values = assignments(text, "#");
  const auto workers = values.find("workers");
  if (workers == values.end()) {
    return std::nullopt;
  }
  WorkerFacts facts;
  facts.server = "gunicorn";
  facts.where = {file, workers->second.line, "workers"};
  facts.processes = number_of(values, "workers");
  const auto kind = values.find("worker_class");
  auto name = kind == values.end() ? std::string() : kind->second.value;
  std::erase_if(name, [](char letter) { return letter == '"' || letter == '\''; });
  facts.threads = is_threaded(name) ? threads_of(values) : std::nullopt;
  if (const auto timeout = number_of(values, "timeout")) {
    facts.timeout = static_cast<double>(*timeout);
  }
  return facts;
}

std::optional<WorkerFacts> gunicorn_command(std::string_view command, const Place& where) {
  std::vector<std::string> words;
  try {
    words = split_shell_words(command, where.file);
  } catch (const Error&) {
    return std::nullopt;
  }
  const auto is_gunicorn = [](const std::string& word) {
    return word == "gunicorn" || word.ends_with("/gunicorn");
  };
  if (std::none_of(words.begin(), words.end(), is_gunicorn)) {
    return std::nullopt;
  }
  WorkerFacts facts;
  facts.server = "gunicorn";
  facts.where = where;
  std::string threads = "1";
  std::string kind;
  for (std::size_t at = 0; at < words.size(); ++at) {
    if (const auto value = value_of(words, at, "--workers", "-w"); !value.empty()) {
      facts.processes = parse_integer(value);
    } else if (const auto said = value_of(words, at, "--threads", ""); !said.empty()) {
      threads = said;
    } else if (const auto named = value_of(words, at, "--worker-class", "-k"); !named.empty()) {
      kind = named;
    } else if (const auto limit = value_of(words, at, "--timeout", "-t"); !limit.empty()) {
      facts.timeout = parse_real(limit);
    } else if (!value_of(words, at, "--config", "-c").empty()) {
      threads.clear(); // that file may say more
    }
  }
  facts.threads = is_threaded(kind) ? parse_integer(threads) : std::nullopt;
  return facts.processes ? std::optional(facts) : std::nullopt;
}

std::optional<WorkerFacts> uwsgi_settings(std::string_view text, const std::string& file) {
  const auto values = assignments(text, "#;");
  for (const auto* name : {"processes", "workers"}) {
    const auto found = values.find(name);
    if (found == values.end()) {
      continue;
    }
    WorkerFacts facts;
    facts.server = "uwsgi";
    facts.where = {file, found->second.line, name};
    facts.processes = number_of(values, name);
    facts.threads = values.contains("gevent") ? std::nullopt : threads_of(values);
    if (const auto limit = number_of(values, "harakiri")) {
      facts.timeout = static_cast<double>(*limit);
    }
    return facts;
  }
  return std::nullopt;
}

std::vector<WorkerFacts> worker_facts(const std::vector<std::string>& folders) {
  std::vector<WorkerFacts> found;
  std::set<std::string> seen;
  for (const auto& folder : folders) {
    std::error_code unreadable;
    auto place = fs::weakly_canonical(folder, unreadable);
    const auto top = top_of_tree(place.string());
    while (!place.empty() && seen.insert(place.string()).second) {
      look_into(place, found);
      if (place.string() == top) {
        break;
      }
      place = place.parent_path();
    }
  }
  return found;
}

} // namespace pgtool
