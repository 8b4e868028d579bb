#pragma once

#include "base/secret.hpp"

#include <map>
#include <string>
#include <string_view>

namespace pgtool {

/// How to reach one database: libpq's own keywords (host, hostaddr, port, dbname, user, sslmode,
/// target_session_attrs, …) but the password, which is kept apart, and where we learnt it.
/// Host lists, sockets and services are expressed exactly as in libpq's conninfo.
struct Endpoint {
  std::map<std::string, std::string, std::less<>> parameters;
  Secret password;
  std::string origin;

  /// The keyword's value, or "" when it is not set.
  [[nodiscard]] std::string get(std::string_view keyword) const;
  /// Sets a keyword; an empty value removes it.
  void set(std::string_view keyword, std::string value);

  [[nodiscard]] std::string host() const { return get("host"); }
  [[nodiscard]] std::string port() const;
  [[nodiscard]] std::string database() const { return get("dbname"); }
  [[nodiscard]] std::string user() const { return get("user"); }
  [[nodiscard]] bool is_socket() const;
  /// True for unix sockets and loopback addresses: traffic that does not leave this machine.
  [[nodiscard]] bool is_local() const;

  /// "host:port/database", for messages.
  [[nodiscard]] std::string place() const;
  /// "postgresql://user@host:port/database" without password or options, for reports.
  [[nodiscard]] std::string url() const;
};

/// True unless a URL, or a part of one with a user and perhaps a password in it, stands where a
/// host is expected: hosts are printed.
bool is_plain_host(std::string_view host);

/// True for what a server that listens on all its addresses calls them: "", "*", 0.0.0.0 and ::.
bool is_any_address(std::string_view host);

/// Same host, port and database name, as far as the text tells (localhost is 127.0.0.1).
bool same_place(const Endpoint& one, const Endpoint& other);
/// Same host, as far as the text tells; all loopback names and sockets are one host.
bool same_host(const Endpoint& one, const Endpoint& other);

} // namespace pgtool
