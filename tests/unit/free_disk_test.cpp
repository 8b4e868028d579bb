#include "commands/migrate/free_disk.hpp"

#include <doctest/doctest.h>

using namespace pgtool;

TEST_CASE("a plan needs twice the size of the largest table that it may rewrite") {
  constexpr std::int64_t gigabyte = 1LL << 30;
  const auto finding = short_of_disk(3 * gigabyte, "public.shop_order", 2 * gigabyte);
  REQUIRE(finding);
  CHECK(finding->rule == "disk-short");
  CHECK(finding->message.find("3.0 GB is free") == 0);
  CHECK(finding->where.object == "public.shop_order");
  CHECK_FALSE(short_of_disk(4 * gigabyte, "public.shop_order", 2 * gigabyte));
  CHECK_FALSE(short_of_disk(0, "", 0));
  CHECK_FALSE(short_of_disk(std::nullopt, "public.shop_order", gigabyte));
}
