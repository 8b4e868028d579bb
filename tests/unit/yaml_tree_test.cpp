#include "pooler/config/yaml_tree.hpp"

#include <doctest/doctest.h>

using namespace pgtool;

namespace {

YamlReading read(std::string text) { return parse_yaml({"f.yaml", std::move(text)}); }

std::string problem_of(const std::string& text) {
  const auto reading = read(text);
  REQUIRE(reading.problems.size() == 1);
  CHECK(reading.problems[0].file == "f.yaml");
  return reading.problems[0].message;
}

} // namespace

TEST_CASE("scalars are texts as they were written, null words are nothing") {
  const auto root =
      read("a: 0o17\nb: yes\nc: 6432:5432\nd: ~\ne: 'null'\nf:\ng: null\nh: 1_0\n").documents.at(0);

  CHECK(root["a"].text() == "0o17");
  CHECK(root["b"].text() == "yes");
  CHECK(root["c"].text() == "6432:5432");
  CHECK(root["d"].is_null());
  CHECK(root["e"].text() == "null");
  CHECK(root["f"].is_null());
  CHECK(root["g"].is_null());
  CHECK(root["missing"]["deeper"].is_null());
  CHECK(root["h"].line() == 8);
}

TEST_CASE("merge keys fill in what a map does not say itself") {
  const auto root = read("x: &x {a: 1, b: 2}\ny: &y {b: 3, c: 4}\n"
                         "z:\n  <<: [*x, *y]\n  a: own\nw: {<<: *y, '<<': text}\n")
                        .documents.at(0);

  CHECK(root["z"]["a"].text() == "own");
  CHECK(root["z"]["b"].text() == "2");
  CHECK(root["z"]["c"].text() == "4");
  CHECK(root["w"]["c"].text() == "4");
  CHECK(root["w"]["<<"].text() == "text");
}

TEST_CASE("a document that cannot be read leaves the others") {
  const auto reading = read("a: 1\n---\na: [\n---\na: 3\n...\n---\n# nothing\n");

  REQUIRE(reading.documents.size() == 2);
  CHECK(reading.documents[1]["a"].text() == "3");
  CHECK(reading.documents[1].line() == 5);
  REQUIRE(reading.problems.size() == 1);
  CHECK(reading.problems[0].line >= 3);
}

TEST_CASE("a template is told as one") {
  CHECK(problem_of("image: {{ .Values.image }}\n").find("is a template") == 0);
  CHECK(problem_of("{{- if .Values.pooler }}\na: b\n{{- end }}\n").find("is a template") == 0);
  CHECK(read("annotation: '{{ $labels.pod }} is down'\n").problems.empty());
}

TEST_CASE("aliases that multiply are refused") {
  std::string text = "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n";
  for (int level = 1; level < 12; ++level) {
    const auto before = "*a" + std::to_string(level - 1);
    text += "a" + std::to_string(level) + ": &a" + std::to_string(level) + " [";
    for (int times = 0; times < 10; ++times) {
      text += before + " ,";
    }
    text += "]\n";
  }

  CHECK(problem_of(text) == "has more than 100,000 parts");
}

TEST_CASE("merges that multiply are refused") {
  std::string text = "big: &big {";
  for (int key = 0; key < 1000; ++key) {
    text += "k" + std::to_string(key) + ": v, ";
  }
  text += "}\nall:\n";
  for (int copy = 0; copy < 1000; ++copy) {
    text += "  c" + std::to_string(copy) + ": {<<: *big}\n";
  }

  CHECK(problem_of(text) == "has more than 100,000 parts");
}

TEST_CASE("an alias inside of what it names is refused") {
  CHECK(problem_of("a: &a [*a]\n") == "an alias stands inside of what it names");
}

TEST_CASE("deep nesting is refused in every style") {
  for (const char* opening : {"[", "{", "{a: ", "- ", "? ", "[a, {b: "}) {
    std::string text;
    for (int level = 0; level < 5000; ++level) {
      text += opening;
    }

    CHECK(problem_of(text) == "is nested more than 64 levels deep");
  }
}

TEST_CASE("a large text is refused unread") {
  CHECK(problem_of(std::string((1U << 20) + 1, ' ')) == "is larger than 1 MiB");
}

TEST_CASE("an alias that is a password is not repeated") {
  const auto words = problem_of("password: *hunter2\n");

  CHECK(words.find("is not YAML") == 0);
  CHECK(words.find("hunter2") == std::string::npos);
}

TEST_CASE("bytes of any kind make a problem or a document, never more") {
  for (const char* text : {"\xff\xfe", "\x01", "%YAML 9.9\n---\na", "\"\\xzz\"", "a: b: c", "\t- a",
                           "!<tag:x> y", "&a\n&b", "--- --- ---", "...", "? [a]\n: b",
                           "\xEF\xBB\xBF"
                           "a: 1"}) {
    const auto reading = read(text);

    CHECK(reading.documents.size() + reading.problems.size() <= 3);
  }
}
