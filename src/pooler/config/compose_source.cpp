#include "pooler/config/compose_source.hpp"

#include <filesystem>

namespace pgtool {

std::string ComposeSource::path_of(const std::string& name) const {
  if (const auto home = value_of("HOME"); home && name.starts_with("~/")) {
    return *home + name.substr(1);
  }
  return (std::filesystem::path(file).parent_path() / name).lexically_normal().string();
}

std::optional<std::string> ComposeSource::text_of(const std::string& name) const {
  if (name.empty() || !budget.take_file()) {
    return std::nullopt;
  }
  auto text = read(path_of(name));
  return text && budget.take(text->size()) ? std::move(text) : std::nullopt;
}

Interpolated ComposeSource::fill(const Yaml& node) const {
  auto filled =
      interpolate(node.text(), [this](const std::string& name) { return value_of(name); });
  return budget.take(filled.text.size()) ? filled : Interpolated{"", {}, true};
}

std::optional<std::string> ComposeSource::value_of(const std::string& variable) const {
  const auto found = variables.find(variable);
  return found == variables.end() ? std::nullopt : std::optional(found->second);
}

KeyPlace ComposeSource::place_of(const std::string& variable, std::string_view written,
                                 int line) const {
  auto name = written.starts_with('$') ? written.substr(1) : std::string_view();
  if (name.starts_with('{') && name.ends_with('}')) {
    name = name.substr(1, name.size() - 2);
    name = name.substr(0, name.find_first_of(":-?"));
  }
  const auto found = places.find(name);
  return found != places.end() ? found->second : KeyPlace{file, line, variable};
}

std::vector<Yaml> listed(const Yaml& node) {
  return node.is_text() ? std::vector<Yaml>{node} : node.elements();
}

} // namespace pgtool
