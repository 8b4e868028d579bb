#include "commands/migrate/desk.hpp"

#include "base/text.hpp"
#include "commands/migrate/back_off.hpp"

#include <algorithm>
#include <fmt/core.h>
#include <utility>

namespace pgtool {
namespace {

constexpr auto between_looks = std::chrono::milliseconds(250);

double seconds_since(Clock::time_point then) {
  return std::chrono::duration<double>(Clock::now() - then).count();
}

std::string migration_of(const Value& body) {
  return body["app"].text() + "." + body["name"].text();
}

/// ", operation 2 of 3 (Add field note to order)"
std::string operation_of(const Value& body) {
  return body["operation"].is_null()
             ? ""
             : fmt::format(", operation {} of {} ({})", body["operation"].text(),
                           body["operations"].text(), body["description"].text());
}

LockMode mode_named(const std::string& name) {
  return name == lock_mode_name(LockMode::share)                 ? LockMode::share
         : name == lock_mode_name(LockMode::share_row_exclusive) ? LockMode::share_row_exclusive
                                                                 : LockMode::access_exclusive;
}

/// db_table may hold a schema, as in '"shop"."order"' or 'shop"."order'.
Relation relation_named(std::string text) {
  std::erase(text, '"');
  const auto dot = text.find('.');
  return dot == std::string::npos ? Relation{"", text}
                                  : Relation{text.substr(0, dot), text.substr(dot + 1)};
}

/// False when that backend has ended, while its client waits for us.
bool is_there(DirectSession& session, const Value& pid) {
  return session.connection()
             .query("select from pg_stat_get_activity($1::int)", {pid.text()})
             .size() > 0;
}

/// Blocks no reader and no writer, and so may wait for as long as it takes.
bool may_wait(const StatementLocks& statement) {
  return statement.understood && !statement.locks.empty() && !statement.strong() &&
         std::any_of(statement.locks.begin(), statement.locks.end(), [](const auto& lock) {
           return lock.mode == LockMode::share_update_exclusive;
         });
}

Value shape_answer(const StatementLocks& statement, bool strong) {
  Value sets = Value::array();
  for (const auto& name : statement.sets) {
    sets.add(name);
  }
  const bool is_long = may_wait(statement);
  const bool cached = statement.understood && statement.locks.empty() &&
                      statement.creates.empty() && statement.sets.empty();
  return Value::object({{"kind", strong    ? "strong"
                                 : is_long ? "long"
                                           : "plain"},
                        {"sets", sets},
                        {"control", statement.controls_transaction},
                        {"opaque", !statement.understood},
                        {"single", statement.understood && statement.statements == 1},
                        {"cached", cached}});
}

} // namespace

void MigrationDesk::say(int from, const std::string& line) {
  auto& work = works_[from];
  std::exchange(work.line_is_open, false) ? context_.say_below(line) : context_.say(line);
}

DirectSession* MigrationDesk::session_of(const BridgeMessage& message) {
  const auto* routed = routes_.find(message.body["alias"].text());
  return routed != nullptr && routed->database ? &routed->database->route->session : nullptr;
}

bool MigrationDesk::take(const BridgeMessage& message, Bridge& bridge) {
  const auto event = message.body["event"].text();
  auto& work = works_[message.from];
  work.heard = Clock::now();
  if (event == "progress" && message.body["action"].text().ends_with("apply_start")) {
    work.migration = migration_of(message.body);
    work.needed.clear();
    work.line_is_open = shown_;
    return false;
  }
  if (event == "progress") {
    work.line_is_open = false;
    waits_.forget_all();
    return false;
  }
  if (event == "statement") {
    take_statement(message, bridge);
  } else if (event == "waited") {
    bridge.reply(
        message,
        Value::object({{"seconds", waits_.take(static_cast<int>(message.body["pid"].number()))}}));
  } else if (event == "migration") {
    take_migration(message, bridge);
  } else if (event == "try") {
    take_try(message, bridge);
  } else if (event == "untried") {
    say(message.from, work.migration + " is not tried again: " + message.body["reason"].text());
    return false;
  } else {
    return false;
  }
  return true;
}

std::vector<NeededLock> MigrationDesk::needs_of(const StatementLocks& statement,
                                                const std::string& text) {
  const bool cascades = lower(text).find("drop ") != std::string::npos;
  std::vector<NeededLock> needed;
  for (const auto& lock : statement.locks) {
    const auto& relation = lock.relation;
    if (lock.mode >= LockMode::share && !born_.contains({relation.schema, relation.name})) {
      needed.push_back({lock, cascades});
    }
  }
  return needed;
}

void MigrationDesk::take_statement(const BridgeMessage& message, Bridge& bridge) {
  const auto& body = message.body;
  const auto text = body["sql"].text();
  const auto pid = static_cast<int>(body["pid"].number());
  auto* session = session_of(message);
  const auto statement = statement_locks(text);
  auto needed = needs_of(statement, text);
  const bool strong = !needed.empty() || (!statement.understood && statement.strong());
  for (const auto& relation : statement.creates) {
    born_.insert({relation.schema, relation.name});
  }
  Value answer = shape_answer(statement, strong);
  allowed_.erase(pid);
  if (session == nullptr) {
    bridge.reply(message, answer);
    return;
  }
  auto& work = works_[message.from];
  work.needed.insert(work.needed.end(), needed.begin(), needed.end());
  if (statement.concurrent_index) {
    begin_index(*session, statement, pid);
  }
  if (strong && !body["held"].truth()) {
    waits_.watch(*session, pid);
  }
  if (needed.size() > 1 || statement.statements > 1 || !statement.understood) {
    allowed_[pid] = static_cast<double>(body["left"].number()) / 1000;
  }
  if (!strong || !body["first"].truth() || needed.empty()) {
    bridge.reply(message, answer);
    return;
  }
  pending_.push_back({message, session, TableWait(needed, policy_.max_transaction_age), answer});
  pending_.back().began = Clock::now();
}

void MigrationDesk::take_migration(const BridgeMessage& message, Bridge& bridge) {
  auto& work = works_[message.from];
  work.migration = migration_of(message.body);
  std::vector<NeededLock> needed;
  for (const auto& table : message.body["tables"].elements()) {
    const auto relation = relation_named(table["name"].text());
    if (!born_.contains({relation.schema, relation.name})) {
      needed.push_back({{relation, false, mode_named(table["mode"].text())}, false});
    }
  }
  for (const auto& sql : message.body["sql"].elements()) {
    const auto found = needs_of(statement_locks(sql.text()), sql.text());
    needed.insert(needed.end(), found.begin(), found.end());
  }
  auto* session = session_of(message);
  if (needed.empty() || session == nullptr || policy_.max_transaction_age <= 0) {
    bridge.reply(message, Value::object());
    return;
  }
  pending_.push_back({message, session, TableWait(std::move(needed), policy_.max_transaction_age),
                      Value::object()});
  pending_.back().began = Clock::now();
}

/// Until now it was a try of the migration or of one statement; both were undone as a whole.
void MigrationDesk::take_try(const BridgeMessage& message, Bridge& bridge) {
  const auto& body = message.body;
  auto& work = works_[message.from];
  const auto state = body["sqlstate"].text();
  const auto pid = static_cast<int>(body["pid"].number());
  const bool statement_only = !body["statement"].is_null();
  auto* session = session_of(message);
  const bool was_ours = cancelled_.erase(pid) > 0 || !cancelled_.empty();
  if ((state == "57014" && !was_ours) || session == nullptr) {
    bridge.reply(message, Value::object({{"again", false}}));
    return;
  }
  cancelled_.clear();
  if (!statement_only) {
    born_.clear(); // What the migration had made is gone again; what is looked up is always right.
  }
  const auto tries = static_cast<int>(body["tries"].number());
  const auto held = holders_now(*session, work.needed);
  const std::string what =
      state == "40P01" ? "a deadlock was broken" : "a lock was not had in time";
  const std::string by = held.empty() ? "" : " (" + held + ")";
  drop_leftovers();
  if (tries > policy_.retries) {
    record_.busy = fmt::format("{}{}: {}{}, {} {}", work.migration, operation_of(body), what, by,
                               tries, tries == 1 ? "try" : "tries");
    bridge.reply(message, Value::object({{"again", false}}));
    return;
  }
  const auto delay = back_off_seconds(policy_.retry_delay, tries);
  say(message.from,
      fmt::format("{}: {}{}; trying {}again in {:.1f} s (try {} of {})", work.migration, what, by,
                  statement_only ? "the statement " : "", delay, tries + 1, policy_.retries + 1));
  record_.tries.add(Value::object({{"migration", work.migration},
                                   {"sqlstate", state},
                                   {"try", tries},
                                   {"delay", delay},
                                   {"message", body["message"].text()},
                                   {"statement", statement_only}}));
  pending_.push_back({message, session, TableWait(work.needed, policy_.max_transaction_age),
                      Value::object({{"again", true}})});
  pending_.back().began = pending_.back().not_before =
      Clock::now() +
      std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(delay));
}

void MigrationDesk::begin_index(DirectSession& session, const StatementLocks& statement,
                                int backend) {
  auto index = concurrent_index(session, statement, backend);
  if (index.before == IndexState::invalid) {
    context_.say("warning: index " + index.shown() +
                 " was there before and is invalid, as an interrupted CREATE INDEX CONCURRENTLY "
                 "leaves it");
    record_.left.push_back(index.drop());
  } else if (index.before == IndexState::absent) {
    building_.emplace_back(&session, std::move(index));
  }
}

void MigrationDesk::drop_leftovers() {
  for (auto& [session, index] : std::exchange(building_, {})) {
    std::string trouble;
    if (drop_leftover(*session, index, trouble)) {
      context_.say("dropped index " + index.shown() +
                   ", which the interrupted CREATE INDEX CONCURRENTLY had left invalid");
      record_.dropped.add(index.shown());
    } else if (!trouble.empty()) {
      context_.say("warning: index " + index.shown() +
                   " is invalid and could not be dropped: " + trouble);
      record_.left.push_back(index.drop());
    }
  }
}

void MigrationDesk::clear_up() {
  try {
    drop_leftovers();
  } catch (const SqlError& error) {
    context_.say(std::string("warning: whether an invalid index was left could not be seen: ") +
                 error.what());
  }
}

std::string MigrationDesk::holders_now(DirectSession& session,
                                       const std::vector<NeededLock>& needed) {
  try {
    return words_of(table_holders(session, needed), "holds");
  } catch (const SqlError&) {
    return ""; // that the session is lost is noticed and said elsewhere
  }
}

void MigrationDesk::look_for_others() {
  for (const auto& routed : routes_.aliases) {
    if (routed.database && routed.database->lock_pid != 0) {
      for (const auto& words : others_.look(routed.database->route->session)) {
        context_.say("warning: somebody else changes the schema of this database at the same "
                     "time: " +
                     words);
      }
    }
  }
}

std::chrono::milliseconds MigrationDesk::tick(Bridge& bridge) {
  std::erase_if(pending_, [&](Pending& pending) { return settle(pending, bridge); });
  look_for_others();
  if (!waits_.is_watching()) {
    return between_looks;
  }
  const bool silent = std::all_of(works_.begin(), works_.end(), [](const auto& entry) {
    return Clock::now() - entry.second.heard >= LockWaits::between_looks;
  });
  if (silent) {
    waits_.look();
    cancel_who_waits_too_long();
  }
  return LockWaits::between_looks;
}

/// lock_timeout bounds each wait for a lock, and a statement may wait for several.
void MigrationDesk::cancel_who_waits_too_long() {
  for (const auto& [pid, seconds] : allowed_) {
    if (seconds <= 0 || waits_.waiting(pid) <= seconds || cancelled_.contains(pid)) {
      continue;
    }
    for (const auto& routed : routes_.aliases) {
      if (routed.database) {
        const auto sent = routed.database->route->session.connection().attempt(
            "select pg_cancel_backend(pid) from pg_stat_get_activity($1::int)"
            " where wait_event_type = 'Lock'",
            {std::to_string(pid)});
        if (sent.ok() && sent.rows.size() > 0) {
          cancelled_.insert(pid);
        }
      }
    }
  }
}

bool MigrationDesk::settle(Pending& pending, Bridge& bridge) {
  const auto now = Clock::now();
  if (!bridge.is_linked(pending.message.from)) {
    return true;
  }
  if (now < pending.not_before || now - pending.looked < between_looks) {
    return false;
  }
  pending.looked = now;
  std::vector<TableHolder> holders;
  try {
    if (is_there(*pending.session, pending.message.body["pid"])) {
      holders = pending.wait.look(*pending.session);
    } // else whatever is sent next on that session fails, and is told as such
  } catch (const SqlError&) {
    return false; // the session is lost: the watch ends the run
  }
  if (holders.empty()) {
    finish(pending, bridge);
    return true;
  }
  const auto held = words_of(holders, "holds");
  if (seconds_since(pending.began) >= wait_) {
    record_.busy = fmt::format("{}: {}", works_[pending.message.from].migration, held);
    bridge.reply(pending.message, Value::object({{"end", true}, {"again", false}}));
    return true;
  }
  say_whom(pending, holders);
  return false;
}

void MigrationDesk::say_whom(Pending& pending, const std::vector<TableHolder>& holders) {
  std::string who;
  for (const auto& holder : holders) {
    who += holder.transaction + ";";
    if (std::find(pending.holders.begin(), pending.holders.end(), holder.words) ==
        pending.holders.end()) {
      pending.holders.push_back(holder.words);
    }
  }
  if (std::exchange(pending.told, who) != who) {
    say(pending.message.from,
        fmt::format("{}: waiting until {}", works_[pending.message.from].migration,
                    words_of(holders, "lets go of")));
  }
}

void MigrationDesk::finish(Pending& pending, Bridge& bridge) {
  if (!pending.told.empty()) {
    Value holders = Value::array();
    for (const auto& words : pending.holders) {
      holders.add(words);
    }
    record_.waits.add(Value::object({{"migration", works_[pending.message.from].migration},
                                     {"seconds", seconds_since(pending.began)},
                                     {"holders", holders}}));
  }
  bridge.reply(pending.message, pending.answer);
}

} // namespace pgtool
