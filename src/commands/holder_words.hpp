#pragma once

#include "pg/rows.hpp"

#include <string>

namespace pgtool {

/// Who holds a lock, as far as this role may see: "pid 12 (role app, application web, idle in
/// transaction for 9 s)". Reads the columns pid, usename, application_name, host, state,
/// backend_type, gid, owner and age (seconds) of the row; a prepared transaction has no pid.
std::string holder_words(const Rows& rows, int row);

} // namespace pgtool
