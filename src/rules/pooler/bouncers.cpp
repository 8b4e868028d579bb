#include "rules/pooler/bouncers.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <fmt/core.h>

namespace pgtool::rules {

std::vector<const PoolerFacts*> bouncers(const Deployment& deployment) {
  std::vector<const PoolerFacts*> found;
  for (const auto& pooler : deployment.poolers) {
    if (pooler.kind == "pgbouncer") {
      found.push_back(&pooler);
    }
  }
  return found;
}

std::vector<const AliasFacts*> aliases_of(const Deployment& deployment, const PoolerFacts& pooler) {
  std::vector<const AliasFacts*> found;
  for (const auto& alias : deployment.aliases) {
    if (deployment.pooler_of(alias) == &pooler) {
      found.push_back(&alias);
    }
  }
  return found;
}

std::vector<std::string> listed(std::string_view text) {
  std::vector<std::string> words;
  for (const auto& piece : split(text, ',')) {
    if (const auto word = trim(piece); !word.empty()) {
      words.emplace_back(word);
    }
  }
  return words;
}

bool lists(std::string_view text, std::string_view word) {
  const auto words = listed(text);
  return std::find(words.begin(), words.end(), word) != words.end();
}

std::optional<double> seconds_for(const PoolerFacts& pooler, const AliasFacts& alias,
                                  std::string_view key) {
  if (const auto user = pooler.users.find(alias.alias.endpoint.user());
      user != pooler.users.end()) {
    if (const auto own = user->second.find(key); own != user->second.end()) {
      return parse_real(own->second.value);
    }
  }
  return pooler.seconds(key);
}

bool migrates_through_pool(const AliasFacts& alias) {
  return alias.was_reached && alias.is_pooled() && alias.direct_url.empty() &&
         !alias.why_not_direct.empty();
}

std::string seconds_text(double seconds) { return fmt::format("{} s", seconds); }

} // namespace pgtool::rules
