#include "sql/startup_options.hpp"

#include "base/text.hpp"

#include <algorithm>

namespace pgtool {
namespace {

bool is_space(char letter) { return letter == ' ' || (letter >= '\t' && letter <= '\r'); }

std::vector<std::string> words_of(std::string_view options) {
  std::vector<std::string> words;
  bool open = false;
  for (std::size_t at = 0; at < options.size(); ++at) {
    if (is_space(options[at])) {
      open = false;
      continue;
    }
    if (!open) {
      words.emplace_back();
      open = true;
    }
    at += options[at] == '\\' && at + 1 < options.size() ? 1 : 0;
    words.back() += options[at];
  }
  return words;
}

} // namespace

std::vector<NamedSetting> startup_settings(std::string_view options) {
  std::vector<NamedSetting> settings;
  const auto words = words_of(options);
  for (std::size_t i = 0; i < words.size(); ++i) {
    std::string assignment;
    if (words[i] == "-c" && i + 1 < words.size()) {
      assignment = words[++i];
    } else if (words[i].starts_with("-c") || words[i].starts_with("--")) {
      assignment = words[i].substr(2);
    }
    const auto equals = assignment.find('=');
    if (equals == std::string::npos) {
      continue;
    }
    auto name = lower(assignment.substr(0, equals));
    std::replace(name.begin(), name.end(), '-', '_');
    settings.emplace_back(std::move(name), assignment.substr(equals + 1));
  }
  return settings;
}

} // namespace pgtool
