#include "commands/lint/timeline_report.hpp"

#include "base/counted.hpp"
#include "rules/reading/remarks.hpp"
#include "sql/shown_statement.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/core.h>

namespace pgtool {
namespace {

std::string first_words(const Reading& reading, std::size_t statement) {
  constexpr std::size_t longest = 80;
  return shown_statement(reading.statements[statement].text, longest);
}

Value seconds_value(const HeldTable& held) {
  if (!held.lock.size) {
    return {};
  }
  return Value::object({{"low", held.seconds.low},
                        {"high", held.seconds.high ? Value(*held.seconds.high) : Value()}});
}

Value size_value(const std::optional<TableSize>& size) {
  if (!size) {
    return {};
  }
  return Value::object({{"rows", size->rows ? Value(std::lround(*size->rows)) : Value()},
                        {"bytes", std::lround(size->bytes)},
                        {"index_bytes", std::lround(size->index_bytes)}});
}

Value table_value(const Reading& reading, const HeldTable& held) {
  const auto& from = reading.statements[held.from];
  return Value::object({{"table", written(held.lock.table)},
                        {"lock", std::string(lock_mode_name(held.lock.mode))},
                        {"waits", std::string(what_waits(held.lock.mode))},
                        {"from_line", from.line},
                        {"from", first_words(reading, held.from)},
                        {"until_line", reading.statements[held.until].line},
                        {"statements", static_cast<std::int64_t>(held.until - held.from + 1)},
                        {"size", size_value(held.lock.size)},
                        {"seconds", seconds_value(held)}});
}

Value part_value(const Reading& reading, const TimelinePart& part) {
  Value tables = Value::array();
  for (const auto& held : part.tables) {
    tables.add(table_value(reading, held));
  }
  return Value::object({{"transaction", part.is_transaction},
                        {"first_line", reading.statements[part.first].line},
                        {"last_line", reading.statements[part.last].line},
                        {"tables", std::move(tables)}});
}

/// "ACCESS EXCLUSIVE", as SQL has it.
std::string mode_words(LockMode mode) {
  std::string words;
  for (const char letter : lock_mode_name(mode)) {
    const bool begins = letter >= 'A' && letter <= 'Z';
    words += begins && !words.empty() ? " " : "";
    words += begins ? letter : static_cast<char>(letter - 'a' + 'A');
  }
  return words.substr(0, words.rfind(" LOCK"));
}

std::string line_of(const Reading& reading, const TimelinePart& part, const HeldTable& held) {
  const auto more = held.until - held.from;
  auto line = fmt::format("{}: {} on {} from {}", reading.name, mode_words(held.lock.mode),
                          written(held.lock.table), first_words(reading, held.from));
  if (reading.statements[held.from].line > 0) {
    line += fmt::format(" (line {})", reading.statements[held.from].line);
  }
  line += part.is_transaction && more > 0
              ? fmt::format(" and while {} {}", counted(more, "more statement"),
                            more == 1 ? "runs" : "run")
              : "";
  line += fmt::format(": {} wait", what_waits(held.lock.mode));
  return held.lock.size ? line + ", " + range_words(held.seconds) : line;
}

} // namespace

Value timeline_value(const std::vector<Reading>& readings, const Rates& rates) {
  Value list = Value::array();
  for (const auto& reading : readings) {
    Value parts = Value::array();
    for (const auto& part : timeline(reading, rates)) {
      parts.add(part_value(reading, part));
    }
    if (!parts.elements().empty()) {
      list.add(Value::object(
          {{"name", reading.name}, {"file", reading.file}, {"transactions", std::move(parts)}}));
    }
  }
  return Value::object({{"rates", rates.source}, {"readings", std::move(list)}});
}

std::vector<std::string> timeline_lines(const std::vector<Reading>& readings, const Rates& rates) {
  std::vector<std::string> lines;
  bool has_seconds = false;
  for (const auto& reading : readings) {
    for (const auto& part : timeline(reading, rates)) {
      for (const auto& held : part.tables) {
        if (held.lock.mode >= LockMode::share) {
          lines.push_back(line_of(reading, part, held));
          has_seconds = has_seconds || held.lock.size;
        }
      }
    }
  }
  if (has_seconds) {
    lines.push_back("seconds are estimates from the tables' sizes, beside the wait for the lock; "
                    "how fast the server works was " +
                    rates.source);
  }
  return lines;
}

} // namespace pgtool
