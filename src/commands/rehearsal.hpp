#pragma once

#include "django/bridge.hpp"

namespace pgtool {

/// Starts a program that starts Python by itself once with `COMMAND --help`, which changes nothing
/// even in a Python that pgtool does not see, and stops each process that tells its settings.
/// Throws Error(Failure::unknown) when that takes longer than `patience`, or none of them was given
/// the command: an isolated interpreter, another container or another user's session would run it
/// where nobody can tell where it connects to.
void expect_to_join(const BridgeRequest& request, std::chrono::seconds patience);

} // namespace pgtool
