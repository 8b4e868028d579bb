#pragma once

#include "pooler/config/compose_service.hpp"
#include "pooler/config/pooler_config.hpp"

namespace pgtool {

/// Adds to what a pooler says of itself how others reach it and its servers: by the services' names
/// among themselves, by the published ports on the machine that runs them.
void look_from_outside(PoolerConfig& config, const ComposeService& pooler,
                       const ComposeProject& project);

} // namespace pgtool
