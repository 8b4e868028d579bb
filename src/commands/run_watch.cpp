#include "commands/run_watch.hpp"

#include "base/error.hpp"
#include "base/signals.hpp"
#include "pg/connection.hpp"

#include <algorithm>
#include <csignal>
#include <fmt/core.h>
#include <poll.h>
#include <utility>

namespace pgtool {
namespace {

constexpr auto tick = std::chrono::milliseconds(250);

std::string text_of_list(const Value& list) {
  std::string text = "{";
  for (const auto& element : list.elements()) {
    text += (text.size() > 1 ? "," : "") + element.text();
  }
  return text + "}";
}

AliasRoute denial(const std::string& alias, const std::string& reason) {
  AliasRoute route;
  route.alias = alias;
  route.action = AliasRoute::Action::deny;
  route.reason = "alias '" + alias + "' " + reason;
  return route;
}

bool is_same_alias(const Alias& alias, const AliasRoute& route) {
  return same_place(alias.endpoint, route.before) && alias.endpoint.user() == route.before.user();
}

} // namespace

RunWatch::RunWatch(ProjectLink& link, Routes& routes, const WatchTerms& terms)
    : bridge_(link.bridge), routes_(routes), terms_(terms), answered_{link.question.from},
      early_(std::move(link.early)) {
  bridge_.reply(link.question, run_answer(routes_.orders(), terms_.run));
}

Ending RunWatch::watch() {
  // From here on signals belong to this loop: our own short statements are not torn by them.
  Connection::watch_signals(false);
  while (true) {
    take_messages();
    if (const auto status = bridge_.child().poll_exit()) {
      end_others();
      ending_.child_status = *status;
      record_.stop(std::chrono::duration<double>(Clock::now() - last_start_).count(),
                   ending_.signal.has_value());
      Connection::watch_signals(true);
      return ending_;
    }
    wait_for_news(terms_.companion != nullptr ? std::min(tick, terms_.companion->tick(bridge_))
                                              : tick);
    take_signals();
    check_own_sessions();
  }
}

/// What the command left running would go on changing what the verdict tells. A process that never
/// used Django does not listen, and is let be.
void RunWatch::end_others() {
  take_messages();
  ending_.left_running = bridge_.has_open_link();
  bridge_.send_to_all(Value::object({{"abort", true}, {"reason", "the command has ended"}}));
  const auto deadline = Clock::now() + std::chrono::seconds(1);
  while (bridge_.has_open_link() && Clock::now() < deadline) {
    if (const auto message = next_message(std::chrono::milliseconds(10))) {
      take(*message);
    }
  }
}

void RunWatch::wait_for_news(std::chrono::milliseconds longest) {
  std::vector<pollfd> watches{{signal_descriptor(), POLLIN, 0}};
  for (const int descriptor : bridge_.descriptors()) {
    watches.push_back({descriptor, POLLIN, 0});
  }
  for (const auto& routed : routes_.aliases) {
    if (routed.database && ending_.lost.empty()) {
      watches.push_back({routed.database->route->session.connection().descriptor(), POLLIN, 0});
    }
  }
  poll(watches.data(), watches.size(), static_cast<int>(longest.count()));
}

void RunWatch::take_messages() {
  for (const auto& message : std::exchange(early_, {})) {
    take(message);
  }
  while (const auto message = next_message(std::chrono::milliseconds(0))) {
    take(*message);
  }
}

/// A process that talks nonsense ends the run, as a lost session does.
std::optional<BridgeMessage> RunWatch::next_message(std::chrono::milliseconds patience) {
  try {
    return bridge_.next(Clock::now() + patience);
  } catch (const Error& error) {
    lose(error.what());
    return std::nullopt;
  }
}

void RunWatch::lose(const std::string& what) {
  ending_.lost = what;
  bridge_.send_to_all(Value::object({{"abort", true}, {"reason", what}}));
}

void RunWatch::take(const BridgeMessage& message) {
  const auto& body = message.body;
  const auto event = body["event"].text();
  if (terms_.companion != nullptr && terms_.companion->take(message, bridge_)) {
    return;
  }
  if (event == "connected") {
    record_.take_connection(message.from);
    answer_connection(message);
  } else if (event == "settings") {
    answer_settings(message);
  } else if (event == "signal") {
    // The first word counts: what we pass on as SIGINT comes back from there.
    ending_.signal = ending_.signal.value_or(static_cast<int>(body["number"].number()));
    cancel_statements();
  } else {
    if (body["action"].text().ends_with("apply_start")) {
      last_start_ = Clock::now();
    }
    record_.take(body, message.from);
  }
}

/// Asked again by a process whose ready() added aliases after the route was found, and by each
/// process that the project starts. What cannot be examined is denied.
void RunWatch::answer_settings(const BridgeMessage& message) {
  const bool is_new = answered_.insert(message.from).second;
  std::vector<AliasRoute> orders = is_new ? routes_.orders() : std::vector<AliasRoute>{};
  for (const auto& alias : complete_settings(message.body).aliases) {
    if (!alias.is_postgresql() || !terms_.run.strict) {
      continue;
    }
    const auto* routed = routes_.find(alias.name);
    if (routed == nullptr) {
      orders.push_back(late_order(alias));
    } else if (is_new && !is_same_alias(alias, routed->route)) {
      std::erase_if(orders, [&](const auto& order) { return order.alias == alias.name; });
      orders.push_back(denial(alias.name, "leads to " + alias.endpoint.place() +
                                              " in a process that the project started, expected " +
                                              routed->route.before.place()));
    }
  }
  bridge_.reply(message, run_answer(orders, terms_.run));
}

AliasRoute RunWatch::late_order(const Alias& alias) {
  if (terms_.examine && alias.error.empty()) {
    terms_.examine(alias);
  }
  const auto* routed = routes_.find(alias.name);
  return routed != nullptr
             ? routed->route
             : denial(alias.name, "appeared while Django started and could not be examined" +
                                      (alias.error.empty() ? "" : ": " + alias.error));
}

void RunWatch::answer_connection(const BridgeMessage& message) {
  const auto& body = message.body;
  const auto* routed = routes_.find(body["alias"].text());
  auto reason = why_refused(body, routed);
  if (reason.empty()) {
    ++connections_;
    backends_.push_back({routed->database.get(), static_cast<int>(body["server_pid"].number())});
  } else {
    reason = fmt::format("a connection of alias '{}' is not proved direct: {}",
                         body["alias"].text(), reason);
    ending_.refused = ending_.refused.empty() ? reason : ending_.refused;
  }
  bridge_.reply(message, Value::object({{"ok", reason.empty()}, {"reason", reason}}));
  if (!reason.empty()) {
    // The process that asked stops by itself and says so; no other one may go on without it.
    bridge_.send_to_all(Value::object({{"abort", true}, {"reason", reason}}), message.from);
  }
}

std::string RunWatch::why_refused(const Value& message, const RoutedAlias* routed) {
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
    if (terms_.other_databases) {
      return why_refused_from_outside(message, database);
    }
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
std::string RunWatch::why_refused_from_outside(const Value& message, RoutedDatabase& database) {
  const auto rows = database.route->session.connection().attempt(
      "select coalesce(client_port, 0) as client_port, client_port is null as hidden"
      " from pg_stat_activity where pid = $1::int and datname = $2",
      {message["server_pid"].text(), message["database"].text()});
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

void RunWatch::take_signals() {
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
void RunWatch::cancel_statements() {
  for (const auto& backend : backends_) {
    backend.database->route->session.connection().attempt(
        "select pg_cancel_backend($1::int) from pg_stat_activity"
        " where pid = $1::int and state <> 'idle'",
        {std::to_string(backend.pid)});
  }
}

void RunWatch::check_own_sessions() {
  for (const auto& routed : routes_.aliases) {
    if (routed.database && ending_.lost.empty() &&
        !routed.database->route->session.connection().alive()) {
      lose("our session that holds the deploy lock was lost");
    }
  }
}

} // namespace pgtool
