#include "rules/sessions/all.hpp"

#include "base/text.hpp"
#include "rules/reading/remarks.hpp"
#include "rules/reading/together.hpp"
#include "rules/sessions/own_session.hpp"

#include <fmt/core.h>

namespace pgtool::rules {
namespace {

bool is_asked_for(const action::SetParameter& set) {
  const bool is_identity = set.name == "role" || set.name == "session_authorization";
  return is_identity && !set.local && !set.resets && lower(set.value) != "none";
}

bool stays_inside(const Reading& reading, const ReadStep& step, const action::SetParameter& set) {
  return is_rolled_back(reading, step) ||
         follows_together<action::SetParameter>(
             reading, step, [&](const action::SetParameter& next) {
               return next.name == set.name && (next.resets || lower(next.value) == "none");
             });
}

std::string local_form(const action::SetParameter& set) {
  if (set.by_function) {
    return "set_config() with true as its third argument";
  }
  return set.name == "role" ? "SET LOCAL ROLE" : "SET LOCAL SESSION AUTHORIZATION";
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
  each<action::SetParameter>(reading, [&](const ReadStep& step, const action::SetParameter& set) {
    if (!is_asked_for(set) || stays_inside(reading, step, set)) {
      return;
    }
    remarks.push_back(remark_on(
        reading, step,
        fmt::format("{} stays in the server session: other clients of the pooler get these "
                    "rights, and the next statement here may run without them",
                    set.name == "role" ? "SET ROLE" : "SET SESSION AUTHORIZATION"),
        remedy_for(reading, step, set)));
  });
  return remarks;
}

} // namespace

const Rule set_role_under_pooler{
    .slug = "set-role-under-pooler",
    .area = Area::migrations,
    .grades = when_shared(Severity::error, Severity::warning),
    .summary = "SET ROLE changes whose rights other clients of the pooler have",
    .why = "The role is part of the session, which a pooler in transaction mode gives to whoever "
           "comes next. Requests then fail for want of a right, or succeed with rights that are "
           "not theirs, and what they create belongs to the wrong owner.",
    .remedy = "SET LOCAL ROLE inside the transaction that needs it, or a direct session (pgtool "
              "migrate --direct)",
    .link = "https://www.postgresql.org/docs/current/sql-set-role.html",
    .read = read,
};

} // namespace pgtool::rules
