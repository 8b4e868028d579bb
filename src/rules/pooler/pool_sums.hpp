#pragma once

#include "rules/deployment.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace pgtool::rules {

/// One pool: those of a database and a user share their server sessions.
struct PoolSum {
  std::string database; ///< as clients call it
  std::string user;     ///< as the server sees it; "" for whoever it is
  std::int64_t size = 0;
  std::int64_t reserve = 0;
  bool is_unlimited = false; ///< a size of 0, since 1.24
};

/// What a pooler may open on a server, at most.
struct PoolerSum {
  const PoolerFacts* pooler = nullptr;
  std::vector<PoolSum> pools;
  std::int64_t most = 0; ///< of all its processes, with what max_db_connections and others forbid
};

/// The pools that the project's aliases can fill through that pooler on the server of `database`,
/// and what other users have open there now.
PoolerSum pools_of(const Deployment& deployment, const PoolerFacts& pooler,
                   const OfferedDatabase& database);

/// "(shop/app 80 + 20 in reserve) × 2 processes"
std::string sum_text(const PoolerSum& sum);

} // namespace pgtool::rules
