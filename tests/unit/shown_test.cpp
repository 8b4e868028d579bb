#include "cli/shown.hpp"

#include <doctest/doctest.h>

using namespace pgtool;

TEST_CASE("a command line can be pasted, and holds no URL") {
  CHECK(printable_command({"migrate", "--direct", "shop", "0002"}) == "migrate --direct shop 0002");
  CHECK(printable_command({"migrate", "--direct-url", "postgresql://app:hush@db/shop", "-v",
                           "2"}) == "migrate --direct-url URL -v 2");
  CHECK(printable_command({"migrate", "--direct-url=postgresql://app:hush@db/shop"}) ==
        "migrate --direct-url=URL");
  CHECK(printable_command({"migrate", "--manage", "python it's.py"}) ==
        "migrate --manage 'python it'\\''s.py'");
}
