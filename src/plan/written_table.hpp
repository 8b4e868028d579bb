#pragma once

#include <string>
#include <string_view>

namespace pgtool {

/// What stands in a model's db_table. Django quotes a name unless it already begins and ends with a
/// quote, so that `"shop"."orders"`, and `shop"."orders` too, name a schema by the back door.
struct WrittenTable {
  std::string schema; ///< "" for a plain name
  std::string name;
};
WrittenTable written_table(std::string_view db_table);

} // namespace pgtool
