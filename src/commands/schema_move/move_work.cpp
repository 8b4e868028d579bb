#include "commands/schema_move/move_work.hpp"

#include "base/text.hpp"

#include <exception>

namespace pgtool {

StepClock::StepClock(MoveWork& work, std::string name)
    : work_(work), index_(work.steps.size()), exceptions_(std::uncaught_exceptions()) {
  work.steps.push_back({std::move(name), "running", 0});
}

StepClock::~StepClock() {
  auto& step = work_.steps[index_];
  step.state = std::uncaught_exceptions() > exceptions_ ? "failed" : "done";
  step.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began_).count();
}

void transact(Connection& session, const std::vector<std::string>& statements) {
  const auto outcome = session.attempt("begin; " + join(statements, "; ") + "; commit");
  if (!outcome.ok()) {
    session.attempt("rollback");
    throw SqlError(Failure::unknown, *outcome.refusal);
  }
}

} // namespace pgtool
