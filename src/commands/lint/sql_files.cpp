#include "commands/lint/sql_files.hpp"

#include "base/error.hpp"
#include "base/file.hpp"
#include "commands/lint/live_facts.hpp"

#include <algorithm>
#include <atomic>
#include <exception>
#include <filesystem>
#include <iterator>
#include <thread>
#include <unistd.h>

namespace pgtool {
namespace {

constexpr std::size_t largest = 64U << 20; // of one file

std::vector<std::string> files_below(const std::string& folder) {
  std::vector<std::string> files;
  std::error_code unreadable;
  using Walk = std::filesystem::recursive_directory_iterator;
  for (const auto& entry :
       Walk(folder, std::filesystem::directory_options::skip_permission_denied, unreadable)) {
    if (entry.path().extension() == ".sql" && entry.is_regular_file(unreadable)) {
      files.push_back(entry.path().string());
    }
  }
  std::sort(files.begin(), files.end());
  return files;
}

std::string text_of_stdin() {
  std::string text;
  std::vector<char> part(1U << 16);
  for (ssize_t length = 0; (length = read(STDIN_FILENO, part.data(), part.size())) > 0;) {
    text.append(part.data(), static_cast<std::size_t>(length));
    if (text.size() > largest) {
      throw Error(Failure::usage, "stdin holds more than 64 MiB", "name files");
    }
  }
  return text;
}

std::string text_of(const std::string& file) {
  return file == "-" ? text_of_stdin() : read_file(file, largest);
}

using Scripts = std::vector<std::vector<Statement>>;

/// Reads one file after the other until none is left.
class Workers {
public:
  explicit Workers(const std::vector<std::string>& files) : files_(files), scripts_(files.size()) {}

  Scripts read() {
    constexpr std::size_t worth_a_thread = 8; // files
    const auto most = std::max(1U, std::thread::hardware_concurrency());
    const auto count = std::min<std::size_t>(most, files_.size() / worth_a_thread + 1);
    std::vector<std::thread> threads;
    for (std::size_t at = 1; at < count; ++at) {
      threads.emplace_back([this] { work(); });
    }
    work();
    for (auto& thread : threads) {
      thread.join();
    }
    if (failure_) {
      std::rethrow_exception(failure_);
    }
    return std::move(scripts_);
  }

private:
  void work() {
    for (auto at = next_++; at < files_.size() && !failed_; at = next_++) {
      try {
        scripts_[at] = read_script(text_of(files_[at]));
      } catch (...) {
        if (!failed_.exchange(true)) {
          failure_ = std::current_exception();
        }
      }
    }
  }

  const std::vector<std::string>& files_;
  Scripts scripts_;
  std::atomic<std::size_t> next_ = 0;
  std::atomic<bool> failed_ = false;
  std::exception_ptr failure_;
};

} // namespace

std::vector<std::string> sql_files(const std::vector<std::string>& words) {
  std::vector<std::string> files;
  for (const auto& word : words) {
    if (is_folder(word)) {
      auto below = files_below(word);
      std::move(below.begin(), below.end(), std::back_inserter(files));
    } else {
      files.push_back(word);
    }
  }
  return files;
}

void read_history(const std::vector<std::string>& files, Schema& schema) {
  for (auto& script : Workers(files).read()) {
    read_statements(std::move(script), {}, schema);
  }
  schema.age();
}

void read_sql_files(const std::vector<std::string>& files, const LintTerms& terms,
                    const LiveSession& live, Schema& schema, LintSubject& subject) {
  auto scripts = Workers(files).read();
  if (live.session != nullptr) {
    NamedRelations names;
    for (const auto& script : scripts) {
      names.add(script);
    }
    know_live(live, names, Before::all, schema, subject.unknown);
  }
  for (std::size_t at = 0; at < files.size(); ++at) {
    ReadingTerms reading;
    reading.name =
        files[at] == "-" ? "stdin" : std::filesystem::path(files[at]).filename().string();
    reading.file = files[at] == "-" ? "" : files[at];
    reading.pool_mode = terms.pool_mode;
    reading.server_version = terms.server_version;
    reading.wrapped = terms.wrapped;
    subject.readings.push_back(read_statements(std::move(scripts[at]), reading, schema));
    schema.age();
  }
  subject.files += files.size();
}

} // namespace pgtool
