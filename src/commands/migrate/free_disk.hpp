#pragma once

#include "connector/direct_session.hpp"
#include "model/report.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace pgtool {

/// Bytes that are free where the server keeps its data, as far as it tells: it must show its data
/// directory (pg_read_all_settings), and run on this machine. Nothing otherwise.
std::optional<std::int64_t> free_disk(DirectSession& session);

/// What objects to a plan that builds or rewrites a table of that size, or nothing: a copy of it,
/// its indexes and the log take up to twice its size. `free` and `bytes` in bytes.
std::optional<Finding> short_of_disk(std::optional<std::int64_t> free, const std::string& table,
                                     std::int64_t bytes);

} // namespace pgtool
