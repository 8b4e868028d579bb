#include "sql/search_path.hpp"

#include "base/text.hpp"
#include "sql/quote.hpp"

#include <algorithm>

namespace pgtool {
namespace {

constexpr std::string_view blanks = " \t\n\r\f\v";

void skip_blanks(std::string_view& text) {
  text.remove_prefix(std::min(text.find_first_not_of(blanks), text.size()));
}

/// Behind the opening quote; nullopt when the closing one is missing.
std::optional<std::string> take_quoted(std::string_view& text) {
  std::string name;
  while (!text.empty()) {
    const char letter = text.front();
    text.remove_prefix(1);
    if (letter != '"') {
      name += letter;
    } else if (!text.empty() && text.front() == '"') {
      name += '"';
      text.remove_prefix(1);
    } else {
      return name;
    }
  }
  return std::nullopt;
}

std::optional<std::string> take_plain(std::string_view& text) {
  const auto end = std::min(text.find_first_of(", \t\n\r\f\v"), text.size());
  if (end == 0) {
    return std::nullopt;
  }
  const auto name = lower(text.substr(0, end));
  text.remove_prefix(end);
  return name;
}

std::optional<std::string> take_name(std::string_view& text) {
  skip_blanks(text);
  if (!text.starts_with('"')) {
    return take_plain(text);
  }
  text.remove_prefix(1);
  return take_quoted(text);
}

} // namespace

std::optional<SearchPath> parse_search_path(std::string_view setting) {
  SearchPath path;
  skip_blanks(setting);
  while (!setting.empty()) {
    auto name = take_name(setting);
    if (!name) {
      return std::nullopt;
    }
    path.push_back(std::move(*name));
    skip_blanks(setting);
    if (setting.empty()) {
      return path;
    }
    if (setting.front() != ',') {
      return std::nullopt;
    }
    setting.remove_prefix(1);
    skip_blanks(setting);
    if (setting.empty()) {
      return std::nullopt; // nothing behind the comma
    }
  }
  return path;
}

std::string search_path_text(const SearchPath& path) {
  std::vector<std::string> names;
  for (const auto& name : path) {
    names.push_back(quote_identifier(name));
  }
  return join(names, ", ");
}

std::string search_path_value(const SearchPath& path) {
  return path.empty() ? "''" : quote_literals(path);
}

} // namespace pgtool
