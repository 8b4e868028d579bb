#pragma once

#include "sql/search_path.hpp"

#include <string>

namespace pgtool {

/// Two schemas whose objects change places: `source` is emptied into `target`.
struct SchemaPair {
  std::string source;
  std::string target;
};

/// The path while objects are on their way: the source where it stood, the target right behind it,
/// so that each name is found before and after its object has moved.
///
/// The source comes first, and that order matters. A relation's name is looked up again when the
/// catalog changed meanwhile, but a type's or a function's is looked up schema by schema, once:
/// with the target first, a type that moves after the target was searched and before the source is
/// would be found in neither (one UndefinedObject was observed in a load test). With the source
/// first it is either still there, or already in the schema that is searched next.
///
/// A role whose path does not lead to the source keeps its path; so does one whose path leads to
/// both already, since another order could lead a name to another object.
SearchPath path_while_moving(const SearchPath& path, const SchemaPair& schemas,
                             const std::string& role);

/// The path at the end: the target takes the source's place, so that what came before and after it
/// still does; the source follows it when something stays there. A target that stands before the
/// source already keeps its place.
SearchPath path_after_moving(const SearchPath& path, const SchemaPair& schemas,
                             const std::string& role, bool keep_source);

/// True when an unqualified name is looked for in that schema: by its name, or as "$user".
bool leads_to(const SearchPath& path, const std::string& schema, const std::string& role);

} // namespace pgtool
