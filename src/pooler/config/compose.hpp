#pragma once

#include "pooler/config/compose_service.hpp"
#include "pooler/config/pooler_config.hpp"

#include <vector>

namespace pgtool {

/// Every service of a compose project that is a pooler: by its environment, its image's name (or
/// its own, or what it is built from) or the configuration that is mounted into it. Files that lie
/// over others (compose.override.yaml) come later. `listens` has the service's names with the port
/// inside and the ports that the machine offers. A server that is a service too is also named as
/// the machine sees it (`also_at`), with the login that its container is made with. A mounted
/// pgbouncer.ini is read in place of the environment; `own_file` names one that could not be, and
/// those of other poolers.
ConfigReading parse_compose(const std::vector<ConfigText>& files,
                            const ComposeSurroundings& surroundings);

} // namespace pgtool
