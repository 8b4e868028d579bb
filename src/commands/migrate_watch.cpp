#include "commands/migrate_watch.hpp"

#include "base/signals.hpp"
#include "pg/connection.hpp"

#include <csignal>
#include <fmt/core.h>
#include <poll.h>

namespace pgtool {
namespace {

constexpr int tick_ms = 250;

std::string text_of_list(const Value& list) {
  std::string text = "{";
  for (const auto& element : list.elements()) {
    text += (text.size() > 1 ? "," : "") + element.text();
  }
  return text + "}";
}

} // namespace

Ending MigrateWatch::watch() {
  // From here on signals belong to this loop: our own short statements are not torn by them.
  Connection::watch_signals(false);
  while (true) {
    if (open_) {
      open_ = take_messages();
    }
    if (const auto status = bridge_.child().poll_exit()) {
      if (open_) {
        take_messages();
      }
      ending_.child_status = *status;
      record_.stop(std::chrono::duration<double>(Clock::now() - last_start_).count());
      Connection::watch_signals(true);
      return ending_;
    }
    wait_for_news();
    take_signals();
    check_own_sessions();
  }
}

void MigrateWatch::wait_for_news() {
  std::vector<pollfd> watches{{signal_descriptor(), POLLIN, 0},
                              {open_ ? bridge_.descriptor() : -1, POLLIN, 0}};
  for (const auto& routed : routes_.aliases) {
    if (routed.database && ending_.lost.empty()) {
      watches.push_back({routed.database->route->session.connection().descriptor(), POLLIN, 0});
    }
  }
  poll(watches.data(), watches.size(), tick_ms);
}

/// Takes what is there; false when the other end has closed.
bool MigrateWatch::take_messages() {
  while (true) {
    const auto message = bridge_.next(std::chrono::steady_clock::now());
    if (!message) {
      return false;
    }
    if (message->is_null()) {
      return true;
    }
    take(*message);
  }
}

void MigrateWatch::take(const Value& message) {
  const auto event = message["event"].text();
  if (event == "connected") {
    answer_connection(message);
  } else if (event == "settings") {
    answer_settings(message);
  } else if (event == "signal") {
    // The first word counts: what we pass on as SIGINT comes back from there.
    ending_.signal = ending_.signal.value_or(static_cast<int>(message["number"].number()));
    cancel_statements();
  } else {
    if (message["action"].text().ends_with("apply_start")) {
      last_start_ = Clock::now();
    }
    record_.take(message);
  }
}

/// ready() added aliases after the route was found: they were never examined.
void MigrateWatch::answer_settings(const Value& message) {
  const auto settings = read_settings(message);
  std::vector<AliasRoute> denied;
  for (const auto& alias : settings.aliases) {
    if (alias.is_postgresql() && routes_.find(alias.name) == nullptr) {
      AliasRoute route;
      route.alias = alias.name;
      route.action = AliasRoute::Action::deny;
      route.reason =
          "alias '" + alias.name + "' appeared while Django started and was not examined";
      denied.push_back(std::move(route));
    }
  }
  bridge_.reply(message, run_answer(denied, terms_));
}

void MigrateWatch::answer_connection(const Value& message) {
  const auto* routed = routes_.find(message["alias"].text());
  auto reason = why_refused(message, routed);
  if (reason.empty()) {
    ++connections_;
    backends_.push_back({routed->database.get(), static_cast<int>(message["server_pid"].number())});
  } else {
    reason = fmt::format("a connection of alias '{}' is not proved direct: {}",
                         message["alias"].text(), reason);
    ending_.refused = ending_.refused.empty() ? reason : ending_.refused;
  }
  bridge_.reply(message, Value::object({{"ok", reason.empty()}, {"reason", reason}}));
}

std::string MigrateWatch::why_refused(const Value& message, const RoutedAlias* routed) {
  if (routed == nullptr || !routed->database) {
    return "no route was found for it";
  }
  auto& database = *routed->database;
  const auto& facts = database.route->session.facts();
  const bool pids_differ = message["backend_pid"].number() != message["server_pid"].number();
  if (pids_differ && !database.route->session_safe) {
    return "the login's key is not the backend's pid";
  }
  if (database.lock_pid != 0 && message["lock_pid"].number() != database.lock_pid) {
    return "it does not see our deploy lock, so it is on another server or database";
  }
  if (message["standby"].truth()) {
    return "it is on a standby";
  }
  if (message["database"].text() != facts.database) {
    return "it is in database " + message["database"].text();
  }
  if (message["user"].text() != facts.user ||
      message["session_user"].text() != facts.session_user) {
    return "it acts as " + message["user"].text() + ", expected " + facts.user;
  }
  if (text_of_list(message["schemas"]) != facts.schemas) {
    return fmt::format("its schema path is {}, expected {}", text_of_list(message["schemas"]),
                       facts.schemas);
  }
  return why_refused_from_outside(message, database);
}

/// The same backend as pg_stat_activity shows it to our own session.
std::string MigrateWatch::why_refused_from_outside(const Value& message, RoutedDatabase& database) {
  const auto rows = database.route->session.connection().attempt(
      "select coalesce(client_port, 0) as client_port, client_port is null as hidden"
      " from pg_stat_activity where pid = $1::int and datname = current_database()",
      {message["server_pid"].text()});
  if (!rows.ok()) {
    ending_.lost = "our session was lost: " + rows.refusal->message;
    return ending_.lost;
  }
  if (rows.rows.size() == 0) {
    return "pg_stat_activity of the proved server does not show it";
  }
  const auto& proofs = database.route->proofs;
  bool ports_are_kept =
      !database.route->session_safe && !message["socket"].truth() && !rows.rows.truth(0, "hidden");
  for (const auto& proof : proofs) {
    ports_are_kept = ports_are_kept && !(proof.name == "client-port" && proof.holds != true);
  }
  if (ports_are_kept && rows.rows.text(0, "client_port") != message["local_port"].text()) {
    return fmt::format("the server sees port {}, its own is {}", rows.rows.text(0, "client_port"),
                       message["local_port"].text());
  }
  return "";
}

void MigrateWatch::take_signals() {
  for (const int number : taken_signals()) {
    if (number == SIGCHLD) {
      continue;
    }
    ending_.signal = ending_.signal.value_or(number);
    ++interrupts_;
    // A pod that is stopped gets what Ctrl-C gives: Django rolls back and says so.
    bridge_.child().send(interrupts_ == 1 ? SIGINT : SIGKILL);
    cancel_statements();
  }
}

/// psycopg2 sits in a C call that no Python signal handler interrupts: the server ends it.
void MigrateWatch::cancel_statements() {
  for (const auto& backend : backends_) {
    backend.database->route->session.connection().attempt(
        "select pg_cancel_backend($1::int) from pg_stat_activity"
        " where pid = $1::int and state <> 'idle'",
        {std::to_string(backend.pid)});
  }
}

void MigrateWatch::check_own_sessions() {
  for (const auto& routed : routes_.aliases) {
    if (routed.database && ending_.lost.empty() &&
        !routed.database->route->session.connection().alive()) {
      ending_.lost = "our session that holds the deploy lock was lost";
      bridge_.send(Value::object({{"abort", true}, {"reason", ending_.lost}}));
    }
  }
}

} // namespace pgtool
