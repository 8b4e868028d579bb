#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace pgtool {

/// What a postgresql.conf sets max_connections to, and in which line, from 1. The last one counts.
struct ToldConnections {
  std::string value;
  int line = 0;
};
std::optional<ToldConnections> max_connections_of_file(std::string_view text);

/// The same of `postgres -c max_connections=200`, `--max_connections=200` or `-N 200`.
std::optional<std::string> max_connections_of_command(std::string_view command);

} // namespace pgtool
