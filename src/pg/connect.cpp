#include "pg/connect.hpp"

#include "base/signals.hpp"
#include "pg/connect_attempt.hpp"
#include "pg/conninfo.hpp"
#include "pg/names.hpp"

#include <algorithm>
#include <list>
#include <poll.h>

namespace pgtool {

struct SideBySide::State {
  explicit State(double seconds) : timeout(seconds) {}

  struct Opening {
    ConnectAttempt attempt;
    Then then;
  };

  double timeout;
  ScopedEnvironment nothing{{}};
  Lookups lookups;
  std::list<Opening> open; ///< a list: what a finished one starts must not move the others

  /// Waits until an attempt can go on or one has used up its time.
  void wait_once() {
    std::vector<pollfd> watches;
    auto deadline = Clock::time_point::max();
    for (const auto& opening : open) {
      watches.push_back(opening.attempt.watch());
      deadline = std::min(deadline, opening.attempt.deadline());
    }
    watches.push_back({lookups.descriptor(), POLLIN, 0});
    watches.push_back({signal_descriptor(), POLLIN, 0});
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now()).count();
    poll(watches.data(), watches.size(), static_cast<int>(std::max<std::int64_t>(left + 1, 0)));
    throw_if_interrupted();
    lookups.silence();
    auto watch = watches.begin();
    for (auto& [attempt, ignored] : open) {
      attempt.go_on(watch++->revents != 0);
    }
  }

  void hand_over_finished() {
    for (auto opening = open.begin(); opening != open.end();) {
      if (!opening->attempt.finished()) {
        ++opening;
        continue;
      }
      opening->then(opening->attempt.take());
      opening = open.erase(opening);
    }
  }
};

SideBySide::SideBySide(double timeout) : state_(std::make_unique<State>(timeout)) {}
SideBySide::~SideBySide() = default;

void SideBySide::open(Endpoint endpoint, Then then) {
  state_->open.emplace_back(State::Opening{
      ConnectAttempt(std::move(endpoint), state_->timeout, state_->lookups), std::move(then)});
}

void SideBySide::run() {
  state_->hand_over_finished();
  while (!state_->open.empty()) {
    state_->wait_once();
    state_->hand_over_finished();
  }
}

std::vector<ConnectResult> connect_side_by_side(const std::vector<Endpoint>& endpoints,
                                                double timeout) {
  std::vector<ConnectResult> results(endpoints.size());
  SideBySide opening(timeout);
  for (std::size_t i = 0; i < endpoints.size(); ++i) {
    opening.open(endpoints[i],
                 [&results, i](ConnectResult result) { results[i] = std::move(result); });
  }
  opening.run();
  return results;
}

} // namespace pgtool
