#pragma once

#include <string>
#include <string_view>

namespace pgtool {

/// A usage such as "[options] --to SCHEMA [-- more]" as lines of mdoc.
std::string mdoc_usage(std::string_view usage);

} // namespace pgtool
