#include "rules/locks/all.hpp"

#include "rules/reading/remarks.hpp"
#include "sql/quote.hpp"

#include <fmt/core.h>

namespace pgtool::rules {
namespace {

std::vector<Remark> read(const Reading& reading) {
  std::vector<Remark> remarks;
  each<action::AddDomainConstraint>(reading, [&](const ReadStep& step,
                                                 const action::AddDomainConstraint& add) {
    if (!add.not_valid && !step.born_type) {
      const auto domain = written(add.domain);
      remarks.push_back(remark_on(
          reading, step,
          fmt::format("every table with a column of {} is read while it is locked against writes",
                      domain),
          fmt::format("ALTER DOMAIN {0} ADD CONSTRAINT … CHECK ({1}) NOT VALID; ALTER DOMAIN {0} "
                      "VALIDATE CONSTRAINT …; -- in a transaction of its own",
                      domain, add.not_null ? "VALUE IS NOT NULL" : "…")));
    }
  });
  return remarks;
}

} // namespace

const Rule alter_domain_add_constraint{
    .slug = "alter-domain-add-constraint",
    .area = Area::migrations,
    .grades = always(Severity::error),
    .summary = "a constraint of a domain reads every table that uses it, under a lock that blocks "
               "writes",
    .why = "ALTER DOMAIN … ADD CONSTRAINT and SET NOT NULL look at each table with a column of "
           "that domain under SHARE: its writes wait until all of them are read.",
    .remedy = "ALTER DOMAIN … ADD CONSTRAINT … NOT VALID, then ALTER DOMAIN … VALIDATE CONSTRAINT",
    .link = "https://www.postgresql.org/docs/current/sql-alterdomain.html",
    .read = read,
};

} // namespace pgtool::rules
