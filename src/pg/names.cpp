#include "pg/names.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <map>
#include <mutex>
#include <netdb.h>
#include <sys/eventfd.h>
#include <thread>
#include <unistd.h>
#include <vector>

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

/// Replaces each name of the host list by one entry for each of its addresses.
class Expansion {
public:
  explicit Expansion(const Endpoint& endpoint)
      : endpoint_(endpoint), ports_(split(endpoint.get("port"), ',')) {}

  void add(std::size_t index, const std::string& host, const std::string& address) {
    all_hosts_.push_back(host);
    all_addresses_.push_back(address);
    all_ports_.push_back(ports_.size() > 1 && index < ports_.size() ? ports_[index]
                                                                    : ports_.front());
  }

  [[nodiscard]] Endpoint endpoint() const {
    Endpoint full = endpoint_;
    full.set("host", join(all_hosts_, ","));
    full.set("hostaddr", join(all_addresses_, ","));
    full.set("port", ports_.size() > 1 ? join(all_ports_, ",") : endpoint_.get("port"));
    return full;
  }

private:
  const Endpoint& endpoint_;
  std::vector<std::string> ports_;
  std::vector<std::string> all_hosts_;
  std::vector<std::string> all_addresses_;
  std::vector<std::string> all_ports_;
};

} // namespace

/// What the threads and we share: a lookup cannot be cancelled, and one that takes too long goes on
/// alone when we are gone.
struct Lookups::Answers {
  std::mutex mutex;
  std::map<std::string, Addresses> known;
  int bell = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);

  Answers() = default;
  ~Answers() { close(bell); }
  Answers(const Answers&) = delete;
  Answers& operator=(const Answers&) = delete;
};

Lookups::Lookups() : answers_(std::make_shared<Answers>()) {}
Lookups::~Lookups() = default;

void Lookups::start(const Endpoint& endpoint) {
  for (const auto& host : split(endpoint.host(), ',')) {
    if (endpoint.get("hostaddr").empty() && needs_lookup(host) && started_.insert(host).second) {
      std::thread([host, answers = answers_] {
        auto addresses = look_up(host);
        const std::lock_guard guard(answers->mutex);
        answers->known.emplace(host, std::move(addresses));
        eventfd_write(answers->bell, 1);
      }).detach();
    }
  }
}

int Lookups::descriptor() const { return answers_->bell; }

void Lookups::silence() {
  eventfd_t ignored = 0;
  eventfd_read(answers_->bell, &ignored);
}

bool Lookups::is_waiting_for(const Endpoint& endpoint) const {
  const std::lock_guard guard(answers_->mutex);
  const auto hosts = split(endpoint.host(), ',');
  return endpoint.get("hostaddr").empty() &&
         std::any_of(hosts.begin(), hosts.end(), [&](const auto& host) {
           return started_.contains(host) && !answers_->known.contains(host);
         });
}

Endpoint Lookups::complete(const Endpoint& endpoint) const {
  const std::lock_guard guard(answers_->mutex);
  const auto hosts = split(endpoint.host(), ',');
  const bool has_names = std::any_of(hosts.begin(), hosts.end(),
                                     [&](const auto& host) { return started_.contains(host); });
  if (!endpoint.get("hostaddr").empty() || !has_names) {
    return endpoint;
  }
  Expansion expansion(endpoint);
  for (std::size_t i = 0; i < hosts.size(); ++i) {
    const auto found = answers_->known.find(hosts[i]);
    const bool too_late = started_.contains(hosts[i]) && found == answers_->known.end();
    const auto addresses = found != answers_->known.end() ? found->second : Addresses{};
    if (addresses.empty() && !too_late) {
      expansion.add(i, hosts[i], ""); // an address already, or libpq says why there is none
    }
    for (const auto& address : addresses) {
      expansion.add(i, hosts[i], address);
    }
  }
  return expansion.endpoint();
}

} // namespace pgtool
