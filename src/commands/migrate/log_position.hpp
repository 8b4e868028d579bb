#pragma once

#include "connector/direct_session.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace pgtool {

/// "0/16B3748", a place in the server's log, in bytes; nothing for what is none.
std::optional<std::int64_t> position_of(const std::string& lsn);

/// Where the server's log is at, all of the cluster's; "" where that may not be seen.
std::string position_now(DirectSession& session);

} // namespace pgtool
