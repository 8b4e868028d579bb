#include "sql/placeholders.hpp"

#include <algorithm>

namespace pgtool {
namespace {

/// How much of the text from here is quoted or commented out; 0 when it is neither.
std::size_t passed_over(std::string_view text) {
  const auto up_to = [&](std::string_view end, std::size_t from) {
    const auto found = text.find(end, from);
    return found == std::string_view::npos ? text.size() : found + end.size();
  };
  if (text.front() == '\'' || text.front() == '"') {
    return up_to(text.substr(0, 1), 1);
  }
  if (text.starts_with("--")) {
    return up_to("\n", 2);
  }
  if (text.starts_with("/*")) {
    return up_to("*/", 2);
  }
  if (text.front() == '$') {
    const auto tag = text.find('$', 1);
    return tag == std::string_view::npos ? 0 : up_to(text.substr(0, tag + 1), tag + 1);
  }
  return 0;
}

/// The length of the placeholder at the beginning; 0 when there is none.
std::size_t placeholder(std::string_view text) {
  if (text.starts_with("%s") || text.starts_with("%b") || text.starts_with("%t")) {
    return 2;
  }
  const auto end = text.starts_with("%(") ? text.find(")s") : std::string_view::npos;
  return end == std::string_view::npos ? 0 : end + 2;
}

} // namespace

std::string without_placeholders(std::string_view sql) {
  std::string plain;
  plain.reserve(sql.size());
  while (!sql.empty()) {
    std::size_t taken = passed_over(sql);
    if (taken > 0) {
      plain.append(sql.substr(0, taken));
    } else if ((taken = placeholder(sql)) > 0) {
      plain.append("NULL");
    } else {
      taken = sql.starts_with("%%") ? 2 : 1;
      plain.push_back(sql.front());
    }
    sql.remove_prefix(taken);
  }
  return plain;
}

} // namespace pgtool
