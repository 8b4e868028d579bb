#include "rules/sessions/all.hpp"

#include "rules/reading/remarks.hpp"
#include "rules/reading/together.hpp"
#include "rules/sessions/own_session.hpp"
#include "sql/quote.hpp"

#include <fmt/core.h>

namespace pgtool::rules {
namespace {

std::string remedy_for(const Reading& reading) {
  return or_own_session(reading,
                        "send the statement itself, or let the driver prepare it (PgBouncer "
                        "1.21 and later follow that with max_prepared_statements)");
}

void judge_makers(const Reading& reading, std::vector<Remark>& remarks) {
  each<action::Prepare>(reading, [&](const ReadStep& step, const action::Prepare& prepare) {
    const bool ends =
        follows_together<action::UsePrepared>(reading, step, [&](const action::UsePrepared& use) {
          return use.ends && (use.name.empty() || use.name == prepare.name);
        });
    if (!ends) {
      remarks.push_back(
          remark_on(reading, step,
                    fmt::format("PREPARE {} stays in the server session: EXECUTE may run in "
                                "another one, and PREPARE fails where it was done before",
                                quote_identifier(prepare.name)),
                    remedy_for(reading)));
    }
  });
}

void judge_users(const Reading& reading, std::vector<Remark>& remarks) {
  each<action::UsePrepared>(reading, [&](const ReadStep& step, const action::UsePrepared& use) {
    const bool is_own =
        comes_before<action::Prepare>(reading, step, [&](const action::Prepare& prepare) {
          return use.name.empty() || use.name == prepare.name;
        });
    if (is_own) {
      return;
    }
    const auto words = fmt::format("{} {}", use.ends ? "DEALLOCATE" : "EXECUTE",
                                   use.name.empty() ? "ALL" : quote_identifier(use.name));
    remarks.push_back(
        remark_on(reading, step,
                  fmt::format("{} meets whatever the server session that the pooler gives has "
                              "prepared, if anything",
                              words),
                  remedy_for(reading)));
  });
}

std::vector<Remark> read(const Reading& reading) {
  std::vector<Remark> remarks;
  judge_makers(reading, remarks);
  judge_users(reading, remarks);
  return remarks;
}

} // namespace

const Rule sql_prepare_under_pooler{
    .slug = "sql-prepare-under-pooler",
    .area = Area::migrations,
    .grades = when_shared(Severity::error, Severity::warning),
    .summary = "PREPARE and EXECUTE may reach different sessions",
    .why = "What PREPARE makes belongs to one server session, and poolers do not follow the "
           "statement, only the protocol's own way that drivers use. EXECUTE fails with \"prepared "
           "statement does not exist\", or runs what somebody else has prepared by that name.",
    .remedy = "send the statement itself, let the driver prepare it, or use a direct session "
              "(pgtool migrate --direct)",
    .link = "https://www.pgbouncer.org/config.html#max_prepared_statements",
    .read = read,
};

} // namespace pgtool::rules
