#include "rules/reading/size_words.hpp"

#include "base/bytes_words.hpp"

#include <cmath>
#include <fmt/core.h>

namespace pgtool {

std::string size_words(const TableSize& size) {
  const auto bytes = bytes_words(std::llround(size.bytes + size.index_bytes));
  if (!size.rows) {
    return "it has " + bytes;
  }
  return fmt::format("it has about {} rows, {}", std::llround(*size.rows), bytes);
}

} // namespace pgtool
