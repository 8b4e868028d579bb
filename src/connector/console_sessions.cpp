#include "connector/console_sessions.hpp"

#include <algorithm>
#include <fmt/core.h>
#include <random>
#include <utility>

namespace pgtool {
namespace {

std::string new_mark() {
  std::random_device random;
  return fmt::format("pgtool-{:08x}{:08x}", random(), random());
}

std::string why(const ConnectFailure& failure) {
  if (failure.kind == ConnectFailure::Kind::timed_out) {
    return "it does not answer";
  }
  return failure.refusal.message.empty() ? "it cannot be reached" : failure.refusal.message;
}

/// Before 1.18 the clients are told apart by their ports; those of a unix socket have none.
bool lists(const Rows& clients, int row, const ConsoleSession& session) {
  if (const auto name = clients.at(row, "application_name")) {
    return *name == session.mark;
  }
  const int port = session.connection.local_port();
  return port > 0 && clients.text(row, "port") == std::to_string(port);
}

} // namespace

std::string console_place(const Endpoint& endpoint) {
  return endpoint.host() + ":" + endpoint.port();
}

std::string ConsoleSession::place() const { return console_place(connection.endpoint()); }

OpenedConsoles open_consoles(const std::vector<Endpoint>& endpoints, double timeout) {
  std::vector<Endpoint> marked = endpoints;
  for (auto& endpoint : marked) {
    endpoint.set("application_name", new_mark());
    endpoint.set("fallback_application_name", "");
    endpoint.set("options", "");
  }
  auto results = connect_side_by_side(marked, timeout);
  OpenedConsoles opened;
  for (std::size_t i = 0; i < results.size(); ++i) {
    const auto place = console_place(endpoints[i]);
    if (!results[i].connection) {
      opened.failures.push_back({place, why(results[i].failure), endpoints[i]});
      continue;
    }
    results[i].connection->set_time_limit(timeout);
    auto identity = ask_console(*results[i].connection);
    if (!identity) {
      opened.failures.push_back(
          {place, "what answers there is no console of a pooler", endpoints[i]});
      continue;
    }
    opened.sessions.push_back({std::move(*results[i].connection), std::move(*identity),
                               marked[i].get("application_name")});
  }
  return opened;
}

bool lists_any(Connection& console, const std::vector<std::string>& marks) {
  const auto clients = console.attempt("show clients").rows;
  for (int row = 0; row < clients.size(); ++row) {
    const auto name = clients.text(row, "application_name");
    if (std::find(marks.begin(), marks.end(), name) != marks.end()) {
      return true;
    }
  }
  return false;
}

bool is_same_process(ConsoleSession& one, const ConsoleSession& other) {
  if (one.identity.kind != "pgbouncer" || other.identity.kind != "pgbouncer") {
    return same_place(one.connection.endpoint(), other.connection.endpoint());
  }
  const auto answer = one.connection.attempt("show clients");
  if (!answer.ok()) {
    return false;
  }
  for (int row = 0; row < answer.rows.size(); ++row) {
    if (lists(answer.rows, row, other)) {
      return true;
    }
  }
  const int pid = one.connection.peer_pid();
  const bool unmarked = answer.rows.size() > 0 && !answer.rows.at(0, "application_name");
  return unmarked && pid > 0 && pid == other.connection.peer_pid();
}

} // namespace pgtool
