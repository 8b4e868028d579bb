#pragma once

#include "connector/direct_session.hpp"

namespace pgtool {

/// Makes a direct session fit for a move: nothing that the role or the database sets may cut our
/// work short, and no object of a user's schema is ever taken for one of the system's.
void prepare_session(DirectSession& session);

} // namespace pgtool
