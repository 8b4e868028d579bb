#pragma once

#include "base/environment.hpp"
#include "pooler/config/pooler_config.hpp"

#include <string>
#include <vector>

namespace pgtool {

/// Where to look for the configuration of poolers.
struct ConfigSearch {
  std::vector<std::string> named; ///< files that the user named; nothing else is looked for then
  std::string folder;             ///< the project's; "" is the working folder
  Environment environment;        ///< a container's own may follow a convention, too
};

/// Reads every configuration that was named, or that is found: in the project's work tree (without
/// one, in its folder alone) to a depth of three, where PgBouncer's packages put it, and in the
/// environment. Throws Error(Failure::usage) for a named file that cannot be read or that describes
/// no pooler; what is found and cannot be read is a problem.
ConfigReading find_pooler_configs(const ConfigSearch& search);

} // namespace pgtool
