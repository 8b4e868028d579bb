#pragma once

#include "base/value.hpp"
#include "model/finding.hpp"

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace pgtool {

/// One observation that supports a statement. `holds` is empty when it could not be made.
struct Proof {
  std::string name;
  std::optional<bool> holds;
  std::string observed;
};

/// Which endpoint a piece of work uses, with its evidence. URLs carry no password.
struct RouteReport {
  std::string pooled;
  std::string direct;
  std::string origin;
  std::vector<Proof> proofs;
};

/// What stands between Django and PostgreSQL. `kind` is "pgbouncer", …, "none" or "unknown".
struct PoolerReport {
  std::string kind = "unknown";
  std::string version{};
  std::string mode = "unknown";       ///< session, transaction, statement, none, unknown
  std::string confidence = "unknown"; ///< of kind and version: proved, certain, likely, unknown
  std::vector<std::string> evidence{};
  std::string mode_confidence = "unknown"; ///< of the mode, in the same words
  std::string mode_source{};               ///< who says so
};

struct Step {
  std::string name;
  std::string state; ///< done, failed, skipped, running
  double seconds = 0;
};

/// What could not be examined: unknown is not clean.
struct Unknown {
  std::string what;
  std::string why;
  std::string cure;
};

/// The program that pgtool is to become once the report is known to be good.
struct Become {
  std::vector<std::string> argv;
  std::vector<std::pair<std::string, std::string>> variables; ///< may hold secrets
};

/// The result of every command (design: "Shared interfaces"). Rendered by report/.
struct Report {
  std::string command;
  int status = 0;
  std::string verdict;
  std::string hint; ///< what to do next, may be empty; beside the contract's keys in JSON
  std::optional<RouteReport> route;
  std::optional<PoolerReport> pooler;
  Value facts = Value::object();
  std::vector<Finding> findings;
  /// Findings that somebody has answered for; they never change the status.
  std::vector<SilencedFinding> silenced{};
  /// About the rules that the findings name, or that could have been named.
  std::vector<RuleText> rules{};
  std::vector<Step> steps;
  std::vector<Unknown> unknown;
  /// What happened, a line each, below the verdict of the text; JSON has it under `own`.
  std::vector<std::string> account;
  Value own;                         ///< the command's own key of its name; left out when null
  std::vector<std::string> advice;   ///< what it means and what to type next; text lines
  std::string closing{};             ///< the last line of the text
  std::optional<std::string> text{}; ///< printed in text form instead of the report
  std::optional<Become> become{};
  /// Where several things were looked at: what each of them came to, under its own `title`.
  std::vector<Report> parts{};
  std::string title{};
  bool line_is_open = false;   ///< on stdout stands a line that its writer did not end
  bool said_elsewhere = false; ///< who failed has told it: the verdict is not repeated
};

/// Findings at or above the level turn a clean ending (status 0) into a "no" (status 1).
void apply_fail_level(Report& report, Severity level);

} // namespace pgtool
