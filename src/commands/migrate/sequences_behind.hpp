#pragma once

#include "commands/migrate/database_checks.hpp"

namespace pgtool {

/// Sequences of columns whose next value is not above the greatest one in the column, as rows with
/// explicit keys leave them (loaddata, RunPython): the next INSERT fails. Only columns that an
/// index leads to are looked at, of tables on the session's path; gives up after a second in all.
Checked sequences_behind(DirectSession& session);

} // namespace pgtool
