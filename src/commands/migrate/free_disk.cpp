#include "commands/migrate/free_disk.hpp"

#include "base/bytes_words.hpp"
#include "base/file.hpp"

#include <fmt/core.h>
#include <sys/statvfs.h>

namespace pgtool {

std::optional<std::int64_t> free_disk(DirectSession& session) {
  const auto& facts = session.facts();
  const bool is_here =
      facts.socket || facts.server_address == "127.0.0.1" || facts.server_address == "::1";
  if (!is_here) {
    return std::nullopt;
  }
  // Who may not see the setting gets no row.
  const auto found =
      session.connection().attempt("select setting from pg_settings where name = 'data_directory'");
  const auto directory = found.ok() ? found.rows.text(0, "setting") : "";
  struct statvfs space {};
  if (directory.empty() || !is_folder(directory) || statvfs(directory.c_str(), &space) != 0) {
    return std::nullopt;
  }
  return static_cast<std::int64_t>(space.f_bavail) * static_cast<std::int64_t>(space.f_frsize);
}

std::optional<Finding> short_of_disk(std::optional<std::int64_t> free, const std::string& table,
                                     std::int64_t bytes) {
  constexpr std::int64_t copies = 2;
  if (!free || bytes == 0 || *free / copies >= bytes) {
    return std::nullopt;
  }
  Finding finding;
  finding.rule = "disk-short";
  finding.message = fmt::format("{} is free where the server keeps its data, and {} has {}: should "
                                "it be rewritten, or an index of it be built, that may not do",
                                bytes_words(*free), table, bytes_words(bytes));
  finding.where.object = table;
  finding.remedy = "make room first, at least twice the table's size";
  return finding;
}

} // namespace pgtool
