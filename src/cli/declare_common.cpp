#include "cli/command_table.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "cli/formats.hpp"
#include "cli/shown.hpp"
#include "cli/take.hpp"

#include <array>

namespace pgtool {
namespace {

constexpr std::array<std::string_view, 2> acceptable = {"session", "schema-differs"};
constexpr std::array<std::string_view, 6> formats = {"text",  "json",   "sarif",
                                                     "junit", "github", "gitlab"};
constexpr std::array<std::string_view, 3> levels = {"error", "warning", "info"};
constexpr std::array<std::string_view, 3> colors = {"auto", "always", "never"};
constexpr std::array<std::string_view, 4> verbosities = {"0", "1", "2", "3"};

void take_python(Draft& draft, const Given& given) {
  // A bare name is looked up on PATH, wherever the file that names it stands.
  const bool is_path = given.value().find('/') != std::string::npos;
  draft.common.project.python = is_path ? path_of(given) : given.value();
  draft.common.project.python_origin = given.source;
}

void take_console_urls(Draft& draft, const Given& given) {
  auto& urls = draft.common.connect.console_urls;
  for (const auto& value : given.values) {
    const auto words = split_words(value);
    urls.insert(urls.end(), words.begin(), words.end());
  }
}

void take_pooler_configs(Draft& draft, const Given& given) {
  for (const auto& value : given.values) {
    draft.common.connect.pooler_configs.push_back(path_of({given.source, {value}, given.folder}));
  }
}

void take_timeout(Draft& draft, const Given& given) {
  const double seconds = seconds_of(given);
  if (seconds <= 0) {
    throw Error(Failure::usage, given.source + ": expected more than zero seconds");
  }
  draft.common.connect.timeout = seconds;
}

/// The words of all commands: PGTOOL_ACCEPT is set once for several of them.
std::vector<std::string_view> all_acceptable() {
  std::vector<std::string_view> words(acceptable.begin(), acceptable.end());
  for (const auto* command : command_table()) {
    words.insert(words.end(), command->rules.begin(), command->rules.end());
  }
  return words;
}

void take_accept(Draft& draft, const Given& given) {
  const auto words = all_acceptable();
  for (const auto& value : given.values) {
    for (const auto& word : split(value, ',')) {
      expect_choice(given, word, words);
      draft.common.connect.accept.push_back(word);
    }
  }
}

void take_format(Draft& draft, const Given& given) {
  // That the command has this format was checked before.
  draft.common.output.format = format_named(given.value()).value();
}

void take_file(Draft& draft, const Given& given) {
  draft.common.output.file = given.value() == "-" ? std::string() : path_of(given);
}

void take_color(Draft& draft, const Given& given) {
  const auto& name = choice_of(given, colors);
  draft.common.output.color = name == "auto"     ? Color::automatic
                              : name == "always" ? Color::always
                                                 : Color::never;
}

void take_fail_level(Draft& draft, const Given& given) {
  const auto& name = choice_of(given, levels);
  draft.common.output.fail_level = name == "error"     ? Severity::error
                                   : name == "warning" ? Severity::warning
                                                       : Severity::info;
}

void take_verbosity(Draft& draft, const Given& given) {
  draft.common.output.verbosity =
      static_cast<int>(parse_integer(choice_of(given, verbosities)).value());
  draft.common.output.verbosity_given = true;
}

constexpr std::array options = {
    OptionSpec{"--project", "DIR", "PGTOOL_PROJECT", "project.dir", "Folder of the Django project",
               Group::project,
               [](Draft& draft, const Given& given) {
                 draft.common.project.dir = path_of(given);
                 draft.common.project.dir_origin = given.source;
               },
               false, Completes::folder},
    OptionSpec{"--manage", "CMD", "PGTOOL_MANAGE", "project.manage",
               "Command that starts the project, if not manage.py", Group::project,
               [](Draft& draft, const Given& given) {
                 draft.common.project.manage = given.value();
                 draft.common.project.manage_origin = given.source;
               },
               false, Completes::program},
    OptionSpec{"--python", "PATH", "PGTOOL_PYTHON", "project.python",
               "Python that runs the project", Group::project, take_python, false,
               Completes::program},
    OptionSpec{
        "--settings", "MODULE", "PGTOOL_SETTINGS", "project.settings",
        "Settings module, as for manage.py", Group::project,
        [](Draft& draft, const Given& given) { draft.common.project.settings = given.value(); }},
    OptionSpec{"--config", "FILE", "PGTOOL_CONFIG", "",
               "Use this file, not the pgtool.yaml that is found", Group::project, nullptr, false,
               Completes::file},
    OptionSpec{
        "--database", "ALIAS", "PGTOOL_DATABASE", "",
        "Alias in settings.DATABASES (default: default)", Group::database,
        [](Draft& draft, const Given& given) { draft.common.connect.database = given.value(); },
        false, Completes::alias},
    OptionSpec{"--pooled-url", "URL", "PGTOOL_POOLED_URL", "", "The database through the pooler",
               Group::database,
               [](Draft& draft, const Given& given) {
                 draft.common.connect.pooled_url = given.value();
                 draft.common.connect.pooled_url_origin = given.source;
               }},
    OptionSpec{"--direct-url", "URL", "PGTOOL_DIRECT_URL", "", "The database past the pooler",
               Group::database,
               [](Draft& draft, const Given& given) {
                 draft.common.connect.direct_url = given.value();
                 draft.common.connect.direct_url_origin = given.source;
               }},
    OptionSpec{"--console-url", "URL", "PGTOOL_CONSOLE_URL", "",
               "The pooler's admin console; once per process", Group::database, take_console_urls,
               true},
    OptionSpec{"--pooler-config", "FILE", "PGTOOL_POOLER_CONFIG", "connect.pooler-config",
               "The pooler's pgbouncer.ini, compose file or manifest", Group::database,
               take_pooler_configs, true, Completes::file},
    OptionSpec{"--connect-timeout", "SEC", "PGTOOL_CONNECT_TIMEOUT", "connect.timeout",
               "Seconds for one connect (default: 2)", Group::database, take_timeout},
    OptionSpec{"--accept", "WHAT", "PGTOOL_ACCEPT", "", "Go on with less proof", Group::database,
               take_accept, true, Completes::acceptance, acceptable},
    OptionSpec{"--trust-origin", "", "PGTOOL_TRUST_ORIGIN", "connect.trust-origin",
               "Send the password also to hosts that were only found", Group::database,
               [](Draft& draft, const Given& given) {
                 draft.common.connect.trust_origin = truth_of(given);
               }},
    OptionSpec{"--format", "FORMAT", "PGTOOL_FORMAT", "output.format", "Form of the result",
               Group::output, take_format, false, Completes::format, formats},
    OptionSpec{"--output", "FILE", "PGTOOL_OUTPUT", "output.file", "Write the result to a file",
               Group::output, take_file, false, Completes::file},
    OptionSpec{"--fail-level", "LEVEL", "PGTOOL_FAIL_LEVEL", "rules.fail-level",
               "Least severity that fails", Group::output, take_fail_level, false,
               Completes::choices, levels},
    OptionSpec{"--color", "WHEN", "PGTOOL_COLOR", "output.color", "Colours", Group::output,
               take_color, false, Completes::choices, colors},
    OptionSpec{"-v,--verbosity", "N", "PGTOOL_VERBOSITY", "", "How much is said, as for manage.py",
               Group::output, take_verbosity, false, Completes::choices, verbosities},
    OptionSpec{
        "-q,--quiet", "", "PGTOOL_QUIET", "", "Say only the verdict and what objects to it",
        Group::output,
        [](Draft& draft, const Given& given) { draft.common.output.quiet = truth_of(given); }},
    OptionSpec{"-h,--help", "", "", "", "Print this help", Group::general},
    OptionSpec{"--version", "", "", "", "Print the versions of pgtool and its libraries",
               Group::general},
};

} // namespace

std::span<const OptionSpec> common_options() { return options; }

} // namespace pgtool
