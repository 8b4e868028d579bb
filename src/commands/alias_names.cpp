#include "commands/alias_names.hpp"

#include "commands/project_link.hpp"

namespace pgtool {

std::vector<std::string> alias_names(const CommonOptions& common, const Context& context) {
  auto link = open_project(common, context, {"check"}, true);
  link.bridge.reply(link.question, Value::object({{"do", "stop"}, {"status", 0}}));
  std::vector<std::string> names;
  for (const auto& alias : link.settings.aliases) {
    if (alias.is_postgresql()) {
      names.push_back(alias.name);
    }
  }
  return names;
}

} // namespace pgtool
