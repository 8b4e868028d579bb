#include "rules/sessions/all.hpp"

#include "rules/reading/remarks.hpp"
#include "rules/sessions/own_session.hpp"

#include <fmt/core.h>
#include <set>

namespace pgtool::rules {
namespace {

bool is_of_session(const std::string& name) {
  return (name.starts_with("pg_advisory_") || name.starts_with("pg_try_advisory_")) &&
         name.find("_xact_") == std::string::npos;
}

bool is_unlock(const std::string& name) { return name.starts_with("pg_advisory_unlock"); }

/// "pg_try_advisory_lock_shared" → "pg_try_advisory_xact_lock_shared"
std::string of_transaction(std::string name) {
  constexpr std::string_view word = "advisory_";
  return name.insert(name.find(word) + word.size(), "xact_");
}

std::string remedy_for(const Reading& reading, const std::string& name) {
  if (is_unlock(name)) {
    return or_own_session(reading, "take it out, with pg_advisory_xact_lock() instead of the lock: "
                                   "that goes when the transaction ends");
  }
  return or_own_session(reading, fmt::format("{}() inside the transaction that needs it, "
                                             "and no unlock",
                                             of_transaction(name)));
}

std::vector<Remark> read(const Reading& reading) {
  std::vector<Remark> remarks;
  std::set<std::string> told;
  each<action::CallFunction>(reading, [&](const ReadStep& step, const action::CallFunction& call) {
    if (!is_of_session(call.name) || !told.insert(call.name).second) {
      return;
    }
    remarks.push_back(remark_on(
        reading, step,
        is_unlock(call.name)
            ? fmt::format("{}() frees nothing when the pooler sends it to another session than "
                          "the lock",
                          call.name)
            : fmt::format("the lock of {}() stays with the server session: nobody here may be "
                          "able to free it, and another client of the pooler has it",
                          call.name),
        remedy_for(reading, call.name)));
  });
  return remarks;
}

} // namespace

const Rule session_advisory_lock_under_pooler{
    .slug = "session-advisory-lock-under-pooler",
    .area = Area::migrations,
    .grades = when_shared(Severity::error, Severity::warning),
    .summary = "an advisory lock is held by a session that the pooler gives away",
    .why =
        "The lock belongs to the server session, not to the client. The unlock may reach another "
        "session and do nothing, the lock stays until the pooler closes the session, perhaps an "
        "hour later, and everybody who waits for it waits that long. Two clients that get the "
        "same session both believe that they hold it.",
    .remedy = "pg_advisory_xact_lock() in one transaction, or a direct session (pgtool migrate "
              "--direct)",
    .link = "https://www.postgresql.org/docs/current/explicit-locking.html#ADVISORY-LOCKS",
    .read = read,
};

} // namespace pgtool::rules
