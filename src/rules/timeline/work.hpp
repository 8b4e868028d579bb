#pragma once

#include "rules/reading/reading.hpp"

#include <optional>
#include <vector>

namespace pgtool {

/// What takes time that grows with a table.
enum class WorkKind {
  scan,        ///< each row is looked at
  rewrite,     ///< each row is written anew, and each index is built anew
  build_index, ///< a B-tree
  look_up,     ///< each row's key is looked for in another table
  copy,        ///< its file is copied
  update,      ///< each row gets a new version
  unknown      ///< nobody can say how long: a function, rows that a WHERE chooses, another index
};

struct Work {
  WorkKind kind = WorkKind::unknown;
  Relation table;
  std::optional<TableSize> size{};
  bool maybe = false; ///< it depends on something that is not known whether it is done at all
  int times = 1;      ///< CONCURRENTLY goes through the table twice
};

/// What a step has to do while it holds its locks; nothing for one that only changes the catalog,
/// or that is about a table made by the same plan.
std::vector<Work> work_of(const Reading& reading, const ReadStep& step);

} // namespace pgtool
