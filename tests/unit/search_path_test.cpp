#include "sql/quote.hpp"
#include "sql/search_path.hpp"

#include <doctest/doctest.h>

using namespace pgtool;

TEST_CASE("a search_path is read as the server reads it") {
  CHECK(parse_search_path("\"$user\", public") == SearchPath{"$user", "public"});
  CHECK(parse_search_path("  Shop ,PUBLIC") == SearchPath{"shop", "public"});
  CHECK(parse_search_path("\"Shop\", \"a \"\"b\"\" c\"") == SearchPath{"Shop", "a \"b\" c"});
  CHECK(parse_search_path("\"tenant1, public\"") == SearchPath{"tenant1, public"});
  CHECK(parse_search_path("\"\"") == SearchPath{""});
  CHECK(parse_search_path("") == SearchPath{});
  CHECK(parse_search_path("ä, public") == SearchPath{"ä", "public"});
}

TEST_CASE("a search_path that the server would refuse is none") {
  CHECK_FALSE(parse_search_path("a,"));
  CHECK_FALSE(parse_search_path(", a"));
  CHECK_FALSE(parse_search_path("a b"));
  CHECK_FALSE(parse_search_path("\"a"));
  CHECK_FALSE(parse_search_path("a,,b"));
}

TEST_CASE("a search_path is written so that it reads back") {
  for (const SearchPath& path :
       {SearchPath{"$user", "public"}, {"Shop"}, {"a \"b\""}, {"1st", "x, y"}, {"ä"}, {""}}) {
    CAPTURE(search_path_text(path));
    CHECK(parse_search_path(search_path_text(path)) == path);
  }
  CHECK(search_path_text({"$user", "public"}) == "\"$user\", public");
}

TEST_CASE("each name of a path is a literal of its own") {
  CHECK(search_path_value({"$user", "it's"}) == "'$user', 'it''s'");
  CHECK(search_path_value({}) == "''");
}

TEST_CASE("names and texts are quoted") {
  CHECK(quote_identifier("shop_1") == "shop_1");
  for (const char* name : {"user", "Shop", "1st", "a-b", "ä", "", "$user", "between"}) {
    CHECK(quote_identifier(name) == "\"" + std::string(name) + "\"");
  }
  CHECK(quote_identifier("a\"b") == "\"a\"\"b\"");
  CHECK(quote_literal("it's") == "'it''s'");
  CHECK(quote_literal("back\\slash'") == "E'back\\\\slash'''");
  CHECK(quote_literals({"a", "b"}) == "'a', 'b'");
}
