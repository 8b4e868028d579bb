#pragma once

#include "connector/console_sessions.hpp"

#include <string>
#include <vector>

namespace pgtool {

/// Waits until PgBouncer logs in to no server for any of these entries, for a while on end.
/// RECONNECT also closes a server session whose login is under way, and PgBouncer takes that for a
/// failed login: it opens no other for server_login_retry (15 s), and when the last old session is
/// given back every client of the pool is refused ("server login has been failing"; seen with 1.18:
/// 3 of 8 runs under load failed without this wait, none of 20 with it). One look is not enough,
/// since a pool opens its sessions one after the other. False when no such moment came within
/// `seconds`; then no login is under way just now, which is the best that could be had. Throws
/// Interrupted.
bool wait_for_quiet_moment(ConsoleSession& console, const std::vector<std::string>& entries,
                           double seconds);

} // namespace pgtool
