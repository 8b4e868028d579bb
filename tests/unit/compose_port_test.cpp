#include "pooler/config/compose_port.hpp"

#include <doctest/doctest.h>

using namespace pgtool;

namespace {

std::string shown(std::string_view text) {
  std::string all;
  for (const auto& port : parse_published(text)) {
    all += (all.empty() ? "" : " ") + port.address + "|" + port.published + "|" + port.target;
  }
  return all;
}

} // namespace

TEST_CASE("a port is published as the short syntax says") {
  CHECK(shown("6432") == "||6432");
  CHECK(shown("6432:5432") == "|6432|5432");
  CHECK(shown("127.0.0.1:6433:6432") == "127.0.0.1|6433|6432");
  CHECK(shown("0.0.0.0:6433:6432/tcp") == "|6433|6432");
  CHECK(shown("[::1]:6433:6432") == "::1|6433|6432");
  CHECK(shown("127.0.0.1::6432") == "");
}

TEST_CASE("ranges are read one by one") {
  CHECK(shown("6432-6434:5432-5434") == "|6432|5432 |6433|5433 |6434|5434");
  CHECK(shown("6432-6433:5432") == "|6432|5432 |6433|5432");
  CHECK(shown("5432-5433") == "||5432 ||5433");
  CHECK(shown("6432-6434:5432-5433") == "");
}

TEST_CASE("what is no TCP port is none") {
  for (const char* text : {"", "6432/udp", "0:5432", "70000:5432", "a:b", "6433-6432:1", "-1", ":",
                           "1-60000:1-60000", "6432:5432:"}) {
    CHECK(shown(text) == "");
  }
}
