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

std::optional<std::vector<std::string>> Lookups::addresses_of(const std::string& host) const {
  if (!started_.contains(host)) {
    return std::vector<std::string>{""};
  }
  const std::lock_guard guard(answers_->mutex);
  const auto found = answers_->known.find(host);
  if (found == answers_->known.end()) {
    return std::nullopt;
  }
  return found->second.empty() ? std::vector<std::string>{""} : found->second;
}

} // namespace pgtool
