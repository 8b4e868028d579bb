#include "fake_server.hpp"
#include "pg/connect.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>

using namespace pgtool;

namespace {

constexpr double patience = 0.3;

ConnectResult connect_to(const FakeServer& server) {
  return std::move(connect_side_by_side({server.endpoint()}, patience).front());
}

/// What is written to stderr while it lives.
class Stderr {
public:
  Stderr() : before_(dup(STDERR_FILENO)) {
    pipe2(ends_.data(), O_CLOEXEC | O_NONBLOCK);
    dup2(ends_[1], STDERR_FILENO);
  }
  ~Stderr() {
    dup2(before_, STDERR_FILENO);
    for (const int descriptor : {before_, ends_[0], ends_[1]}) {
      close(descriptor);
    }
  }
  Stderr(const Stderr&) = delete;
  Stderr& operator=(const Stderr&) = delete;
  [[nodiscard]] std::string text() const {
    std::array<char, 4096> bytes{};
    const auto got = read(ends_[0], bytes.data(), bytes.size());
    return {bytes.data(), got > 0 ? static_cast<std::size_t>(got) : 0};
  }

private:
  int before_;
  std::array<int, 2> ends_{};
};

} // namespace

TEST_CASE("a server that never stops talking is given up at the connect timeout") {
  std::string flood;
  for (int i = 0; i < 1000; ++i) {
    flood += diagnosis('N', "and another thing");
  }
  const FakeServer server([&](FakeServer& self, int client) {
    self.hear(client);
    self.say(client, let_in());
    self.repeat(client, flood);
  });

  const auto result = connect_to(server);

  CHECK_FALSE(result.connection);
  CHECK(result.seconds < 2);
}

TEST_CASE("a message without an end is given up before it fills the memory") {
  const std::string piece(1U << 20, 'x');
  const FakeServer server([&](FakeServer& self, int client) {
    self.hear(client);
    self.say(client, std::string("E\x7f\xff\xff\xff", 5));
    self.repeat(client, piece);
  });

  const auto result = connect_to(server);

  CHECK_FALSE(result.connection);
  CHECK(result.failure.refusal.message.find("more than a login") != std::string::npos);
}

TEST_CASE("what a server says while it lets us in does not reach the terminal") {
  const FakeServer server([](FakeServer& self, int client) {
    self.hear(client);
    self.say(client, let_in() + diagnosis('N', "\x1b[31mwelcome") + ready());
    self.stay_silent(client);
  });
  const Stderr captured;

  const auto result = connect_to(server);

  CHECK(result.connection);
  CHECK(captured.text().empty());
}

TEST_CASE("a server that repeats the password it was sent is not repeated") {
  const FakeServer server([](FakeServer& self, int client) {
    self.hear(client);
    self.say(client, message('R', std::string("\0\0\0\3", 4))); // in clear, please
    self.hear(client);
    self.say(client, diagnosis('E', "wrong: hush-hush and hush-hush"));
    self.stay_silent(client);
  });
  auto endpoint = server.endpoint();
  endpoint.password = Secret("hush-hush");

  const auto result = std::move(connect_side_by_side({endpoint}, patience).front());

  CHECK(result.failure.refusal.message == "wrong: *** and ***");
}
