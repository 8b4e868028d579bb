#include "pooler/pool_mode.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <optional>
#include <set>

namespace pgtool {
namespace {

// The address keeps apart two servers behind one balancer; the start keeps apart a reused pid.
constexpr const char* backend_query =
    "select pg_backend_pid() || '@' || coalesce(host(inet_server_addr()), 'unix') || ':' || "
    "coalesce(inet_server_port()::text, current_setting('port')) || '/' || "
    "(select backend_start::text from pg_stat_get_activity(pg_backend_pid())) as backend";
constexpr int rounds = 3;
constexpr int burst = 3;

using Backends = std::set<std::string>;

/// One client and the backends it was seen on.
struct Client {
  Connection& connection;
  Backends seen;

  /// Looks once; the refusal when there is no answer.
  std::optional<Refusal> look() {
    auto outcome = connection.attempt(backend_query);
    if (outcome.ok()) {
      seen.insert(outcome.rows.text(0, "backend"));
    }
    return outcome.refusal;
  }

  void look_often() {
    for (int i = 0; i < burst; ++i) {
      look();
    }
  }
};

/// A client that waits for a backend is an answer, too: two seconds are enough to see it.
class ShortPatience {
public:
  explicit ShortPatience(Connection& connection)
      : connection_(connection), before_(connection.time_limit()) {
    connection_.set_time_limit(2);
  }
  ~ShortPatience() { connection_.set_time_limit(before_); }
  ShortPatience(const ShortPatience&) = delete;
  ShortPatience& operator=(const ShortPatience&) = delete;

private:
  Connection& connection_;
  double before_;
};

bool share(const Client& one, const Client& other) {
  return std::any_of(one.seen.begin(), one.seen.end(),
                     [&](const auto& backend) { return other.seen.contains(backend); });
}

PoolMode shared() { return {"transaction", "proved", "two clients were seen on one backend"}; }

PoolMode starved() {
  return {"transaction", "proved",
          "a client starves while another holds a transaction: the pool is used up"};
}

/// One round; a mode when it decides the matter.
std::optional<PoolMode> run_round(Client& first, Client& second) {
  if (const auto begin = second.connection.attempt("begin"); !begin.ok()) {
    if (refuses_transactions(*begin.refusal)) {
      return PoolMode{"statement", "proved", "BEGIN is refused: " + begin.refusal->message};
    }
    return PoolMode{"unknown", "unknown",
                    begin.refusal->timed_out
                        ? "a second client waits for ever: session mode, or an exhausted pool"
                        : "BEGIN failed: " + begin.refusal->message};
  }
  if (const auto refusal = second.look()) {
    return PoolMode{"unknown", "unknown", "a second client fails: " + refusal->message};
  }
  if (share(first, second)) {
    second.connection.attempt("rollback");
    return shared();
  }
  if (const auto refusal = first.look()) {
    return refusal->timed_out
               ? starved()
               : PoolMode{"unknown", "unknown", "the first client fails: " + refusal->message};
  }
  second.connection.attempt("rollback");
  first.look_often();
  second.look_often();
  if (share(first, second)) {
    return shared();
  }
  if (first.seen.size() > 1 || second.seen.size() > 1) {
    return PoolMode{"transaction", "proved", "one client was seen on two backends"};
  }
  return std::nullopt;
}

} // namespace

bool refuses_transactions(const Refusal& refusal) {
  const auto words = lower(refusal.message);
  return !refusal.tells_source &&
         (words.find("statement pool") != std::string::npos ||
          words.find("long transactions not allowed") != std::string::npos);
}

PoolMode probe_pool_mode(Connection& first, Connection& second) {
  const ShortPatience first_is_impatient(first);
  const ShortPatience second_is_impatient(second);
  Client one{first, {}};
  Client other{second, {}};
  one.look();
  for (int round = 0; round < rounds; ++round) {
    if (auto mode = run_round(one, other)) {
      return *mode;
    }
  }
  return {"session", "likely",
          "each of two clients kept its own backend through three transactions"};
}

} // namespace pgtool
