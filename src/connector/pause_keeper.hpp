#pragma once

#include "base/own_process.hpp"
#include "connector/console_sessions.hpp"
#include "connector/pause_order.hpp"

#include <string>
#include <vector>

namespace pgtool {

/// The pause is over, or does not come about; the words say why and are empty when it was asked.
struct Over {
  std::string why;
};

/// Why a console did not do what it was told, with its place.
std::string refusal_in_words(const ConsoleSession& session, const Refusal& refusal);

/// The guard's side of a pause, in its process: opens its sessions, pauses, holds, resumes.
class PauseKeeper {
public:
  PauseKeeper(Channel& channel, PauseOrder order);
  /// Says over the channel: "pausing" before the first PAUSE; then "paused", or "refused" with the
  /// reason; in the end "ended" with the reason when nobody asked for it. After both reasons stand
  /// the commands that a person must type, none when everything goes on.
  void run();

private:
  struct Pauser {
    ConsoleSession session;
    std::string entry;
    bool answered = false;
  };
  /// One process of PgBouncer. The watcher is never kept waiting, as a session is by its PAUSE.
  struct Process {
    ConsoleSession watcher;
    std::vector<Pauser> pausers;
    std::vector<std::string> ours; ///< entries that are paused by us, or may be
  };

  void open();
  void open_watchers();
  void open_pausers(Process& process, const std::vector<std::string>& entries);
  std::vector<std::string> present_entries(Process& process);
  bool is_present(Process& process, const std::string& entry);
  void pause();
  void send_pauses();
  bool take_answers();
  void take_answer(Process& process, Pauser& pauser);
  [[nodiscard]] bool is_at_rest(Process& process);
  std::string hold();
  std::string lost_pause();
  std::vector<std::string> resume();
  std::vector<std::string> resume_by_watcher(Process& process);
  void close_pausers(Process& process);
  void wait_for_news(int milliseconds);
  void stop_when_asked();
  [[nodiscard]] double left() const;

  Channel& channel_;
  PauseOrder order_;
  std::vector<Process> processes_;
  Clock::time_point deadline_;
};

/// What the process `pgtool pause-guard` does. Returns its exit status.
int keep_pause();

} // namespace pgtool
