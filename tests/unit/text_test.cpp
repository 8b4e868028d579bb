#include "base/error.hpp"
#include "base/json.hpp"
#include "base/text.hpp"
#include "base/utf8.hpp"

#include <doctest/doctest.h>

using namespace pgtool;

namespace {

std::string message_of(void (*action)()) {
  try {
    action();
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

} // namespace

TEST_CASE("white space around a text goes, inside it stays") {
  CHECK(trim(" \t a b\r\n") == "a b");
  CHECK(trim(" \n").empty());
  CHECK(trim("").empty());
}

TEST_CASE("split keeps empty pieces and join puts them back") {
  CHECK(split("a,,b", ',') == std::vector<std::string>{"a", "", "b"});
  CHECK(split("", ',') == std::vector<std::string>{""});
  CHECK(split_words("  a \t b\n") == std::vector<std::string>{"a", "b"});
  CHECK(join(split("a,,b", ','), ",") == "a,,b");
}

TEST_CASE("a number is only what is a number as a whole") {
  CHECK(parse_integer("-42") == -42);
  CHECK_FALSE(parse_integer("42x"));
  CHECK_FALSE(parse_integer(""));
  CHECK_FALSE(parse_integer("99999999999999999999"));
  CHECK(parse_real("1.5") == 1.5);
  CHECK_FALSE(parse_real("nan"));
  CHECK_FALSE(parse_real("inf"));
}

TEST_CASE("a duration has a unit, or counts seconds") {
  CHECK(parse_duration("10m") == 600);
  CHECK(parse_duration("2s") == 2);
  CHECK(parse_duration("1.5") == 1.5);
  CHECK(parse_duration("500ms") == doctest::Approx(0.5));
  CHECK(parse_duration("1h") == 3600);
  CHECK(parse_duration("0") == 0);
  CHECK(parse_duration(" 2 s ") == 2);
}

TEST_CASE("what is no duration is named in the error") {
  CHECK(message_of([] { parse_duration("5y", "--wait"); }) == "--wait: '5y' is not a duration");
  for (const char* bad : {"", "m", "-1s", "1.2.3s", "0x10", "1e5", "nan", "1 2", "s5"}) {
    CAPTURE(bad);
    CHECK_THROWS_AS(parse_duration(bad), Error);
  }
  CHECK_THROWS_AS(parse_duration("999999999999d"), Error);
}

TEST_CASE("the nearest word is one or two slips away, never a guess") {
  const std::vector<std::string> names = {"detect", "migrate", "q"};

  CHECK(nearest("detekt", names) == "detect");
  CHECK(nearest("migrtae", names) == "migrate");
  CHECK_FALSE(nearest("manage", names));
  CHECK_FALSE(nearest("x", names));
  CHECK_FALSE(nearest("", names));
  CHECK_FALSE(nearest(std::string(100000, 'x'), names));
  CHECK(edit_distance("ab", "ba") == 1);
}

TEST_CASE("printable text cannot move the cursor or turn the reading direction") {
  CHECK(printable("a\x1b[31mb") == "a\\x1b[31mb");
  CHECK(printable("a\xc2\x9b"
                  "b") == "a\\x9bb");
  CHECK(printable("a\xe2\x80\xae"
                  "b") == "a\xef\xbf\xbd"
                          "b");
  CHECK(printable("ä\n€") == "ä\n€");
}

TEST_CASE("bytes that are no UTF-8 become the replacement character") {
  CHECK(replace_invalid_utf8("a\xff"
                             "b") == "a\xef\xbf\xbd"
                                     "b");
  CHECK(replace_invalid_utf8("\xc0\xaf") == "\xef\xbf\xbd\xef\xbf\xbd");
  CHECK(replace_invalid_utf8("\xed\xa0\x80").find('\xed') == std::string::npos);
  CHECK(replace_invalid_utf8("\xe2\x82") == "\xef\xbf\xbd\xef\xbf\xbd");
  CHECK(replace_invalid_utf8("€𝄞") == "€𝄞");
  CHECK(columns("ä€𝄞\xff") == 4);
}

TEST_CASE("JSON keeps the order of keys and the kind of numbers") {
  const std::string text = R"({"b":1,"a":[true,null,1.5,"x"],"c":{}})";

  CHECK(dump_json(parse_json(text, "test")) == text);
}

TEST_CASE("JSON takes what Python writes for bytes that were no UTF-8") {
  CHECK(parse_json(R"("a\udcffb")", "test").text() == "a\xef\xbf\xbd"
                                                      "b");
  CHECK(parse_json(R"("\ud83d\ude00")", "test").text() == "😀");
  CHECK(parse_json(R"("\ud83d")", "test").text() == "\xef\xbf\xbd");
  CHECK(parse_json(R"("\\udcff")", "test").text() == "\\udcff");
  CHECK(parse_json("\"\xff\"", "test").text() == "\xef\xbf\xbd");
  CHECK(dump_json(Value("\xff")) == "\"\xef\xbf\xbd\"");
}

TEST_CASE("what is no JSON is named by its source, never quoted") {
  CHECK(message_of([] { parse_json("{\"password\": hunter2}", "the reply"); }) ==
        "the reply is not JSON (byte 14)");
  CHECK_THROWS_AS(parse_json("", "test"), Error);
  CHECK_THROWS_AS(parse_json("1 2", "test"), Error);
  CHECK_THROWS_AS(parse_json("NaN", "test"), Error);
  CHECK_THROWS_AS(parse_json(std::string(100000, '['), "test"), Error);
}
