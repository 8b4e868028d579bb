#pragma once

#include "pooler/config/container.hpp"
#include "pooler/config/pooler_config.hpp"

#include <optional>

namespace pgtool {

/// What the environment of a pooler's container says, when it follows one of the conventions that
/// are known (one row each in the table of container_environment.cpp). `listens` has the port
/// inside the container. Nothing for any other container, those of Django and PostgreSQL among
/// them, whatever they call the pooler's host and port.
std::optional<PoolerConfig> pooler_of(const Container& container);

} // namespace pgtool
