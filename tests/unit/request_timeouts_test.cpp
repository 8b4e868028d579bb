#include "commands/schema_move/request_timeouts.hpp"

#include <doctest/doctest.h>

using namespace pgtool;

TEST_CASE("a timeout is read as the server's settings write it") {
  CHECK(timeout_milliseconds("1500") == 1500);
  CHECK(timeout_milliseconds("1s") == 1000);
  CHECK(timeout_milliseconds("250ms") == 250);
  CHECK(timeout_milliseconds("2min") == 120000);
  CHECK_FALSE(timeout_milliseconds("0"));
  CHECK_FALSE(timeout_milliseconds(""));
  CHECK_FALSE(timeout_milliseconds("soon"));
}
