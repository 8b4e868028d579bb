#include "commands/migrate/desk.hpp"

#include "base/text.hpp"
#include "commands/migrate/back_off.hpp"

#include <algorithm>
#include <fmt/core.h>
#include <utility>

namespace pgtool {
namespace {

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

} // namespace

MigrationDesk::MigrationDesk(Routes& routes, const MigratePolicy& policy, double wait, bool shown,
                             const Context& context)
    : routes_(routes), policy_(policy), shown_(shown), context_(context), trace_(policy.trace),
      idle_(policy.terminate_idle, trace_),
      waits_(policy, idle_, trace_, [this](int from, const std::string& line) { say(from, line); }),
      log_(trace_), sight_(context, [this](const std::string& line) { say(last_from_, line); }),
      due_(wait, idle_, trace_, [this](int from, const std::string& line) { say(from, line); }),
      indexes_(context) {}

void MigrationDesk::say(int from, const std::string& line) {
  auto& work = works_[from];
  std::exchange(work.line_is_open, false) ? context_.say_below(line) : context_.say(line);
}

bool MigrationDesk::take(const BridgeMessage& message, Bridge& bridge) {
  const auto event = message.body["event"].text();
  auto& work = works_[message.from];
  work.heard = Clock::now();
  if (event == "progress") {
    take_progress(message);
    return false;
  }
  log_.take(message, [&](int pid) { return waits_.total(pid); });
  if (const auto* session = routes_.session_of(message.body["alias"].text()); session != nullptr) {
    const auto told = message.body["schemas"].text(work.schemas);
    work.schemas = told.empty() ? session->facts().schemas : told;
  }
  if (event == "connected") {
    work.session = routes_.session_of(message.body["alias"].text());
    work.pid = static_cast<int>(message.body["server_pid"].number());
    for (auto& [process, other] : works_) {
      other.escaped = other.escaped || (other.applies && process != message.from);
    }
    return false;
  }
  if (event == "plan" && !message.body["id"].is_null()) {
    take_plan(message, bridge);
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
  } else if (event == "conflicts" || event == "effects") {
    record_.checked.add(check_told(routes_.session_of(message.body["alias"].text()), message.body));
  } else if (event == "held" || event == "ran") {
    // The log has taken it.
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

void MigrationDesk::take_progress(const BridgeMessage& message) {
  auto& work = works_[message.from];
  const auto action = message.body["action"].text();
  if (action.ends_with("apply_start")) {
    work.migration = migration_of(message.body);
    work.begun.push_back(work.migration);
    work.needed.clear();
    work.line_is_open = shown_;
    work.applies = true;
    work.escaped = false;
    last_from_ = message.from;
    sight_.start(work.migration);
  } else {
    if (action.ends_with("apply_success") && !work.begun.empty()) {
      work.begun.pop_back();
      work.migration = work.begun.empty() ? "" : work.begun.back();
      work.applies = !work.begun.empty();
      sight_.done();
    }
    work.line_is_open = false;
    waits_.end_all();
  }
  log_.take(message, [&](int pid) { return waits_.total(pid); });
}

/// The project waits for the answer: what is found now is said before anything begins.
void MigrationDesk::take_plan(const BridgeMessage& message, Bridge& bridge) {
  auto* session = routes_.session_of(message.body["alias"].text());
  if (session != nullptr && planned_alias_.empty()) {
    planned_alias_ = message.body["alias"].text();
    planned_engine_ = message.body["engine"].text();
    record_.prepares = message.body["prepares"].truth();
    record_.checked = check_before(*session, routes_.survey, routes_.request);
    for (const auto& finding : record_.checked.findings) {
      context_.say("warning: " + finding.message);
    }
    trace_.add("begin", Value::object({{"alias", planned_alias_},
                                       {"database", session->facts().database},
                                       {"migrations", message.body["migrations"]}}));
    log_.begin(*session);
  }
  sight_.plan(message.body["migrations"].elements().size());
  bridge.reply(message, Value::object());
}

void MigrationDesk::take_statement(const BridgeMessage& message, Bridge& bridge) {
  const auto& body = message.body;
  const auto text = body["sql"].text();
  const auto pid = static_cast<int>(body["pid"].number());
  auto* session = routes_.session_of(message.body["alias"].text());
  const auto statement = statement_locks(text);
  auto needed = needed_locks(statement, text);
  const bool strong = !needed.empty() || !statement.understood;
  Value answer = statement_answer(statement, strong);
  log_.take_statement(message, statement, waits_.total(pid));
  if (session == nullptr) {
    bridge.reply(message, answer);
    return;
  }
  auto& work = works_[message.from];
  sight_.follow(*session, pid);
  add_new(work.needed, needed);
  if (const auto words = lower(text); words.find("detach") != std::string::npos &&
                                      words.find("concurrently") != std::string::npos) {
    detaching_ = session;
  }
  if (statement.concurrent_index) {
    indexes_.begin(*session, statement, work.schemas, pid);
  }
  if (strong || answer["kind"].text() == "long") {
    const auto allowed = strong ? static_cast<double>(body["left"].number()) / 1000 : 0;
    waits_.begin({session, pid, message.from, work.migration, allowed, strong},
                 !body["held"].truth());
  }
  if (!strong || !body["first"].truth() || needed.empty()) {
    bridge.reply(message, answer);
    return;
  }
  due_.add({message, session, work.migration,
            TableWait(needed, work.schemas, policy_.max_transaction_age), answer});
}

void MigrationDesk::take_migration(const BridgeMessage& message, Bridge& bridge) {
  auto& work = works_[message.from];
  work.migration = migration_of(message.body);
  auto needed = foreseen_locks(message.body["tables"]);
  for (const auto& sql : message.body["sql"].elements()) {
    const auto found = needed_locks(statement_locks(sql.text()), sql.text());
    needed.insert(needed.end(), found.begin(), found.end());
  }
  auto* session = routes_.session_of(message.body["alias"].text());
  if (needed.empty() || session == nullptr || policy_.max_transaction_age <= 0) {
    bridge.reply(message, Value::object());
    return;
  }
  due_.add({message, session, work.migration,
            TableWait(std::move(needed), work.schemas, policy_.max_transaction_age),
            Value::object()});
}

/// Until now it was a try of the migration or of one statement; both were undone as a whole.
void MigrationDesk::take_try(const BridgeMessage& message, Bridge& bridge) {
  const auto& body = message.body;
  auto& work = works_[message.from];
  const auto state = body["sqlstate"].text();
  const auto pid = static_cast<int>(body["pid"].number());
  const bool statement_only = !body["statement"].is_null();
  auto* session = routes_.session_of(message.body["alias"].text());
  const auto cancelled = waits_.take_cancelled(pid);
  if ((state == "57014" && cancelled.empty()) || session == nullptr) {
    bridge.reply(message, Value::object({{"again", false}}));
    return;
  }
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
  const std::string what = state == "40P01"    ? "a deadlock was broken"
                           : cancelled.empty() ? "a lock was not had in time"
                                               : cancelled;
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
  trace_.add("try", record_.tries.elements().back());
  due_.add({message, session, work.migration,
            TableWait(work.needed, work.schemas, policy_.max_transaction_age),
            Value::object({{"again", true}}),
            Clock::now() +
                std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(delay))});
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

void MigrationDesk::finish() {
  clear_up();
  if (!trace_.trouble().empty()) {
    context_.say("warning: the trace is not complete: " + trace_.trouble());
  }
  log_.end([&](int pid) { return waits_.total(pid); });
  auto* session = routes_.session_of(planned_alias_);
  if (session == nullptr) {
    return;
  }
  auto& checked = record_.checked;
  std::erase_if(checked.findings, [&](const Finding& finding) {
    return finding.rule == "unrecorded-migration" && log_.is_done(finding.where.object);
  });
  checked.add(check_leftovers(*session, planned_engine_));
}

DeskRecord MigrationDesk::record() const {
  auto record = record_;
  record.waits = due_.waits();
  record.busy = record.busy.empty() ? due_.busy() : record.busy;
  record.migrations = log_.entries();
  record.ended = idle_.ended();
  record.given_up = waits_.given_up();
  record.changed_old_tables = log_.changed_old_tables();
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

/// Plain statements are not asked about, and may wait for a row all the same.
void MigrationDesk::watch_the_silent() {
  constexpr auto silence = std::chrono::milliseconds(400);
  for (const auto& [from, work] : works_) {
    if (work.applies && work.session != nullptr && Clock::now() - work.heard >= silence &&
        !waits_.watches(work.pid)) {
      waits_.begin({work.session, work.pid, from, work.migration, 0, false}, true);
    }
  }
}

std::chrono::milliseconds MigrationDesk::tick(Bridge& bridge) {
  due_.settle(bridge);
  look_for_others();
  watch_the_silent();
  const auto next = std::min(sight_.tick(), DueAnswers::between_looks);
  if (!waits_.is_watching()) {
    return next;
  }
  const bool silent = std::all_of(works_.begin(), works_.end(), [](const auto& entry) {
    return Clock::now() - entry.second.heard >= LockWaits::between_looks;
  });
  return silent ? waits_.look() : LockWaits::between_looks;
}

} // namespace pgtool
