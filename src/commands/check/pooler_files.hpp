#pragma once

#include "pooler/config/pooler_config.hpp"
#include "rules/deployment.hpp"

#include <optional>
#include <sys/types.h>

namespace pgtool {

/// Adds what the machine that we run on shows of a pooler whose own file, or one that the user
/// named, was read: its list of secrets, counted, and the limit of its process.
void add_local_files(PoolerFacts& pooler, const PoolerConfig& config);

/// How many files that process may open, where it is a PgBouncer of this machine.
std::optional<std::int64_t> open_file_limit(pid_t process);

/// How many secrets of each kind a list holds. The text is not kept.
AuthFile count_secrets(std::string_view text);

} // namespace pgtool
