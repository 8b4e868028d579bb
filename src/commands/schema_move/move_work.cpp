#include "commands/schema_move/move_work.hpp"

#include <exception>
#include <utility>

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

void transact(MoveWork& work, const std::vector<std::string>& statements, std::size_t session) {
  auto& connection = work.sessions[session]->connection();
  const bool before = std::exchange(work.changed, true);
  const auto run = [&](const std::string& sql) {
    const auto outcome = connection.attempt(sql);
    if (!outcome.ok()) {
      work.changed = before || outcome.refusal->broken;
      connection.attempt("rollback");
      throw SqlError(Failure::unknown, *outcome.refusal);
    }
  };
  run("begin");
  for (const auto& statement : statements) {
    run(statement);
  }
  run("commit");
}

} // namespace pgtool
