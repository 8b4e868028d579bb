#include "commands/migrate_progress.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <array>
#include <csignal>
#include <fmt/core.h>
#include <iterator>

namespace pgtool {
namespace {

constexpr const char* lock_not_available = "55P03";
constexpr const char* deadlock_detected = "40P01";
constexpr const char* query_canceled = "57014";
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

std::string what_stands(const MigrationRecord& record, const Ending& ending) {
  std::string words =
      fmt::format("{} of {} migrations applied", record.applied(), record.planned());
  if (record.unfinished().empty()) {
    return record.planned() > 0 && record.applied() >= record.planned()
               ? words + ", and what comes after them (post_migrate: permissions and the like) was "
                         "not completed"
               : words;
  }
  const auto where = record.operation().empty() ? "" : " in " + record.operation();
  if (ending.commit_unknown) {
    return words +
           fmt::format(", and whether {} was committed could not be seen", record.unfinished());
  }
  if (!record.is_halfway()) {
    return words + fmt::format(", {} rolled back{}{}", record.unfinished(), where,
                               record.escaped().empty()
                                   ? ""
                                   : ", but what it wrote " + record.escaped() +
                                         " stays, and would be written again");
  }
  words += fmt::format(", {} stopped halfway{} (it is not atomic", record.unfinished(), where);
  const auto done = record.operations_done();
  words += done == 0   ? ")"
           : done == 1 ? "; operation 1 stays in the database)"
                       : fmt::format("; operations 1 to {} stay in the database)", done);
  return words;
}

/// "shop.0002_note" as Django's migrate wants it: "shop 0002_note".
std::string spaced(std::string name) {
  const auto dot = name.find('.');
  return dot == std::string::npos ? name : name.replace(dot, 1, " ");
}

/// Unknown is not "nothing".
bool changed_nothing(const MigrationRecord& record, const Ending& ending) {
  return record.changed_nothing() && !ending.commit_unknown;
}

std::string because(const MigrationRecord& record) {
  return record.failure().empty() ? "" : ": " + record.failure();
}

/// A wrapper may hide what its Django ended with.
std::string how_it_ended(const Ending& ending) {
  if (ending.child_status > 128) {
    return fmt::format("Django was killed by signal {} (status {})", ending.child_status - 128,
                       ending.child_status);
  }
  return ending.child_status == 0
             ? "Django did not end well, though the project's command has status 0"
             : fmt::format("Django ended with status {}", ending.child_status);
}

/// After a non-atomic migration something may be half built: the same command alone may fail on it.
std::string how_to_continue(const MigrationRecord& record, const Ending& ending) {
  if (!record.is_halfway()) {
    return ending.left.empty() ? ending.again
                               : "run " + join(ending.left, "; ") + "; " + ending.again;
  }
  const auto name = record.unfinished();
  const std::string drop = ending.left.empty() ? "" : "run " + join(ending.left, "; ") + "; ";
  if (record.operations_done() == 0) {
    return fmt::format("{}look at what {} left behind, then {}", drop, name, ending.again);
  }
  return fmt::format("{}the same command would begin {} anew and find its first operations done: "
                     "undo them and {}; or do what is missing by hand and mark it as applied with "
                     "pgtool migrate{} --fake {}",
                     drop, name, ending.again, ending.project_options, spaced(name));
}

/// The names of things that a migration makes: they are there already.
bool exists_already(const std::string& sqlstate) {
  constexpr std::array<std::string_view, 4> states{"42701", "42P07", "42710", "42P06"};
  return std::find(states.begin(), states.end(), sqlstate) != states.end();
}

/// A run that was killed can have left it, or somebody's own hands.
std::string how_to_go_on_with_what_exists(const MigrationRecord& record, const Ending& ending) {
  const auto name = record.unfinished();
  if (!ending.left.empty()) {
    return fmt::format("an interrupted run left an invalid index: run {}; {}",
                       join(ending.left, "; "), ending.again);
  }
  return fmt::format(
      "what {} makes there is in the database already, as an interrupted run or "
      "somebody's hands leave it. If all of {} is there: pgtool migrate{} --fake {}; "
      "else remove it, and {}",
      record.operation().empty() ? name : record.operation(), name, ending.project_options,
      spaced(name), ending.again);
}

MigrateVerdict stopped(const MigrationRecord& record, const Ending& ending,
                       const std::string& why) {
  return {4, fmt::format("stopped: {}; {}", what_stands(record, ending), why),
          how_to_continue(record, ending)};
}

MigrateVerdict nothing_applied(const MigrationRecord& record, const Ending& ending) {
  const auto name = record.unfinished();
  const auto where = name.empty() ? ""
                     : record.operation().empty()
                         ? "; it was at " + name
                         : "; it was " + record.operation() + " of " + name;
  return {3,
          fmt::format("nothing was applied: {}{}{}", how_it_ended(ending), because(record), where),
          record.failure().empty() && !record.unfinished().empty()
              ? ending.again
              : "what Django printed stands above"};
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
  if (exists_already(record.sqlstate()) && !record.unfinished().empty()) {
    auto verdict = changed_nothing(record, ending)
                       ? nothing_applied(record, ending)
                       : stopped(record, ending, how_it_ended(ending) + because(record));
    verdict.hint = how_to_go_on_with_what_exists(record, ending);
    return verdict;
  }
  if (!changed_nothing(record, ending)) {
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
  return nothing_applied(record, ending);
}

/// By the command's own name, or by the word that it was given: projects put others behind that.
bool is_migrate(const Value& message) {
  const auto& words = message["argv"].elements();
  return message["name"].text() == "migrate" ||
         (!words.empty() && words.front().text() == "migrate");
}

/// What others were in the way of may have been caught, and something else have ended the run.
bool ended_for_a_lock(const MigrationRecord& record) {
  const auto& state = record.sqlstate();
  return record.failure().empty() || state == lock_not_available || state == deadlock_detected ||
         state == query_canceled;
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
  } else if (event == "operation") {
    take_operation(message);
  } else if (event == "writes") {
    if (const auto at = last_of(from); at != unfinished_.end()) {
      at->second.wrote = true;
    }
  } else if (event == "escapes") {
    escaped_ = message["how"].text();
  } else if (event == "failed" && message["type"].text() == "Refused") {
    refusal_ = message["message"].text();
  } else if (event == "failed" && message["type"].text() != "SystemExit") {
    failure_ = summary_of(message["type"].text(), message["message"].text());
    sqlstate_ = message["sqlstate"].text();
    take_operation(message);
    if (const auto at = last_of(from); at != unfinished_.end()) {
      at->second.wrote = message["wrote"].truth(at->second.wrote);
    }
  }
}

void MigrationRecord::take_connection(int from) {
  for (const auto& [process, migration] : unfinished_) {
    if (process != from) {
      escaped_ = "in another process";
    }
  }
}

void MigrationRecord::take_operation(const Value& message) {
  if (!message["operation"].is_null()) {
    operation_ = static_cast<int>(message["operation"].number());
    operations_ = static_cast<int>(message["operations"].number());
    operation_words_ = message["description"].text();
  }
}

std::string MigrationRecord::operation() const {
  return operation_ == 0
             ? ""
             : fmt::format("operation {} of {} ({})", operation_, operations_, operation_words_);
}

std::string MigrationRecord::unfinished() const {
  std::string names;
  for (const auto& [process, migration] : unfinished_) {
    names += (names.empty() ? "" : ", ") + migration.name;
  }
  return names;
}

std::multimap<int, MigrationRecord::Unfinished>::iterator MigrationRecord::last_of(int process) {
  const auto after = unfinished_.upper_bound(process);
  return after == unfinished_.begin() || std::prev(after)->first != process ? unfinished_.end()
                                                                            : std::prev(after);
}

bool MigrationRecord::unfinished_is_atomic() const {
  return std::all_of(unfinished_.begin(), unfinished_.end(),
                     [](const auto& entry) { return entry.second.atomic; });
}

bool MigrationRecord::is_halfway() const {
  return std::any_of(unfinished_.begin(), unfinished_.end(),
                     [](const auto& entry) { return !entry.second.atomic && entry.second.wrote; });
}

void MigrationRecord::stop(double seconds, bool interrupted) {
  for (const auto& [process, migration] : unfinished_) {
    steps_[migration.step].seconds = seconds;
    steps_[migration.step].state = interrupted ? "interrupted" : "failed";
  }
}

std::optional<MigrationRecord::Doubtful> MigrationRecord::doubtful() const {
  if (unfinished_.size() != 1 || !unfinished_.begin()->second.atomic) {
    return std::nullopt;
  }
  const auto& migration = unfinished_.begin()->second;
  const auto dot = migration.name.find('.');
  return Doubtful{migration.alias, migration.name.substr(0, dot), migration.name.substr(dot + 1),
                  migration.backwards};
}

void MigrationRecord::complete() {
  steps_[unfinished_.begin()->second.step].state = "done";
  unfinished_.clear();
  ++applied_;
}

void MigrationRecord::take_progress(const Value& message, int from) {
  const auto action = message["action"].text();
  if (action == "apply_start" || action == "unapply_start") {
    const auto name = message["app"].text() + "." + message["name"].text();
    operation_ = 0;
    escaped_.clear();
    unfinished_.emplace(from, Unfinished{name, message["atomic"].truth(true),
                                         action == "unapply_start", message["wrote"].truth(true),
                                         message["alias"].text(), steps_.size()});
    steps_.push_back({name, "failed", 0});
  } else if (action == "apply_success" || action == "unapply_success") {
    ++applied_;
    if (const auto done = last_of(from); done != unfinished_.end()) {
      steps_[done->second.step].state = "done";
      steps_[done->second.step].seconds = message["seconds"].real();
      unfinished_.erase(done);
    }
  }
}

MigrateVerdict judge_migration(const MigrationRecord& record, const Ending& ending) {
  if (const auto& refused = ending.refused.empty() ? record.refusal() : ending.refused;
      !refused.empty()) {
    return changed_nothing(record, ending)
               ? MigrateVerdict{1, "refused, nothing was changed: " + refused, ""}
               : stopped(record, ending, refused);
  }
  if (!ending.lost.empty()) {
    return changed_nothing(record, ending)
               ? MigrateVerdict{3, "nothing was applied: " + ending.lost, ending.again}
               : stopped(record, ending, ending.lost);
  }
  if (!ending.busy.empty() && ending.child_status != 0 && ended_for_a_lock(record)) {
    return changed_nothing(record, ending)
               ? MigrateVerdict{5, "busy, nothing changed: " + ending.busy, ending.again}
               : stopped(record, ending, ending.busy);
  }
  const auto signal = ending.signal                         ? ending.signal
                      : ending.child_status == 128 + SIGINT ? std::optional(SIGINT)
                                                            : std::nullopt;
  if (signal && !(ending.child_status == 0 && record.done())) {
    return {128 + *signal, "interrupted: " + what_stands(record, ending),
            how_to_continue(record, ending)};
  }
  return ending.child_status == 0 ? succeeded(record, ending) : failed(record, ending);
}

} // namespace pgtool
