#include "connector/pause_keeper.hpp"

#include "base/error.hpp"
#include "base/signals.hpp"
#include "connector/resuming.hpp"
#include "pooler/back_off.hpp"
#include "pooler/pausing.hpp"
#include "pooler/recycling.hpp"

#include <algorithm>
#include <array>
#include <csignal>
#include <fmt/core.h>
#include <poll.h>
#include <syslog.h>

namespace pgtool {
namespace {

constexpr double quiet_patience = 2;   // until no server session is being opened
constexpr double patience = 1;         // for an answer of a console that pauses
constexpr double resume_patience = 10; // for a console that has to be reached anew
constexpr double patience_alone = 60;  // the same when nobody is left to be told of it
constexpr int between_looks_ms = 200;  // while the pause is in force
constexpr int between_glances_ms = 20; // while it is waited for

/// What comes from now on must not keep us from resuming.
void ignore_signals() {
  for (const int number : {SIGINT, SIGTERM, SIGHUP}) {
    std::signal(number, SIG_IGN);
  }
  taken_signals();
  Connection::watch_signals(false);
}

} // namespace

PauseKeeper::PauseKeeper(Channel& channel, PauseOrder order)
    : channel_(channel), order_(std::move(order)) {}

double PauseKeeper::left() const {
  return std::chrono::duration<double>(deadline_ - Clock::now()).count();
}

void PauseKeeper::run() {
  const char* outcome = "refused";
  std::string why;
  try {
    open();
    channel_.send({"pausing"});
    pause();
    channel_.send({"paused"});
    outcome = "ended";
    why = hold();
  } catch (const Over& over) {
    why = over.why;
  } catch (const Interrupted& interrupted) {
    why = fmt::format("the guard was sent signal {}", interrupted.number());
  } catch (const std::exception& error) {
    why = error.what();
  }
  ignore_signals();
  std::vector<std::string> message{outcome, why};
  const auto commands = resume();
  message.insert(message.end(), commands.begin(), commands.end());
  if (!channel_.send(message) && !commands.empty()) {
    syslog(LOG_DAEMON | LOG_CRIT, "pgtool: PgBouncer stays paused, type: %s",
           commands.front().c_str());
  }
}

void PauseKeeper::send_pauses() {
  for (auto& process : processes_) {
    std::vector<std::string> entries;
    for (const auto& pauser : process.pausers) {
      entries.push_back(pauser.entry);
    }
    wait_for_quiet(process.watcher.connection, entries, quiet_patience);
  }
  stop_when_asked();
  deadline_ = Clock::now() + std::chrono::duration_cast<Clock::duration>(
                                 std::chrono::duration<double>(order_.seconds));
  for (auto& process : processes_) {
    for (auto& pauser : process.pausers) {
      pauser.session.connection.set_time_limit(std::max(left(), 0.0));
      process.ours.push_back(pauser.entry);
      pauser.session.connection.send("PAUSE " + console_name(pauser.entry).value_or(""));
    }
  }
}

/// A PAUSE is in force at once, and answered when the last server session is free. The answer alone
/// is not trusted: somebody else's WAIT_CLOSE that ends would be taken for it.
void PauseKeeper::pause() {
  send_pauses();
  while (true) {
    bool done = take_answers();
    for (auto& process : processes_) {
      done = done && is_at_rest(process);
    }
    if (done) {
      break;
    }
    stop_when_asked();
    if (left() <= 0) {
      throw Over{fmt::format("within {:g} s not every server session was given back: a transaction "
                             "is long, or clients of session mode stay connected",
                             order_.seconds)};
    }
    wait_for_news(between_glances_ms);
  }
  for (auto& process : processes_) {
    process.pausers.clear();
  }
}

/// True when all have answered.
bool PauseKeeper::take_answers() {
  bool all = true;
  for (auto& process : processes_) {
    for (auto& pauser : process.pausers) {
      pollfd watch{pauser.session.connection.descriptor(), POLLIN, 0};
      if (!pauser.answered && poll(&watch, 1, 0) != 0) {
        take_answer(process, pauser);
      }
      all = all && pauser.answered;
    }
  }
  return all;
}

void PauseKeeper::take_answer(Process& process, Pauser& pauser) {
  const auto outcome = pauser.session.connection.receive();
  pauser.answered = true;
  if (outcome.ok()) {
    return;
  }
  if (!outcome.refusal->broken) {
    std::erase(process.ours, pauser.entry);
  }
  throw Over{refusal_in_words(pauser.session, *outcome.refusal)};
}

bool PauseKeeper::is_at_rest(Process& process) {
  process.watcher.connection.set_time_limit(patience);
  const auto databases = process.watcher.connection.attempt("show databases");
  if (!databases.ok()) {
    throw Over{refusal_in_words(process.watcher, *databases.refusal)};
  }
  return std::all_of(process.ours.begin(), process.ours.end(), [&](const auto& entry) {
    const auto state = entry_state(databases.rows, entry);
    return !state.listed || (state.paused && state.servers == 0);
  });
}

/// Until it is asked for, something is lost, or the time is over; says why.
std::string PauseKeeper::hold() {
  while (left() > 0) {
    stop_when_asked();
    if (auto why = lost_pause(); !why.empty()) {
      return why;
    }
    wait_for_news(std::clamp(static_cast<int>(left() * 1000), 0, between_looks_ms));
  }
  return fmt::format("the pause reached its limit of {:g} s", order_.seconds);
}

/// Why the pause is not in force any more; "" when it is.
std::string PauseKeeper::lost_pause() {
  for (auto& process : processes_) {
    auto& console = process.watcher.connection;
    console.set_time_limit(std::clamp(left(), 0.05, patience));
    const auto databases = console.attempt("show databases");
    if (!databases.ok()) {
      return fmt::format("{}: the console is lost: {}", process.watcher.place(),
                         databases.refusal->message);
    }
    for (const auto& entry : process.ours) {
      const auto state = entry_state(databases.rows, entry);
      if (state.listed && !state.paused) {
        return fmt::format("{}: somebody else has resumed {}", process.watcher.place(), entry);
      }
    }
  }
  return "";
}

/// The commands for what could not be resumed.
std::vector<std::string> PauseKeeper::resume() {
  const double alone = channel_.closed() ? patience_alone : resume_patience;
  std::vector<std::vector<std::string>> lost;
  for (auto& process : processes_) {
    lost.push_back(resume_by_watcher(process));
  }
  std::vector<std::string> commands;
  for (auto& process : processes_) {
    auto& console = process.watcher.connection;
    if (const auto command = end_back_off(console, process.ours, Watch::until_well)) {
      commands.push_back(typed_command(console.endpoint(), *command));
    }
  }
  for (std::size_t i = 0; i < processes_.size(); ++i) {
    const auto& console = processes_[i].watcher.connection.endpoint();
    if (lost[i].empty() || resume_anew(order_, console, lost[i], alone)) {
      continue;
    }
    for (const auto& entry : lost[i]) {
      commands.push_back(resume_command(console, entry));
    }
  }
  return commands;
}

/// A PAUSE that is still on its way could come after its RESUME: nothing of ours is on its way any
/// more when our sessions have gone. Returns the entries that are not known to go on.
std::vector<std::string> PauseKeeper::resume_by_watcher(Process& process) {
  auto& console = process.watcher.connection;
  console.set_time_limit(patience);
  const bool on_its_way = std::any_of(process.pausers.begin(), process.pausers.end(),
                                      [](const auto& pauser) { return !pauser.answered; });
  std::vector<std::string> lost;
  for (int times = on_its_way ? 2 : 1; times > 0; --times) {
    lost.clear();
    for (const auto& entry : process.ours) {
      if (!resume_entry(console, entry)) {
        lost.push_back(entry);
      }
    }
    if (times == 2) {
      close_pausers(process);
    }
  }
  return lost;
}

void PauseKeeper::close_pausers(Process& process) {
  auto& console = process.watcher.connection;
  std::vector<std::string> marks;
  for (auto& pauser : process.pausers) {
    marks.push_back(pauser.session.mark);
  }
  process.pausers.clear();
  const auto until = Clock::now() + std::chrono::seconds(2);
  while (Clock::now() < until && lists_any(console, marks)) {
    poll(nullptr, 0, between_glances_ms);
  }
}

void PauseKeeper::wait_for_news(int milliseconds) {
  std::vector<pollfd> watches{{channel_.descriptor(), POLLIN, 0}, {signal_descriptor(), POLLIN, 0}};
  for (const auto& process : processes_) {
    watches.push_back({process.watcher.connection.descriptor(), POLLIN, 0});
    for (const auto& pauser : process.pausers) {
      if (!pauser.answered) {
        watches.push_back({pauser.session.connection.descriptor(), POLLIN, 0});
      }
    }
  }
  poll(watches.data(), watches.size(), milliseconds);
}

/// Any message asks for the end, and so does the end of the one that could send one.
void PauseKeeper::stop_when_asked() {
  throw_if_interrupted();
  if (channel_.receive(0) || channel_.closed()) {
    throw Over{};
  }
}

int keep_pause() {
  auto channel = channel_to_starter();
  if (!channel) {
    return static_cast<int>(Failure::usage);
  }
  catch_signals();
  const auto message = channel->receive(patience_alone);
  if (!message) {
    return 0;
  }
  PauseKeeper(*channel, decoded_order(*message)).run();
  return 0;
}

} // namespace pgtool
