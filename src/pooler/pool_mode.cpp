#include "pooler/pool_mode.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

namespace pgtool {
namespace {

// The start keeps apart a reused pid. The comment keeps Pgpool-II from asking a standby.
constexpr const char* backend_query =
    "/*NO LOAD BALANCE*/ select coalesce(host(inet_server_addr()), 'unix') || ':' || "
    "coalesce(inet_server_port()::text, current_setting('port')) as server, "
    "pg_backend_pid() || '/' || "
    "(select backend_start::text from pg_stat_get_activity(pg_backend_pid())) as backend";
constexpr int rounds = 4;
constexpr int burst = 3;

/// The server and the backend on it.
using Backend = std::pair<std::string, std::string>;

/// One client and the backends it was seen on.
struct Client {
  Connection& connection;
  std::set<Backend> seen;

  /// Looks once; the refusal when there is no answer.
  std::optional<Refusal> look() {
    auto outcome = connection.attempt(backend_query);
    if (outcome.ok()) {
      seen.emplace(outcome.rows.text(0, "server"), outcome.rows.text(0, "backend"));
    }
    return outcome.refusal;
  }

  void look_often() {
    for (int i = 0; i < burst; ++i) {
      look();
    }
  }

  /// Two backends of one server. On two servers something balances the statements, which a pooler
  /// may do in session mode, too.
  [[nodiscard]] bool moved() const {
    return std::adjacent_find(seen.begin(), seen.end(), [](const auto& one, const auto& next) {
             return one.first == next.first;
           }) != seen.end();
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

PoolMode proved(const char* mode, std::string evidence) {
  return {mode, "proved", "its behaviour", std::move(evidence)};
}

PoolMode undecided(std::string evidence) {
  return {"unknown", "unknown", "its behaviour", std::move(evidence)};
}

/// A second client waits for a backend while the first holds no transaction. Who is answered at
/// once meanwhile has a server session of its own: in the other modes it would have to queue, too.
PoolMode second_waits(Client& first) {
  if (first.look()) {
    return undecided("no client gets a server session: the pool is used up by others");
  }
  return {
      "session", "likely", "its behaviour",
      "a second client waits while the first one keeps its server session: the pool is used up"};
}

PoolMode begin_refused(Client& first, const Refusal& refusal) {
  if (refuses_transactions(refusal)) {
    return proved("statement", "BEGIN is refused: " + refusal.message);
  }
  return refusal.timed_out ? second_waits(first) : undecided("BEGIN failed: " + refusal.message);
}

/// One round; a mode when it decides the matter.
std::optional<PoolMode> run_round(Client& first, Client& second) {
  if (const auto begin = second.connection.attempt("begin"); !begin.ok()) {
    return begin_refused(first, *begin.refusal);
  }
  if (const auto refusal = second.look()) {
    return undecided("a second client fails: " + refusal->message);
  }
  if (share(first, second)) {
    second.connection.attempt("rollback");
    return proved("transaction", "two clients were seen on one backend");
  }
  if (const auto refusal = first.look()) {
    return refusal->timed_out
               ? proved("transaction",
                        "a client starves while another holds a transaction: the pool is used up")
               : undecided("the first client fails: " + refusal->message);
  }
  second.connection.attempt("rollback");
  first.look_often();
  second.look_often();
  if (share(first, second)) {
    return proved("transaction", "two clients were seen on one backend");
  }
  if (first.moved() || second.moved()) {
    return proved("transaction", "one client was seen on two backends");
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
  if (const auto refusal = one.look()) {
    return undecided(refusal->timed_out ? "no client gets a server session: the pool is used up"
                                        : "a client fails: " + refusal->message);
  }
  for (int round = 0; round < rounds; ++round) {
    // The roles change: a pool that hands out its sessions in turn may hide the sharing from one.
    if (auto mode = round % 2 == 0 ? run_round(one, other) : run_round(other, one)) {
      return *mode;
    }
  }
  if (one.seen.size() > 1 || other.seen.size() > 1) {
    return undecided("a client's statements go to several servers, and it was not seen on two "
                     "sessions of one");
  }
  return {"session", "likely", "its behaviour",
          "each of two clients kept its own backend through four transactions"};
}

PoolMode surest(const std::vector<PoolMode>& answers) {
  const bool only_told = std::all_of(answers.begin(), answers.end(), [](const auto& answer) {
    return answer.confidence == "likely";
  });
  const bool agreed = std::all_of(answers.begin(), answers.end(), [&](const auto& answer) {
    return answer.mode == answers.front().mode;
  });
  if (only_told && !agreed) {
    return {"unknown", "unknown", "", "those who say it disagree"};
  }
  for (const char* level : {"proved", "certain", "likely"}) {
    for (const auto& answer : answers) {
      if (answer.confidence == level && answer.mode != "unknown") {
        return answer;
      }
    }
  }
  return answers.empty() ? PoolMode{} : answers.front();
}

} // namespace pgtool
