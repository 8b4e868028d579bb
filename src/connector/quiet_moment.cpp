#include "connector/quiet_moment.hpp"

#include "base/signals.hpp"
#include "base/text.hpp"

#include <algorithm>

namespace pgtool {
namespace {

constexpr double look_every = 0.005; ///< seconds
constexpr int looks_on_end = 60;

bool logs_in(ConsoleSession& console, const std::vector<std::string>& entries) {
  const auto pools = console.connection.attempt("show pools").rows;
  for (int row = 0; row < pools.size(); ++row) {
    const bool meant =
        std::find(entries.begin(), entries.end(), pools.text(row, "database")) != entries.end();
    if (meant && parse_integer(pools.text(row, "sv_login")).value_or(0) > 0) {
      return true;
    }
  }
  return false;
}

} // namespace

bool wait_for_quiet_moment(ConsoleSession& console, const std::vector<std::string>& entries,
                           double seconds) {
  const auto began = Clock::now();
  const auto over = [&] {
    return std::chrono::duration<double>(Clock::now() - began).count() > seconds;
  };
  for (int quiet = 0; quiet < looks_on_end;) {
    if (logs_in(console, entries)) {
      quiet = 0;
    } else if (over()) {
      return false;
    } else {
      ++quiet;
    }
    wait_interruptibly(look_every);
  }
  return true;
}

} // namespace pgtool
