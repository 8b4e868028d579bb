#include "rules/locks/all.hpp"

#include "rules/reading/remarks.hpp"
#include "sql/quote.hpp"

#include <fmt/core.h>

namespace pgtool::rules {
namespace {

std::vector<Remark> read(const Reading& reading) {
  std::vector<Remark> remarks;
  each<action::Reindex>(reading, [&](const ReadStep& step, const action::Reindex& reindex) {
    if (reindex.concurrently || !step.is_old() || reading.is_before(12)) {
      return;
    }
    const auto object = written(reindex.object);
    remarks.push_back(
        remark_on(reading, step,
                  fmt::format("REINDEX {} {} blocks writes while it builds", reindex.kind, object),
                  fmt::format("-- outside of a transaction\nREINDEX {} CONCURRENTLY {};",
                              reindex.kind, object)));
  });
  return remarks;
}

} // namespace

const Rule reindex_not_concurrent{
    .slug = "reindex-not-concurrent",
    .area = Area::migrations,
    .grades = always(Severity::error),
    .summary = "an index is built anew under locks that block writes and most reads",
    .why = "REINDEX takes SHARE on the table and ACCESS EXCLUSIVE on the index: writes wait until "
           "it is built, and so does every query whose plan looks at that index.",
    .remedy = "REINDEX … CONCURRENTLY outside of a transaction",
    .since = "PostgreSQL 12",
    .link = "https://www.postgresql.org/docs/current/sql-reindex.html",
    .grows = true,
    .read = read,
};

} // namespace pgtool::rules
