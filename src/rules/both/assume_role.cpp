#include "rules/both/all.hpp"

#include "sql/quote.hpp"

#include <fmt/core.h>

namespace pgtool::rules {
namespace {

std::vector<Remark> look(const Deployment& deployment) {
  std::vector<Remark> remarks;
  for (const auto& alias : deployment.aliases) {
    const auto& role = alias.alias.assume_role;
    if (role.empty() || !alias.is_pooled()) {
      continue;
    }
    const auto user = quote_identifier(alias.alias.endpoint.user());
    remarks.push_back(
        {.message = fmt::format("alias '{}' takes the role {} when it connects, in a session that "
                                "the pooler gives to others, too",
                                alias.alias.name, role),
         .where = alias.place_of("OPTIONS.assume_role"),
         .remedy = fmt::format("ALTER ROLE {} SET role = {}; and take assume_role out of OPTIONS",
                               user, quote_literal(role)),
         .mode = alias.pool_mode});
  }
  return remarks;
}

} // namespace

const Rule assume_role{
    .slug = "assume-role",
    .area = Area::both,
    .grades = when_shared(Severity::error, Severity::warning),
    .summary = "assume_role sets a role that other clients of the pool get",
    .why = "Django sends SET ROLE once, when it connects. Its next transaction may have another "
           "session, without that role (permission denied, or tables that belong to the wrong "
           "role), and whoever gets the first one works under it.",
    .remedy = "let the server set it for each session: ALTER ROLE … SET role = '…'",
    .since = "Django 4.2",
    .link = "https://docs.djangoproject.com/en/stable/ref/databases/#role",
    .look = look,
};

} // namespace pgtool::rules
