#include "rules/pooler/all.hpp"

#include "base/text.hpp"
#include "rules/pooler/bouncers.hpp"

#include <fmt/core.h>

namespace pgtool::rules {
namespace {

std::string from_where(Reach reach) {
  switch (reach) {
  case Reach::sockets:
    return "on its unix socket";
  case Reach::machine:
    return "on its machine";
  case Reach::neighbours:
    return "in the containers around it";
  case Reach::anywhere:
    break;
  }
  return "who reaches its port";
}

std::vector<Remark> look(const Deployment& deployment) {
  std::vector<Remark> remarks;
  for (const auto* pooler : bouncers(deployment)) {
    const auto type = lower(pooler->value("auth_type"));
    if (type != "trust" && type != "any") {
      continue;
    }
    const auto reach = pooler->reach();
    remarks.push_back({.message = fmt::format("{} asks nobody {} for a password (auth_type = {})",
                                              pooler->name, from_where(reach), type),
                       .where = pooler->place_of("auth_type"),
                       .remedy = pooler->line_for("auth_type", "scram-sha-256"),
                       .severity = reach == Reach::anywhere ? Severity::error : Severity::warning,
                       .edits = pooler->edit_for("auth_type", "scram-sha-256")});
  }
  return remarks;
}

} // namespace

const Rule auth_trust{
    .slug = "auth-trust",
    .area = Area::pooler,
    .grades = always(Severity::error),
    .summary = "The pooler asks nobody for a password",
    .why =
        "Whoever can connect is whom he says he is, an admin of the pooler's console among them, "
        "and with auth_type = any not even that is asked. Behind the pooler he has the database "
        "as the role whose password the pooler holds. Where only the machine itself or its "
        "containers can connect this is a warning.",
    .remedy = "set auth_type = scram-sha-256, or auth_type = hba with rules",
    .link = "https://www.pgbouncer.org/config.html#auth_type",
    .look = look,
};

} // namespace pgtool::rules
