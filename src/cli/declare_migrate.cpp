#include "cli/command_table.hpp"

#include "base/error.hpp"
#include "cli/take.hpp"

#include <algorithm>
#include <array>

namespace pgtool {
namespace {

MigratePolicy& policy(Draft& draft) { return draft.migrate.policy; }

constexpr std::array options = {
    OptionSpec{
        "--lock-timeout", "DURATION", "PGTOOL_LOCK_TIMEOUT", "migrate.lock-timeout",
        "How long a lock may be waited for; 0: any time (default: 2s)", Group::command,
        [](Draft& draft, const Given& given) { policy(draft).timeouts.lock = seconds_of(given); }},
    OptionSpec{"--statement-timeout", "DURATION", "PGTOOL_STATEMENT_TIMEOUT",
               "migrate.statement-timeout", "How long a statement may take; 0: any time",
               Group::command,
               [](Draft& draft, const Given& given) {
                 policy(draft).timeouts.statement = seconds_of(given);
               }},
    OptionSpec{"--retries", "N", "PGTOOL_RETRIES", "migrate.retries",
               "Further tries when a lock is not had (default: 9)", Group::command,
               [](Draft& draft, const Given& given) { policy(draft).retries = count_of(given); }},
    OptionSpec{
        "--retry-delay", "DURATION", "PGTOOL_RETRY_DELAY", "migrate.retry-delay",
        "Pause before the next try, doubled each time (default: 3s)", Group::command,
        [](Draft& draft, const Given& given) { policy(draft).retry_delay = seconds_of(given); }},
    OptionSpec{"--max-transaction-age", "DURATION", "PGTOOL_MAX_TRANSACTION_AGE",
               "migrate.max-transaction-age",
               "Wait first for older ones; 0: for none (default: 2s)", Group::command,
               [](Draft& draft, const Given& given) {
                 policy(draft).max_transaction_age = seconds_of(given);
               }},
    OptionSpec{"--cancel-when-queued", "N", "PGTOOL_CANCEL_WHEN_QUEUED",
               "migrate.cancel-when-queued",
               "Give up a lock that N sessions wait behind (default: 0)", Group::command,
               [](Draft& draft, const Given& given) {
                 policy(draft).cancel_when_queued = count_of(given);
               }},
    OptionSpec{
        "--terminate-idle-in-transaction", "AGE", "PGTOOL_TERMINATE_IDLE_IN_TRANSACTION",
        "migrate.terminate-idle-in-transaction", "End idle sessions in the way that are older",
        Group::command,
        [](Draft& draft, const Given& given) { policy(draft).terminate_idle = seconds_of(given); }},
    OptionSpec{"--trace", "FILE", "PGTOOL_TRACE", "migrate.trace",
               "Append what happens to a file, as JSON lines", Group::command,
               [](Draft& draft, const Given& given) { policy(draft).trace = path_of(given); },
               false, Completes::file},
    OptionSpec{
        "--reconnect-pooler", "", "PGTOOL_RECONNECT_POOLER", "migrate.reconnect-pooler",
        "Renew the pooler's sessions after tables have changed", Group::command,
        [](Draft& draft, const Given& given) { draft.migrate.reconnect_pooler = truth_of(given); }},
    OptionSpec{"--plan", "", "", "", "List what would run", Group::django},
    OptionSpec{"--check", "", "", "", "Exit non-zero when migrations are not applied",
               Group::django},
    OptionSpec{"--fake", "", "", "", "Record migrations as applied without running them",
               Group::django},
    OptionSpec{"--fake-initial", "", "", "", "Fake initial migrations whose tables exist",
               Group::django},
    OptionSpec{"--prune", "", "", "", "Forget applied migrations that have no file", Group::django},
    OptionSpec{"--run-syncdb", "", "", "", "Create the tables of apps without migrations",
               Group::django},
    OptionSpec{"--noinput,--no-input", "", "", "", "Ask no questions", Group::django},
    OptionSpec{"--skip-checks", "", "", "", "Skip the system checks", Group::django},
    OptionSpec{"--traceback", "", "", "", "Show tracebacks of command errors", Group::django},
    OptionSpec{"--no-color", "", "", "", "No colours", Group::django},
    OptionSpec{"--force-color", "", "", "", "Colours in every case", Group::django},
    OptionSpec{"--pythonpath", "DIR", "", "", "Folder to add to Python's path", Group::django,
               nullptr, false, Completes::folder},
};

bool contains(const std::vector<std::string>& words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

/// Behind `--` these would send Django to another database than the one that was proved. argparse
/// also takes any unique beginning of their names.
void refuse_rerouting(const std::vector<std::string>& more) {
  for (const auto& word : more) {
    const auto name = std::string_view(word).substr(0, word.find('='));
    for (const std::string_view ours : {"--database", "--settings"}) {
      if (name.size() > 2 && ours.starts_with(name)) {
        throw Error(Failure::usage, std::string(ours) + " stands after --",
                    "put it before --, so that pgtool takes the same database as Django");
      }
    }
  }
}

Command finish(Draft draft, Rest rest) {
  MigrateOptions migrate = std::move(draft.migrate);
  migrate.route = taken_route(draft);
  migrate.common = std::move(draft.common);
  refuse_rerouting(rest.more);
  migrate.plan = contains(rest.words, "--plan") || contains(rest.more, "--plan");
  migrate.check = contains(rest.words, "--check") || contains(rest.more, "--check");
  auto& color = migrate.common.output.color;
  if (color == Color::automatic && contains(rest.words, "--no-color")) {
    color = Color::never;
  }
  migrate.django = std::move(rest.words);
  migrate.more = std::move(rest.more);
  return migrate;
}

} // namespace

const CommandSpec& migrate_command() {
  static const CommandSpec command{
      .name = "migrate",
      .usage = "[options] [app_label] [migration_name] [-- more]",
      .summary = "Run Django's migrate past the pooler",
      .text = "Runs the project's own migrate on the direct endpoint, after proving that it is "
              "PostgreSQL itself and the same database. A project without a pooler just "
              "migrates. What pgtool does not know is handed to Django, and so is everything "
              "after --, untouched.\n\n"
              "Locks are asked for so that the site does not queue behind them: each statement "
              "waits for --lock-timeout at most, and so do all statements of a transaction "
              "together once it holds a lock that others wait for; CONCURRENTLY and VALIDATE, "
              "which block nobody, may wait. Transactions older than --max-transaction-age are "
              "waited for first, at most for --wait. When a lock is not had in time, an atomic "
              "migration is rolled back and tried again; of one that is not atomic the statement "
              "alone. A timeout that a migration sets itself is left alone. In pgtool.yaml, "
              "migrate.apps.LABEL has timeouts for one app.\n\n"
              "While a statement waits, it is said who is in the way and how many sessions queue "
              "behind it. --cancel-when-queued gives a request up that too many wait behind, and "
              "tries again later; --terminate-idle-in-transaction ends sessions in the way that "
              "have been idle in a transaction for that long, and nobody else. --plan lists what "
              "would be locked, and how large that is; the end of a run says what was locked, for "
              "how long and what was rewritten, and what was left behind: invalid indexes, tables "
              "in two schemas, constraints that are not valid, sequences that are behind, "
              "migrations that are not recorded. --format json has all of it for each migration, "
              "--trace as JSON lines while it happens. After tables in use have changed, "
              "--reconnect-pooler tells the pooler to renew its sessions, whose prepared "
              "statements do not fit any more.",
      .options = options,
      .examples = "pgtool migrate --plan\n"
                  "pgtool migrate --direct\n"
                  "pgtool migrate --direct shop 0042 --database analytics",
      .routed = true,
      .waits = true,
      .hands_on = true,
      .finish = finish,
  };
  return command;
}

} // namespace pgtool
