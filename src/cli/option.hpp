#pragma once

#include "commands/options.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace pgtool {

/// Where all options are gathered before a command takes what it needs.
struct Draft {
  CommonOptions common;
  RouteOptions route;
  DetectOptions detect;
  MigrateOptions migrate;
  ManageOptions manage;
  EndpointOptions endpoint;
  SchemaMoveOptions schema_move;
  CheckOptions check; ///< preflight's, too
  LintOptions lint;
  ExplainOptions explain;
};

/// What somebody gave for an option, and where: "--wait", "PGTOOL_WAIT",
/// "pgtool.yaml:3: migrate.wait".
struct Given {
  std::string source;
  std::vector<std::string> values; ///< at least one; "true" for a flag
  std::string folder;              ///< relative paths start here; empty: the current folder

  /// The one that counts when an option was repeated.
  [[nodiscard]] const std::string& value() const { return values.back(); }
};

/// Stores what was given; throws Error(Failure::usage) that begins with `given.source`.
using Taker = void (*)(Draft& draft, const Given& given);

enum class Group { command, project, database, output, general, django };

/// A closed list of words, such as the values that an option takes.
using Choices = std::span<const std::string_view>;

/// What a shell offers where a value or a word is typed.
enum class Completes {
  nothing,
  choices,    ///< the option's own
  format,     ///< the option's own and those of the command
  acceptance, ///< the option's own and the command's rules
  file,
  folder,
  program,
  alias,    ///< of settings.DATABASES
  command,  ///< of pgtool
  artifact, ///< of `pgtool generate`
  rule,     ///< a slug of the table of rules
  rule_list ///< the same, several with commas between them
};

/// The one declaration of an option: parsing, help, environment, pgtool.yaml, man pages and
/// completions all come from it.
struct OptionSpec {
  std::string_view flags;       ///< "-q,--quiet"
  std::string_view value;       ///< "DURATION"; empty for a flag
  std::string_view environment; ///< PGTOOL_*; empty when there is none
  std::string_view key;         ///< dotted key in pgtool.yaml; empty when there is none
  std::string_view description; ///< imperative or noun phrase, at most 60 columns, no choices
  Group group = Group::command;
  Taker take = nullptr; ///< null: only parsed (help), or handed on to Django
  bool repeatable = false;
  Completes completes = Completes::nothing; ///< what its value is
  Choices choices = {};                     ///< all values there are; empty: any
};

/// The last of the names, which is the long one: "--quiet".
std::string long_name(const OptionSpec& option);

} // namespace pgtool
