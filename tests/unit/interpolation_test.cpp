#include "base/interpolation.hpp"

#include "base/environment.hpp"

#include <doctest/doctest.h>

using namespace pgtool;

namespace {

Interpolated fill(std::string_view text) {
  static const Environment known{{"PORT", "6432"}, {"EMPTY", ""}, {"DOLLAR", "$PORT"}};
  return interpolate(text, [](const std::string& name) {
    const auto found = known.find(name);
    return found == known.end() ? std::nullopt : std::optional(found->second);
  });
}

} // namespace

TEST_CASE("a variable is filled in with and without braces") {
  CHECK(fill("a$PORT").text == "a6432");
  CHECK(fill("${PORT}:${PORT}").text == "6432:6432");
  CHECK(fill("$PORT-x").text == "6432-x");
}

TEST_CASE("a default stands for what is not set, with a colon also for what is empty") {
  CHECK(fill("${NONE:-1}").text == "1");
  CHECK(fill("${NONE-1}").text == "1");
  CHECK(fill("${EMPTY:-1}").text == "1");
  CHECK(fill("${EMPTY-1}").text.empty());
  CHECK(fill("${PORT:-1}").text == "6432");
  CHECK(fill("${NONE:-1}").unset.empty());
}

TEST_CASE("another value stands for what is set") {
  CHECK(fill("${PORT:+yes}").text == "yes");
  CHECK(fill("${EMPTY:+yes}").text.empty());
  CHECK(fill("${EMPTY+yes}").text == "yes");
  CHECK(fill("${NONE+yes}").text.empty());
}

TEST_CASE("defaults nest") {
  CHECK(fill("${NONE:-${ALSO_NONE:-${PORT}}}").text == "6432");
  CHECK(fill("${NONE:-a${PORT}b}c").text == "a6432bc");
}

TEST_CASE("what is demanded but not set is told and empty") {
  const auto filled = fill("${NONE:?it is needed}$ALSO_NONE");

  CHECK(filled.text.empty());
  CHECK(filled.unset == std::vector<std::string>{"NONE", "ALSO_NONE"});
  CHECK_FALSE(filled.malformed);
}

TEST_CASE("a dollar that begins no variable stays, two are one") {
  CHECK(fill("a$ b$1 c$").text == "a$ b$1 c$");
  CHECK(fill("$$PORT").text == "$PORT");
}

TEST_CASE("what was filled in is not looked at again") { CHECK(fill("$DOLLAR").text == "$PORT"); }

TEST_CASE("braces that hold no variable leave the text as it is") {
  for (const char* text : {"${", "${PORT", "${}", "${1}", "${PORT/6/7}", "${PORT:}", "a${{b}}"}) {
    const auto filled = fill(text);

    CHECK(filled.malformed);
    CHECK(filled.text == text);
  }
}

TEST_CASE("defaults that nest without an end end") {
  std::string text;
  for (int level = 0; level < 1000; ++level) {
    text += "${NONE:-";
  }
  text += std::string(1000, '}');

  CHECK(fill(text).malformed);
}

TEST_CASE("a text that grows without bounds is left as it is") {
  const std::string large(1U << 16, 'x');
  std::string text;
  for (int times = 0; times < 100; ++times) {
    text += "$BIG";
  }

  const auto filled = interpolate(text, [&](const std::string&) { return std::optional(large); });

  CHECK(filled.malformed);
  CHECK(filled.text == text);
}
