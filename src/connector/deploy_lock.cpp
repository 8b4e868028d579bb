#include "connector/deploy_lock.hpp"

#include "base/signals.hpp"

#include <fmt/core.h>
#include <poll.h>
#include <random>

namespace pgtool {
namespace {

bool try_lock(DirectSession& session, int object) {
  const auto rows = session.connection().query(
      fmt::format("select pg_try_advisory_lock({}, {}) as got", lock_class, object));
  return rows.truth(0, "got");
}

void unlock(DirectSession& session, int object) {
  session.connection().query(fmt::format("select pg_advisory_unlock({}, {})", lock_class, object));
}

std::string holders_query(int object) {
  return fmt::format(
      "select l.pid, coalesce(a.application_name, '') as application,"
      " coalesce(a.usename::text, '') as role, coalesce(host(a.client_addr), 'local') as host,"
      " extract(epoch from clock_timestamp() - a.backend_start)::bigint as seconds"
      " from pg_locks l left join pg_stat_activity a on a.pid = l.pid"
      " where l.locktype = 'advisory' and l.classid = {} and l.objid = {} and l.objsubid = 2"
      " and l.granted and l.pid <> pg_backend_pid()"
      " and l.database = (select oid from pg_database where datname = current_database())"
      " order by a.backend_start limit 1",
      lock_class, object);
}

LockHolder holder_in(const Rows& rows) {
  const auto since = rows.text(0, "seconds");
  return {std::stoi(rows.text(0, "pid")),
          fmt::format("pid {} (application {}, role {}, from {}{})", rows.text(0, "pid"),
                      rows.text(0, "application"), rows.text(0, "role"), rows.text(0, "host"),
                      since.empty() ? "" : ", connected for " + since + " s")};
}

LockHolder holder_of(DirectSession& session, int object) {
  const auto rows = session.connection().query(holders_query(object));
  return rows.size() == 0 ? LockHolder{0, "a session that ends just now"} : holder_in(rows);
}

/// Waits between two tries: about a quarter of a second, with jitter so that waiters spread out.
void pause_between_tries() {
  static std::minstd_rand random{std::random_device{}()};
  pollfd watch{signal_descriptor(), POLLIN, 0};
  poll(&watch, 1, 150 + static_cast<int>(random() % 200U));
}

struct Wait {
  double limit;
  const std::function<void(const LockHolder&)>& waiting;
  Clock::time_point began = Clock::now();
  Clock::time_point told = began - std::chrono::seconds(2);

  /// Called after each failed try.
  void after_failure(DirectSession& session, int object, const char* what) {
    const std::chrono::duration<double> spent = Clock::now() - began;
    if (spent.count() >= limit) {
      throw Error(Failure::busy,
                  fmt::format("{} is held by {}", what, holder_of(session, object).text),
                  "run it again when that has ended, or wait longer with --wait");
    }
    if (Clock::now() - told > std::chrono::seconds(1)) {
      told = Clock::now();
      waiting(holder_of(session, object));
    }
    pause_between_tries();
  }
};

void wait_for_locks(DirectSession& session, Wait patience) {
  while (!try_lock(session, deploy_lock_object)) {
    patience.after_failure(session, deploy_lock_object, "the deploy lock");
  }
  while (!try_lock(session, run_lock_object)) {
    patience.after_failure(session, run_lock_object, "the run lock of an earlier deploy");
  }
  unlock(session, run_lock_object);
}

} // namespace

std::string deploy_at_work(Connection& session) {
  session.attempt("set search_path = pg_catalog");
  const auto found = session.attempt(holders_query(deploy_lock_object));
  return found.ok() && found.rows.size() > 0 ? holder_in(found.rows).text : "";
}

void take_deploy_lock(DirectSession& session, double wait,
                      const std::function<void(const LockHolder&)>& waiting) {
  try {
    wait_for_locks(session, {wait, waiting});
  } catch (const SqlError& error) {
    throw Error(Failure::unknown,
                std::string("our session was lost while it waited for the deploy lock: ") +
                    error.what(),
                "nothing was changed; run the same command again when the server is up");
  }
}

} // namespace pgtool
