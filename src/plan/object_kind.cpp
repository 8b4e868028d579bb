#include "plan/object_kind.hpp"

#include <algorithm>
#include <array>

namespace pgtool {
namespace {

constexpr std::array kinds = {
    ObjectKind{"operator class", "OPERATOR CLASS"},
    ObjectKind{"operator family", "OPERATOR FAMILY"},
    ObjectKind{"operator", "OPERATOR"},
    ObjectKind{"aggregate", "ROUTINE"},
    ObjectKind{"function", "ROUTINE"},
    ObjectKind{"procedure", "ROUTINE"},
    ObjectKind{"conversion", "CONVERSION"},
    ObjectKind{"collation", "COLLATION"},
    ObjectKind{"text search parser", "TEXT SEARCH PARSER"},
    ObjectKind{"text search template", "TEXT SEARCH TEMPLATE"},
    ObjectKind{"text search dictionary", "TEXT SEARCH DICTIONARY"},
    ObjectKind{"text search configuration", "TEXT SEARCH CONFIGURATION"},
    ObjectKind{"type", "TYPE"},
    ObjectKind{"composite type", "TYPE"},
    ObjectKind{"sequence", "SEQUENCE"},
    ObjectKind{"table", "TABLE", true},
    ObjectKind{"foreign table", "FOREIGN TABLE"},
    ObjectKind{"view", "VIEW"},
    ObjectKind{"materialized view", "MATERIALIZED VIEW"},
    ObjectKind{"statistics object", "STATISTICS"},
};

} // namespace

std::span<const ObjectKind> object_kinds() { return kinds; }

const ObjectKind* find_object_kind(std::string_view type) {
  const auto found =
      std::find_if(kinds.begin(), kinds.end(), [&](const auto& kind) { return kind.type == type; });
  return found != kinds.end() ? &*found : nullptr;
}

} // namespace pgtool
