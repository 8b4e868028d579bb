#pragma once

#include "pooler/config/compose_service.hpp"

namespace pgtool {

/// The service as compose merges it: what `over` says replaces, lists are joined.
ComposeService merged(ComposeService base, ComposeService over);

} // namespace pgtool
