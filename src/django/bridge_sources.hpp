#pragma once

#include <string_view>
#include <vector>

namespace pgtool {

/// One module of the Python side, compiled into the binary from django/bridge/.
struct BridgeSource {
  const char* name; ///< "boot" is the program that receives the others
  const char* text;
};

const std::vector<BridgeSource>& bridge_sources();

/// The text of the module of that name, which is one of them.
std::string_view bridge_source(std::string_view name);

} // namespace pgtool
