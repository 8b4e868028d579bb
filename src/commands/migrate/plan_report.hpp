#pragma once

#include "base/value.hpp"
#include "commands/migrate/database_checks.hpp"
#include "commands/run_companion.hpp"
#include "commands/run_routes.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace pgtool {

/// Listens to `migrate --plan`: the SQL of what would run, what it would lock, and what would be in
/// its way. Changes nothing.
class PlanReport : public RunCompanion {
public:
  explicit PlanReport(Routes& routes) : routes_(routes) {}

  bool take(const BridgeMessage& message, Bridge& bridge) override;
  std::chrono::milliseconds tick(Bridge& bridge) override;

  /// After the run: looks at the database itself, unless somebody has done that, and at the tables
  /// when there is something to apply.
  void finish(bool look_at_database = true);

  /// One object for each migration: name, atomic, backwards, sql, tables, error.
  [[nodiscard]] const Value& migrations() const { return migrations_; }
  /// The same for a person, a line for each that locks what is there.
  [[nodiscard]] const std::vector<std::string>& lines() const { return lines_; }
  /// What the bridge answers to `migrations`; null where that was not asked for.
  [[nodiscard]] const Value& judged() const { return judged_; }
  /// Where the server tells.
  [[nodiscard]] std::optional<std::int64_t> free_bytes() const { return free_; }
  [[nodiscard]] const Checked& checked() const { return checked_; }

private:
  Routes& routes_;
  std::vector<Value> planned_;
  Value migrations_ = Value::array();
  Value judged_;
  std::vector<std::string> lines_;
  std::optional<std::int64_t> free_;
  Checked checked_;
};

} // namespace pgtool
