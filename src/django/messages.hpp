#pragma once

#include "base/environment.hpp"
#include "base/value.hpp"
#include "model/alias.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace pgtool {

/// The settings that a project told over the bridge.
struct ProjectSettings {
  std::string django_version;
  std::string settings_module;
  std::string base_dir;
  std::vector<std::string> source_dirs; ///< folders that hold the project's own source
  std::vector<std::string> apps;        ///< INSTALLED_APPS, by their dotted names
  std::vector<std::string> middleware;
  std::vector<std::string> silenced_checks; ///< SILENCED_SYSTEM_CHECKS
  std::vector<Alias> aliases;
  Environment environment;

  /// The alias of that name, or null.
  [[nodiscard]] const Alias* find(const std::string& name) const;
};

/// Reads a `settings` message. Endpoints are as Django would hand them to its driver: what libpq
/// takes from that process's environment and service file is not in them yet (see resolve()).
ProjectSettings read_settings(const Value& message);

/// Keys of the advisory locks that connections look for (deploy) and take in shared mode (run).
struct LockKeys {
  int space = 0;
  int deploy = 0;
  int run = 0;
};

/// Limits of statements in milliseconds; 0: none. Nothing: what the session has, or ours.
struct TimeoutTerms {
  std::optional<int> lock;
  std::optional<int> statement;
};

/// How the statements of migrations are bounded.
struct MigrationTerms {
  TimeoutTerms all;
  std::map<std::string, TimeoutTerms> apps; ///< by label
  int default_lock = 0;                     ///< milliseconds, where the session has none
  bool record = false; ///< each transaction tells what it holds before it commits
};

/// What holds for every connection of a run, however often the settings are told.
struct RunTerms {
  LockKeys keys;
  bool locked = false; ///< connections take the run lock
  bool strict = false; ///< PostgreSQL aliases that were never examined may not connect
  std::optional<MigrationTerms> migrations{}; ///< nothing: their statements are not bounded
  bool tells_plan = false;   ///< after `migrate --plan`, with the SQL of each migration
  bool judges_plan = false;  ///< with it: what the rules want to know of its migrations
};

/// The answer to `settings` that asks what the alias's engine would send to another endpoint.
Value password_question(const std::string& alias, const Endpoint& endpoint);

/// The answer to `settings` that lets the run go on.
Value run_answer(const std::vector<AliasRoute>& routes, const RunTerms& terms);

} // namespace pgtool
