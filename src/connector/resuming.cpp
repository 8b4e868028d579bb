#include "connector/resuming.hpp"

#include "base/shell_words.hpp"
#include "pooler/back_off.hpp"
#include "pooler/pausing.hpp"
#include "pooler/recycling.hpp"

#include <algorithm>
#include <poll.h>

namespace pgtool {
namespace {

// Logins that find each of a few processes behind one address.
constexpr std::size_t logins_of_shared = 8;
constexpr int between_tries_ms = 100;

bool resume_all(std::vector<ConsoleSession>& sessions, const std::vector<std::string>& entries) {
  bool all = true;
  for (auto& session : sessions) {
    for (const auto& entry : entries) {
      all = resume_entry(session.connection, entry) && all;
    }
    end_back_off(session.connection, entries, Watch::until_well);
  }
  return all;
}

} // namespace

bool resume_entry(Connection& console, const std::string& entry) {
  const auto outcome = console.attempt("RESUME " + console_name(entry).value_or(""));
  return outcome.ok() || says_not_paused(*outcome.refusal) || says_no_such_entry(*outcome.refusal);
}

bool resume_anew(const PauseOrder& order, const Endpoint& console,
                 const std::vector<std::string>& entries, double seconds) {
  const auto deadline = Clock::now() + std::chrono::duration_cast<Clock::duration>(
                                           std::chrono::duration<double>(seconds));
  const std::vector<Endpoint> endpoints(is_shared(order, console) ? logins_of_shared : 1, console);
  while (true) {
    auto opened = open_consoles(endpoints, std::max(order.timeout, 1.0));
    if (resume_all(opened.sessions, entries) && opened.failures.empty()) {
      return true;
    }
    if (Clock::now() > deadline) {
      return false;
    }
    poll(nullptr, 0, between_tries_ms);
  }
}

std::string typed_command(const Endpoint& console, const std::string& command) {
  return "psql " + quoted_for_shell(console.url()) + " -c " + quoted_for_shell(command);
}

std::string resume_command(const Endpoint& console, const std::string& entry) {
  return typed_command(console, "RESUME " + console_name(entry).value_or(""));
}

} // namespace pgtool
