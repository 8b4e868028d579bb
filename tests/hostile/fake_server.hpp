#pragma once

#include "model/endpoint.hpp"

#include <arpa/inet.h>
#include <array>
#include <atomic>
#include <functional>
#include <netinet/in.h>
#include <poll.h>
#include <string>
#include <string_view>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>
#include <vector>

/// Listens on a loopback port and lets `talk` deal with each client until the test is over.
class FakeServer {
public:
  using Talk = std::function<void(FakeServer&, int client)>;

  explicit FakeServer(Talk talk) : talk_(std::move(talk)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    listener_ = socket(AF_INET, SOCK_STREAM, 0);
    bind(listener_, reinterpret_cast<sockaddr*>(&address), size);
    listen(listener_, 16);
    getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
    port_ = ntohs(address.sin_port);
    acceptor_ = std::thread([this] { accept_all(); });
  }
  ~FakeServer() {
    over_ = true;
    acceptor_.join();
    for (auto& client : clients_) {
      client.join();
    }
    close(listener_);
  }
  FakeServer(const FakeServer&) = delete;
  FakeServer& operator=(const FakeServer&) = delete;

  [[nodiscard]] bool over() const { return over_; }
  [[nodiscard]] pgtool::Endpoint endpoint() const {
    pgtool::Endpoint endpoint;
    endpoint.parameters = {{"host", "127.0.0.1"},  {"port", std::to_string(port_)},
                           {"user", "app"},        {"dbname", "shop"},
                           {"sslmode", "disable"}, {"gssencmode", "disable"}};
    return endpoint;
  }

  /// Waits for bytes of the client; false when it has gone or the test is over.
  bool hear(int client) const {
    std::array<char, 4096> bytes{};
    while (!over_) {
      pollfd watch{client, POLLIN, 0};
      if (poll(&watch, 1, 20) > 0) {
        return recv(client, bytes.data(), bytes.size(), 0) > 0;
      }
    }
    return false;
  }
  /// False when the client has gone or the test is over.
  bool say(int client, std::string_view bytes) const {
    while (!bytes.empty() && !over_) {
      pollfd watch{client, POLLOUT, 0};
      if (poll(&watch, 1, 20) <= 0) {
        continue;
      }
      const auto sent = send(client, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
      if (sent <= 0) {
        return false;
      }
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return !over_;
  }
  void repeat(int client, std::string_view bytes) const {
    while (say(client, bytes)) {
    }
  }
  void stay_silent(int client) const {
    while (hear(client)) {
    }
  }

private:
  void accept_all() {
    while (!over_) {
      pollfd watch{listener_, POLLIN, 0};
      if (poll(&watch, 1, 20) > 0) {
        const int client = accept(listener_, nullptr, nullptr);
        clients_.emplace_back([this, client] {
          talk_(*this, client);
          close(client);
        });
      }
    }
  }

  Talk talk_;
  std::atomic<bool> over_{false};
  int listener_ = -1;
  int port_ = 0;
  std::thread acceptor_;
  std::vector<std::thread> clients_;
};

/// A message of the server: its type, its length, its body.
inline std::string message(char type, std::string_view body) {
  const auto size = htonl(static_cast<std::uint32_t>(body.size() + 4));
  std::string text(1, type);
  text.append(reinterpret_cast<const char*>(&size), sizeof size);
  return text.append(body);
}
/// An error ('E') or a notice ('N').
inline std::string diagnosis(char type, const std::string& words) {
  using namespace std::string_literals;
  const std::string severity = type == 'N' ? "NOTICE" : "ERROR";
  return message(type, "S"s + severity + "\0V"s + severity + "\0CXX000\0M"s + words + "\0\0"s);
}
inline std::string let_in() { return message('R', std::string(4, '\0')); }
inline std::string ready() { return message('Z', "I"); }
