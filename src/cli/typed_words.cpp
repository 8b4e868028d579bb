#include "cli/typed_words.hpp"

#include "cli/command_table.hpp"

namespace pgtool {
namespace {

std::string home(const Environment& environment) {
  const auto variable = environment.find("HOME");
  return variable == environment.end() ? "~" : variable->second;
}

bool names_project(std::string_view name) {
  for (const auto& option : common_options()) {
    if (option.group == Group::project && long_name(option) == name) {
      return true;
    }
  }
  return false;
}

} // namespace

std::string unquoted(std::string_view word, const Environment& environment) {
  std::string plain = word.starts_with("~/") ? home(environment) : "";
  char quote = 0;
  for (std::size_t at = plain.empty() ? 0 : 1; at < word.size(); ++at) {
    const char letter = word[at];
    if (letter == '\\' && quote != '\'' && at + 1 < word.size()) {
      plain += word[++at];
    } else if (quote == 0 && (letter == '\'' || letter == '"')) {
      quote = letter;
    } else if (letter == quote) {
      quote = 0;
    } else {
      plain += letter;
    }
  }
  return plain;
}

std::vector<std::string> project_options(const std::vector<std::string>& typed) {
  std::vector<std::string> options;
  for (std::size_t at = 0; at < typed.size() && typed[at] != "--"; ++at) {
    const auto equals = typed[at].find('=');
    if (!names_project(std::string_view(typed[at]).substr(0, equals))) {
      continue;
    }
    if (equals != std::string::npos) {
      options.push_back(typed[at]);
    } else if (at + 1 < typed.size()) {
      options.push_back(typed[at] + "=" + typed[at + 1]);
      ++at;
    }
  }
  return options;
}

} // namespace pgtool
