#pragma once

#include <cstddef>
#include <functional>

namespace pgtool {

/// Runs `work` to its end on a stack of at least this many bytes: in place while the usual one is
/// large enough for that, otherwise on a thread of its own. What it throws comes out here. Throws
/// Error(Failure::unknown) when there is no memory for it.
void run_on_stack(std::size_t bytes, const std::function<void()>& work);

} // namespace pgtool
