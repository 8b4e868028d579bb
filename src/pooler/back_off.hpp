#pragma once

#include "pg/connection.hpp"

#include <optional>
#include <string>
#include <vector>

namespace pgtool {

// PgBouncer takes a server session that it closes itself in the midst of its login for a server
// that fails: RECONNECT and PAUSE do that, and then that pool opens none for server_login_retry (15
// s), while its clients wait or, from 1.24 on, are refused (1.18, 1.24 and 1.26 were run: two
// RECONNECTs within 50 ms under load do it each time; so does a new client during PAUSE whose pool
// has had no server since its last RECONNECT).

/// Waits until for some looks in a row no server session of these entries is being opened, which a
/// pool that is at rest in its size gives soon; gives up after `seconds`. Throws Interrupted.
void wait_for_quiet(Connection& console, const std::vector<std::string>& entries, double seconds);

/// How long end_back_off() looks: until all goes well, or to the end of its time.
enum class Watch { until_well, to_the_end };

/// Looks for pools of these entries whose clients wait although no server session is there or on
/// its way, and lets them open one: for a moment server_login_retry is 0. Returns the command that
/// sets it back, where that could not be done.
std::optional<std::string> end_back_off(Connection& console,
                                        const std::vector<std::string>& entries, Watch watch);

} // namespace pgtool
