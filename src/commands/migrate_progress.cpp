#include "commands/migrate_progress.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <csignal>
#include <fmt/core.h>

namespace pgtool {
namespace {

constexpr const char* lock_not_available = "55P03";
constexpr const char* read_only_transaction = "25006";

/// One line about a failure: some messages name their own class first, and the lists of Django's
/// system checks say what is wrong only in the line after their headings.
std::string summary_of(const std::string& type, const std::string& message) {
  std::string summary = type + ":";
  for (const auto& line : split(message, '\n')) {
    std::string_view words = trim(line);
    if (summary.size() == type.size() + 1 && words.starts_with(type + ":")) {
      words = trim(words.substr(type.size() + 1));
    }
    if (words.empty() || (words.ends_with(':') && words == upper(words))) {
      continue;
    }
    summary += " " + std::string(words);
    if (!words.ends_with(':')) {
      break;
    }
  }
  return summary;
}

std::string what_stands(const MigrationRecord& record) {
  std::string words =
      fmt::format("{} of {} migrations applied", record.applied(), record.planned());
  if (!record.unfinished().empty()) {
    words += record.unfinished_is_atomic()
                 ? fmt::format(", {} rolled back", record.unfinished())
                 : fmt::format(", {} stopped halfway (it is not atomic)", record.unfinished());
  }
  return words;
}

std::string because(const MigrationRecord& record) {
  return record.failure().empty() ? "" : ": " + record.failure();
}

/// A wrapper may hide what its Django ended with.
std::string how_it_ended(const Ending& ending) {
  return ending.child_status == 0
             ? "Django did not end well, though the project's command has status 0"
             : fmt::format("Django ended with status {}", ending.child_status);
}

/// After a non-atomic migration something may be half built: the same command alone may fail on it.
std::string how_to_continue(const MigrationRecord& record, const Ending& ending) {
  if (record.unfinished_is_atomic()) {
    return ending.again;
  }
  return fmt::format("look at what {} left behind (an interrupted CREATE INDEX CONCURRENTLY leaves "
                     "an invalid index: drop it), then {}",
                     record.unfinished(), ending.again);
}

MigrateVerdict stopped(const MigrationRecord& record, const Ending& ending,
                       const std::string& why) {
  return {4, fmt::format("stopped: {}; {}", what_stands(record), why),
          how_to_continue(record, ending)};
}

MigrateVerdict failed(const MigrationRecord& record, const Ending& ending) {
  if (ending.check_only && ending.child_status == 1 && record.failure().empty()) {
    return {1, "there are migrations that are not applied",
            "apply them with pgtool migrate" + ending.project_options};
  }
  if (ending.child_status == 2 && record.steps().empty()) {
    return {2, "Django refused the arguments of migrate" + because(record),
            "see pgtool migrate --help"};
  }
  if (!record.changed_nothing()) {
    return stopped(record, ending, how_it_ended(ending) + because(record));
  }
  if (record.sqlstate() == lock_not_available) {
    return {5, "busy, nothing changed: a lock could not be had in time" + because(record),
            ending.again};
  }
  if (record.sqlstate() == read_only_transaction && (ending.plan_only || ending.check_only)) {
    return {3, "nothing was applied, as it should be: the project tried to write" + because(record),
            "for --plan and --check pgtool makes every session read-only; plain manage.py would "
            "have written"};
  }
  return {3, fmt::format("nothing was applied: {}{}", how_it_ended(ending), because(record)),
          "what Django printed stands above"};
}

/// By the command's own name, or by the word that it was given: projects put others behind that.
bool is_migrate(const Value& message) {
  const auto& words = message["argv"].elements();
  return message["name"].text() == "migrate" ||
         (!words.empty() && words.front().text() == "migrate");
}

MigrateVerdict succeeded(const MigrationRecord& record, const Ending& ending) {
  if (!record.began()) {
    return {
        3, "the project's command ended with status 0, but pgtool saw no migrate in it",
        "what it did, it did unwatched: it must run Django's migrate in a Python that it starts "
        "here"};
  }
  if (!record.done()) {
    return failed(record, ending);
  }
  if (ending.left_running && !record.unfinished().empty()) {
    return stopped(record, ending, "the project's command ended while its migrate went on");
  }
  if (ending.plan_only) {
    return {0, "planned only, nothing was changed", ""};
  }
  if (ending.check_only) {
    return {0, "no migration is missing", ""};
  }
  if (record.planned() == 0) {
    return {0, "done: nothing to apply", ""};
  }
  return {0,
          fmt::format("done: {} {}", record.applied(),
                      record.applied() == 1 ? "migration" : "migrations"),
          ""};
}

} // namespace

void MigrationRecord::take(const Value& message, int from) {
  const auto event = message["event"].text();
  if (event == "command") {
    commanded_ = commanded_ || is_migrate(message);
  } else if (event == "command_done") {
    done_ = done_ || is_migrate(message);
  } else if (event == "plan") {
    planning_ = true;
    planned_ += message["migrations"].elements().size();
  } else if (event == "progress") {
    take_progress(message, from);
  } else if (event == "failed" && message["type"].text() == "Refused") {
    refusal_ = message["message"].text();
  } else if (event == "failed" && message["type"].text() != "SystemExit") {
    failure_ = summary_of(message["type"].text(), message["message"].text());
    sqlstate_ = message["sqlstate"].text();
  }
}

std::string MigrationRecord::unfinished() const {
  std::string names;
  for (const auto& [process, migration] : unfinished_) {
    names += (names.empty() ? "" : ", ") + migration.name;
  }
  return names;
}

bool MigrationRecord::unfinished_is_atomic() const {
  return std::all_of(unfinished_.begin(), unfinished_.end(),
                     [](const auto& entry) { return entry.second.atomic; });
}

void MigrationRecord::stop(double seconds, bool interrupted) {
  for (const auto& [process, migration] : unfinished_) {
    steps_[migration.step].seconds = seconds;
    steps_[migration.step].state = interrupted ? "interrupted" : "failed";
  }
}

void MigrationRecord::take_progress(const Value& message, int from) {
  const auto action = message["action"].text();
  if (action == "apply_start" || action == "unapply_start") {
    const auto name = message["app"].text() + "." + message["name"].text();
    unfinished_[from] = {name, message["atomic"].truth(true), steps_.size()};
    steps_.push_back({name, "failed", 0});
  } else if (action == "apply_success" || action == "unapply_success") {
    ++applied_;
    if (const auto done = unfinished_.extract(from)) {
      steps_[done.mapped().step].state = "done";
      steps_[done.mapped().step].seconds = message["seconds"].real();
    }
  }
}

MigrateVerdict judge_migration(const MigrationRecord& record, const Ending& ending) {
  if (const auto& refused = ending.refused.empty() ? record.refusal() : ending.refused;
      !refused.empty()) {
    return record.changed_nothing()
               ? MigrateVerdict{1, "refused, nothing was changed: " + refused, ""}
               : stopped(record, ending, refused);
  }
  if (!ending.lost.empty()) {
    return record.changed_nothing()
               ? MigrateVerdict{3, "nothing was applied: " + ending.lost, ending.again}
               : stopped(record, ending, ending.lost);
  }
  const auto signal = ending.signal                         ? ending.signal
                      : ending.child_status == 128 + SIGINT ? std::optional(SIGINT)
                                                            : std::nullopt;
  if (signal && !(ending.child_status == 0 && record.done())) {
    return {128 + *signal, "interrupted: " + what_stands(record), how_to_continue(record, ending)};
  }
  return ending.child_status == 0 ? succeeded(record, ending) : failed(record, ending);
}

} // namespace pgtool
