#include "rules/pooler/all.hpp"

#include "base/text.hpp"
#include "rules/pooler/bouncers.hpp"

#include <algorithm>
#include <fmt/core.h>
#include <set>

namespace pgtool::rules {
namespace {

/// An image that makes its one user the admin leaves no line to change.
bool is_chosen(const PoolerFacts& pooler) {
  const auto* set = pooler.find("admin_users");
  const bool is_of_image =
      pooler.form == PoolerFacts::Form::environment &&
      (set == nullptr || upper(set->written_as).find("ADMIN_USERS") == std::string::npos);
  return set != nullptr && !is_of_image;
}

std::vector<Remark> look(const Deployment& deployment) {
  std::vector<Remark> remarks;
  for (const auto* pooler : bouncers(deployment)) {
    std::set<std::string> told;
    for (const auto* alias : aliases_of(deployment, *pooler)) {
      const auto user = alias->alias.endpoint.user();
      auto admins = listed(pooler->value("admin_users"));
      if (user.empty() || !is_chosen(*pooler) || !lists(pooler->value("admin_users"), user) ||
          !told.insert(user).second) {
        continue;
      }
      std::erase(admins, user);
      const auto rest = join(admins, ", ");
      remarks.push_back(
          {.message = fmt::format("alias '{}' logs in as {}, who is an admin of {}",
                                  alias->alias.name, user, pooler->name),
           .where = pooler->place_of("admin_users"),
           .remedy = pooler->line_for("admin_users", rest.empty() ? "bouncer_admin" : rest),
           .edits = rest.empty() ? std::vector<Edit>() : pooler->edit_for("admin_users", rest)});
    }
  }
  return remarks;
}

} // namespace

const Rule admin_is_application{
    .slug = "admin-is-application",
    .area = Area::pooler,
    .grades = always(Severity::warning),
    .summary = "The application's own user is an admin of the pooler",
    .why = "Who has the application's password may PAUSE, KILL and SHUTDOWN the pooler for all its "
           "databases, by connecting to the database pgbouncer. A user of stats_users can look at "
           "everything and change nothing.",
    .remedy = "keep admin_users for people, and put the application into stats_users if it looks",
    .link = "https://www.pgbouncer.org/config.html#admin_users",
    .look = look,
};

} // namespace pgtool::rules
