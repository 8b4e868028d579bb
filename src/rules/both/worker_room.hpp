#pragma once

#include "rules/deployment.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace pgtool {

/// How many requests the web server works on at once, where some file says it.
struct WorkerRoom {
  std::int64_t threads = 0; ///< processes × threads
  std::string words;        ///< "4 processes × 8 threads of gunicorn"
};
std::optional<WorkerRoom> worker_room(const Deployment& deployment);

/// How many server sessions the pool of an alias may have, where that is known.
std::optional<std::int64_t> pool_room(const Deployment& deployment, const AliasFacts& alias);

} // namespace pgtool
