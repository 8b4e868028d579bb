#pragma once

#include "model/report.hpp"
#include "plan/move_plan.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace pgtool {

/// Which project, and how it is started. Empty means: find it.
struct ProjectOptions {
  std::string dir;
  std::string manage;
  std::string python;
  std::string settings;
  std::string dir_origin = "--project"; ///< where it was given: the flag, PGTOOL_* or pgtool.yaml
  std::string manage_origin = "--manage";
  std::string python_origin = "--python";
};

/// What pgtool.yaml says of one alias (`databases: {ALIAS: {…}}`).
struct AliasOptions {
  std::string pooled;
  std::string direct;
  std::vector<std::string> console;
  std::vector<std::string> roles; ///< besides the one that logs in
};

/// Where the databases are. URLs may carry passwords: never print them.
struct ConnectOptions {
  std::string database = "default";
  std::string pooled_url;
  std::string direct_url;
  std::string pooled_url_origin = "--pooled-url"; ///< where it was given: the flag or PGTOOL_*
  std::string direct_url_origin = "--direct-url";
  std::vector<std::string> console_urls;
  std::vector<std::string> pooler_configs; ///< files; empty: find them
  double timeout = 2;                      ///< seconds for one connect
  bool trust_origin = false;
  std::vector<std::string> accept; ///< session, schema-differs
  std::map<std::string, AliasOptions> aliases;
};

/// How the result is written; url, shell and dotenv are forms of an endpoint.
enum class Format { text, json, sarif, junit, github, gitlab, url, shell, dotenv };
enum class Color { automatic, always, never };

/// Whether a program reads the result: then nothing else may stand on stdout.
constexpr bool is_for_programs(Format format) {
  return format == Format::json || format == Format::sarif || format == Format::junit ||
         format == Format::github || format == Format::gitlab;
}

struct OutputOptions {
  Format format = Format::text;
  std::string file;
  Color color = Color::automatic;
  Severity fail_level = Severity::error;
  int verbosity = 1; ///< Django's -v
  bool verbosity_given = false;
  bool quiet = false;
};

/// What every command accepts.
struct CommonOptions {
  ProjectOptions project;
  ConnectOptions connect;
  OutputOptions output;
};

struct DetectOptions {
  CommonOptions common;
  bool no_probe = false; ///< the pool mode is not tried out
  bool all = false;      ///< every alias and every configuration that is found
};

/// An entry of `rules.ignore` in pgtool.yaml, or --ignore.
struct IgnoredRule {
  std::string rule;
  std::string where{}; ///< a pattern for the file or the object; "" for every place
  std::string reason{};
  std::string until{};  ///< the last day on which it holds, YYYY-MM-DD; "" for ever
  std::string origin{}; ///< "pgtool.yaml:12", "--ignore"
};

struct CheckOptions {
  CommonOptions common;
  bool offline = false;             ///< no database is opened
  std::vector<std::string> require; ///< sources that have to be seen: django, files, live, console
  std::vector<std::string> select;  ///< rules; empty: all
  std::vector<IgnoredRule> ignore;
  std::string baseline; ///< a file; "" for none
  bool update_baseline = false;
  bool fix = false;
  bool yes = false; ///< --fix asks nobody
};

struct PreflightOptions {
  CommonOptions common;
  CheckOptions check;
};

/// Whether a runner of SQL files puts one transaction around each.
enum class Wrapping { file, none };

struct LintOptions {
  CommonOptions common;
  CheckOptions check;               ///< the part about judging
  std::vector<std::string> files;   ///< .sql, .py, folders; "-": stdin; empty: the project
  std::vector<std::string> history; ///< files of SQL that ran before, to know types and constraints
  Wrapping transaction = Wrapping::none;
  std::string pool_mode;         ///< "": what the pooler's configuration says
  int server_version = 0;        ///< major; 0: not known
  std::vector<std::string> apps; ///< labels, or APP.MIGRATION
  std::string since;             ///< a revision: what has changed after it
  bool unapplied = false;        ///< what the database has not got
  bool all_apps = false;         ///< packages' migrations, too
  bool live = false;             ///< the database is asked, too: sizes, types, names for Django
  bool timeline = false;         ///< tells how long which table stays locked
  bool calibrate = false;        ///< with it: how fast that server works is measured
  bool migrations_only = false;  ///< the project's other source is left alone
  bool no_cache = false;         ///< nothing of an earlier run is used, and nothing kept
};

struct ExplainOptions {
  CommonOptions common;
  std::vector<std::string> rules; ///< empty: all of them, a line each
};

/// How much proof a run of the project needs, and how long it waits for others.
struct RouteOptions {
  bool direct = false;       ///< the proof is demanded in every case
  bool allow_pooled = false; ///< through the pooler when nothing is proved
  double wait = 600;         ///< seconds to wait for another deploy; 0 is --no-wait
};

/// Limits of a session's statements, in seconds; 0: none. Not given: what the project has, or ours.
struct TimeoutOptions {
  std::optional<double> lock;
  std::optional<double> statement;
};

/// How gently migrations ask for their locks.
struct MigratePolicy {
  TimeoutOptions timeouts;
  std::map<std::string, TimeoutOptions> apps; ///< by label, for that app's migrations
  int retries = 9;                            ///< after the first try
  double retry_delay = 3;                     ///< seconds before the second try, then doubled
  double max_transaction_age = 2;             ///< seconds; older ones are waited for; 0: none is
  int cancel_when_queued = 0; ///< sessions behind a request for a lock that end it; 0: none do
  std::optional<double> terminate_idle{}; ///< seconds in a transaction; nothing: nobody is ended
  std::string trace;                      ///< a file; "" for none
};

struct MigrateOptions {
  CommonOptions common;
  RouteOptions route;
  MigratePolicy policy;
  bool reconnect_pooler = false; ///< after tables that were there before have changed
  bool plan = false;
  bool check = false;
  std::vector<std::string> django; ///< Django's own options and words, in order (--plan, too)
  std::vector<std::string> more;   ///< what stood after `--`, untouched
};

struct ManageOptions {
  CommonOptions common;
  RouteOptions route;
  bool lock = false;                ///< under the deploy lock, whatever the command
  std::vector<std::string> command; ///< its name and its words; never empty
};

/// What schema-move is to do with the plan.
enum class MoveAction { apply, plan, verify, finish };

struct SchemaMoveOptions {
  CommonOptions common;
  std::string to; ///< "" where a move that was begun says it
  std::string from = "public";
  bool from_given = false;
  MoveAction action = MoveAction::apply;
  bool undo = false;
  bool yes = false;
  std::vector<std::string> only; ///< patterns on names
  std::vector<std::string> exclude;
  bool tables_of_django = false;
  std::vector<std::string> roles; ///< further ones whose paths change
  bool cluster_wide = false;
  MoveStrategy strategy = MoveStrategy::expand;
  bool protect_old = false;
  double lock_timeout = 0;    ///< seconds one try may make others wait; 0: what the server suggests
  double move_timeout = 600;  ///< seconds one object is tried
  double drain_timeout = 600; ///< seconds older sessions are waited for
  double pause_timeout = 10;  ///< seconds the pooler may hold clients back
  bool terminate_stale = false;
  double wait = 600; ///< seconds to wait for another deploy
};

/// Whose names the variables of an endpoint get.
enum class EndpointNames { libpq, url, django, article };

struct EndpointOptions {
  CommonOptions common;
  bool prefer_direct = false;
  bool fallback = true; ///< the other one, when the preferred one cannot be used
  EndpointNames names = EndpointNames::libpq;
  bool show_password = false;
  bool runs = false;             ///< --exec was given
  std::vector<std::string> exec; ///< a program and its words, to become with the variables set
};

} // namespace pgtool
