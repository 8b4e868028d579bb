#include "rules/pooler/all.hpp"

#include "base/text.hpp"
#include "rules/pooler/bouncers.hpp"

#include <fmt/core.h>

namespace pgtool::rules {
namespace {

std::vector<Remark> look(const Deployment& deployment) {
  std::vector<Remark> remarks;
  for (const auto* pooler : bouncers(deployment)) {
    if (lower(pooler->value("auth_type")) != "plain") {
      continue;
    }
    const bool is_open = pooler->reach() == Reach::anywhere && !pooler->demands_tls();
    remarks.push_back(
        {.message = fmt::format("{} has clients send their passwords as they are{}", pooler->name,
                                is_open ? ", over links without TLS" : ""),
         .where = pooler->place_of("auth_type"),
         .remedy = pooler->line_for("auth_type", "scram-sha-256"),
         .severity = is_open ? Severity::error : Severity::warning,
         .edits = pooler->edit_for("auth_type", "scram-sha-256")});
  }
  return remarks;
}

} // namespace

const Rule auth_plain{
    .slug = "auth-plain",
    .area = Area::pooler,
    .grades = always(Severity::error),
    .summary = "Clients send their passwords to the pooler as they are",
    .why = "Whoever listens on the way has the passwords. PgBouncer calls auth_type = plain "
           "deprecated. On loopback, between containers, or with TLS demanded it is a warning.",
    .remedy = "set auth_type = scram-sha-256",
    .link = "https://www.pgbouncer.org/config.html#auth_type",
    .look = look,
};

} // namespace pgtool::rules
