#include "connector/pause_keeper.hpp"

#include "pooler/pausing.hpp"
#include "pooler/recycling.hpp"

#include <algorithm>
#include <fmt/core.h>

// The sessions of a pause, which are open before anything is paused.

namespace pgtool {
namespace {

constexpr int rounds_of_logins = 8;

} // namespace

std::string refusal_in_words(const ConsoleSession& session, const Refusal& refusal) {
  const auto& words = refusal.message;
  if (words.find("admin access needed") != std::string::npos) {
    return fmt::format("{}: the role {} may not PAUSE: admin access needed (admin_users)",
                       session.place(), session.connection.endpoint().user());
  }
  return fmt::format("{}: {}", session.place(), words);
}

void PauseKeeper::open() {
  open_watchers();
  bool any = false;
  for (auto& process : processes_) {
    const auto why = why_no_pausing(process.watcher.identity);
    if (!why.empty()) {
      throw Over{process.watcher.place() + ": " + why};
    }
    const auto entries = present_entries(process);
    any = any || !entries.empty();
    open_pausers(process, entries);
  }
  if (!any) {
    throw Over{"no process has any of these entries"};
  }
}

/// One session for each process; behind a shared address a login reaches one of them at random.
void PauseKeeper::open_watchers() {
  for (int round = 0; round < rounds_of_logins; ++round) {
    stop_when_asked();
    auto opened = open_consoles(order_.consoles, order_.timeout);
    if (!opened.failures.empty()) {
      const auto& failure = opened.failures.front();
      throw Over{failure.place + ": " + failure.why};
    }
    for (auto& session : opened.sessions) {
      const bool known = std::any_of(processes_.begin(), processes_.end(), [&](auto& one) {
        return is_same_process(session, one.watcher);
      });
      if (!known) {
        processes_.push_back({std::move(session), {}, {}});
      }
    }
    if (processes_.size() >= order_.consoles.size()) {
      return;
    }
  }
  throw Over{fmt::format("only {} of {} processes could be told apart and reached",
                         processes_.size(), order_.consoles.size())};
}

void PauseKeeper::open_pausers(Process& process, const std::vector<std::string>& entries) {
  std::vector<ConsoleSession> sessions;
  const auto& endpoint = process.watcher.connection.endpoint();
  for (int round = 0; sessions.size() < entries.size(); ++round) {
    stop_when_asked();
    if (round == rounds_of_logins) {
      throw Over{process.watcher.place() + ": a process behind it is not reached again"};
    }
    const auto missing = (entries.size() - sessions.size()) * (round == 0 ? 1 : 2);
    auto opened = open_consoles(std::vector<Endpoint>(missing, endpoint), order_.timeout);
    if (!opened.failures.empty()) {
      throw Over{opened.failures.front().place + ": " + opened.failures.front().why};
    }
    for (auto& session : opened.sessions) {
      if (is_same_process(process.watcher, session)) {
        sessions.push_back(std::move(session));
      }
    }
  }
  for (std::size_t i = 0; i < entries.size(); ++i) {
    process.pausers.push_back({std::move(sessions[i]), entries[i], false});
  }
}

/// The entries that this process has. Throws Over when one of them is paused already.
std::vector<std::string> PauseKeeper::present_entries(Process& process) {
  std::vector<std::string> present;
  for (const auto& entry : order_.entries) {
    if (is_present(process, entry)) {
      present.push_back(entry);
    }
  }
  const auto databases = process.watcher.connection.attempt("show databases");
  if (!databases.ok()) {
    throw Over{refusal_in_words(process.watcher, *databases.refusal)};
  }
  for (const auto& entry : present) {
    if (entry_state(databases.rows, entry).paused) {
      throw Over{
          fmt::format("{}: somebody else has paused {} already", process.watcher.place(), entry)};
    }
  }
  return present;
}

/// An entry that came of `*` and has no clients now is not listed, paused or not, until somebody
/// names it.
bool PauseKeeper::is_present(Process& process, const std::string& entry) {
  auto& console = process.watcher.connection;
  const auto databases = console.attempt("show databases");
  if (databases.ok() && entry_state(databases.rows, entry).listed) {
    return true;
  }
  const auto named = console.attempt("RECONNECT " + console_name(entry).value_or(""));
  if (!named.ok() && !says_no_such_entry(*named.refusal)) {
    throw Over{refusal_in_words(process.watcher, *named.refusal)};
  }
  return named.ok();
}

} // namespace pgtool
