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

/// A migration may alter one table a thousand times.
void add_new(std::vector<NeededLock>& known, const std::vector<NeededLock>& more) {
  for (const auto& need : more) {
    const bool is_known = std::any_of(known.begin(), known.end(), [&](const NeededLock& other) {
      return other.lock.relation == need.lock.relation && other.lock.mode == need.lock.mode &&
             other.cascades == need.cascades;
    });
    if (!is_known) {
      known.push_back(need);
    }
  }
}

/// Whether anybody has to be looked at more closely: a transaction of others holds some table, and
/// the backend that asks is still there. Cheap, for it is asked before each strong lock.
bool may_be_held(DirectSession& session, const Value& pid) {
  const auto rows = session.connection().query(
      "select exists (select from pg_stat_get_activity($1::int)) and exists (select from pg_locks"
      " where locktype = 'relation' and granted and relation >= 16384"
      " and pid is distinct from pg_backend_pid() and pid is distinct from $1::int) as held",
      {std::to_string(pid.number())});
  return rows.truth(0, "held");
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
    work.begun.push_back(work.migration);
    work.needed.clear();
    work.line_is_open = shown_;
    work.applies = true;
    work.escaped = false;
    return false;
  }
  if (event == "progress") {
    if (message.body["action"].text().ends_with("apply_success") && !work.begun.empty()) {
      work.begun.pop_back();
      work.migration = work.begun.empty() ? "" : work.begun.back();
      work.applies = !work.begun.empty();
    }
    work.line_is_open = false;
    waits_.forget_all();
    return false;
  }
  if (const auto* session = session_of(message); session != nullptr) {
    const auto told = message.body["schemas"].text(work.schemas);
    work.schemas = told.empty() ? session->facts().schemas : told;
  }
  if (event == "connected") {
    for (auto& [process, other] : works_) {
      other.escaped = other.escaped || (other.applies && process != message.from);
    }
    return false;
  }
  if (event == "statement") {
    take_statement(message, bridge);
  } else if (event == "waited") {
    bridge.reply(
        message,
        Value::object({{"seconds", waits_.take(static_cast<int>(message.body["pid"].number()))}}));
  } else if (event == "went_on") {
    record_.went_on.push_back(migration_of(message.body));
    say(message.from, "warning: " + record_.went_on.back() + went_on_words);
  } else if (event == "unmade") {
    indexes_.forget(static_cast<int>(message.body["pid"].number()));
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

void MigrationDesk::take_statement(const BridgeMessage& message, Bridge& bridge) {
  const auto& body = message.body;
  const auto text = body["sql"].text();
  const auto pid = static_cast<int>(body["pid"].number());
  auto* session = session_of(message);
  const auto statement = statement_locks(text);
  auto needed = needed_locks(statement, text);
  const bool strong = !needed.empty() || !statement.understood;
  Value answer = statement_answer(statement, strong);
  allowed_.erase(pid);
  if (session == nullptr) {
    bridge.reply(message, answer);
    return;
  }
  auto& work = works_[message.from];
  add_new(work.needed, needed);
  if (const auto words = lower(text); words.find("detach") != std::string::npos &&
                                      words.find("concurrently") != std::string::npos) {
    detaching_ = session;
  }
  if (statement.concurrent_index) {
    indexes_.begin(*session, statement, work.schemas, pid);
  }
  if (strong) {
    if (!body["held"].truth()) {
      waits_.watch(*session, pid);
    }
    allowed_[pid] = static_cast<double>(body["left"].number()) / 1000;
  }
  if (!strong || !body["first"].truth() || needed.empty()) {
    bridge.reply(message, answer);
    return;
  }
  pending_.push_back(
      {message, session, TableWait(needed, work.schemas, policy_.max_transaction_age), answer});
  pending_.back().began = Clock::now();
}

void MigrationDesk::take_migration(const BridgeMessage& message, Bridge& bridge) {
  auto& work = works_[message.from];
  work.migration = migration_of(message.body);
  auto needed = foreseen_locks(message.body["tables"]);
  for (const auto& sql : message.body["sql"].elements()) {
    const auto found = needed_locks(statement_locks(sql.text()), sql.text());
    needed.insert(needed.end(), found.begin(), found.end());
  }
  auto* session = session_of(message);
  if (needed.empty() || session == nullptr || policy_.max_transaction_age <= 0) {
    bridge.reply(message, Value::object());
    return;
  }
  pending_.push_back({message, session,
                      TableWait(std::move(needed), work.schemas, policy_.max_transaction_age),
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
  waits_.take(pid); // the next try has the whole time again
  if (work.escaped && !statement_only) {
    say(message.from, work.migration + " is not tried again: another process of it has connected, "
                                       "and what that wrote was not rolled back");
    bridge.reply(message, Value::object({{"again", false}}));
    return;
  }
  const auto tries = static_cast<int>(body["tries"].number());
  const auto own = holders_now(*session, work, Whose::own);
  const auto held =
      own.empty() ? holders_now(*session, work, Whose::others) : "this run itself: " + own;
  const std::string what =
      state == "40P01" ? "a deadlock was broken" : "a lock was not had in time";
  const std::string by = held.empty() ? "" : ", as " + held;
  clear_up();
  if (const auto left = join(indexes_.left(), "; "); statement_only && !left.empty()) {
    record_.busy = fmt::format("{}{}: {}{}, and the invalid index that it left is in the way ({})",
                               work.migration, operation_of(body), what, by, left);
    bridge.reply(message, Value::object({{"again", false}}));
    return;
  }
  if (tries > policy_.retries || !own.empty()) {
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
  pending_.push_back({message, session,
                      TableWait(work.needed, work.schemas, policy_.max_transaction_age),
                      Value::object({{"again", true}})});
  pending_.back().began = pending_.back().not_before =
      Clock::now() +
      std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(delay));
}

/// DETACH CONCURRENTLY that is stopped in its second half leaves that to a person.
void MigrationDesk::look_for_detached() {
  auto* session = std::exchange(detaching_, nullptr);
  if (session == nullptr) {
    return;
  }
  const auto found = session->connection().attempt(
      "select inhparent::regclass::text as parent, inhrelid::regclass::text as part"
      " from pg_inherits where inhdetachpending");
  for (int row = 0; found.ok() && row < found.rows.size(); ++row) {
    record_.left.push_back(fmt::format("alter table {} detach partition {} finalize",
                                       found.rows.text(row, "parent"),
                                       found.rows.text(row, "part")));
    context_.say(fmt::format("warning: partition {} is pending detach: {}",
                             found.rows.text(row, "part"), record_.left.back()));
  }
}

void MigrationDesk::clear_up() {
  look_for_detached();
  try {
    indexes_.drop();
  } catch (const SqlError& error) {
    context_.say(std::string("warning: whether an invalid index was left could not be seen: ") +
                 error.what());
  }
}

DeskRecord MigrationDesk::record() const {
  auto record = record_;
  record.dropped = indexes_.dropped();
  record.left.insert(record.left.end(), indexes_.left().begin(), indexes_.left().end());
  return record;
}

std::string MigrationDesk::holders_now(DirectSession& session, const Work& work, Whose whose) {
  try {
    return words_of(table_holders(session, work.needed, work.schemas, whose), "holds");
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
    constexpr double slack = 0.05; // lock_timeout itself comes first where there is one lock only
    if (seconds <= 0 || waits_.waiting(pid) <= seconds + slack || cancelled_.contains(pid)) {
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
    if (may_be_held(*pending.session, pending.message.body["pid"])) {
      holders = pending.wait.look(*pending.session);
    }
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
