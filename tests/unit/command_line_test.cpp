#include "base/error.hpp"
#include "cli/command_line.hpp"
#include "cli/command_table.hpp"

#include <doctest/doctest.h>

#include <set>

using namespace pgtool;

namespace {

using Words = std::vector<std::string>;

DetectOptions detect(const Words& words, const Environment& environment = {}) {
  return std::get<DetectOptions>(parse(words, environment).command);
}

MigrateOptions migrate(const Words& words, const Environment& environment = {}) {
  return std::get<MigrateOptions>(parse(words, environment).command);
}

struct Refusal {
  std::string message;
  std::string hint;
};

Refusal refusal(const Words& words, const Environment& environment = {}) {
  try {
    parse(words, environment);
  } catch (const Error& error) {
    CHECK(error.kind() == Failure::usage);
    return {error.what(), error.hint()};
  }
  return {"accepted", ""};
}

} // namespace

TEST_CASE("a URL is known by where it was given") {
  const auto by_variable = detect({"detect"}, {{"PGTOOL_DIRECT_URL", "host=x"}}).common.connect;
  CHECK(by_variable.direct_url_origin == "PGTOOL_DIRECT_URL");

  const auto by_flag =
      detect({"detect", "--direct-url", "host=y"}, {{"PGTOOL_DIRECT_URL", "host=x"}})
          .common.connect;
  CHECK(by_flag.direct_url_origin == "--direct-url");
}

TEST_CASE("a flag beats the environment, which beats the default") {
  const Environment environment = {{"PGTOOL_DATABASE", "replica"}, {"PGTOOL_WAIT", "5m"}};

  CHECK(detect({"detect"}).common.connect.database == "default");
  CHECK(detect({"detect"}, environment).common.connect.database == "replica");
  CHECK(detect({"detect", "--database", "x"}, environment).common.connect.database == "x");
  CHECK(migrate({"migrate"}, environment).route.wait == 300);
  CHECK(migrate({"migrate", "--no-wait"}, environment).route.wait == 0);
}

TEST_CASE("the last of a repeated option counts, and consoles add up") {
  const auto options = detect(
      {"detect", "--database=a", "--database", "b", "--console-url", "c1", "--console-url=c2"});

  CHECK(options.common.connect.database == "b");
  CHECK(options.common.connect.console_urls == Words{"c1", "c2"});
  CHECK(detect({"detect"}, {{"PGTOOL_CONSOLE_URL", "c1 c2"}}).common.connect.console_urls ==
        Words{"c1", "c2"});
}

TEST_CASE("verbosity is spelt as in Django") {
  for (const Words& spelling :
       {Words{"-v", "2"}, Words{"-v2"}, Words{"--verbosity", "2"}, Words{"--verbosity=2"}}) {
    Words words = {"migrate"};
    words.insert(words.end(), spelling.begin(), spelling.end());
    const auto options = migrate(words);

    CHECK(options.common.output.verbosity == 2);
    CHECK(options.common.output.verbosity_given);
    CHECK(options.django.empty());
  }
  CHECK_FALSE(migrate({"migrate"}).common.output.verbosity_given);
}

TEST_CASE("what is Django's is handed on in its order") {
  const auto options = migrate({"migrate", "--fake", "--direct", "shop", "--tenant", "x",
                                "--pythonpath", "lib", "0042", "--no-input", "--database", "other",
                                "--", "--fake", "a b", "--", "--direct"});

  CHECK(options.route.direct);
  CHECK(options.common.connect.database == "other");
  CHECK(options.django ==
        Words{"--fake", "shop", "--tenant", "x", "--pythonpath", "lib", "0042", "--no-input"});
  CHECK(options.more == Words{"--fake", "a b", "--", "--direct"});
}

TEST_CASE("plan and check are known and still handed on") {
  const auto options = migrate({"migrate", "--plan", "--check"});

  CHECK(options.plan);
  CHECK(options.check);
  CHECK(options.django == Words{"--plan", "--check"});
  CHECK(migrate({"migrate", "--", "--plan"}).plan);
}

TEST_CASE("an app may be named like a command") {
  CHECK(migrate({"migrate", "detect"}).django == Words{"detect"});
  CHECK(migrate({"migrate", "migrate", "zero"}).django == Words{"migrate", "zero"});
}

TEST_CASE("a misspelt word is answered with the one that was meant") {
  CHECK(refusal({"detekt"}).message == "unknown command 'detekt'");
  CHECK(refusal({"detekt"}).hint == "did you mean detect?");
  CHECK(
      refusal({"frobnicate"}).hint ==
      "commands: detect, migrate, manage, endpoint, schema-move, check, preflight, lint, explain, "
      "generate");
  CHECK(refusal({"detect", "--databse", "x"}).hint == "did you mean --database?");
  CHECK(refusal({"detect", "shop"}).message == "unexpected argument 'shop'");
  CHECK(refusal({"--database", "x", "detect"}).message == "expected a command before '--database'");
}

TEST_CASE("Django never gets an abbreviation that it would take for another meaning") {
  CHECK(refusal({"migrate", "--pla"}).message == "unknown option '--pla'");
  CHECK(refusal({"migrate", "--data", "x"}).message == "unknown option '--data'");
  CHECK(refusal({"migrate", "--direkt"}).message == "unknown option '--direkt'");
  CHECK(refusal({"migrate", "--", "--data", "x"}).message == "--database stands after --");
  CHECK(refusal({"migrate", "--", "--settings=x"}).message == "--settings stands after --");
}

TEST_CASE("a missing value is not taken from the next option") {
  CHECK(refusal({"detect", "--direct-url", "--database", "x"}).message ==
        "--direct-url needs a value: URL");
  CHECK(refusal({"detect", "--direct-url"}).message == "--direct-url needs a value: URL");
  CHECK(refusal({"migrate", "-v"}).message == "--verbosity needs a value: N");
}

TEST_CASE("a wrong value is named with the place where it stood") {
  CHECK(refusal({"detect", "-v", "9"}).message == "--verbosity: unknown value '9'");
  CHECK(refusal({"detect"}, {{"PGTOOL_FORMAT", "xml"}}).message ==
        "PGTOOL_FORMAT: unknown value 'xml'");
  CHECK(refusal({"detect", "--format", "url"}).hint ==
        "expected text or json or sarif or junit or github or gitlab");
  CHECK(refusal({"detect", "--connect-timeout", "0"}).message ==
        "--connect-timeout: expected more than zero seconds");
  CHECK(refusal({"migrate", "--accept", "anything"}).hint == "expected session or schema-differs");
  CHECK(refusal({"detect"}, {{"PGTOOL_TRUST_ORIGIN", "maybe"}}).message ==
        "PGTOOL_TRUST_ORIGIN: expected true or false");
}

TEST_CASE("what contradicts itself is refused") {
  CHECK(refusal({"migrate", "--direct", "--allow-pooled"}).message ==
        "--direct and --allow-pooled exclude each other");
}

TEST_CASE("a password on the command line is not repeated in an error") {
  for (const Words& words :
       {Words{"detect", "postgresql://app:hunter2@pool/shop"}, Words{"detect", "password=hunter2"},
        Words{"detect", "--pooled-ur=postgresql://app:hunter2@pool/shop"}}) {
    const auto [message, hint] = refusal(words);
    CHECK(message.find("hunter2") == std::string::npos);
    CHECK(hint.find("hunter2") == std::string::npos);
  }
}

TEST_CASE("help and the version are returned, whatever else is there") {
  CHECK(parse({}, {}).exit_now == 2);
  CHECK(parse({"--help"}, {}).exit_now == 0);
  CHECK(parse({"help", "migrate"}, {}).out == parse({"migrate", "--help"}, {}).out);
  CHECK(parse({"detect", "-h"}, {{"PGTOOL_CONFIG", "/nowhere"}}).exit_now == 0);
  CHECK(parse({"--version"}, {}).out.starts_with("pgtool "));
}

TEST_CASE("every option is declared once, and its line in the help is short") {
  for (const auto* command : command_table()) {
    std::set<std::string> seen;
    for (const auto* option : all_options(*command)) {
      CAPTURE(option->flags);
      CHECK(seen.insert(long_name(*option)).second);
      CHECK(option->description.size() <= 60);
      CHECK_FALSE(option->description.ends_with('.'));
      CHECK((option->environment.empty() || option->environment.starts_with("PGTOOL_")));
    }
  }
}
