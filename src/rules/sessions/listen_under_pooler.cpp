#include "rules/sessions/all.hpp"

#include "rules/reading/remarks.hpp"
#include "rules/reading/together.hpp"
#include "rules/sessions/own_session.hpp"
#include "sql/quote.hpp"

#include <fmt/core.h>

namespace pgtool::rules {
namespace {

/// LISTEN takes effect at COMMIT: it never comes to that, or UNLISTEN is there first.
bool stays_inside(const Reading& reading, const ReadStep& step, const action::Listen& listen) {
  return is_rolled_back(reading, step) ||
         follows_together<action::Listen>(reading, step, [&](const action::Listen& next) {
           return next.ends && (next.channel.empty() || next.channel == listen.channel);
         });
}

std::vector<Remark> read(const Reading& reading) {
  std::vector<Remark> remarks;
  bool has_listened = false;
  each<action::Listen>(reading, [&](const ReadStep& step, const action::Listen& listen) {
    if (listen.ends && !has_listened) {
      remarks.push_back(remark_on(reading, step,
                                  "UNLISTEN ends what another client of the pooler listens to in "
                                  "this session",
                                  own_session(reading)));
    }
    has_listened = has_listened || !listen.ends;
    if (!listen.ends && !stays_inside(reading, step, listen)) {
      remarks.push_back(
          remark_on(reading, step,
                    fmt::format("LISTEN {} is done by a server session that the pooler gives away: "
                                "its notifications reach nobody, or somebody else",
                                quote_identifier(listen.channel)),
                    own_session(reading)));
    }
  });
  return remarks;
}

} // namespace

const Rule listen_under_pooler{
    .slug = "listen-under-pooler",
    .area = Area::migrations,
    .grades = when_shared(Severity::error, Severity::warning),
    .summary = "LISTEN through a pooler hears nothing",
    .why = "The server session listens, and after the transaction the pooler lends it to other "
           "clients: notifications go to whoever has it, or are thrown away. Nothing fails, the "
           "listener just never wakes.",
    .remedy = "LISTEN on a direct session; NOTIFY works through the pooler",
    .link = "https://www.postgresql.org/docs/current/sql-listen.html",
    .read = read,
};

} // namespace pgtool::rules
