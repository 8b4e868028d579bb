#include "commands/check/pooler_files.hpp"

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sys/stat.h>

namespace pgtool {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t largest_list = 4U << 20;

/// Others read a file only if they get through all folders above it.
bool others_get_through(fs::path folder) {
  for (;; folder = folder.parent_path()) {
    std::error_code unreadable;
    const auto rights = fs::status(folder, unreadable).permissions();
    if (unreadable || (rights & fs::perms::others_exec) == fs::perms::none) {
      return false;
    }
    if (folder == folder.parent_path()) {
      return true;
    }
  }
}

/// From its quotation mark to the one that closes it; two stand for one.
std::string_view take_quoted(std::string_view& line) {
  line.remove_prefix(std::min(line.find('"'), line.size()));
  if (line.empty()) {
    return line;
  }
  auto end = line.find('"', 1);
  while (end != std::string_view::npos && line.substr(end).starts_with("\"\"")) {
    end = line.find('"', end + 2);
  }
  const auto word = line.substr(1, end == std::string_view::npos ? end : end - 1);
  line.remove_prefix(end == std::string_view::npos ? line.size() : end + 1);
  return word;
}

void count(AuthFile& list, std::string_view secret) {
  constexpr std::size_t digest = 35; // "md5" and 32 letters
  if (secret.empty()) {
    return;
  }
  if (secret.starts_with("SCRAM-SHA-256$")) {
    ++list.scram;
  } else if (secret.starts_with("md5") && secret.size() == digest) {
    ++list.md5;
  } else {
    ++list.plain;
  }
}

void read_auth_file(PoolerFacts& pooler) {
  const auto path = pooler.value("auth_file");
  struct stat seen {};
  if (!fs::path(path).is_absolute() || stat(path.c_str(), &seen) != 0 || !S_ISREG(seen.st_mode)) {
    return;
  }
  AuthFile list;
  try {
    list = count_secrets(read_file(path, largest_list));
  } catch (const Error&) {
    // Not ours to read, as it should be: how it can be read is known all the same.
  }
  list.path = path;
  const bool is_shut = !others_get_through(fs::path(path).parent_path());
  list.permissions = seen.st_mode & (is_shut ? 0770U : 0777U);
  pooler.auth_file = std::move(list);
}

} // namespace

AuthFile count_secrets(std::string_view text) {
  AuthFile list;
  list.was_read = true;
  for (const auto& line : split(text, '\n')) {
    std::string_view rest = trim(line);
    if (rest.starts_with('"')) {
      take_quoted(rest);
      count(list, take_quoted(rest));
    }
  }
  return list;
}

std::optional<std::int64_t> open_file_limit(pid_t process) {
  const auto folder = "/proc/" + std::to_string(process);
  std::string name;
  std::getline(std::ifstream(folder + "/comm"), name);
  if (name != "pgbouncer") {
    return std::nullopt;
  }
  constexpr std::string_view wanted = "Max open files";
  std::ifstream limits(folder + "/limits");
  for (std::string line; std::getline(limits, line);) {
    if (line.starts_with(wanted)) {
      return parse_integer(split_words(line.substr(wanted.size())).at(0));
    }
  }
  return std::nullopt;
}

void add_local_files(PoolerFacts& pooler, const PoolerConfig& config) {
  const bool is_here = config.is_bouncer_ini && (config.is_own_file || config.is_named);
  if (!is_here || pooler.kind != "pgbouncer" || config.exposure != Exposure::by_address) {
    return;
  }
  read_auth_file(pooler);
  if (const auto pidfile = pooler.value("pidfile"); fs::path(pidfile).is_absolute()) {
    std::string number;
    std::getline(std::ifstream(pidfile), number);
    if (const auto process = parse_integer(trim(number)); process && *process > 0) {
      pooler.file_limit = open_file_limit(static_cast<pid_t>(*process));
    }
  }
}

} // namespace pgtool
