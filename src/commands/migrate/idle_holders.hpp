#pragma once

#include "commands/migrate/trace_file.hpp"
#include "connector/direct_session.hpp"

#include <functional>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace pgtool {

/// Ends sessions that are in the way of a migration and have been idle in a transaction for long,
/// where that was asked for (--terminate-idle-in-transaction).
class IdleHolders {
public:
  using Say = std::function<void(const std::string& line)>;

  /// `age` in seconds; nothing: nobody is ended.
  IdleHolders(std::optional<double> age, TraceFile& trace) : age_(age), trace_(trace) {}

  [[nodiscard]] bool wanted() const { return age_.has_value(); }
  /// For that migration: ends that session if it is idle in a transaction for long enough at this
  /// moment, and none of pgtool's own. `who` names it. True when it was ended; that, and what may
  /// not be done, is said.
  bool end(DirectSession& session, int pid, const std::string& who, const std::string& migration,
           const Say& say);

  [[nodiscard]] const std::vector<std::string>& ended() const { return ended_; }

private:
  void refuse(DirectSession& session, int pid, const std::string& who, const std::string& why,
              const Say& say);

  std::optional<double> age_;
  TraceFile& trace_;
  std::set<int> refused_; ///< pids that we may not end: said once
  std::vector<std::string> ended_;
};

} // namespace pgtool
