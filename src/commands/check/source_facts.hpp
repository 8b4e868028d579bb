#pragma once

#include "commands/project_link.hpp"
#include "model/report.hpp"
#include "rules/deployment.hpp"

#include <vector>

namespace pgtool {

/// Adds what the project's own source says: where the settings of each alias stand, and, where an
/// alias shares its sessions, what the project does that needs one of its own. The aliases and the
/// project's settings must be in the deployment already. The project's apps are loaded only where
/// an alias shares its sessions; no connection of Django is let through meanwhile.
void read_source(ProjectLink& link, Deployment& deployment, std::vector<Unknown>& unknown);

} // namespace pgtool
