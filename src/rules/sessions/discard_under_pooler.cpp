#include "rules/sessions/all.hpp"

#include "rules/reading/remarks.hpp"
#include "rules/sessions/own_session.hpp"

#include <fmt/core.h>

namespace pgtool::rules {
namespace {

std::vector<Remark> read(const Reading& reading) {
  std::vector<Remark> remarks;
  each<action::Discard>(reading, [&](const ReadStep& step, const action::Discard& discard) {
    if (discard.what == "PLANS") {
      return; // they are made again when they are needed
    }
    remarks.push_back(remark_on(
        reading, step,
        fmt::format("DISCARD {} empties a server session that is shared: other clients lose what "
                    "the pooler or their driver keeps there",
                    discard.what),
        or_own_session(
            reading, "take it out: server_reset_query of the pooler does this when it is needed")));
  });
  return remarks;
}

} // namespace

const Rule discard_under_pooler{
    .slug = "discard-under-pooler",
    .area = Area::migrations,
    .grades = when_shared(Severity::error, Severity::warning),
    .summary = "DISCARD takes from other clients what their session keeps",
    .why = "The session belongs to the pooler. DISCARD ALL drops the prepared statements that the "
           "pooler believes to be there, so other clients fail with \"prepared statement does not "
           "exist\"; and the session that one meant to clean may be another one.",
    .remedy = "leave it to the pooler (server_reset_query)",
    .link = "https://www.pgbouncer.org/config.html#server_reset_query",
    .read = read,
};

} // namespace pgtool::rules
