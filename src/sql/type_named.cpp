#include "sql/type_named.hpp"

#include "sql/expressions.hpp"
#include "sql/parse_tree.hpp"

namespace pgtool {

std::optional<TypeName> type_named(const std::string& text) {
  constexpr std::size_t longest = 1000;
  if (text.empty() || text.size() > longest) {
    return std::nullopt;
  }
  const ParseTree tree("SELECT NULL::" + text);
  if (tree.statements().size() != 1) {
    return std::nullopt;
  }
  const auto targets = tree.statements().front().node.list("target_list");
  const auto cast = targets.size() == 1 ? targets.front()["val"].as("TypeCast") : Node();
  return cast ? std::optional(type_of(cast["type_name"])) : std::nullopt;
}

} // namespace pgtool
