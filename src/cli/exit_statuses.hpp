#pragma once

#include <span>
#include <string_view>

namespace pgtool {

struct ExitStatus {
  std::string_view status;
  std::string_view meaning; ///< code in backticks
};

/// All exit statuses, as README and man pages list them.
std::span<const ExitStatus> exit_statuses();

} // namespace pgtool
