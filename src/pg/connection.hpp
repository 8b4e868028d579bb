#pragma once

#include "base/clock.hpp"
#include "model/endpoint.hpp"
#include "pg/rows.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <vector>

struct pg_conn;

namespace pgtool {

struct ConnectionCloser {
  void operator()(pg_conn* connection) const noexcept;
};
using ConnectionHandle = std::unique_ptr<pg_conn, ConnectionCloser>;

/// One session, opened by connect_side_by_side(). Statements have a time limit; when it passes the
/// statement is cancelled and the session closed, since its state is unknown by then.
class Connection {
public:
  Connection(ConnectionHandle handle, Endpoint endpoint, Clock::time_point began);
  ~Connection();
  Connection(Connection&&) noexcept;
  Connection& operator=(Connection&&) noexcept;

  /// Runs one statement; throws SqlError when it fails. With parameters ($1…) the extended protocol
  /// is used, without them the simple one (a pooler's console knows no other).
  Rows query(const std::string& sql, const std::vector<std::string>& parameters = {});
  /// The same for a statement whose failure is an answer.
  Outcome attempt(const std::string& sql, const std::vector<std::string>& parameters = {});
  /// The two halves of attempt(), so that several sessions can be asked at once.
  void send(const std::string& sql, const std::vector<std::string>& parameters = {});
  Outcome receive();

  /// The pid in the cancellation key of the login: a real backend's own, or a pooler's invention.
  [[nodiscard]] int key_pid() const;
  /// A parameter status of the login, or nullopt when it was not reported.
  [[nodiscard]] std::optional<std::string> parameter(const char* name) const;
  /// The endpoint with the one address that this session uses (host, hostaddr, port).
  [[nodiscard]] Endpoint pinned() const;
  [[nodiscard]] const Endpoint& endpoint() const noexcept { return endpoint_; }
  /// Our own TCP port, or 0 on a unix socket.
  [[nodiscard]] int local_port() const;
  /// The pid of the process that listens on the other end of a unix socket, or 0 for TCP.
  [[nodiscard]] int peer_pid() const;
  /// Milliseconds since the connect began.
  [[nodiscard]] std::int64_t age_ms() const;
  /// The socket's descriptor; readable when the server speaks unasked (it usually says goodbye).
  [[nodiscard]] int descriptor() const;
  /// Reads what arrived unasked; false when the session is gone.
  bool alive();
  /// What the server said beside its answers, oldest first.
  [[nodiscard]] const std::vector<std::string>& notices() const { return *notices_; }
  /// Seconds one statement may take; 10 at first.
  void set_time_limit(double seconds) { time_limit_ = seconds; }
  [[nodiscard]] double time_limit() const noexcept { return time_limit_; }

  /// Whether waiting statements of this process end with Interrupted on a signal (at first: yes).
  static void watch_signals(bool watch);

private:
  bool wait_for_answer(Clock::time_point deadline);
  void cancel();

  ConnectionHandle handle_;
  Endpoint endpoint_;
  Clock::time_point began_;
  double time_limit_ = 10;
  Clock::time_point deadline_; ///< of the statement that was sent
  std::size_t received_ = 0;   ///< bytes of its answer
  std::optional<Refusal> not_sent_;
  std::unique_ptr<std::vector<std::string>> notices_;
};

} // namespace pgtool
