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

std::size_t place_of(const SearchPath& path, const std::string& schema, const std::string& role) {
  const auto found = std::find_if(path.begin(), path.end(),
                                  [&](const auto& name) { return is_schema(name, schema, role); });
  return static_cast<std::size_t>(found - path.begin());
}

/// Both are on the path, the target first.
bool stands_before(const SearchPath& path, const SchemaPair& schemas, const std::string& role) {
  const auto source = place_of(path, schemas.source, role);
  return source < path.size() && place_of(path, schemas.target, role) < source;
}

/// A schema that is only meant by "$user" need not be there yet, so nothing relies on its place.
bool is_implicit(const SearchPath& path, const std::string& schema) {
  return std::find(path.begin(), path.end(), schema) == path.end();
}

SearchPath without(SearchPath path, const std::string& schema, const std::string& role) {
  std::erase_if(path, [&](const auto& name) { return is_schema(name, schema, role); });
  return path;
}

} // namespace

bool leads_to(const SearchPath& path, const std::string& schema, const std::string& role) {
  return std::any_of(path.begin(), path.end(),
                     [&](const auto& name) { return is_schema(name, schema, role); });
}

SearchPath path_while_moving(const SearchPath& path, const SchemaPair& schemas,
                             const std::string& role) {
  if (leads_to(path, schemas.target, role) && leads_to(path, schemas.source, role) &&
      !is_implicit(path, schemas.target)) {
    return path;
  }
  return with(path, schemas, role, {schemas.source, schemas.target});
}

SearchPath path_after_moving(const SearchPath& path, const SchemaPair& schemas,
                             const std::string& role, bool keep_source) {
  if (!is_implicit(path, schemas.target) && stands_before(path, schemas, role)) {
    return keep_source ? path : without(path, schemas.source, role);
  }
  return with(path, schemas, role,
              keep_source ? SearchPath{schemas.target, schemas.source}
                          : SearchPath{schemas.target});
}

} // namespace pgtool
