#include "sql/placeholders.hpp"

#include "sql/quoted_part.hpp"

namespace pgtool {
namespace {

/// The length of the placeholder at the beginning; 0 when there is none.
std::size_t placeholder(std::string_view text) {
  if (text.starts_with("%s") || text.starts_with("%b") || text.starts_with("%t")) {
    return 2;
  }
  const auto end = text.starts_with("%(") ? text.find(")s") : std::string_view::npos;
  return end == std::string_view::npos ? 0 : end + 2;
}

} // namespace

std::string without_placeholders(std::string_view sql, std::string_view word) {
  std::string plain;
  plain.reserve(sql.size());
  while (!sql.empty()) {
    std::size_t taken = quoted_part(sql);
    if (taken > 0) {
      plain.append(sql.substr(0, taken));
    } else if ((taken = placeholder(sql)) > 0) {
      plain.append(word);
    } else {
      taken = sql.starts_with("%%") ? 2 : 1;
      plain.push_back(sql.front());
    }
    sql.remove_prefix(taken);
  }
  return plain;
}

bool has_placeholder(std::string_view name) { return name.find("%s") != std::string_view::npos; }

} // namespace pgtool
