#include "connector/pause_guard.hpp"

#include "base/signals.hpp"
#include "base/text.hpp"
#include "connector/resuming.hpp"
#include "pooler/pausing.hpp"

#include <cerrno>
#include <csignal>
#include <poll.h>
#include <sys/wait.h>
#include <utility>

namespace pgtool {
namespace {

constexpr double between_looks = 0.05;
constexpr double own_patience = 10; // for each console, when the guard is gone
// The guard has ten seconds for each console that it has to reach anew, and one for each answer.
constexpr double guard_patience = 30;

std::string why_never(const PauseOrder& order) {
  if (order.consoles.empty()) {
    return "no console of the pooler is open";
  }
  if (order.entries.empty()) {
    return "no entry of the pooler leads to the database";
  }
  if (const auto entry = unsayable(order.entries)) {
    return "the console has no way to say the name " + *entry;
  }
  return "";
}

} // namespace

PauseGuard::PauseGuard(PauseOrder order, std::function<void(const std::string&)> say)
    : order_(std::move(order)), say_(std::move(say)), began_(Clock::now()) {}

PauseGuard PauseGuard::begin(PauseOrder order, std::function<void(const std::string&)> say) {
  PauseGuard guard(std::move(order), std::move(say));
  guard.why_not_ = why_never(guard.order_);
  if (!guard.why_not_.empty()) {
    guard.end_ = PauseEnd{};
    return guard;
  }
  guard.guard_ = std::make_unique<OwnProcess>(start_own_process(pause_guard_word));
  if (guard.guard_->channel.send(encoded(guard.order_))) {
    guard.wait_until_paused();
  } else {
    guard.why_not_ = "the guard of the pause could not be told what to do";
    guard.end();
  }
  return guard;
}

PauseGuard::~PauseGuard() {
  if (!guard_ || end_) {
    return;
  }
  try {
    const auto ended = end();
    if (!ended.resumed && say_) {
      say_("PgBouncer stays paused; type: " + join(ended.commands, "; "));
    }
  } catch (const std::exception&) {
    // Nothing is left that could be tried; the guard still holds to its limit.
  }
}

void PauseGuard::wait_until_paused() {
  while (!paused_ && !end_) {
    throw_if_interrupted();
    auto& channel = guard_->channel;
    if (const auto message = channel.receive(between_looks)) {
      take(*message);
    } else if (channel.closed()) {
      why_not_ = "the guard of the pause ended unexpectedly";
      end();
    }
  }
}

void PauseGuard::take(const std::vector<std::string>& message) {
  const auto& word = message.front();
  if (word == "pausing") {
    pausing_ = true;
    began_ = Clock::now();
    return;
  }
  if (word == "paused") {
    paused_ = true;
    return;
  }
  PauseEnd ended;
  ended.commands.assign(message.begin() + 2, message.end());
  ended.resumed = ended.commands.empty();
  (word == "refused" ? why_not_ : ended.early) = message.at(1);
  finish(std::move(ended));
}

void PauseGuard::finish(PauseEnd ended) {
  paused_ = false;
  end_ = std::move(ended);
  reap();
}

bool PauseGuard::in_force() {
  while (paused_ && guard_) {
    if (const auto message = guard_->channel.receive(0)) {
      take(*message);
    } else if (guard_->channel.closed()) {
      finish(resume_ourselves("the guard of the pause ended unexpectedly"));
    } else {
      break;
    }
  }
  return paused_;
}

double PauseGuard::left() const {
  return order_.seconds - std::chrono::duration<double>(Clock::now() - began_).count();
}

PauseEnd PauseGuard::end() {
  if (end_) {
    return *end_;
  }
  auto& channel = guard_->channel;
  channel.send({"resume"});
  const auto deadline = Clock::now() + std::chrono::duration_cast<Clock::duration>(
                                           std::chrono::duration<double>(guard_patience));
  while (!end_ && !channel.closed() && Clock::now() < deadline) {
    if (const auto message = channel.receive(between_looks)) {
      take(*message);
    }
  }
  if (!end_) {
    finish(resume_ourselves("the guard of the pause ended unexpectedly"));
  }
  return *end_;
}

/// In the place of a guard that is gone, or has to go: two must not resume.
PauseEnd PauseGuard::resume_ourselves(std::string early) {
  kill(guard_->pid, SIGKILL);
  PauseEnd ended;
  ended.early = std::move(early);
  if (!pausing_) {
    return ended;
  }
  Connection::watch_signals(false);
  for (const auto& console : order_.consoles) {
    if (resume_anew(order_, console, order_.entries, own_patience)) {
      continue;
    }
    ended.resumed = false;
    for (const auto& entry : order_.entries) {
      ended.commands.push_back(resume_command(console, entry));
    }
  }
  Connection::watch_signals(true);
  return ended;
}

/// It ends by itself at once; by its pid alone, for others may have children, too.
void PauseGuard::reap() {
  if (!guard_) {
    return;
  }
  guard_->channel.close();
  for (int tries = 0; tries < 200 && waitpid(guard_->pid, nullptr, WNOHANG) == 0; ++tries) {
    poll(nullptr, 0, 10);
  }
}

} // namespace pgtool
