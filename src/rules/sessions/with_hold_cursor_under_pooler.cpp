#include "rules/sessions/all.hpp"

#include "rules/reading/remarks.hpp"
#include "rules/reading/together.hpp"
#include "rules/sessions/own_session.hpp"
#include "sql/quote.hpp"

#include <fmt/core.h>

namespace pgtool::rules {
namespace {

std::vector<Remark> read(const Reading& reading) {
  std::vector<Remark> remarks;
  each<action::DeclareCursor>(reading, [&](const ReadStep& step,
                                           const action::DeclareCursor& cursor) {
    if (cursor.hold && !is_rolled_back(reading, step)) {
      remarks.push_back(remark_on(
          reading, step,
          fmt::format("cursor {} is to outlive its transaction, but FETCH may reach another "
                      "session, where there is none",
                      quote_identifier(cursor.name)),
          or_own_session(reading,
                         fmt::format("{} without HOLD, read to its end between BEGIN and COMMIT",
                                     quote_identifier(cursor.name)))));
    }
  });
  return remarks;
}

} // namespace

const Rule with_hold_cursor_under_pooler{
    .slug = "with-hold-cursor-under-pooler",
    .area = Area::migrations,
    .grades = when_shared(Severity::error, Severity::warning),
    .summary = "a cursor WITH HOLD outlives the transaction that has its session",
    .why = "A cursor WITH HOLD lives in the server session after COMMIT, and a pooler in "
           "transaction mode gives that session away. FETCH fails with \"cursor does not exist\", "
           "and the rows that the cursor holds stay on the server until the session ends.",
    .remedy = "a cursor without HOLD, read to its end in one transaction; or a direct session",
    .link = "https://www.postgresql.org/docs/current/sql-declare.html",
    .read = read,
};

} // namespace pgtool::rules
