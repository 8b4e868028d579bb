#pragma once

#include "pooler/config/container.hpp"
#include "pooler/config/pooler_config.hpp"

namespace pgtool {

// What the variables of one image say in a way that no other does (Convention::complete).

void complete_bitnami(const Container& container, PoolerConfig& config);
void complete_old_official(const Container& container, PoolerConfig& config);
void complete_heroku(const Container& container, PoolerConfig& config);
void complete_pgpool(const Container& container, PoolerConfig& config);
void complete_edoburu(const Container& container, PoolerConfig& config);

} // namespace pgtool
