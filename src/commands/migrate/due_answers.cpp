#include "commands/migrate/due_answers.hpp"

#include <algorithm>
#include <fmt/core.h>
#include <utility>

namespace pgtool {
namespace {

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

void DueAnswers::settle(Bridge& bridge) {
  std::erase_if(due_, [&](DueAnswer& due) { return settle(due, bridge); });
}

/// True when it was answered, or nobody is left to hear it.
bool DueAnswers::settle(DueAnswer& due, Bridge& bridge) {
  const auto now = Clock::now();
  if (!bridge.is_linked(due.message.from)) {
    return true;
  }
  if (now < due.not_before || now - due.looked < between_looks) {
    return false;
  }
  due.looked = now;
  std::vector<TableHolder> holders;
  try {
    if (may_be_held(*due.session, due.message.body["pid"])) {
      holders = due.wait.look(*due.session);
    }
  } catch (const SqlError&) {
    return false; // the session is lost: the watch ends the run
  }
  if (holders.empty()) {
    give(due, bridge);
    return true;
  }
  if (seconds_since(due.not_before) >= longest_) {
    busy_ = fmt::format("{}: {}", due.migration, words_of(holders, "holds"));
    bridge.reply(due.message, Value::object({{"end", true}, {"again", false}}));
    return true;
  }
  for (const auto& holder : holders) {
    const auto say = [&](const std::string& line) { say_(due.message.from, line); };
    idle_.end(*due.session, holder.pid, holder.words, due.migration, say);
  }
  say_whom(due, holders);
  return false;
}

void DueAnswers::say_whom(DueAnswer& due, const std::vector<TableHolder>& holders) {
  std::string who;
  for (const auto& holder : holders) {
    who += holder.transaction + ";";
    if (std::find(due.holders.begin(), due.holders.end(), holder.words) == due.holders.end()) {
      due.holders.push_back(holder.words);
    }
  }
  if (std::exchange(due.told, who) != who) {
    const auto words = words_of(holders, "lets go of");
    say_(due.message.from, fmt::format("{}: waiting until {}", due.migration, words));
    trace_.add("wait", Value::object({{"migration", due.migration}, {"for", words}}));
  }
}

void DueAnswers::give(DueAnswer& due, Bridge& bridge) {
  if (!due.told.empty()) {
    Value holders = Value::array();
    for (const auto& words : due.holders) {
      holders.add(words);
    }
    waits_.add(Value::object({{"migration", due.migration},
                              {"seconds", seconds_since(due.not_before)},
                              {"holders", holders}}));
  }
  bridge.reply(due.message, due.answer);
}

} // namespace pgtool
