#pragma once

namespace pgtool {

/// The version of the libpq that is loaded, as PQlibVersion() counts: 150020 is 15.20.
int libpq_version();

} // namespace pgtool
