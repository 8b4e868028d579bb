#pragma once

#include "connector/survey.hpp"
#include "pooler/config/pooler_config.hpp"
#include "rules/deployment.hpp"

namespace pgtool {

/// What a configuration says of its pooler, as rules read it.
PoolerFacts pooler_facts(const PoolerConfig& config);

/// What a survey shows of the pooler before an alias, without any configuration.
PoolerFacts pooler_facts(const Survey& survey, const Endpoint& pooled);

/// Adds what the console told: it knows what is in force. Where the file says something else, that
/// is kept beside it.
void add_console(PoolerFacts& pooler, const ConsoleTables& tables);

} // namespace pgtool
