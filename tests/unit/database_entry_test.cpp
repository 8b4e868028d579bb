#include "pooler/database_entry.hpp"

#include <doctest/doctest.h>

using namespace pgtool;

TEST_CASE("an entry of [databases] is parted into server, mode and settings") {
  const auto entry = parse_database_entry(
      "shop",
      " host=db port = 5433 dbname='my db' user=app password='a''b' pool_mode=session "
      "pool_size=5 connect_query='select ''x''' ",
      "t");

  REQUIRE(entry);
  CHECK(entry->name == "shop");
  CHECK(entry->server.place() == "db:5433/my db");
  CHECK(entry->server.user() == "app");
  CHECK(entry->server.password.reveal() == "a'b");
  CHECK(entry->server.origin == "t");
  CHECK(entry->mode == "session");
  CHECK(entry->settings == PoolerSettings{{"connect_query", "select 'x'"}, {"pool_size", "5"}});
}

TEST_CASE("an empty entry is the same name on the pooler's own socket") {
  const auto entry = parse_database_entry("shop", "  ", "t");

  REQUIRE(entry);
  CHECK(entry->server.parameters.empty());
}

TEST_CASE("what is no list of keys and values is no entry") {
  for (const char* text : {"host", "host=a b", "=x", "host='a", "'host'=a", "ho st=a"}) {
    CHECK_FALSE(parse_database_entry("shop", text, "t"));
  }
}
