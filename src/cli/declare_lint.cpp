#include "cli/command_table.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "cli/shown.hpp"
#include "cli/take.hpp"

#include <array>
#include <charconv>

namespace pgtool {
namespace {

constexpr std::array<std::string_view, 2> wrappings = {"file", "none"};
constexpr std::array<std::string_view, 4> pool_modes = {"transaction", "session", "statement",
                                                        "none"};

/// "15", "15.4", "150004"
int version_of(const Given& given) {
  const auto& word = given.value();
  int number = 0;
  const auto read = std::from_chars(word.data(), word.data() + word.size(), number);
  const bool is_number = read.ec == std::errc() && (read.ptr == word.data() + word.size() ||
                                                    (*read.ptr == '.' && number < 100));
  constexpr int per_major = 10000; // as server_version_num counts
  number = number >= per_major ? number / per_major : number;
  if (!is_number || number < 9 || number > 99) {
    throw Error(Failure::usage, given.source + ": '" + shown(word) + "' is no PostgreSQL version",
                "expected its number, as in 15");
  }
  return number;
}

constexpr std::array options = {
    OptionSpec{"--transaction", "HOW", "PGTOOL_TRANSACTION", "lint.transaction",
               "How files of SQL are run: as one transaction, or not", Group::command,
               [](Draft& draft, const Given& given) {
                 draft.lint.transaction =
                     choice_of(given, wrappings) == "file" ? Wrapping::file : Wrapping::none;
               },
               false, Completes::choices, wrappings},
    OptionSpec{"--pool-mode", "MODE", "PGTOOL_POOL_MODE", "lint.pool-mode",
               "The mode of the pooler that statements go through", Group::command,
               [](Draft& draft, const Given& given) {
                 draft.lint.pool_mode = choice_of(given, pool_modes);
               },
               false, Completes::choices, pool_modes},
    OptionSpec{
        "--server-version", "VERSION", "PGTOOL_SERVER_VERSION", "lint.server-version",
        "The version of PostgreSQL that they run on", Group::command,
        [](Draft& draft, const Given& given) { draft.lint.server_version = version_of(given); }},
    OptionSpec{"--history", "FILE", "", "", "SQL that ran before: types, checks, partitions",
               Group::command,
               [](Draft& draft, const Given& given) {
                 draft.lint.history.insert(draft.lint.history.end(), given.values.begin(),
                                           given.values.end());
               },
               true, Completes::file},
    OptionSpec{"--app", "APP[.MIGRATION]", "", "", "Only migrations of this app, or this one",
               Group::command,
               [](Draft& draft, const Given& given) { draft.lint.apps = given.values; }, true},
    OptionSpec{"--since", "REVISION", "PGTOOL_SINCE", "lint.since",
               "Only files that changed after this git revision", Group::command,
               [](Draft& draft, const Given& given) { draft.lint.since = given.value(); }},
    OptionSpec{"--unapplied", "", "", "", "Only migrations that the database has not got",
               Group::command,
               [](Draft& draft, const Given& given) { draft.lint.unapplied = truth_of(given); }},
    OptionSpec{"--all-apps", "", "", "", "Migrations of installed packages, too", Group::command,
               [](Draft& draft, const Given& given) { draft.lint.all_apps = truth_of(given); }},
    OptionSpec{"--live", "", "PGTOOL_LIVE", "lint.live",
               "Ask the database: sizes, types, constraints, pool mode", Group::command,
               [](Draft& draft, const Given& given) { draft.lint.live = truth_of(given); }},
    OptionSpec{"--timeline", "", "PGTOOL_TIMELINE", "lint.timeline",
               "Tell which table stays locked how long", Group::command,
               [](Draft& draft, const Given& given) { draft.lint.timeline = truth_of(given); }},
    OptionSpec{"--calibrate", "", "", "", "Measure how fast the server works, for --timeline",
               Group::command,
               [](Draft& draft, const Given& given) { draft.lint.calibrate = truth_of(given); }},
    OptionSpec{
        "--migrations-only", "", "", "", "Leave the project's other source alone", Group::command,
        [](Draft& draft, const Given& given) { draft.lint.migrations_only = truth_of(given); }},
    OptionSpec{"--no-cache", "", "PGTOOL_NO_CACHE", "lint.no-cache",
               "Read everything anew, and keep nothing for later", Group::command,
               [](Draft& draft, const Given& given) { draft.lint.no_cache = truth_of(given); }},
};

Command finish(Draft draft, Rest rest) {
  auto lint = std::move(draft.lint);
  lint.files = std::move(rest.words);
  if (lint.unapplied && !lint.files.empty()) {
    throw Error(Failure::usage, "--unapplied is about a project's migrations, not about files",
                "leave the files out");
  }
  lint.timeline = lint.timeline || lint.calibrate;
  lint.live = lint.live || lint.calibrate || lint.unapplied;
  lint.check = checked_judging(std::move(draft.check));
  lint.common = std::move(draft.common);
  lint.check.common = lint.common;
  return lint;
}

} // namespace

const CommandSpec& lint_command() {
  static const CommandSpec command{
      .name = "lint",
      .usage = "[options] [FILE …]",
      .summary = "Judge migrations' SQL and the project's source",
      .text =
          "Says which statements block others while they work, fail where there are rows, break "
          "the release that still runs, lose data, or leave something behind in a pooled session. "
          "Without FILE it judges the migrations of the project's own apps, with the SQL that "
          "Django sends and what it knows of the columns before each, and the SQL in the "
          "project's source; no database is needed. With --live it asks the database of --database "
          "or of a URL, reading only: how large the tables are, and for files of SQL and with "
          "--unapplied what they look like now. What is done with a table of up to 1 MB is for "
          "information then. --timeline tells for each table its strongest lock, from which "
          "statement to the end of the transaction, and with --live for about how long; "
          "--calibrate "
          "measures the server's speed for that on tables of some 20 MB, past the pooler, in a "
          "transaction that is rolled back (some 200 MB of WAL are written). FILE is a file of "
          "SQL, a migration or another "
          "Python file, a folder, or - for stdin. SQL is read by PostgreSQL's own parser. Files "
          "are read in the order in which they run: what one of them makes, the next one knows. A "
          "finding can be silenced in pgtool.yaml (rules.ignore, with a reason and a last day), "
          "by `-- pgtool: ignore[RULE] reason` or `# pgtool: ignore[RULE] reason` on the line or "
          "above it, or by a baseline file. `pgtool explain RULE` tells more. What the project has "
          "answered is kept below $XDG_CACHE_HOME/pgtool/lint or ~/.cache/pgtool/lint, by all that "
          "it read, the interpreter, its packages, the options and the environment: while none of "
          "that changes, the project is not started again. With -v 2 it is told why it was. A "
          "project that connects to something or starts a program while it loads is always "
          "started.",
      .options = options,
      .examples = "pgtool lint\n"
                  "pgtool lint --since origin/main\n"
                  "pgtool lint --app shop.0042\n"
                  "pgtool lint --unapplied --timeline --calibrate\n"
                  "pgtool lint --transaction file deploy/*.sql\n"
                  "pgtool lint --format github --baseline .pgtool-baseline.json",
      .judges = true,
      .words = Completes::file,
      .finish = finish,
  };
  return command;
}

} // namespace pgtool
