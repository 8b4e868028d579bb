#include "connector/proofs.hpp"

#include <fmt/core.h>

namespace pgtool {
namespace {

Proof equal(const char* name, const char* what, const std::string& pooled,
            const std::string& direct) {
  const auto shown = [](const std::string& text) { return text.empty() ? "nowhere yet" : text; };
  return {name, pooled == direct,
          pooled == direct ? fmt::format("{} is {} on both", what, shown(direct))
                           : fmt::format("{} is {} there and {} through the pool", what,
                                         shown(direct), shown(pooled))};
}

} // namespace

Judgement judge_same_view(const SessionFacts& pooled, const SessionFacts& direct) {
  return conclude(
      {equal("same-user", "the current user", pooled.user, direct.user),
       equal("same-session-user", "the session user", pooled.session_user, direct.session_user),
       equal("same-schemas", "the schema path", pooled.schemas, direct.schemas),
       equal("same-migrations-table", "the home of django_migrations", pooled.migrations_schema,
             direct.migrations_schema)});
}

} // namespace pgtool
