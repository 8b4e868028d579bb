#include "commands/migrate/log_position.hpp"

#include <charconv>

namespace pgtool {
namespace {

std::optional<std::uint32_t> hexadecimal(std::string_view text) {
  std::uint32_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number, 16);
  return error == std::errc() && end == text.data() + text.size() ? std::optional(number)
                                                                  : std::nullopt;
}

} // namespace

std::optional<std::int64_t> position_of(const std::string& lsn) {
  const auto slash = lsn.find('/');
  if (slash == std::string::npos) {
    return std::nullopt;
  }
  const auto high = hexadecimal(std::string_view(lsn).substr(0, slash));
  const auto low = hexadecimal(std::string_view(lsn).substr(slash + 1));
  return high && low ? std::optional(static_cast<std::int64_t>(std::uint64_t{*high} << 32U | *low))
                     : std::nullopt;
}

std::string position_now(DirectSession& session) {
  const auto found = session.connection().attempt("select pg_current_wal_insert_lsn() as position");
  return found.ok() ? found.rows.text(0, "position") : "";
}

} // namespace pgtool
