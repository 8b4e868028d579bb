#pragma once

#include "commands/move_rules.hpp"
#include "commands/options.hpp"
#include "commands/schema_move/ledger.hpp"
#include "commands/schema_move/move_ground.hpp"
#include "commands/schema_move/role_settings.hpp"
#include "django/project_models.hpp"
#include "model/report.hpp"
#include "plan/move_plan.hpp"

#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace pgtool {

/// What the rules look at. They read; they change nothing.
struct MoveScene {
  const SchemaMoveOptions& options;
  const Environment& environment; ///< the project's
  MoveGround& ground;
  const MovePlan& plan;
  const RoleSettings& settings;
  const Ledger& ledger;
  const std::optional<ProjectModels>& models; ///< nullopt without a project
  bool server_path_assumed = false;           ///< see MoveOutline

  [[nodiscard]] Connection& session() const { return ground.connection(); }
};

using Findings = std::vector<Finding>;

/// Names that the target has already.
Findings clash_findings(const MoveScene& scene);
/// What this role may not do, each with the statement that cures it.
Findings privilege_findings(const MoveScene& scene);
/// Tables of publications and subscriptions: the other side stops when they move.
Findings replication_findings(const MoveScene& scene);
/// Functions, jobs and settings whose text names the old schema.
Findings text_findings(const MoveScene& scene);
/// Paths that are set elsewhere and win over the role's.
Findings path_findings(const MoveScene& scene);
/// Models that name a schema themselves, and hooks that set a path on Django's connections.
Findings django_findings(const MoveScene& scene);
/// Other roles that use the objects and keep their paths.
Findings role_findings(const MoveScene& scene);
/// What no longer is as the record of an earlier run says.
Findings record_findings(const MoveScene& scene);
/// Sessions that cannot be recycled or not be seen.
Findings session_findings(const MoveScene& scene);

/// All of them, errors first.
Findings move_findings(const MoveScene& scene);

/// The names of what moves, without their schema; of that type alone, where one is named.
std::set<std::string> moving_names(const MovePlan& plan, std::string_view type = {});

/// "a, b, c and 12 more".
std::string listed(const std::vector<std::string>& names);

} // namespace pgtool
