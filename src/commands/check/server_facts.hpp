#pragma once

#include "model/report.hpp"
#include "pg/connection.hpp"
#include "rules/deployment.hpp"

#include <vector>

namespace pgtool {

/// What the server behind a session says of itself; what it does not tell goes to `unknown`. Reads
/// only. `fresh`: the session is PostgreSQL's own, so that what it has is what a new one gets.
ServerFacts server_facts(Connection& session, bool fresh, std::vector<Unknown>& unknown);

} // namespace pgtool
