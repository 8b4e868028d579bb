#pragma once

#include "connector/survey.hpp"

#include <set>

namespace pgtool {

/// The pids of server sessions that the pooler gives to new clients at this moment: what `clients`
/// of them, each inside a transaction for an instant, are given. A session that belongs to one
/// client alone is never among them, but of a larger pool not every idle one is. Empty where the
/// pooler gives none in a second.
std::set<int> shared_backends(const SurveyRequest& request, int clients);

} // namespace pgtool
