#pragma once

#include "base/value.hpp"
#include "commands/migrate/idle_holders.hpp"
#include "commands/migrate/table_wait.hpp"
#include "commands/migrate/trace_file.hpp"
#include "django/bridge.hpp"

#include <chrono>
#include <functional>
#include <list>
#include <string>
#include <vector>

namespace pgtool {

/// An answer that a migration waits for until nobody old holds what it needs.
struct DueAnswer {
  BridgeMessage message;
  DirectSession* session;
  std::string migration;
  TableWait wait;
  Value answer;
  Clock::time_point not_before = Clock::now(); ///< the wait begins then
  std::string told{};                          ///< the words that were said last
  std::vector<std::string> holders{};          ///< all that were waited for
  Clock::time_point looked{};
};

/// Answers that are given later, so that signals and lost sessions are seen meanwhile.
class DueAnswers {
public:
  static constexpr auto between_looks = std::chrono::milliseconds(250);
  using Say = std::function<void(int from, const std::string& line)>;

  /// `longest`: seconds that one may wait; then the run is told to end.
  DueAnswers(double longest, IdleHolders& idle, TraceFile& trace, Say say)
      : longest_(longest), idle_(idle), trace_(trace), say_(std::move(say)) {}

  void add(DueAnswer answer) { due_.push_back(std::move(answer)); }
  /// Gives those that are due.
  void settle(Bridge& bridge);

  /// What was waited for: migration, seconds, holders.
  [[nodiscard]] const Value& waits() const { return waits_; }
  /// Who was in the way for too long; "" for nobody.
  [[nodiscard]] const std::string& busy() const { return busy_; }

private:
  bool settle(DueAnswer& due, Bridge& bridge);
  void give(DueAnswer& due, Bridge& bridge);
  void say_whom(DueAnswer& due, const std::vector<TableHolder>& holders);

  double longest_;
  IdleHolders& idle_;
  TraceFile& trace_;
  Say say_;
  std::list<DueAnswer> due_;
  Value waits_ = Value::array();
  std::string busy_;
};

} // namespace pgtool
