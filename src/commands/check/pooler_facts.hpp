#pragma once

#include "connector/survey.hpp"
#include "pooler/config/pooler_config.hpp"
#include "rules/deployment.hpp"

namespace pgtool {

/// What a configuration says of its pooler, as rules read it.
PoolerFacts pooler_facts(const PoolerConfig& config);

/// A pgbouncer.ini that a container is given is read twice: on its own, where nothing tells who can
/// reach it, and as the container's. One of them keeps its kind, that which aliases lead to, and
/// knows of both.
void join_mounted(std::vector<PoolerFacts>& poolers);

/// What a survey shows of the pooler before an alias, without any configuration.
PoolerFacts pooler_facts(const Survey& survey, const Endpoint& pooled);

/// Adds what the console told: it knows what is in force. Where the file says something else, that
/// is kept beside it.
void add_console(PoolerFacts& pooler, const ConsoleTables& tables);

} // namespace pgtool
