#include "cli/reference/artifact.hpp"

#include "cli/reference/manual.hpp"
#include "cli/reference/shells.hpp"
#include "report/json_schema.hpp"

namespace pgtool {
namespace {

Artifact man_page(std::string name, std::function<std::string()> make) {
  std::string path = "man/" + name;
  return {std::move(name), std::move(path), std::move(make)};
}

} // namespace

std::vector<Artifact> artifacts() {
  std::vector<Artifact> all = {
      {"bash", "completions/pgtool.bash", bash_completions},
      {"zsh", "completions/_pgtool", zsh_completions},
      {"fish", "completions/pgtool.fish", fish_completions},
      man_page("pgtool.1", overview_manual),
      man_page("pgtool.yaml.5", config_manual),
      man_page("pgtool-rules.7", rules_manual),
      man_page("pgtool-report.schema.json", json_schema),
  };
  for (const auto* command : command_table()) {
    all.push_back(man_page("pgtool-" + std::string(command->name) + ".1",
                           [command] { return command_manual(*command); }));
  }
  return all;
}

} // namespace pgtool
