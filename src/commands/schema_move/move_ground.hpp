#pragma once

#include "commands/context.hpp"
#include "commands/options.hpp"
#include "commands/project_link.hpp"
#include "connector/survey.hpp"
#include "model/report.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace pgtool {

/// One way in which the project reaches the database.
struct MoveAlias {
  std::string name; ///< in settings.DATABASES; "" for a bare URL
  Alias alias;
  SurveyRequest request;
  Survey survey;
  std::string role; ///< as which the server sees its sessions, whatever name they log in with
  bool standby = false;
};

/// The database whose schema moves, every alias that leads to it, and a proved session there.
struct MoveGround {
  std::unique_ptr<ProjectLink> link; ///< null for bare URLs; its process waits until it is stopped
  std::vector<MoveAlias> aliases;    ///< the chosen one first
  std::string settings_module;       ///< "" for bare URLs
  std::vector<Unknown> unknown;      ///< aliases that may lead there, too
  /// Why there is no session to work with.
  struct Refusal {
    int status;
    std::string message;
    std::string hint;
  };
  std::optional<Refusal> refusal;

  [[nodiscard]] MoveAlias& chosen() { return aliases.front(); }
  [[nodiscard]] const MoveAlias& chosen() const { return aliases.front(); }
  /// The chosen alias's direct session first, then those of others that log in as another role.
  [[nodiscard]] std::vector<DirectSession*> sessions();
  [[nodiscard]] Connection& connection() { return chosen().survey.direct->session.connection(); }
  [[nodiscard]] bool has_pooler() const { return !chosen().survey.direct->is_pooled_endpoint; }
};

/// Looks at the project's aliases, or at the URLs that were given without one. With
/// `needs_no_pooler` a direct URL alone will do where there is no project.
MoveGround find_ground(const CommonOptions& common, const Context& context, bool needs_no_pooler);

} // namespace pgtool
