#pragma once

#include "commands/context.hpp"
#include "commands/options.hpp"
#include "commands/project_link.hpp"
#include "commands/surveyed_aliases.hpp"
#include "connector/survey.hpp"
#include "django/messages.hpp"
#include "model/alias.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace pgtool {

/// A database that this run migrates or touches directly, with pgtool's own session there.
struct RoutedDatabase {
  std::shared_ptr<DirectRoute> route;
  int lock_pid = 0; ///< our session that holds its deploy lock; 0 when nobody needs to
};

/// One alias of the project and what becomes of it.
struct RoutedAlias {
  AliasRoute route;
  std::shared_ptr<RoutedDatabase> database; ///< null unless the action is direct
  std::shared_ptr<DirectRoute> itself{}; ///< of an alias that is left alone: PostgreSQL's own
};

/// All aliases of a run.
struct Routes {
  std::vector<RoutedAlias> aliases; ///< the migrated one first
  SurveyRequest request;            ///< of the migrated alias
  Survey survey;                    ///< of the migrated alias
  std::vector<Unknown> unknown;     ///< about the other aliases
  /// Why nothing may run: an alias that is pooled and has no proved direct endpoint.
  struct Refusal {
    int status;
    std::string message;
    std::string hint;
  };
  std::optional<Refusal> refusal;

  [[nodiscard]] const RoutedAlias* find(const std::string& alias) const;
  /// Our own session in the database that the alias leads to; null where it has no direct route.
  [[nodiscard]] DirectSession* session_of(const std::string& alias) const;
  /// What becomes of each alias, as a process of the project is told it.
  [[nodiscard]] std::vector<AliasRoute> orders() const;
};

/// Looks at every PostgreSQL alias. The migrated alias must get a direct session; any other one
/// that points at a pooler must, too, unless it leads to a standby (left alone) or does not answer
/// (denied). Others stay untouched.
Routes find_routes(const ConnectOptions& options, ProjectLink& link, const Context& context);

/// The same from surveys that were made already, the chosen alias's first; there is one at least.
Routes routes_of(std::vector<SurveyedAlias> surveyed);

/// Keeps what Django opens there from writing; what is left alone, too, as far as its server was
/// seen.
void make_read_only(RoutedAlias& routed);

/// Looks at an alias that an app added after the routes were found. It is added like the others;
/// one that is pooled and has no proved direct endpoint is denied.
RoutedAlias& add_late_alias(Routes& routes, const Alias& alias, const ConnectOptions& options,
                            const ProjectLink& link, const Context& context);

/// Denies every connection of an alias.
void deny(RoutedAlias& routed, std::string reason);

} // namespace pgtool
