#include "pg/connection.hpp"

#include "base/signals.hpp"
#include "base/text.hpp"
#include "pg/unread.hpp"
#include "pg/version.hpp"

#include <algorithm>
#include <array>
#include <future>
#include <libpq-fe.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <thread>

namespace pgtool {
namespace {

bool signals_are_watched = true;
// pgtool's own questions have small answers.
constexpr std::size_t largest_answer = 16U << 20;
constexpr std::size_t most_notices = 1000;
constexpr int most_results = 100;
constexpr auto cancel_patience = std::chrono::milliseconds(500);

std::string field(const PGresult* result, int code) {
  const char* text = PQresultErrorField(result, code);
  return text != nullptr ? text : "";
}

Refusal refusal_of(const PGresult* result, PGconn* connection) {
  Refusal refusal;
  refusal.message = field(result, PG_DIAG_MESSAGE_PRIMARY);
  refusal.sqlstate = field(result, PG_DIAG_SQLSTATE);
  // Pgpool-II tells a file, pgagroal a function; only PostgreSQL tells both.
  refusal.tells_source = !field(result, PG_DIAG_SOURCE_FUNCTION).empty() &&
                         !field(result, PG_DIAG_SOURCE_FILE).empty();
  refusal.broken = PQstatus(connection) != CONNECTION_OK;
  if (refusal.message.empty()) {
    refusal.message = first_line(trim(PQresultErrorMessage(result)));
  }
  return refusal;
}

/// On PgBouncer's console a cancel request means RESUME after a PAUSE of everything, whoever gave
/// that (1.18, 1.24 and 1.26 were run).
bool resumes_when_cancelled(PGconn* connection) {
  const char* version = PQparameterStatus(connection, "server_version");
  return version != nullptr && std::string_view(version).find("/bouncer") != std::string_view::npos;
}

void keep_notice(void* notices, const PGresult* result) {
  auto& kept = *static_cast<std::vector<std::string>*>(notices);
  if (kept.size() < most_notices) {
    kept.push_back(field(result, PG_DIAG_MESSAGE_PRIMARY));
  }
}

} // namespace

int libpq_version() { return PQlibVersion(); }

void ConnectionCloser::operator()(pg_conn* connection) const noexcept { PQfinish(connection); }

Connection::Connection(ConnectionHandle handle, Endpoint endpoint, Clock::time_point began)
    : handle_(std::move(handle)), endpoint_(std::move(endpoint)), began_(began),
      notices_(std::make_unique<std::vector<std::string>>()) {
  PQsetNoticeReceiver(handle_.get(), keep_notice, notices_.get());
}

Connection::~Connection() = default;
Connection::Connection(Connection&&) noexcept = default;
Connection& Connection::operator=(Connection&&) noexcept = default;

void Connection::watch_signals(bool watch) { signals_are_watched = watch; }

Rows Connection::query(const std::string& sql, const std::vector<std::string>& parameters) {
  auto outcome = attempt(sql, parameters);
  if (!outcome.ok()) {
    throw SqlError(Failure::unknown, *outcome.refusal);
  }
  return std::move(outcome.rows);
}

Outcome Connection::attempt(const std::string& sql, const std::vector<std::string>& parameters) {
  send(sql, parameters);
  return receive();
}

void Connection::send(const std::string& sql, const std::vector<std::string>& parameters) {
  deadline_ =
      Clock::now() + std::chrono::milliseconds(static_cast<std::int64_t>(time_limit_ * 1000));
  std::vector<const char*> values;
  for (const auto& parameter : parameters) {
    values.push_back(parameter.c_str());
  }
  const int sent = parameters.empty() ? PQsendQuery(handle_.get(), sql.c_str())
                                      : PQsendQueryParams(handle_.get(), sql.c_str(),
                                                          static_cast<int>(values.size()), nullptr,
                                                          values.data(), nullptr, nullptr, 0);
  not_sent_.reset();
  received_ = 0;
  if (sent == 0) {
    not_sent_ = Refusal{first_line(trim(PQerrorMessage(handle_.get()))), "", false, false, true};
  }
}

Outcome Connection::receive() {
  Outcome outcome;
  if (not_sent_) {
    outcome.refusal = std::exchange(not_sent_, std::nullopt);
    return outcome;
  }
  for (int results = 0;; ++results) {
    if (results > most_results || !wait_for_answer(deadline_)) {
      const bool too_much = results > most_results || received_ > largest_answer;
      cancel();
      handle_.reset(); // libpq takes null for a closed connection: every later call fails cleanly
      return {{},
              Refusal{too_much ? "it answers without end" : "no answer in time", "", false,
                      !too_much, true}};
    }
    ResultHandle result(PQgetResult(handle_.get()));
    if (!result) {
      return outcome;
    }
    const auto status = PQresultStatus(result.get());
    if (status == PGRES_COPY_IN || status == PGRES_COPY_OUT || status == PGRES_COPY_BOTH) {
      handle_.reset(); // nothing of ours copies, and libpq would tell of it for ever
      return {{}, Refusal{"it answers with COPY", "", false, false, true}};
    }
    if (status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK) {
      outcome.rows = Rows(std::move(result));
    } else if (!outcome.refusal) {
      // The first refusal is the reason; a closed socket comes after it (statement pooling).
      outcome.refusal = refusal_of(result.get(), handle_.get());
      outcome.refusal->message = without(endpoint_.password, outcome.refusal->message);
    }
  }
}

/// False when the time is over or the answer has become too large.
bool Connection::wait_for_answer(Clock::time_point deadline) {
  while (PQisBusy(handle_.get()) != 0) {
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now()).count();
    const int signals = signals_are_watched ? signal_descriptor() : -1;
    std::array<pollfd, 2> watch{{{PQsocket(handle_.get()), POLLIN, 0}, {signals, POLLIN, 0}}};
    // Also past the deadline: while we waited for another session the answer may have come here.
    const int patience = static_cast<int>(std::max<std::int64_t>(left, 0));
    if (poll(watch.data(), watch.size(), patience) == 0) {
      return false;
    }
    if (watch[1].revents != 0) {
      try {
        throw_if_interrupted();
      } catch (const Interrupted&) {
        cancel();
        throw;
      }
    }
    if (watch[0].revents != 0) {
      received_ += unread_bytes(PQsocket(handle_.get()));
    }
    if (received_ > largest_answer) {
      return false;
    }
    if (watch[0].revents != 0 && PQconsumeInput(handle_.get()) == 0) {
      return true; // PQgetResult now tells what went wrong
    }
  }
  return true;
}

/// PQcancel waits without a limit for the other end to hang up: one that does not is left to a
/// thread of its own.
void Connection::cancel() {
  if (resumes_when_cancelled(handle_.get())) {
    return; // what waits there ends with its session
  }
  std::shared_ptr<PGcancel> request(PQgetCancel(handle_.get()), PQfreeCancel);
  if (!request) {
    return;
  }
  std::promise<void> done;
  const auto ended = done.get_future();
  std::thread([request, done = std::move(done)]() mutable {
    std::array<char, 256> error{};
    PQcancel(request.get(), error.data(), static_cast<int>(error.size()));
    done.set_value();
  }).detach();
  ended.wait_for(cancel_patience);
}

int Connection::key_pid() const { return PQbackendPID(handle_.get()); }

std::optional<std::string> Connection::parameter(const char* name) const {
  const char* value = PQparameterStatus(handle_.get(), name);
  return value != nullptr ? std::optional<std::string>(value) : std::nullopt;
}

Endpoint Connection::pinned() const {
  Endpoint one = endpoint_;
  const auto text = [](const char* value) { return std::string(value != nullptr ? value : ""); };
  one.set("host", text(PQhost(handle_.get())));
  one.set("port", text(PQport(handle_.get())));
  one.set("hostaddr", text(PQhostaddr(handle_.get())));
  one.set("dbname", text(PQdb(handle_.get())));
  one.set("user", text(PQuser(handle_.get())));
  one.set("service", "");
  return one;
}

int Connection::local_port() const {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  if (getsockname(PQsocket(handle_.get()), reinterpret_cast<sockaddr*>(&address), &size) != 0) {
    return 0;
  }
  if (address.ss_family == AF_INET) {
    return ntohs(reinterpret_cast<const sockaddr_in*>(&address)->sin_port);
  }
  if (address.ss_family == AF_INET6) {
    return ntohs(reinterpret_cast<const sockaddr_in6*>(&address)->sin6_port);
  }
  return 0;
}

int Connection::peer_pid() const {
  ucred peer{};
  socklen_t size = sizeof peer;
  const bool known =
      getsockopt(PQsocket(handle_.get()), SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0;
  return known && peer.pid > 0 ? peer.pid : 0;
}

int Connection::descriptor() const { return PQsocket(handle_.get()); }

bool Connection::alive() {
  return PQconsumeInput(handle_.get()) != 0 && PQstatus(handle_.get()) == CONNECTION_OK;
}

std::int64_t Connection::age_ms() const {
  return std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - began_).count();
}

} // namespace pgtool
