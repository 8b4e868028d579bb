#include "base/json.hpp"
#include "base/packed_value.hpp"

#include <doctest/doctest.h>

namespace pgtool {
namespace {

const Value everything = Value::object({{"none", Value()},
                                        {"yes", true},
                                        {"no", false},
                                        {"number", -1},
                                        {"real", 0.5},
                                        {"text", std::string("a\0b", 3)},
                                        {"list", Value(Value::Array{1, "two", Value::object()})}});

TEST_CASE("a packed value is the same when it is taken out again") {
  std::string text;
  pack(everything, text);
  pack("more", text);

  std::string_view rest = text;
  const auto first = unpack(rest);
  const auto second = unpack(rest);

  REQUIRE(first);
  CHECK(dump_json(*first) == dump_json(everything));
  CHECK((*first)["text"].text() == std::string("a\0b", 3));
  CHECK(second->text() == "more");
  CHECK(rest.empty());
}

TEST_CASE("a packed value that was cut off is none") {
  std::string text;
  pack(everything, text);

  for (std::size_t size = 0; size < text.size(); ++size) {
    std::string_view part = std::string_view(text).substr(0, size);
    CHECK_FALSE(unpack(part));
  }
}

TEST_CASE("a packed value that speaks of more than is there is none") {
  for (const std::string_view text : {"s\xff\xff\xff\xff", "a\xff\xff\xff\xff",
                                      "o\xff\xff\xff\x7f"
                                      "n",
                                      "x"}) {
    auto rest = text;
    CHECK_FALSE(unpack(rest));
  }
  std::string deep;
  for (int level = 0; level < 300; ++level) {
    deep += std::string("a\1\0\0\0", 5);
  }
  std::string_view rest = deep;
  CHECK_FALSE(unpack(rest));
}

} // namespace
} // namespace pgtool
