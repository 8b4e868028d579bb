#include "rules/pooler/all.hpp"

#include "rules/pooler/bouncers.hpp"

#include <fmt/core.h>

namespace pgtool::rules {
namespace {

std::vector<Remark> look(const Deployment& deployment) {
  std::vector<Remark> remarks;
  for (const auto* pooler : bouncers(deployment)) {
    for (const auto& [key, written] : pooler->not_loaded) {
      auto where = written.where;
      where.object = key;
      const bool needs_start = pooler->only_at_start.contains(key);
      const auto value = pooler->value(key);
      remarks.push_back(
          {.message = fmt::format("the file says {} = {}, the pooler that runs has {}", key,
                                  written.value, value.empty() ? "none" : value),
           .where = std::move(where),
           .remedy = needs_start ? "restart PgBouncer: RELOAD does not change " + key
                                 : "RELOAD on the pooler's console (systemctl reload pgbouncer)"});
    }
  }
  return remarks;
}

} // namespace

const Rule config_not_loaded{
    .slug = "config-not-loaded",
    .area = Area::pooler,
    .grades = always(Severity::warning),
    .summary = "The pooler's file was changed, and not loaded",
    .why = "What was meant to be in force is not, and comes into force with the next restart, when "
           "nobody thinks of it.",
    .remedy = "RELOAD on the console; some keys need a restart",
    .link = "https://www.pgbouncer.org/usage.html#process-controlling-commands",
    .look = look,
};

} // namespace pgtool::rules
