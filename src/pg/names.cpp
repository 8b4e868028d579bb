#include "pg/names.hpp"

#include "base/text.hpp"

#include <arpa/inet.h>
#include <array>
#include <chrono>
#include <future>
#include <map>
#include <netdb.h>
#include <thread>

namespace pgtool {
namespace {

using Addresses = std::vector<std::string>;

bool needs_lookup(const std::string& host) {
  std::array<unsigned char, sizeof(in6_addr)> ignored{};
  return !host.empty() && host.front() != '/' && host.front() != '@' && host != "localhost" &&
         inet_pton(AF_INET, host.c_str(), ignored.data()) != 1 &&
         inet_pton(AF_INET6, host.c_str(), ignored.data()) != 1;
}

Addresses look_up(const std::string& host) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* list = nullptr;
  if (getaddrinfo(host.c_str(), nullptr, &hints, &list) != 0) {
    return {};
  }
  Addresses addresses;
  for (const auto* entry = list; entry != nullptr; entry = entry->ai_next) {
    std::array<char, NI_MAXHOST> text{};
    if (getnameinfo(entry->ai_addr, entry->ai_addrlen, text.data(), text.size(), nullptr, 0,
                    NI_NUMERICHOST) == 0) {
      addresses.emplace_back(text.data());
    }
  }
  freeaddrinfo(list);
  return addresses;
}

/// A lookup cannot be cancelled: one that takes too long goes on alone and its answer is dropped.
std::future<Addresses> start_lookup(const std::string& host) {
  std::promise<Addresses> promise;
  auto future = promise.get_future();
  std::thread([host, promise = std::move(promise)]() mutable {
    promise.set_value(look_up(host));
  }).detach();
  return future;
}

/// Replaces each name of the host list by one entry for each of its addresses.
Endpoint expanded(const Endpoint& endpoint, const std::map<std::string, Addresses>& known) {
  const auto hosts = split(endpoint.host(), ',');
  const auto ports = split(endpoint.get("port"), ',');
  std::vector<std::string> all_hosts;
  std::vector<std::string> all_addresses;
  std::vector<std::string> all_ports;
  for (std::size_t i = 0; i < hosts.size(); ++i) {
    const auto found = known.find(hosts[i]);
    auto addresses = found != known.end() ? found->second : Addresses{};
    if (addresses.empty()) {
      addresses.emplace_back(); // libpq looks it up, or says why it cannot
    }
    for (const auto& address : addresses) {
      all_hosts.push_back(hosts[i]);
      all_addresses.push_back(address);
      all_ports.push_back(ports.size() > 1 && i < ports.size() ? ports[i] : ports.front());
    }
  }
  Endpoint full = endpoint;
  full.set("host", join(all_hosts, ","));
  full.set("hostaddr", join(all_addresses, ","));
  full.set("port", ports.size() > 1 ? join(all_ports, ",") : endpoint.get("port"));
  return full;
}

/// The lookups of a set of endpoints and what came of them in time.
class Lookups {
public:
  void start(const Endpoint& endpoint) {
    for (const auto& host : split(endpoint.host(), ',')) {
      if (endpoint.get("hostaddr").empty() && needs_lookup(host) && !running_.contains(host)) {
        running_.emplace(host, start_lookup(host));
      }
    }
  }

  void wait_until(std::chrono::steady_clock::time_point deadline) {
    for (auto& [host, lookup] : running_) {
      if (lookup.wait_until(deadline) == std::future_status::ready) {
        known_.emplace(host, lookup.get());
      }
    }
  }

  /// A name that is the endpoint's only one and was not looked up in time.
  [[nodiscard]] bool is_too_late(const Endpoint& endpoint) const {
    return endpoint.get("hostaddr").empty() && running_.contains(endpoint.host()) &&
           !known_.contains(endpoint.host());
  }

  [[nodiscard]] Endpoint complete(const Endpoint& endpoint) const {
    const bool has_names = endpoint.get("hostaddr").empty() && !known_.empty();
    return has_names ? expanded(endpoint, known_) : endpoint;
  }

private:
  std::map<std::string, std::future<Addresses>> running_;
  std::map<std::string, Addresses> known_;
};

} // namespace

std::vector<Endpoint> with_addresses(const std::vector<Endpoint>& endpoints, double timeout,
                                     std::vector<std::string>& failures) {
  Lookups lookups;
  for (const auto& endpoint : endpoints) {
    lookups.start(endpoint);
  }
  lookups.wait_until(std::chrono::steady_clock::now() +
                     std::chrono::milliseconds(static_cast<std::int64_t>(timeout * 1000)));
  std::vector<Endpoint> full;
  failures.assign(endpoints.size(), "");
  for (std::size_t i = 0; i < endpoints.size(); ++i) {
    full.push_back(lookups.complete(endpoints[i]));
    if (lookups.is_too_late(endpoints[i])) {
      failures[i] =
          "the name " + endpoints[i].host() + " could not be looked up within the connect timeout";
    }
  }
  return full;
}

} // namespace pgtool
