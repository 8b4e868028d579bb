#pragma once

#include "cli/option.hpp"
#include "commands/context.hpp"

#include <map>
#include <span>
#include <string>
#include <vector>

namespace pgtool {

/// What pgtool.yaml says, checked against the known keys, `${ENV}` filled in.
struct Config {
  std::map<std::string, Given, std::less<>> values; ///< by dotted key
  std::map<std::string, AliasOptions> aliases;      ///< `databases`
  std::vector<IgnoredRule> ignored;                 ///< `rules.ignore`
};

/// What a key holds.
enum class Shape { text, list, ignored, later };

struct Key {
  std::string path; ///< dotted; "*" stands for any name
  Shape shape = Shape::text;
  std::string_view description;
  const OptionSpec* option = nullptr; ///< the one that it presets
};

/// The keys of the options and those that are none, such as `databases.*.pooled`.
std::vector<Key> config_keys(std::span<const OptionSpec* const> options);

/// The file to read: pgtool.yaml or pgtool.yml in `project` when that is given, else in the current
/// folder and its parents: up to the root of the git work tree, or, outside of one, as far as
/// nobody but us and root can write there. Empty when there is none.
std::string find_config(const std::string& project);

/// Reads the text of the file at `path`. Throws Error(Failure::usage) with file and line for what
/// is no YAML, unknown, of another shape, or asks for an environment variable that is not set.
Config parse_config(const std::string& text, const std::string& path, const std::vector<Key>& keys,
                    const Environment& environment);

/// The same for the file itself.
Config read_config(const std::string& path, const std::vector<Key>& keys,
                   const Environment& environment);

} // namespace pgtool
