#pragma once

#include "connector/direct_session.hpp"
#include "model/report.hpp"
#include "rules/timeline/estimate.hpp"

#include <vector>

namespace pgtool {

/// Times scans, rewrites and builds of indexes on tables of its own, some 20 MB, in a transaction
/// that is rolled back: nobody else sees them, but some 200 MB of WAL are written. Takes seconds. Where that
/// cannot be done, the answer is what servers do in general, and `unknown` says why.
Rates calibrated(DirectSession& session, std::vector<Unknown>& unknown);

} // namespace pgtool
