#pragma once

#include "connector/console_sessions.hpp"
#include "connector/pause_order.hpp"

#include <string>
#include <vector>

namespace pgtool {

/// RESUMEs one entry; true when it goes on, also when it was not paused or is not there any more.
bool resume_entry(Connection& console, const std::string& entry);

/// The same for a process to which the session is lost, with new sessions for up to `seconds`.
/// Behind a shared address every process that answers is told. False when that cannot be had.
bool resume_anew(const PauseOrder& order, const Endpoint& console,
                 const std::vector<std::string>& entries, double seconds);

/// What a person must type, for a shell.
std::string typed_command(const Endpoint& console, const std::string& command);
std::string resume_command(const Endpoint& console, const std::string& entry);

} // namespace pgtool
