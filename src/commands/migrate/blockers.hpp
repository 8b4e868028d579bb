#pragma once

#include "connector/direct_session.hpp"
#include "sql/lock_mode.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pgtool {

/// Someone who keeps a backend from its lock: a session, a process of the server, or a prepared
/// transaction (pid 0).
struct Blocker {
  int pid = 0;
  std::string who;        ///< "pid 4711 (role app, application psql, idle in transaction for 12 s)"
  std::string holds;      ///< "ACCESS SHARE"; "" for no table
  bool only_asks = false; ///< it waits for that itself, ahead of us
  std::string query;      ///< its last statement, without literals; "" where it may not be seen
  bool hidden = false;    ///< our role may not see what it does
};

/// Why a backend does not go on.
struct Blocked {
  std::string mode;     ///< what it asks for: "ACCESS EXCLUSIVE"; "" when that is no table's lock
  std::string relation; ///< of which table, as our session would write it
  std::vector<Blocker> by;
  int queued = 0; ///< sessions that wait for something that this backend holds or asked for before
};

/// Who blocks that backend, from pg_blocking_pids(); nothing when it waits for no lock, or that
/// cannot be seen. Takes all of the server's lock partitions for a moment: not for every 40 ms.
std::optional<Blocked> blocked(DirectSession& session, int pid);

/// The whole of it in words: "ACCESS EXCLUSIVE on shop_order: pid … holds ACCESS SHARE; its last
/// statement: …; 3 sessions queue behind it".
std::string words_of(const Blocked& blocked);

/// "AccessExclusiveLock" as people write it: "ACCESS EXCLUSIVE".
std::string shown_mode(std::string_view mode);
inline std::string shown_mode(LockMode mode) { return shown_mode(lock_mode_name(mode)); }

} // namespace pgtool
