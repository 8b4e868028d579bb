#include "fake_server.hpp"
#include "pg/connect.hpp"

#include <atomic>
#include <doctest/doctest.h>
#include <utility>

using namespace pgtool;

namespace {

/// Lets every client in and answers its first question with `answer`, again and again or once.
FakeServer::Talk answering(std::string answer, bool for_ever) {
  return [answer = std::move(answer), for_ever](FakeServer& self, int client) {
    self.hear(client);
    self.say(client, let_in() + ready());
    if (self.hear(client) && for_ever) {
      self.repeat(client, answer);
    } else {
      self.say(client, answer);
    }
    self.stay_silent(client);
  };
}

Outcome ask(const FakeServer& server, double limit = 0.3) {
  auto result = std::move(connect_side_by_side({server.endpoint()}, 2).front());
  REQUIRE(result.connection);
  result.connection->set_time_limit(limit);
  auto outcome = result.connection->attempt("select 1");
  CHECK_FALSE(result.connection->attempt("select 2").ok());
  CHECK_FALSE(result.connection->alive());
  return outcome;
}

std::string many(const std::string& text) {
  std::string all;
  for (int i = 0; i < 1000; ++i) {
    all += text;
  }
  return all;
}

} // namespace

TEST_CASE("a server that answers neither a question nor its cancelling does not hold us") {
  // The client of the cancel request is answered like any other, and never hung up on.
  const FakeServer server(answering("", false));
  const auto began = Clock::now();

  const auto outcome = ask(server);

  REQUIRE(outcome.refusal);
  CHECK(outcome.refusal->timed_out);
  CHECK(Clock::now() - began < std::chrono::seconds(3));
}

TEST_CASE("a console that does not answer is left, never cancelled") {
  std::atomic<int> clients = 0;
  const auto key = message('K', std::string("\0\0\0\1\0\0\0\2", 8));
  for (const auto& [version, logins] : {std::pair("1.18.0/bouncer", 1), std::pair("15.1", 2)}) {
    clients = 0;
    const auto status = message('S', std::string("server_version\0", 15) + version + '\0');
    const FakeServer server([&](FakeServer& self, int client) {
      ++clients;
      self.hear(client);
      self.say(client, let_in() + status + key + ready());
      self.stay_silent(client);
    });

    const auto outcome = ask(server);

    REQUIRE(outcome.refusal);
    CHECK(outcome.refusal->timed_out);
    CHECK(clients == logins);
  }
}

TEST_CASE("answers without end come to an end") {
  const std::string command = message('C', std::string("SELECT 0\0", 9));
  for (const auto& answer :
       {many(diagnosis('E', "again")), many(diagnosis('N', "again")), many(command)}) {
    const FakeServer server(answering(answer, true));

    const auto outcome = ask(server);

    REQUIRE(outcome.refusal);
    CHECK(outcome.refusal->broken);
  }
}

TEST_CASE("a result that is far too large is not kept") {
  const FakeServer server(
      answering(std::string("T\0\0\0\6\0\0", 7) +
                    many(message('D', std::string(2, '\0') + std::string(1000, 'x'))),
                true));

  const auto outcome = ask(server, 30);

  REQUIRE(outcome.refusal);
}

TEST_CASE("COPY is no answer to a question") {
  for (const char type : {'G', 'H', 'W'}) {
    const FakeServer server(answering(message(type, std::string(3, '\0')), false));

    const auto outcome = ask(server);

    REQUIRE(outcome.refusal);
    CHECK(outcome.refusal->message == "it answers with COPY");
  }
}

TEST_CASE("an answer that came while a silent neighbour was waited for counts") {
  const FakeServer silent(answering("", false));
  const FakeServer honest(answering(diagnosis('E', "here I am") + ready(), false));
  auto results = connect_side_by_side({silent.endpoint(), honest.endpoint()}, 2);
  for (auto& result : results) {
    REQUIRE(result.connection);
    result.connection->set_time_limit(0.3);
    result.connection->send("select 1");
  }

  CHECK(results[0].connection->receive().refusal->timed_out);
  CHECK(results[1].connection->receive().refusal->message == "here I am");
}
