#pragma once

#include <vector>

namespace pgtool {

/// One module of the Python side, compiled into the binary from django/bridge/.
struct BridgeSource {
  const char* name; ///< "boot" is the program that receives the others
  const char* text;
};

const std::vector<BridgeSource>& bridge_sources();

} // namespace pgtool
