#pragma once

#include "connector/direct_session.hpp"

namespace pgtool {

/// True when everybody may ask what a transaction holds. Where that was taken from PUBLIC, to ask
/// could undo a migration that changes its role: then nothing is asked.
bool everybody_may_see_locks(DirectSession& session);

} // namespace pgtool
