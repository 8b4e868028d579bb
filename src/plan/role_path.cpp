#include "plan/role_path.hpp"

#include <algorithm>

namespace pgtool {
namespace {

bool is_schema(const std::string& name, const std::string& schema, const std::string& role) {
  return name == schema || (name == "$user" && role == schema);
}

/// The path with `instead` where the source stood first, and without the two schemas elsewhere.
SearchPath with(const SearchPath& path, const SchemaPair& schemas, const std::string& role,
                const SearchPath& instead) {
  if (!leads_to(path, schemas.source, role)) {
    return path;
  }
  SearchPath changed;
  bool placed = false;
  for (const auto& name : path) {
    if (is_schema(name, schemas.source, role)) {
      if (!placed) {
        changed.insert(changed.end(), instead.begin(), instead.end());
      }
      placed = true;
    } else if (!is_schema(name, schemas.target, role)) {
      changed.push_back(name);
    }
  }
  return changed;
}

} // namespace

bool leads_to(const SearchPath& path, const std::string& schema, const std::string& role) {
  return std::any_of(path.begin(), path.end(),
                     [&](const auto& name) { return is_schema(name, schema, role); });
}

SearchPath path_while_moving(const SearchPath& path, const SchemaPair& schemas,
                             const std::string& role) {
  return with(path, schemas, role, {schemas.source, schemas.target});
}

SearchPath path_after_moving(const SearchPath& path, const SchemaPair& schemas,
                             const std::string& role, bool keep_source) {
  return with(path, schemas, role,
              keep_source ? SearchPath{schemas.target, schemas.source}
                          : SearchPath{schemas.target});
}

} // namespace pgtool
