#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace pgtool {

/// Where a pooler's own file is, when something is mounted at `target` inside its container.
struct OwnFileName {
  std::string kind; ///< of the pooler: "pgbouncer"
  std::string name; ///< in the mounted folder; "" when it is the file itself
};

/// Nothing when what is mounted there is no pooler's configuration: its logs, its list of users.
std::optional<OwnFileName> own_file_at(std::string_view target);

} // namespace pgtool
