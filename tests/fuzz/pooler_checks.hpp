#pragma once

#include "fuzz_target.hpp"
#include "pooler/config/pooler_config.hpp"

namespace pgtool::fuzz {

/// What holds for every pooler that any description yields, and for every problem with one.
void check_pooler(const PoolerConfig& config);
void check_problems(const std::vector<ConfigProblem>& problems);

} // namespace pgtool::fuzz
