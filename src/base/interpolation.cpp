#include "base/interpolation.hpp"

namespace pgtool {
namespace {

constexpr std::size_t largest_result = 1U << 20;
constexpr int deepest = 16;

bool begins_name(char letter) {
  return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') || letter == '_';
}

std::string_view leading_name(std::string_view text) {
  std::size_t end = 0;
  while (end < text.size() &&
         (begins_name(text[end]) || (end > 0 && text[end] >= '0' && text[end] <= '9'))) {
    ++end;
  }
  return text.substr(0, end);
}

/// Where the brace that closes `${` stands, the text beginning behind `${`.
std::size_t closing_brace(std::string_view text) {
  int open = 1;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text.substr(at).starts_with("${")) {
      ++open;
    } else if (text[at] == '}' && --open == 0) {
      return at;
    }
  }
  return std::string_view::npos;
}

class Interpolation {
public:
  explicit Interpolation(const ValueOf& value_of) : value_of_(value_of) {}

  std::string fill(std::string_view text, int depth = 0) {
    std::string filled;
    while (!text.empty() && !malformed_) {
      const auto dollar = text.find('$');
      filled.append(text.substr(0, dollar));
      text.remove_prefix(dollar == std::string_view::npos ? text.size() : dollar);
      if (!text.empty()) {
        text.remove_prefix(take_variable(text, filled, depth));
      }
      malformed_ = malformed_ || filled.size() > largest_result;
    }
    return filled;
  }

  std::vector<std::string> unset_;
  bool malformed_ = false;

private:
  /// The text begins with `$`. Returns how much of it was taken.
  std::size_t take_variable(std::string_view text, std::string& filled, int depth) {
    if (text.starts_with("$$")) {
      filled += '$';
      return 2;
    }
    if (text.starts_with("${")) {
      const auto end = closing_brace(text.substr(2));
      if (end == std::string_view::npos || depth > deepest) {
        malformed_ = true;
        return text.size();
      }
      filled += braced(text.substr(2, end), depth);
      return end + 3;
    }
    const auto name = leading_name(text.substr(1));
    filled += name.empty() ? "$" : plain(std::string(name));
    return name.size() + 1;
  }

  std::string plain(const std::string& name) {
    auto value = value_of_(name);
    if (!value) {
      unset_.push_back(name);
    }
    return value.value_or("");
  }

  /// What stands between `${` and `}`.
  std::string braced(std::string_view inner, int depth) {
    const std::string name(leading_name(inner));
    auto rest = inner.substr(name.size());
    if (name.empty()) {
      malformed_ = true;
      return "";
    }
    if (rest.empty()) {
      return plain(name);
    }
    auto value = value_of_(name);
    if (rest.starts_with(':')) {
      rest.remove_prefix(1);
      value = value && value->empty() ? std::nullopt : value;
    }
    const char kind = rest.empty() ? '\0' : rest.front();
    rest.remove_prefix(rest.empty() ? 0 : 1);
    switch (kind) {
    case '-':
      return value ? *value : fill(rest, depth + 1);
    case '+':
      return value ? fill(rest, depth + 1) : "";
    case '?':
      if (!value) {
        unset_.push_back(name);
      }
      return value.value_or("");
    default:
      malformed_ = true;
      return "";
    }
  }

  const ValueOf& value_of_;
};

} // namespace

Interpolated interpolate(std::string_view text, const ValueOf& value_of) {
  Interpolation work(value_of);
  auto filled = work.fill(text);
  if (work.malformed_) {
    return {std::string(text), {}, true};
  }
  return {std::move(filled), std::move(work.unset_), false};
}

} // namespace pgtool
