#include "cli/command_table.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "cli/shown.hpp"
#include "cli/take.hpp"
#include "rules/rule_table.hpp"

#include <array>

namespace pgtool {
namespace {

constexpr std::array<std::string_view, 4> sources = {"live", "files", "django", "console"};

/// The rule's slug as the table has it; throws Error(Failure::usage) that begins with `source`.
std::string slug_of(const std::string& source, const std::string& word) {
  if (const auto* rule = find_rule(word)) {
    return std::string(rule->slug);
  }
  const auto meant = nearest_rule(word);
  throw Error(Failure::usage, source + ": unknown rule '" + shown(word) + "'",
              meant ? "did you mean " + *meant + "?" : "`pgtool explain` lists them all");
}

/// Slugs with commas between them, with or without the tool's name before each.
std::vector<std::string> slugs_of(const Given& given) {
  std::vector<std::string> slugs;
  for (const auto& value : given.values) {
    for (const auto& word : split(value, ',')) {
      slugs.push_back(slug_of(given.source, std::string(trim(word))));
    }
  }
  return slugs;
}

void take_require(Draft& draft, const Given& given) {
  for (const auto& value : given.values) {
    for (const auto& word : split(value, ',')) {
      expect_choice(given, word, sources);
      draft.check.require.push_back(word);
    }
  }
}

void take_ignore(Draft& draft, const Given& given) {
  for (auto& slug : slugs_of(given)) {
    draft.check.ignore.push_back({std::move(slug), "", "", "", given.source});
  }
}

constexpr std::array examining = {
    OptionSpec{"--offline", "", "PGTOOL_OFFLINE", "", "Open no database: settings and files only",
               Group::command,
               [](Draft& draft, const Given& given) { draft.check.offline = truth_of(given); }},
    OptionSpec{"--require", "WHAT", "PGTOOL_REQUIRE", "rules.require",
               "Fail when this could not be looked at", Group::command, take_require, true,
               Completes::choices, sources},
};

constexpr std::array judging = {
    OptionSpec{"--select", "RULES", "PGTOOL_SELECT", "rules.select", "Judge by these rules only",
               Group::command,
               [](Draft& draft, const Given& given) { draft.check.select = slugs_of(given); }, true,
               Completes::rule_list},
    OptionSpec{"--ignore", "RULES", "PGTOOL_IGNORE", "", "Do not judge by these rules",
               Group::command, take_ignore, true, Completes::rule_list},
    OptionSpec{"--baseline", "FILE", "PGTOOL_BASELINE", "rules.baseline",
               "Object only to what this file does not list", Group::command,
               [](Draft& draft, const Given& given) { draft.check.baseline = path_of(given); },
               false, Completes::file},
    OptionSpec{
        "--update-baseline", "", "", "", "Write what is found now into that file", Group::command,
        [](Draft& draft, const Given& given) { draft.check.update_baseline = truth_of(given); }},
};

constexpr std::array options = {
    OptionSpec{"--fix", "", "", "", "Write what is mechanical into pgbouncer.ini and .env",
               Group::command,
               [](Draft& draft, const Given& given) { draft.check.fix = truth_of(given); }},
    OptionSpec{"-y,--yes", "", "", "", "Do not ask before --fix writes", Group::command,
               [](Draft& draft, const Given& given) { draft.check.yes = truth_of(given); }},
};

Command finish(Draft draft, Rest) {
  auto check = checked_judging(std::move(draft.check));
  check.common = std::move(draft.common);
  return check;
}

} // namespace

std::span<const OptionSpec> judging_options() { return judging; }

std::span<const OptionSpec> examining_options() { return examining; }

CheckOptions checked_judging(CheckOptions options) {
  if (options.update_baseline && options.baseline.empty()) {
    throw Error(Failure::usage, "--update-baseline needs --baseline FILE",
                "for example: --baseline .pgtool-baseline.json");
  }
  for (auto& ignored : options.ignore) {
    ignored.rule = slug_of(ignored.origin, ignored.rule);
    if (!ignored.until.empty() && !is_date(ignored.until)) {
      throw Error(Failure::usage, ignored.origin + ": '" + shown(ignored.until) + "' is no date",
                  "expected the last day on which it holds, as in 2027-03-31");
    }
  }
  return options;
}

const CommandSpec& check_command() {
  static const CommandSpec command{
      .name = "check",
      .usage = "[options]",
      .summary = "Judge pooler, Django and database settings against each other",
      .text = "Says what breaks behind the pooler before production does, with the line to change. "
              "It looks at whatever it can have: the live system (the servers and the pooler's "
              "console), files (pgbouncer.ini, compose files, manifests, .env) and the project's "
              "effective settings; what could not be looked at is listed, and a failure with "
              "--require. A finding can be silenced in pgtool.yaml (rules.ignore, with a reason "
              "and a last day), by SILENCED_SYSTEM_CHECKS (pgtool.RULE), in the source by "
              "`# pgtool: ignore[RULE] reason`, or by a baseline file. `pgtool explain RULE` tells "
              "more. Nothing is changed but by --fix, which shows the difference first, keeps "
              "comments and order, and leaves a copy of each file beside it.",
      .options = options,
      .examples = "pgtool check\n"
                  "pgtool check --offline --pooler-config pgbouncer.ini\n"
                  "pgtool check --format sarif --output pgtool.sarif\n"
                  "pgtool check --baseline .pgtool-baseline.json --update-baseline\n"
                  "pgtool check --fix",
      .judges = true,
      .examines = true,
      .finish = finish,
  };
  return command;
}

} // namespace pgtool
