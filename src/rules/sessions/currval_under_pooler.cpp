#include "rules/sessions/all.hpp"

#include "rules/reading/remarks.hpp"
#include "rules/reading/together.hpp"
#include "rules/sessions/own_session.hpp"

#include <fmt/core.h>

namespace pgtool::rules {
namespace {

bool is_asked_for(const std::string& name) { return name == "currval" || name == "lastval"; }

std::vector<Remark> read(const Reading& reading) {
  std::vector<Remark> remarks;
  each<action::CallFunction>(reading, [&](const ReadStep& step, const action::CallFunction& call) {
    if (is_asked_for(call.name) && step.transaction == 0 && !is_in_block(reading, step)) {
      remarks.push_back(remark_on(
          reading, step,
          fmt::format("{}() asks for what this session has drawn, but the INSERT before it may "
                      "have had another one",
                      call.name),
          or_own_session(reading, "INSERT with RETURNING, or both statements in one transaction")));
    }
  });
  return remarks;
}

} // namespace

const Rule currval_under_pooler{
    .slug = "currval-under-pooler",
    .area = Area::migrations,
    .grades = when_shared(Severity::error, Severity::warning),
    .summary = "currval() asks a session that may not have drawn the number",
    .why = "currval() and lastval() answer for the server session. In transaction mode the INSERT "
           "and the question may have two: the answer is an error, or the number that another "
           "client has drawn, and rows get the wrong parent.",
    .remedy = "INSERT … RETURNING, or both in one transaction",
    .link = "https://www.postgresql.org/docs/current/functions-sequence.html",
    .read = read,
};

} // namespace pgtool::rules
