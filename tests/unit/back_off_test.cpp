#include "commands/migrate/back_off.hpp"

#include <doctest/doctest.h>

using pgtool::back_off_seconds;

TEST_CASE("a pause doubles with each try, up to a minute and a fifth more or less") {
  for (int round = 0; round < 100; ++round) {
    CHECK(back_off_seconds(3, 1) == doctest::Approx(3).epsilon(0.21));
    CHECK(back_off_seconds(3, 3) == doctest::Approx(12).epsilon(0.21));
    CHECK(back_off_seconds(3, 9) == doctest::Approx(60).epsilon(0.21));
    CHECK(back_off_seconds(3, 1000) <= 72);
  }
  CHECK(back_off_seconds(0, 5) == 0);
}
