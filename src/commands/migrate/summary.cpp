#include "commands/migrate/summary.hpp"

#include "base/bytes_words.hpp"
#include "base/text.hpp"
#include "commands/migrate/blockers.hpp"

#include <fmt/core.h>

namespace pgtool {
namespace {

constexpr double worth_telling = 0.1; ///< seconds of waiting
constexpr double slow = 1;            ///< seconds that a migration takes
constexpr std::size_t most = 20;      ///< lines

std::string seconds_words(double seconds) {
  return seconds < 10 ? fmt::format("{:.2f} s", seconds) : fmt::format("{:.0f} s", seconds);
}

std::string table_words(const TableRecord& table) {
  const auto size = size_words(table.rows, table.bytes, table.rewritten);
  return shown_mode(table.lock) + " on " + table.table +
         (table.held ? " for " + seconds_words(*table.held) : "") +
         (size.empty() ? "" : " (" + size + ")");
}

/// What others may have noticed of it; "" for nothing.
std::string words_of(const MigrationEntry& entry) {
  std::vector<std::string> parts;
  for (const auto& table : entry.tables) {
    if (!table.created && (table.lock >= LockMode::share || table.rewritten)) {
      parts.push_back(table_words(table));
    }
  }
  if (entry.waited >= worth_telling) {
    parts.push_back("waited " + seconds_words(entry.waited) + " for locks");
  }
  if (parts.empty() && entry.seconds < slow && entry.done) {
    return "";
  }
  parts.insert(parts.begin(), (entry.done ? "" : "failed after ") + seconds_words(entry.seconds));
  return entry.name + ": " + join(parts, ", ");
}

} // namespace

std::vector<std::string> summary_of(const DeskRecord& record) {
  std::vector<std::string> lines;
  std::size_t more = 0;
  for (const auto& entry : record.migrations) {
    const auto words = words_of(entry);
    if (!words.empty() && lines.size() >= most) {
      ++more;
    } else if (!words.empty()) {
      lines.push_back(words);
    }
  }
  if (more > 0) {
    lines.push_back(fmt::format("and {} more migrations (all of them with --format json)", more));
  }
  for (const auto& wait : record.waits.elements()) {
    std::vector<std::string> holders;
    for (const auto& holder : wait["holders"].elements()) {
      holders.push_back(holder.text());
    }
    lines.push_back(fmt::format("{}: waited {} before it began, for {}", wait["migration"].text(),
                                seconds_words(wait["seconds"].real()), join(holders, ", ")));
  }
  for (const auto& ended : record.ended) {
    lines.push_back("ended: " + ended);
  }
  return lines;
}

std::string size_words(std::optional<std::int64_t> rows, std::optional<std::int64_t> bytes,
                       bool rewritten) {
  std::vector<std::string> parts;
  if (rows) {
    parts.push_back(fmt::format("about {} rows", *rows));
  }
  if (bytes && *bytes > 0) {
    parts.push_back(bytes_words(*bytes));
  }
  if (rewritten) {
    parts.emplace_back("rewritten");
  }
  return join(parts, ", ");
}

} // namespace pgtool
