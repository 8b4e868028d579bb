#include "pooler/config/connection_words.hpp"

#include <algorithm>
#include <optional>

namespace pgtool {
namespace {

void skip_spaces(std::string_view& rest) {
  rest.remove_prefix(std::min(rest.find_first_not_of(' '), rest.size()));
}

std::optional<std::string> take_key(std::string_view& rest) {
  const auto key = rest.substr(0, rest.find_first_of("= "));
  rest.remove_prefix(key.size());
  skip_spaces(rest);
  if (key.empty() || !rest.starts_with('=')) {
    return std::nullopt;
  }
  rest.remove_prefix(1);
  return std::string(key);
}

/// What stands up to the closing quote; `rest` begins behind the opening one.
std::optional<std::string> take_quoted(std::string_view& rest) {
  std::string value;
  while (true) {
    const auto quote = rest.find('\'');
    if (quote == std::string_view::npos) {
      return std::nullopt;
    }
    value += rest.substr(0, quote);
    rest.remove_prefix(quote + 1);
    if (!rest.starts_with('\'')) {
      return value;
    }
    value += '\'';
    rest.remove_prefix(1);
  }
}

std::optional<std::string> take_value(std::string_view& rest) {
  skip_spaces(rest);
  std::optional<std::string> value;
  if (rest.starts_with('\'')) {
    rest.remove_prefix(1);
    value = take_quoted(rest);
  } else {
    value = std::string(rest.substr(0, rest.find(' ')));
    rest.remove_prefix(value->size());
  }
  rest.remove_prefix(rest.empty() ? 0 : 1);
  return value && value->empty() ? std::nullopt : value;
}

} // namespace

ConnectionWords split_connection_words(std::string_view text) {
  ConnectionWords words;
  for (skip_spaces(text); !text.empty(); skip_spaces(text)) {
    auto key = take_key(text);
    auto value = key ? take_value(text) : std::nullopt;
    if (!value) {
      words.broken = true;
      return words;
    }
    words.pairs.emplace_back(std::move(*key), std::move(*value));
  }
  return words;
}

} // namespace pgtool
