#include "model/endpoint.hpp"

#include "base/text.hpp"

#include <algorithm>

namespace pgtool {
namespace {

constexpr std::string_view default_port = "5432";

/// Loopback names and sockets are all this machine.
std::string canonical_host(const Endpoint& endpoint) {
  const auto host = endpoint.host().empty() ? endpoint.get("hostaddr") : endpoint.host();
  return endpoint.is_local() && host.find(',') == std::string::npos ? "localhost" : host;
}

bool names_loopback(std::string_view host) {
  // 127.0.0.1.example.com is anybody's machine.
  const bool is_number = host.find_first_not_of("0123456789.") == std::string_view::npos;
  return host == "localhost" || host == "::1" || (is_number && host.starts_with("127.")) ||
         host.starts_with('/') || host.starts_with('@');
}

} // namespace

std::string Endpoint::get(std::string_view keyword) const {
  const auto found = parameters.find(keyword);
  return found != parameters.end() ? found->second : "";
}

void Endpoint::set(std::string_view keyword, std::string value) {
  if (value.empty()) {
    const auto found = parameters.find(keyword);
    if (found != parameters.end()) {
      parameters.erase(found);
    }
    return;
  }
  parameters.insert_or_assign(std::string(keyword), std::move(value));
}

std::string Endpoint::port() const {
  const auto port = get("port");
  return port.empty() ? std::string(default_port) : port;
}

bool Endpoint::is_socket() const {
  // Of a list every entry counts: the others may be anybody's machines.
  const auto names = split(host(), ',');
  return get("hostaddr").empty() && std::all_of(names.begin(), names.end(), [](const auto& name) {
           return name.empty() || name.starts_with('/') || name.starts_with('@');
         });
}

bool Endpoint::is_local() const {
  if (is_socket()) {
    return true;
  }
  const auto address = get("hostaddr");
  for (const auto& name : split(address.empty() ? host() : address, ',')) {
    if (!names_loopback(name)) {
      return false;
    }
  }
  return true;
}

std::string Endpoint::place() const {
  const auto name = host().empty() ? get("hostaddr") : host();
  return (name.empty() ? "the local socket" : name) + ":" + port() + "/" + database();
}

std::string Endpoint::url() const {
  std::string text = "postgresql://";
  if (!user().empty()) {
    text += percent_encoded(user(), "-._~") + "@";
  }
  const auto name = host().empty() ? get("hostaddr") : host();
  const bool is_v6 = name.find(':') != std::string::npos && !name.starts_with('/');
  // A zone's % is encoded between the brackets too (RFC 6874), as libpq reads it.
  text += is_v6 ? "[" + percent_encoded(name, "-._~:") + "]" : percent_encoded(name, "-._~,");
  return text + ":" + port() + "/" + percent_encoded(database(), "-._~");
}

bool is_plain_host(std::string_view host) {
  return host.find("://") == std::string_view::npos && host.find('@', 1) == std::string_view::npos;
}

bool is_any_address(std::string_view host) {
  return host.empty() || host == "*" || host == "0.0.0.0" || host == "::";
}

bool same_host(const Endpoint& one, const Endpoint& other) {
  const auto host = canonical_host(one);
  // Where an address is given it decides, whatever name stands beside it.
  return host == canonical_host(other) &&
         (host == "localhost" || one.get("hostaddr") == other.get("hostaddr"));
}

bool same_place(const Endpoint& one, const Endpoint& other) {
  const bool same_way =
      one.is_socket() || other.is_socket() ? one.host() == other.host() : same_host(one, other);
  return same_way && one.port() == other.port() && one.database() == other.database();
}

} // namespace pgtool
