#include "sql/quoted_part.hpp"

#include <algorithm>
#include <cctype>

namespace pgtool {
namespace {

std::size_t up_to(std::string_view text, std::string_view end, std::size_t from) {
  const auto found = text.find(end, from);
  return found == std::string_view::npos ? text.size() : found + end.size();
}

/// Comments of SQL may stand in one another.
std::size_t block_comment(std::string_view text) {
  std::size_t depth = 0;
  std::size_t at = 0;
  while (at < text.size()) {
    if (text.substr(at, 2) == "/*") {
      ++depth;
      at += 2;
    } else if (text.substr(at, 2) == "*/") {
      at += 2;
      if (--depth == 0) {
        return at;
      }
    } else {
      ++at;
    }
  }
  return text.size();
}

/// E'…': a backslash takes the next letter with it.
std::size_t escaped_literal(std::string_view text) {
  for (std::size_t at = 2; at < text.size(); ++at) {
    if (text[at] == '\\') {
      ++at;
    } else if (text[at] == '\'') {
      return at + 1;
    }
  }
  return text.size();
}

bool is_of_tag(char letter) {
  return std::isalnum(static_cast<unsigned char>(letter)) != 0 || letter == '_' ||
         (static_cast<unsigned char>(letter) & 0x80U) != 0;
}

std::size_t dollar_quote(std::string_view text) {
  std::size_t end = 1;
  while (end < text.size() && is_of_tag(text[end])) {
    ++end;
  }
  const bool is_tag = end < text.size() && text[end] == '$' &&
                      std::isdigit(static_cast<unsigned char>(text[1])) == 0;
  return is_tag ? up_to(text, text.substr(0, end + 1), end + 1) : 0;
}

} // namespace

std::size_t quoted_part(std::string_view text) {
  if (text.empty()) {
    return 0;
  }
  switch (text.front()) {
  case '\'':
  case '"':
    return up_to(text, text.substr(0, 1), 1);
  case 'e':
  case 'E':
    return text.substr(1, 1) == "'" ? escaped_literal(text) : 0;
  case '-':
    return text.starts_with("--") ? up_to(text, "\n", 2) : 0;
  case '/':
    return text.starts_with("/*") ? block_comment(text) : 0;
  case '$':
    return dollar_quote(text);
  default:
    return 0;
  }
}

std::size_t blank_part(std::string_view text) {
  std::size_t at = 0;
  while (at < text.size()) {
    const auto rest = text.substr(at);
    if (std::isspace(static_cast<unsigned char>(rest.front())) != 0 || rest.front() == ';') {
      ++at;
    } else if (rest.starts_with("--") || rest.starts_with("/*")) {
      at += quoted_part(rest);
    } else {
      break;
    }
  }
  return at;
}

} // namespace pgtool
