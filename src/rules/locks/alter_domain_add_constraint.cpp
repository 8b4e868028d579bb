#include "rules/locks/all.hpp"

#include "rules/reading/remarks.hpp"
#include "rules/remedies/safe_form.hpp"
#include "sql/quote.hpp"

#include "sql/quote.hpp"
#include "sql/rewritten.hpp"

#include <fmt/core.h>

namespace pgtool::rules {
namespace {

SafeSteps steps_for(const Reading& reading, const ReadStep& step,
                    const action::AddDomainConstraint& add) {
  const auto domain = written(add.domain);
  auto constraint = domain_constraint(reading.statements[step.statement].text);
  if (add.not_null) {
    constraint.name = add.domain.name + "_not_null";
    constraint.not_valid =
        fmt::format("ALTER DOMAIN {} ADD CONSTRAINT {} CHECK (VALUE IS NOT NULL) NOT VALID", domain,
                    quote_identifier(constraint.name));
  }
  if (constraint.not_valid.empty()) {
    return {};
  }
  const auto name = quote_identifier(constraint.name);
  return {
      {constraint.not_valid, fmt::format("ALTER DOMAIN {} DROP CONSTRAINT {}", domain, name), ""},
      {fmt::format("ALTER DOMAIN {} VALIDATE CONSTRAINT {}", domain, name), "", ""}};
}

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
          safe_form(reading, step, alter_domain_add_constraint.slug,
                    steps_for(reading, step, add))));
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
