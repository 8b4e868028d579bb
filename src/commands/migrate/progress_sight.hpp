#pragma once

#include "commands/context.hpp"
#include "connector/direct_session.hpp"

#include <chrono>
#include <cstddef>
#include <functional>
#include <string>

namespace pgtool {

/// Shows how far a run is: on a terminal in a line that changes, elsewhere one line now and then
/// while a single migration takes long.
class ProgressSight {
public:
  /// `say` tells a line where there is no terminal.
  ProgressSight(const Context& context, std::function<void(const std::string&)> say)
      : context_(context), say_(std::move(say)) {}
  ProgressSight(const ProgressSight&) = delete;
  ProgressSight& operator=(const ProgressSight&) = delete;
  ~ProgressSight() { context_.show_status(""); }

  void plan(std::size_t migrations) { planned_ += migrations; }
  void start(const std::string& migration);
  void done();
  /// The backend at work, seen from our session there.
  void follow(DirectSession& session, int pid);

  /// Shows what there is to see; returns after how long there may be more.
  std::chrono::milliseconds tick();

private:
  [[nodiscard]] std::string line();
  [[nodiscard]] std::string index_words();

  const Context& context_;
  std::function<void(const std::string&)> say_;
  std::size_t planned_ = 0;
  std::size_t done_ = 0;
  std::string migration_; ///< at work; "" for none
  Clock::time_point run_began_{};
  Clock::time_point began_{};
  Clock::time_point looked_{};
  Clock::time_point told_{};
  double next_told_ = 0; ///< seconds that a migration takes before it is told of
  DirectSession* session_ = nullptr;
  int pid_ = 0;
  std::string index_; ///< how far the index is that is built
};

} // namespace pgtool
