#include "commands/migrate_progress.hpp"

#include <csignal>
#include <doctest/doctest.h>

using namespace pgtool;

namespace {

Value progress(const char* action, const char* name, bool atomic = true) {
  return Value::object({{"event", "progress"},
                        {"action", action},
                        {"app", "shop"},
                        {"name", name},
                        {"atomic", atomic},
                        {"seconds", 0.5}});
}

MigrationRecord planned(int count) {
  Value migrations = Value::array();
  for (int i = 0; i < count; ++i) {
    migrations.add(Value::object({{"app", "shop"}}));
  }
  MigrationRecord record;
  record.take(Value::object({{"event", "plan"}, {"migrations", migrations}}));
  return record;
}

MigrateVerdict after(const MigrationRecord& record, int child_status) {
  Ending ending;
  ending.child_status = child_status;
  return judge_migration(record, ending);
}

} // namespace

TEST_CASE("all applied is done") {
  auto record = planned(1);
  record.take(progress("apply_start", "0001"));
  record.take(progress("apply_success", "0001"));

  CHECK(after(record, 0).status == 0);
  CHECK(after(record, 0).verdict == "done: 1 migration");
  REQUIRE(record.steps().size() == 1);
  CHECK(record.steps()[0].state == "done");
}

TEST_CASE("an atomic migration that failed first changed nothing") {
  auto record = planned(2);
  record.take(progress("apply_start", "0001"));

  const auto verdict = after(record, 1);

  CHECK(verdict.status == 3);
  CHECK(record.steps()[0].state == "failed");
}

TEST_CASE("a lock that could not be had is busy") {
  auto record = planned(1);
  record.take(progress("apply_start", "0001"));
  record.take(Value::object({{"event", "failed"},
                             {"type", "OperationalError"},
                             {"message", "canceling statement due to lock timeout\nmore"},
                             {"sqlstate", "55P03"}}));

  const auto verdict = after(record, 1);

  CHECK(verdict.status == 5);
  CHECK(verdict.verdict.find("lock timeout") != std::string::npos);
  CHECK(verdict.verdict.find("more") == std::string::npos);
}

TEST_CASE("a failure after an applied migration says what stands") {
  auto record = planned(3);
  record.take(progress("apply_start", "0001"));
  record.take(progress("apply_success", "0001"));
  record.take(progress("apply_start", "0002"));

  const auto verdict = after(record, 1);

  CHECK(verdict.status == 4);
  CHECK(verdict.verdict.find("1 of 3") != std::string::npos);
  CHECK(verdict.verdict.find("shop.0002 rolled back") != std::string::npos);
}

TEST_CASE("a migration that is not atomic stopped halfway, also when it was the first") {
  auto record = planned(1);
  record.take(progress("apply_start", "0001", false));

  const auto verdict = after(record, 1);

  CHECK(verdict.status == 4);
  CHECK(verdict.verdict.find("halfway") != std::string::npos);
}

TEST_CASE("arguments that Django refuses are a usage error") {
  CHECK(after(MigrationRecord{}, 2).status == 2);
}

TEST_CASE("--check with something unapplied says no, and a crash does not pass for it") {
  Ending ending;
  ending.child_status = 1;
  ending.check_only = true;
  MigrationRecord record;
  record.take(Value::object({{"event", "failed"}, {"type", "SystemExit"}, {"message", "1"}}));
  CHECK(judge_migration(record, ending).status == 1);

  record.take(Value::object({{"event", "failed"}, {"type", "OperationalError"}, {"message", "x"}}));
  CHECK(judge_migration(record, ending).status == 3);
}

TEST_CASE("a signal is the status, and what was applied is said") {
  auto record = planned(2);
  record.take(progress("apply_start", "0001"));
  record.take(progress("apply_success", "0001"));
  Ending ending;
  ending.child_status = 130;
  ending.signal = SIGTERM;

  const auto verdict = judge_migration(record, ending);

  CHECK(verdict.status == 143);
  CHECK(verdict.verdict.find("1 of 2") != std::string::npos);
}

TEST_CASE("after a signal in a non-atomic migration the same command alone is no advice") {
  auto record = planned(1);
  record.take(progress("apply_start", "0001", false));
  Ending ending;
  ending.child_status = 130;
  ending.signal = SIGINT;

  const auto verdict = judge_migration(record, ending);

  CHECK(verdict.status == 130);
  CHECK(verdict.hint.find("left behind") != std::string::npos);
}

TEST_CASE("a signal that came too late does not spoil a run that succeeded") {
  Ending ending;
  ending.signal = SIGINT;

  CHECK(judge_migration(planned(0), ending).status == 0);
}

TEST_CASE("a refused connection is a refusal only while nothing was changed") {
  Ending ending;
  ending.child_status = 1;
  ending.refused = "a connection is not proved direct";
  auto record = planned(2);
  CHECK(judge_migration(record, ending).status == 1);

  record.take(progress("apply_start", "0001"));
  record.take(progress("apply_success", "0001"));
  CHECK(judge_migration(record, ending).status == 4);
}

TEST_CASE("a lost session is unknown before, and stopped after, the first change") {
  Ending ending;
  ending.child_status = 4;
  ending.lost = "our session that holds the deploy lock was lost";
  auto record = planned(2);
  CHECK(judge_migration(record, ending).status == 3);

  record.take(progress("apply_start", "0001", false));
  CHECK(judge_migration(record, ending).status == 4);
}

TEST_CASE("processes that migrate side by side keep their own state") {
  auto record = planned(1);
  record.take(Value::object({{"event", "plan"}, {"migrations", Value(Value::Array{Value(1)})}}), 1);
  record.take(progress("apply_start", "0001"), 0);
  record.take(progress("apply_start", "0007", false), 1);
  record.take(progress("apply_success", "0001"), 0);
  record.stop(2);

  CHECK(record.planned() == 2);
  CHECK(record.applied() == 1);
  CHECK(record.unfinished() == "shop.0007");
  CHECK_FALSE(record.unfinished_is_atomic());
  REQUIRE(record.steps().size() == 2);
  CHECK(record.steps()[0].state == "done");
  CHECK(record.steps()[1].state == "failed");
  CHECK(record.steps()[1].seconds == 2);
}

TEST_CASE("a migration that a person stopped has not failed by itself") {
  auto record = planned(1);
  record.take(progress("apply_start", "0001"));
  record.stop(1, true);

  CHECK(record.steps()[0].state == "interrupted");
}

TEST_CASE("a failure is told in the line that says what is wrong") {
  const auto failure = [](const char* type, const char* message) {
    MigrationRecord record;
    record.take(Value::object({{"event", "failed"}, {"type", type}, {"message", message}}));
    return record.failure();
  };

  CHECK(failure("SystemCheckError", "SystemCheckError: System check identified some issues:\n\n"
                                    "ERRORS:\n?: (files.E001) no such folder\n\tHINT: make it") ==
        "SystemCheckError: System check identified some issues: ?: (files.E001) no such folder");
  CHECK(failure("DataError", "division by zero\nLINE 1: select") == "DataError: division by zero");
  CHECK(failure("ValueError", "") == "ValueError:");
}

TEST_CASE("a project that writes while it only looks is told apart from a broken one") {
  MigrationRecord record;
  record.take(Value::object({{"event", "failed"},
                             {"type", "InternalError"},
                             {"message", "cannot execute INSERT in a read-only transaction"},
                             {"sqlstate", "25006"}}));
  Ending ending;
  ending.child_status = 1;
  ending.plan_only = true;

  const auto verdict = judge_migration(record, ending);

  CHECK(verdict.status == 3);
  CHECK(verdict.hint.find("read-only") != std::string::npos);
}

TEST_CASE("a run in which no migrate was seen is not done") {
  CHECK(after(MigrationRecord{}, 0).status == 3);
}

TEST_CASE("a migrate is seen by its name or by its word, also when it has no plan") {
  MigrationRecord by_name;
  MigrationRecord by_word;
  MigrationRecord other;
  for (const char* event : {"command", "command_done"}) {
    by_name.take(Value::object({{"event", event}, {"name", "migrate"}}));
    by_word.take(Value::object(
        {{"event", event}, {"name", "migrate_schemas"}, {"argv", Value(Value::Array{"migrate"})}}));
    other.take(Value::object({{"event", event}, {"name", "check"}}));
  }

  CHECK(after(by_name, 0).verdict == "done: nothing to apply");
  CHECK(after(by_word, 0).verdict == "done: nothing to apply");
  CHECK(after(other, 0).status == 3);
}

TEST_CASE("a migrate that did not end well is not done, whatever the command's own status") {
  MigrationRecord record;
  record.take(Value::object({{"event", "command"}, {"name", "migrate"}}));

  CHECK(after(record, 0).status == 3);
}

TEST_CASE("a migration that was cut off is not done, whatever the command's own status") {
  auto record = planned(1);
  record.take(progress("apply_start", "0001"));
  Ending ending;
  ending.left_running = true;

  CHECK(judge_migration(record, ending).status == 4);
}

namespace {

/// A failure in operation `place` of three.
Value failure(const char* sqlstate, int place, bool wrote) {
  return Value::object({{"event", "failed"},
                        {"type", "ProgrammingError"},
                        {"message", "no"},
                        {"sqlstate", sqlstate},
                        {"operation", place},
                        {"operations", 3},
                        {"description", "Add index order_number"},
                        {"wrote", wrote}});
}

} // namespace

TEST_CASE("the operation that failed is named, and what stands of those before it") {
  auto record = planned(1);
  record.take(progress("apply_start", "0001", false));
  record.take(failure("23505", 3, true));

  const auto verdict = after(record, 1);

  CHECK(verdict.status == 4);
  CHECK(verdict.verdict.find("operation 3 of 3 (Add index order_number)") != std::string::npos);
  CHECK(verdict.verdict.find("operations 1 to 2 stay") != std::string::npos);
  CHECK(verdict.hint.find("--fake shop 0001") != std::string::npos);
}

TEST_CASE("a migration that is not atomic and has written nothing has changed nothing") {
  auto record = planned(1);
  record.take(progress("apply_start", "0001", false));
  record.take(failure("23505", 1, false));

  CHECK(after(record, 1).status == 3);
}

TEST_CASE("what exists already is for a person to decide") {
  auto record = planned(1);
  record.take(progress("apply_start", "0001", true));
  record.take(failure("42P07", 2, false));

  const auto verdict = after(record, 1);

  CHECK(verdict.status == 3);
  CHECK(verdict.hint.find("in the database already") != std::string::npos);
  CHECK(verdict.hint.find("--fake shop 0001") != std::string::npos);
}

TEST_CASE("who is in the way for too long is busy, or stopped after a change") {
  Ending ending;
  ending.child_status = 1;
  ending.busy = "shop.0002: pid 12 holds shop_order";
  auto record = planned(2);
  CHECK(judge_migration(record, ending).status == 5);

  record.take(progress("apply_start", "0001"));
  record.take(progress("apply_success", "0001"));
  CHECK(judge_migration(record, ending).status == 4);
}

TEST_CASE("a commit that nobody could see is not nothing") {
  auto record = planned(1);
  record.take(progress("apply_start", "0001", true));
  Ending ending;
  ending.child_status = 137;
  ending.commit_unknown = true;

  const auto verdict = judge_migration(record, ending);

  CHECK(verdict.status == 4);
  CHECK(verdict.verdict.find("could not be seen") != std::string::npos);

  record.complete();
  ending.commit_unknown = false;
  CHECK(judge_migration(record, ending).verdict.find("1 of 1") != std::string::npos);
}
