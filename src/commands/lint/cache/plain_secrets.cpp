#include "commands/lint/cache/plain_secrets.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <array>

namespace pgtool {
namespace {

constexpr std::size_t shortest = 6;
constexpr std::array<std::string_view, 5> telling = {"PASS", "SECRET", "TOKEN", "KEY",
                                                     "CREDENTIAL"};

bool speaks_of_secrets(const std::string& name) {
  const auto whole = upper(name);
  return std::any_of(telling.begin(), telling.end(),
                     [&](std::string_view word) { return whole.find(word) != std::string::npos; });
}

} // namespace

std::vector<std::string> known_secrets(const ProjectSettings& settings,
                                       const Environment& environment) {
  std::vector<std::string> secrets;
  std::vector<std::string> words;
  for (const auto& alias : settings.aliases) {
    secrets.push_back(alias.endpoint.password.reveal());
    words.push_back(alias.endpoint.user());
    words.push_back(alias.endpoint.database());
  }
  for (const auto& [name, value] : environment) {
    if (speaks_of_secrets(name)) {
      secrets.push_back(value);
    }
  }
  std::erase_if(secrets, [&](const std::string& secret) {
    return secret.size() < shortest || std::find(words.begin(), words.end(), secret) != words.end();
  });
  return secrets;
}

bool holds_any(const Value& value, const std::vector<std::string>& secrets) {
  if (value.is_string()) {
    const auto text = value.text();
    return std::any_of(secrets.begin(), secrets.end(), [&](const std::string& secret) {
      return text.find(secret) != std::string::npos;
    });
  }
  const auto& elements = value.elements();
  const auto& members = value.members();
  return std::any_of(elements.begin(), elements.end(),
                     [&](const Value& element) { return holds_any(element, secrets); }) ||
         std::any_of(members.begin(), members.end(),
                     [&](const auto& member) { return holds_any(member.second, secrets); });
}

} // namespace pgtool
