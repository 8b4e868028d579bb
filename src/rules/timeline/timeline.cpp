#include "rules/timeline/timeline.hpp"

#include "rules/reading/together.hpp"

#include <algorithm>

namespace pgtool {
namespace {

class TimelineReader {
public:
  TimelineReader(const Reading& reading, const Rates& rates) : reading_(reading) {
    seconds_.resize(reading.statements.size(), {});
    for (const auto& step : reading.steps) {
      for (const auto& work : work_of(reading, step)) {
        seconds_[step.statement].add(estimate(work, rates));
      }
    }
    for (std::size_t at = 0; at < reading.statements.size(); ++at) {
      if (!reading.statements[at].problem.empty()) {
        seconds_[at].high.reset();
      }
    }
  }

  std::vector<TimelinePart> read() {
    const auto count = reading_.statements.size();
    for (std::size_t first = 0; first < count;) {
      auto last = first;
      const auto transaction = reading_.transactions[first];
      while (transaction > 0 && last + 1 < count &&
             reading_.transactions[last + 1] == transaction) {
        ++last;
      }
      add_part({transaction > 0, first, last, {}});
      first = last + 1;
    }
    return std::move(parts_);
  }

private:
  void add_part(TimelinePart part) {
    for (auto at = part.first; at <= part.last; ++at) {
      for (const auto& lock : reading_.locks[at]) {
        take(lock, at, part);
      }
    }
    for (auto& held : part.tables) {
      held.seconds = seconds_between(held.from, part.last);
      if (part.is_transaction && runs_python(held.from, part.last)) {
        held.seconds.high.reset();
      }
    }
    std::stable_sort(
        part.tables.begin(), part.tables.end(),
        [](const auto& one, const auto& other) { return one.lock.mode > other.lock.mode; });
    if (!part.tables.empty()) {
      parts_.push_back(std::move(part));
    }
  }

  static void take(const TakenLock& lock, std::size_t at, TimelinePart& part) {
    const auto same =
        std::find_if(part.tables.begin(), part.tables.end(),
                     [&](const HeldTable& held) { return is_same(held.lock.table, lock.table); });
    if (same == part.tables.end()) {
      part.tables.push_back({lock, at, part.last, {}});
    } else if (same->lock.mode < lock.mode) {
      same->lock.mode = lock.mode;
      same->from = at;
    }
  }

  SecondsRange seconds_between(std::size_t from, std::size_t last) const {
    SecondsRange sum;
    for (auto at = from; at <= last; ++at) {
      sum.add(seconds_[at]);
    }
    return sum;
  }

  /// Between these statements, in the same transaction.
  bool runs_python(std::size_t from, std::size_t last) const {
    return reading_.django &&
           std::any_of(reading_.django->operations.begin(), reading_.django->operations.end(),
                       [&](const DjangoOperation& operation) {
                         return operation.runs_python && operation.end_statement > from &&
                                operation.first_statement <= last + 1;
                       });
  }

  const Reading& reading_;
  std::vector<SecondsRange> seconds_; ///< of each statement
  std::vector<TimelinePart> parts_;
};

} // namespace

std::vector<TimelinePart> timeline(const Reading& reading, const Rates& rates) {
  return TimelineReader(reading, rates).read();
}

std::string_view what_waits(LockMode mode) {
  switch (mode) {
  case LockMode::access_exclusive:
    return "reads and writes";
  case LockMode::exclusive:
    return "writes, SELECT FOR UPDATE and SHARE";
  case LockMode::share_row_exclusive:
  case LockMode::share:
    return "writes";
  case LockMode::share_update_exclusive:
    return "VACUUM, ANALYZE and other changes of the schema";
  case LockMode::row_exclusive:
    return "changes of the schema, and writes of the same rows";
  case LockMode::row_share:
  case LockMode::access_share:
    break;
  }
  return "changes of the schema";
}

} // namespace pgtool
