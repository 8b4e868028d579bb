#include "commands/migrate/leftover_indexes.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace pgtool {

void LeftoverIndexes::begin(DirectSession& session, const StatementLocks& statement,
                            const std::string& schemas, int backend) {
  auto index = concurrent_index(session, statement, schemas, backend);
  if (!index) {
    return;
  }
  if (index->before == IndexState::absent) {
    building_.emplace_back(&session, std::move(*index));
  } else if (index->before == IndexState::invalid && index->in_progress) {
    context_.say("warning: index " + index->shown() +
                 " is not valid, and somebody else makes an index of its table at this moment");
  } else if (index->before == IndexState::invalid) {
    context_.say("warning: index " + index->shown() +
                 " was there before and is invalid, as an interrupted CREATE INDEX CONCURRENTLY "
                 "leaves it");
    left_.push_back(index->drop());
  }
}

void LeftoverIndexes::forget(int backend) {
  const auto last = std::find_if(building_.rbegin(), building_.rend(), [&](const auto& building) {
    return building.second.backend == backend;
  });
  if (last != building_.rend()) {
    building_.erase(std::next(last).base());
  }
}

void LeftoverIndexes::drop() {
  std::erase_if(building_, [&](auto& building) {
    auto& [session, index] = building;
    std::string trouble;
    if (drop_leftover(*session, index, trouble)) {
      context_.say("dropped index " + index.shown() +
                   ", which the failed CREATE INDEX CONCURRENTLY had left invalid");
      dropped_.push_back(index.shown());
    } else if (!trouble.empty()) {
      context_.say("warning: index " + index.shown() +
                   " is invalid and could not be dropped: " + trouble);
      left_.push_back(index.drop());
    }
    return !trouble.empty(); // others stay: their statement may be tried again
  });
}

} // namespace pgtool
