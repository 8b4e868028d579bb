#include "cli/config.hpp"

#include "base/error.hpp"
#include "cli/command_table.hpp"
#include "fuzz_target.hpp"

namespace pgtool::fuzz {
namespace {

const std::vector<Key>& known_keys() {
  static const auto keys = config_keys(options_of_all_commands());
  return keys;
}

void check_values(const Config& config) {
  for (const auto& [key, given] : config.values) {
    require(!given.values.empty(), "what was given has a value");
    require(given.source.starts_with("pgtool.yaml:"), "what was given has a place");
  }
}

/// `${SECRET}` is a password that the environment holds.
void check_config(std::string_view bytes) {
  const auto text = without_secret(bytes);
  const Environment environment{{"SECRET", std::string(secret)}, {"HOST", "db.internal"}};
  try {
    check_values(parse_config(text, "pgtool.yaml", known_keys(), environment));
  } catch (const Error& error) {
    require(error.kind() == Failure::usage, "a wrong file is an error of usage");
    require(std::string_view(error.what()).starts_with("pgtool.yaml"), "an error names the file");
    require(!tells_secret(error.what()) && !tells_secret(error.hint()), "an error tells no secret");
  }
}

const Target target("config", check_config);

} // namespace
} // namespace pgtool::fuzz
