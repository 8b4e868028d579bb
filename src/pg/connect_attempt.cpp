#include "pg/connect_attempt.hpp"

#include "base/text.hpp"
#include "pg/unread.hpp"

#include <algorithm>
#include <cctype>
#include <libpq-fe.h>

namespace pgtool {
namespace {

/// The conninfo of each address of each host of a list, so that one silent host cannot use up the
/// others' time. A name without an answer is left out.
std::vector<Endpoint> hosts_of(const Endpoint& endpoint, const Lookups& lookups) {
  const auto hosts = split(endpoint.get("host"), ',');
  const auto given = split(endpoint.get("hostaddr"), ',');
  const auto ports = split(endpoint.get("port"), ',');
  const bool has_addresses = !endpoint.get("hostaddr").empty();
  const auto count = std::max(hosts.size(), has_addresses ? given.size() : 0);
  std::vector<Endpoint> single;
  for (std::size_t i = 0; i < count; ++i) {
    const auto host = i < hosts.size() ? hosts[i] : "";
    const auto known = has_addresses
                           ? std::vector<std::string>{i < given.size() ? given[i] : ""}
                           : lookups.addresses_of(host).value_or(std::vector<std::string>{});
    for (const auto& address : known) {
      Endpoint one = endpoint;
      one.set("host", host);
      one.set("hostaddr", address);
      if (count > 1) {
        one.set("port", i < ports.size() ? ports[i] : ports[0]);
      }
      single.push_back(std::move(one));
    }
  }
  return single;
}

/// A login takes a few hundred bytes; libpq itself would keep whatever it is sent.
constexpr std::size_t largest_login = 1U << 20;

void drop_notice(void*, const PGresult*) {}

ConnectionHandle start(const Endpoint& endpoint) {
  std::vector<const char*> keywords;
  std::vector<const char*> values;
  for (const auto& [keyword, value] : endpoint.parameters) {
    keywords.push_back(keyword.c_str());
    values.push_back(value.c_str());
  }
  keywords.push_back("password");
  values.push_back(endpoint.password.reveal().c_str());
  keywords.push_back(nullptr);
  values.push_back(nullptr);
  return ConnectionHandle(PQconnectStartParams(keywords.data(), values.data(), 0));
}

/// Cuts "…: FATAL:  08P01: words" into its SQLSTATE and its words. Verbose errors are asked for
/// before polling, so that the state of a refused login can be had at all.
void read_refusal(std::string_view text, ConnectFailure& failure) {
  const auto place = text.find("\nLOCATION:  ");
  const auto told = place == std::string_view::npos ? "" : text.substr(place);
  // "LOCATION:  auth_failed, auth.c:326": a pooler may tell the function alone.
  failure.refusal.tells_source = told.find(", ") != std::string_view::npos;
  failure.refusal.message = trim(text.substr(0, place));
  for (std::size_t at = text.find(":  "); at != std::string_view::npos;
       at = text.find(":  ", at + 1)) {
    const auto rest = text.substr(at + 3);
    const bool is_state = rest.size() > 7 && rest.substr(5, 2) == ": " &&
                          std::all_of(rest.begin(), rest.begin() + 5, [](unsigned char c) {
                            return std::isdigit(c) != 0 || std::isupper(c) != 0;
                          });
    if (is_state) {
      failure.kind = ConnectFailure::Kind::refused;
      failure.refusal.sqlstate = rest.substr(0, 5);
      const auto words = rest.substr(7);
      failure.refusal.message = trim(words.substr(0, words.find('\n')));
    }
  }
}

} // namespace

ConnectAttempt::ConnectAttempt(Endpoint endpoint, double timeout, Lookups& lookups)
    : endpoint_(std::move(endpoint)), timeout_(timeout), lookups_(lookups),
      first_began_(Clock::now()) {
  restart_clock();
  lookups_.start(endpoint_);
  look();
}

void ConnectAttempt::restart_clock() {
  began_ = Clock::now();
  deadline_ = began_ + std::chrono::milliseconds(static_cast<std::int64_t>(timeout_ * 1000));
}

void ConnectAttempt::go_on(bool ready) {
  look();
  if (finished_) {
    return; // what begins may end at once
  }
  // The time first: a server that never stops talking is always readable.
  if (Clock::now() >= deadline_) {
    expire();
  } else if (ready) {
    advance();
  }
}

/// Begins to connect when the names are known by now.
void ConnectAttempt::look() {
  if (hosts_.empty() && !finished_ && !lookups_.is_waiting_for(endpoint_)) {
    hosts_ = hosts_of(endpoint_, lookups_);
    begin();
  }
}

pollfd ConnectAttempt::watch() const {
  return {hosts_.empty() ? -1 : PQsocket(handle_.get()),
          static_cast<short>(wants_write_ ? POLLOUT : POLLIN), 0};
}

void ConnectAttempt::advance() {
  received_ += unread_bytes(PQsocket(handle_.get()));
  if (received_ > largest_login) {
    result_.failure = {};
    result_.failure.refusal.message =
        hosts_[current_].place() + " sends more than a login needs, it is no PostgreSQL";
    return next_host();
  }
  switch (PQconnectPoll(handle_.get())) {
  case PGRES_POLLING_OK:
    result_.connection.emplace(std::move(handle_), hosts_[current_], began_);
    finish();
    break;
  case PGRES_POLLING_FAILED:
    fail();
    break;
  case PGRES_POLLING_WRITING:
    wants_write_ = true;
    break;
  default:
    wants_write_ = false;
  }
}

/// The time of the lookup or of the present address is over.
void ConnectAttempt::expire() {
  result_.failure = {};
  result_.failure.kind = ConnectFailure::Kind::timed_out;
  auto& refusal = result_.failure.refusal;
  if (!hosts_.empty()) {
    // More than the one byte that says whether there will be TLS.
    result_.failure.login_begun = received_ > 1;
    refusal.message =
        result_.failure.login_begun
            ? "the login was not finished within the connect timeout"
            : "no answer from " + hosts_[current_].place() + " within the connect timeout";
    refusal.timed_out = true;
    return next_host();
  }
  hosts_ = hosts_of(endpoint_, lookups_);
  if (!hosts_.empty()) {
    return begin();
  }
  refusal.message =
      "the name " + endpoint_.host() + " could not be looked up within the connect timeout";
  finish();
}

void ConnectAttempt::begin() {
  restart_clock();
  wants_write_ = true;
  received_ = 0;
  handle_ = start(hosts_[current_]);
  // libpq's own receiver prints them on stderr.
  PQsetNoticeReceiver(handle_.get(), drop_notice, nullptr);
  PQsetErrorVerbosity(handle_.get(), PQERRORS_VERBOSE);
  if (PQstatus(handle_.get()) == CONNECTION_BAD) {
    fail();
    if (result_.failure.kind == ConnectFailure::Kind::unreachable && PQsocket(handle_.get()) < 0 &&
        result_.failure.refusal.message.find("connection to server") == std::string::npos &&
        result_.failure.refusal.message.find("translate host") == std::string::npos) {
      result_.failure.kind = ConnectFailure::Kind::unusable;
    }
  }
}

void ConnectAttempt::fail() {
  result_.failure = {};
  read_refusal(PQerrorMessage(handle_.get()), result_.failure);
  // Who was sent the password may repeat it.
  auto& words = result_.failure.refusal.message;
  words = without(hosts_[current_].password, std::move(words));
  next_host();
}

void ConnectAttempt::next_host() {
  if (current_ + 1 < hosts_.size()) {
    ++current_;
    begin();
  } else {
    finish();
  }
}

void ConnectAttempt::finish() {
  finished_ = true;
  const std::chrono::duration<double> spent = Clock::now() - first_began_;
  result_.seconds = spent.count();
}

} // namespace pgtool
