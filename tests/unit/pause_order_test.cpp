#include "base/error.hpp"
#include "connector/pause_order.hpp"

#include <doctest/doctest.h>

using namespace pgtool;

namespace {

Endpoint console(const std::string& port) {
  Endpoint endpoint;
  endpoint.parameters = {{"host", "127.0.0.1"}, {"port", port}, {"dbname", "pgbouncer"}};
  endpoint.password = Secret("two words\n= 'ü'");
  return endpoint;
}

} // namespace

TEST_CASE("an order comes out of its message as it went in") {
  const PauseOrder order{{console("1"), console("2")}, {"shop", "My \"Shop\"\n", "\xff"}, 2.5, 1};

  const auto read = decoded_order(encoded(order));

  CHECK(read.seconds == 2.5);
  CHECK(read.timeout == 1);
  CHECK(read.entries == order.entries);
  REQUIRE(read.consoles.size() == 2);
  CHECK(read.consoles[1].parameters == order.consoles[1].parameters);
  CHECK(read.consoles[1].password == order.consoles[1].password);
}

TEST_CASE("anything else is no order") {
  const auto parts = encoded({{console("1")}, {"shop"}, 1, 1});
  for (std::size_t length = 0; length < parts.size(); ++length) {
    const std::vector<std::string> beginning(parts.begin(),
                                             parts.begin() + static_cast<std::ptrdiff_t>(length));
    CHECK_THROWS_AS(decoded_order(beginning), Error);
  }
  CHECK_THROWS_AS(decoded_order({"1", "1", "-1"}), Error);
}

TEST_CASE("a console that is named twice stands for processes that share it") {
  const PauseOrder order{{console("1"), console("2"), console("2")}, {}, 1, 1};

  CHECK_FALSE(is_shared(order, console("1")));
  CHECK(is_shared(order, console("2")));
}
