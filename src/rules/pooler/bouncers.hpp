#pragma once

#include "rules/deployment.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace pgtool::rules {

/// The poolers whose settings are PgBouncer's.
std::vector<const PoolerFacts*> bouncers(const Deployment& deployment);

/// The project's aliases that lead to it.
std::vector<const AliasFacts*> aliases_of(const Deployment& deployment, const PoolerFacts& pooler);

/// The words of a list, without what is around them: "app, owner" has two.
std::vector<std::string> listed(std::string_view text);

/// True when a list has that word.
bool lists(std::string_view text, std::string_view word);

/// A setting of the alias's user where PgBouncer knows one and it is set, else the global one.
std::optional<double> seconds_for(const PoolerFacts& pooler, const AliasFacts& alias,
                                  std::string_view key);

/// True when no direct endpoint was proved, although it was looked for: migrations go through the
/// pool, too.
bool migrates_through_pool(const AliasFacts& alias);

/// "30 s", "0.5 s"
std::string seconds_text(double seconds);

} // namespace pgtool::rules
