#include "rules/sessions/all.hpp"

#include "rules/reading/remarks.hpp"
#include "rules/sessions/own_session.hpp"

namespace pgtool::rules {
namespace {

std::vector<Remark> read(const Reading& reading) {
  std::vector<Remark> remarks;
  each<action::LoadLibrary>(
      reading, [&](const ReadStep& step, const action::LoadLibrary& /*load*/) {
        remarks.push_back(
            remark_on(reading, step,
                      "LOAD loads the library into one server session: the next statement here "
                      "may run in another, and other clients get this one with it",
                      or_own_session(reading, "session_preload_libraries for the role or the "
                                              "database, so that each session has it")));
      });
  return remarks;
}

} // namespace

const Rule load_under_pooler{
    .slug = "load-under-pooler",
    .area = Area::migrations,
    .grades = when_shared(Severity::error, Severity::warning),
    .summary = "LOAD changes one of the sessions that the pooler gives out",
    .why = "A library that is loaded stays in that server session and nowhere else. The next "
           "transaction may have a session without it, and other clients run with its hooks.",
    .remedy = "session_preload_libraries for the role or database, or a direct session",
    .link = "https://www.postgresql.org/docs/current/sql-load.html",
    .read = read,
};

} // namespace pgtool::rules
