#include "commands/schema_move/settings_lines.hpp"
#include "fuzz_target.hpp"
#include "plan/role_path.hpp"
#include "plan/written_table.hpp"
#include "sql/quote.hpp"
#include "sql/search_path.hpp"

#include <algorithm>

namespace pgtool::fuzz {
namespace {

void check_path(std::string_view bytes) {
  const auto path = parse_search_path(bytes);
  if (!path) {
    return;
  }
  require(parse_search_path(search_path_text(*path)) == path, "a path reads back as it was");
  const SchemaPair there{"public", "shop"};
  const auto during = path_while_moving(*path, there, "app");
  const auto after = path_after_moving(*path, there, "app", false);
  if (leads_to(*path, "public", "app")) {
    const auto source = std::find(during.begin(), during.end(), "public");
    require(source != during.end(), "the source stays on the path");
    require(leads_to(*path, "shop", "app") ? during == *path : *(source + 1) == "shop",
            "the source comes first where it may");
    require(leads_to(after, "shop", "app"), "the last path leads to the target");
    require(!leads_to(after, "public", "app"), "the last path leads nowhere else");
  } else {
    require(during == *path && after == *path, "a path that does not lead there stays");
  }
}

/// What stands between the quotes of a literal is read by the server's rules.
void check_quotes(std::string_view bytes) {
  const auto literal = quote_literal(bytes);
  const bool escapes = literal.starts_with('E');
  std::string read;
  for (std::size_t at = escapes ? 2 : 1; at + 1 < literal.size(); ++at) {
    const bool twice = literal[at] == '\'' || (escapes && literal[at] == '\\');
    read += literal[at];
    at += twice ? 1 : 0;
  }
  require(literal.ends_with('\'') && read == bytes, "a literal means the text");
  const auto name = quote_identifier(bytes);
  const bool plain = !name.starts_with('"');
  require(plain ? name == bytes : std::count(name.begin(), name.end(), '"') % 2 == 0,
          "an identifier is closed");
}

void check_names(std::string_view bytes) {
  check_path(bytes);
  check_quotes(bytes);
  written_table(bytes);
  require(without_path_option(bytes).size() <= bytes.size(), "a line does not grow");
}

const Target target("names", check_names);

} // namespace
} // namespace pgtool::fuzz
