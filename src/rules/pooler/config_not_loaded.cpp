#include "rules/pooler/all.hpp"

#include "rules/pooler/bouncers.hpp"

#include <fmt/core.h>

namespace pgtool::rules {
namespace {

/// A value that is too long to be read, or that may hold more than a setting, is not repeated.
std::string shown(const std::string& value) {
  constexpr std::size_t longest = 60;
  const bool is_plain = value.size() <= longest && value.find("://") == std::string::npos &&
                        value.find('@') == std::string::npos &&
                        value.find('\'') == std::string::npos;
  return !is_plain ? "another value" : value.empty() ? "nothing" : value;
}

std::vector<Remark> look(const Deployment& deployment) {
  std::vector<Remark> remarks;
  for (const auto* pooler : bouncers(deployment)) {
    for (const auto& [key, written] : pooler->not_loaded) {
      auto where = written.where;
      where.object = key;
      const bool needs_start = pooler->only_at_start.contains(key);
      remarks.push_back(
          {.message = fmt::format("the file says {} = {}, the pooler that runs has {}", key,
                                  shown(written.value), shown(pooler->value(key))),
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
