#include "commands/migrate/timeout_terms.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/core.h>

namespace pgtool {
namespace {

constexpr int default_lock_ms = 2000;

/// Whole milliseconds; what is not nothing stays more than nothing, which would be no limit.
std::optional<int> milliseconds(std::optional<double> seconds) {
  return seconds ? std::optional(static_cast<int>(std::ceil(*seconds * 1000))) : std::nullopt;
}

TimeoutTerms terms_of(const TimeoutOptions& timeouts) {
  return {milliseconds(timeouts.lock), milliseconds(timeouts.statement)};
}

/// The shortest lock timeout that was asked for, in seconds; 0: none was.
double shortest(const MigratePolicy& policy) {
  double shortest = policy.timeouts.lock.value_or(0);
  for (const auto& [app, timeouts] : policy.apps) {
    const auto lock = timeouts.lock.value_or(0);
    shortest = lock > 0 && (shortest == 0 || lock < shortest) ? lock : shortest;
  }
  return shortest;
}

} // namespace

MigrationTerms migration_terms(const MigratePolicy& policy) {
  MigrationTerms terms{terms_of(policy.timeouts), {}, default_lock_ms};
  for (const auto& [app, timeouts] : policy.apps) {
    terms.apps.emplace(app, terms_of(timeouts));
  }
  return terms;
}

void warn_of_short_timeout(const MigratePolicy& policy, Routes& routes, const Context& context) {
  const double asked = shortest(policy);
  if (asked == 0) {
    return;
  }
  const auto found = routes.survey.direct->session.connection().attempt(
      "select current_setting('deadlock_timeout') as shown,"
      " extract(epoch from current_setting('deadlock_timeout')::interval) as seconds");
  if (found.ok() && asked <= parse_real(found.rows.text(0, "seconds")).value_or(0)) {
    context.say(fmt::format("warning: a lock timeout of {:g} s ends before the server's "
                            "deadlock_timeout ({}), when autovacuum would give way",
                            asked, found.rows.text(0, "shown")));
  }
}

} // namespace pgtool
