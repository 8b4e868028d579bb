#include "rules/sessions/all.hpp"

#include "rules/reading/remarks.hpp"
#include "rules/reading/together.hpp"
#include "rules/sessions/own_session.hpp"
#include "rules/sessions/tracked.hpp"

#include <fmt/core.h>
#include <set>

namespace pgtool::rules {
namespace {

constexpr std::string_view unread = "…"; // a name that is no constant

bool is_asked_for(const action::SetParameter& set) {
  return !set.local && set.name != "role" && set.name != "session_authorization" &&
         !is_tracked(set.name);
}

/// It never leaves its transaction: set back before the end, or undone with all the rest.
bool stays_inside(const Reading& reading, const ReadStep& step, const action::SetParameter& set) {
  return is_rolled_back(reading, step) ||
         follows_together<action::SetParameter>(
             reading, step, [&](const action::SetParameter& next) {
               return next.resets && (next.name == set.name || next.name == "all");
             });
}

std::string words_for(const action::SetParameter& set) {
  if (set.resets) {
    return set.name == "all" ? "RESET ALL" : "RESET " + set.name;
  }
  if (set.name == unread) {
    return "set_config(…, false)";
  }
  if (set.by_function) {
    return fmt::format("set_config('{}', …, false)", set.name);
  }
  return set.name == "session characteristics" ? "SET SESSION CHARACTERISTICS" : "SET " + set.name;
}

std::string local_form(const action::SetParameter& set) {
  if (set.by_function) {
    return "set_config() with true as its third argument";
  }
  return set.name == "session characteristics" ? "SET TRANSACTION"
                                               : fmt::format("SET LOCAL {}", set.name);
}

std::string remedy_for(const Reading& reading, const ReadStep& step,
                       const action::SetParameter& set) {
  if (step.transaction != 0) {
    return local_form(set) + ", which ends with this transaction";
  }
  if (reading.sender == Sender::migration) {
    return or_own_session(reading, "with atomic = True " + local_form(set));
  }
  return or_own_session(reading,
                        fmt::format("{} between BEGIN and COMMIT, with the statements that "
                                    "it is for",
                                    local_form(set)));
}

std::vector<Remark> read(const Reading& reading) {
  std::vector<Remark> remarks;
  std::set<std::string> told;
  each<action::SetParameter>(reading, [&](const ReadStep& step, const action::SetParameter& set) {
    const bool undoes =
        set.resets && (told.contains(set.name) || (set.name == "all" && !told.empty()));
    if (!is_asked_for(set) || undoes || (!set.resets && stays_inside(reading, step, set))) {
      told.insert(set.name); // RESET behind it takes nothing from others
      return;
    }
    if (!told.insert(set.name).second) {
      return;
    }
    if (set.resets) {
      remarks.push_back(remark_on(reading, step,
                                  words_for(set) + " takes from the next client of this session "
                                                   "what the pooler or its role has set there",
                                  or_own_session(reading, "take it out")));
      return;
    }
    remarks.push_back(remark_on(
        reading, step,
        fmt::format("{} stays in the server session{}, which the pooler gives to other clients, "
                    "and the next statement here may run without it",
                    words_for(set), step.transaction != 0 ? " after COMMIT" : ""),
        remedy_for(reading, step, set)));
  });
  return remarks;
}

} // namespace

const Rule session_set_under_pooler{
    .slug = "session-set-under-pooler",
    .area = Area::migrations,
    .grades = when_shared(Severity::error, Severity::warning),
    .summary = "SET changes a session that a pooler gives to other clients",
    .why = "SET outlives its transaction, and a pooler in transaction mode hands the server "
           "session on as it is: other requests run with a foreign lock_timeout or search_path, "
           "and the statement that needed it may get a session without it. SET LOCAL ends with the "
           "transaction.",
    .remedy = "SET LOCAL or set_config(…, true) inside the transaction that needs it, ALTER ROLE … "
              "SET for all sessions, or a direct session (pgtool migrate --direct)",
    .link = "https://www.pgbouncer.org/features.html",
    .read = read,
};

} // namespace pgtool::rules
