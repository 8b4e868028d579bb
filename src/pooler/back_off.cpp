#include "pooler/back_off.hpp"

#include "base/signals.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <poll.h>

namespace pgtool {
namespace {

// A login takes a few milliseconds, and a pool opens its sessions one after the other: of 16 moves
// under load 4 still met one after a single look, of 20 none after these.
constexpr int quiet_looks = 60;
constexpr double between_quiet_looks = 0.005; // seconds
constexpr int between_looks_ms = 25;
constexpr int looks_for_trouble = 10;

std::int64_t sum(const Rows& pools, int row, const std::vector<const char*>& columns) {
  std::int64_t all = 0;
  for (const auto* column : columns) {
    all += parse_integer(pools.text(row, column)).value_or(0);
  }
  return all;
}

/// The rows of these entries.
std::vector<int> rows_of(const Rows& pools, const std::vector<std::string>& entries) {
  std::vector<int> found;
  for (int row = 0; row < pools.size(); ++row) {
    if (std::find(entries.begin(), entries.end(), pools.text(row, "database")) != entries.end()) {
      found.push_back(row);
    }
  }
  return found;
}

bool opens_one(Connection& console, const std::vector<std::string>& entries) {
  const auto pools = console.attempt("show pools").rows;
  const auto rows = rows_of(pools, entries);
  return std::any_of(rows.begin(), rows.end(),
                     [&](int row) { return sum(pools, row, {"sv_login"}) > 0; });
}

enum class Pools { well, waiting, lost };

Pools look(Connection& console, const std::vector<std::string>& entries) {
  const auto answer = console.attempt("show pools");
  if (!answer.ok()) {
    return Pools::lost;
  }
  for (const int row : rows_of(answer.rows, entries)) {
    const auto servers =
        sum(answer.rows, row, {"sv_active", "sv_idle", "sv_used", "sv_tested", "sv_login"});
    if (sum(answer.rows, row, {"cl_waiting"}) > 0 && servers == 0) {
      return Pools::waiting;
    }
  }
  return Pools::well;
}

std::string retry_setting(Connection& console) {
  const auto config = console.attempt("show config").rows;
  for (int row = 0; row < config.size(); ++row) {
    if (config.text(row, "key") == "server_login_retry") {
      return config.text(row, "value");
    }
  }
  return "";
}

/// Its value is a number, perhaps with a point.
std::string set_retry(const std::string& value) {
  return "SET server_login_retry = '" + value + "'";
}

std::optional<std::string> let_them_open(Connection& console,
                                         const std::vector<std::string>& entries) {
  const auto before = retry_setting(console);
  if (!parse_real(before) || !console.attempt(set_retry("0")).ok()) {
    return std::nullopt;
  }
  for (int i = 0; i < looks_for_trouble && look(console, entries) == Pools::waiting; ++i) {
    poll(nullptr, 0, between_looks_ms);
  }
  const bool is_back = console.attempt(set_retry(before)).ok();
  return is_back ? std::nullopt : std::optional(set_retry(before));
}

} // namespace

void wait_for_quiet(Connection& console, const std::vector<std::string>& entries, double seconds) {
  const auto deadline = Clock::now() + std::chrono::duration_cast<Clock::duration>(
                                           std::chrono::duration<double>(seconds));
  for (int quiet = 0; quiet < quiet_looks && Clock::now() < deadline;) {
    quiet = opens_one(console, entries) ? 0 : quiet + 1;
    wait_interruptibly(between_quiet_looks);
  }
}

std::optional<std::string> end_back_off(Connection& console,
                                        const std::vector<std::string>& entries, Watch watch) {
  int waiting = 0;
  for (int i = 0; i < looks_for_trouble; ++i) {
    const auto pools = look(console, entries);
    waiting = pools == Pools::waiting ? waiting + 1 : 0;
    if (pools == Pools::lost || (pools == Pools::well && watch == Watch::until_well)) {
      return std::nullopt;
    }
    if (waiting == 3) {
      return let_them_open(console, entries);
    }
    poll(nullptr, 0, between_looks_ms);
  }
  return std::nullopt;
}

} // namespace pgtool
