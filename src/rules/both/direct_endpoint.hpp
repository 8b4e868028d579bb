#pragma once

#include "rules/deployment.hpp"

namespace pgtool {

/// A pooled alias whose migrations need a way past the pooler: reached, or judged by its files.
bool wants_direct_endpoint(const AliasFacts& alias);

/// What somebody named for this purpose and what did not turn out to be PostgreSQL; or null.
const UnprovedDirect* named_endpoint(const AliasFacts& alias);

} // namespace pgtool
