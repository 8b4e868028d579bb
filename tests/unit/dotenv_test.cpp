#include "base/dotenv.hpp"

#include <doctest/doctest.h>

using namespace pgtool;

TEST_CASE("a .env file as Django teams write it is read") {
  const auto found = parse_dotenv("# database\n"
                                  "POSTGRES_HOST=db\n"
                                  "export POSTGRES_PORT = 5432\n"
                                  "\n"
                                  "POSTGRES_PASSWORD='pa$$ # word'  # the real one\n"
                                  "DATABASE_URL=\"postgres://app:${POSTGRES_PASSWORD}@"
                                  "${POSTGRES_HOST}:$POSTGRES_PORT/shop\"\n"
                                  "DEBUG=False # never in production\n"
                                  "EMPTY=\n");

  CHECK(found.variables == Environment{{"POSTGRES_HOST", "db"},
                                       {"POSTGRES_PORT", "5432"},
                                       {"POSTGRES_PASSWORD", "pa$$ # word"},
                                       {"DATABASE_URL", "postgres://app:pa$$ # word@db:5432/shop"},
                                       {"DEBUG", "False"},
                                       {"EMPTY", ""}});
  CHECK(found.problems.empty());
}

TEST_CASE("line ends and the byte order mark of Windows are no part of a value") {
  const auto found = parse_dotenv("\xEF\xBB\xBF"
                                  "A=1\r\nB=\"two\r\nlines\"\r\n");

  CHECK(found.variables == Environment{{"A", "1"}, {"B", "two\nlines"}});
}

TEST_CASE("double quotes span lines and know escapes, single quotes keep what is written") {
  const auto found = parse_dotenv("KEY=\"-----BEGIN\nabc\\tdef\\\\ \\\"q\\\" \\$A\"\n"
                                  "RAW='${A} \\n it\\'s'\n");

  CHECK(found.variables.at("KEY") == "-----BEGIN\nabc\tdef\\ \"q\" $A");
  CHECK(found.variables.at("RAW") == "${A} \\n it's");
}

TEST_CASE("only white space makes a # begin a comment") {
  const auto found = parse_dotenv("A=x#y\nB=x #y\nC=#y\nD= #y\nE=x\t# y\n");

  CHECK(found.variables ==
        Environment{{"A", "x#y"}, {"B", "x"}, {"C", "#y"}, {"D", ""}, {"E", "x"}});
}

TEST_CASE("the outer environment fills in variables before the file's own") {
  const auto found = parse_dotenv("HOST=db\nPORT=1\nURL=$HOST:$PORT\n", {{"HOST", "elsewhere"}});

  CHECK(found.variables.at("URL") == "elsewhere:1");
  CHECK(found.variables.at("HOST") == "db");
}

TEST_CASE("a name alone takes its value from the outer environment") {
  const auto found = parse_dotenv("HOST\nNONE\nexport PORT\n", {{"HOST", "db"}, {"PORT", "1"}});

  CHECK(found.variables == Environment{{"HOST", "db"}, {"PORT", "1"}});
  CHECK(found.problems.empty());
}

TEST_CASE("defaults are those of the shell") {
  const auto found = parse_dotenv("A=${NONE:-a b}\nB=\"${NONE-${A}}\"\n");

  CHECK(found.variables == Environment{{"A", "a b"}, {"B", "a b"}});
}

TEST_CASE("an assignment may be written with a colon") {
  CHECK(parse_dotenv("HOST: db\n").variables.at("HOST") == "db");
}

TEST_CASE("a line that is no assignment is told by its number and left out") {
  const auto found = parse_dotenv("A=1\nthis is hunter2\n=x\nB=\"2\" hunter2\nC='open\nD=4\n");

  CHECK(found.variables == Environment{{"A", "1"}, {"D", "4"}});
  REQUIRE(found.problems.size() == 4);
  CHECK(found.problems[0].line == 2);
  CHECK(found.problems[1].line == 3);
  CHECK(found.problems[2].line == 4);
  CHECK(found.problems[3].line == 5);
  for (const auto& problem : found.problems) {
    CHECK(problem.message.find("hunter2") == std::string::npos);
  }
}

TEST_CASE("a dollar in a password is told without what stands behind it") {
  const auto found = parse_dotenv("PASSWORD=pa$hunter2\nOTHER=${hunter2\n");

  CHECK(found.variables == Environment{{"PASSWORD", "pa"}, {"OTHER", "${hunter2"}});
  REQUIRE(found.problems.size() == 2);
  CHECK(found.problems[0].message == "PASSWORD: a variable in the value is not set");
  CHECK(found.problems[1].message == "OTHER: expected a name and } after ${");
}

TEST_CASE("a value that doubles from line to line stays small") {
  std::string text = "V0=" + std::string(1000, 'x') + "\n";
  for (int line = 1; line < 60; ++line) {
    const auto before = "$V" + std::to_string(line - 1);
    text += "V" + std::to_string(line) + "=" + before + before + "\n";
  }

  const auto found = parse_dotenv(text);

  CHECK(found.variables.size() < 60);
  CHECK_FALSE(found.problems.empty());
}

TEST_CASE("many values that are large together end the reading") {
  std::string text = "BIG=" + std::string(1U << 16, 'x') + "\n";
  for (int line = 0; line < 10000; ++line) {
    text += "V" + std::to_string(line) + "=$BIG\n";
  }

  const auto found = parse_dotenv(text);

  CHECK(found.variables.size() < 70);
  CHECK(found.problems.size() == 1);
}

TEST_CASE("a .env file that is none of a human is refused as a whole") {
  const auto found = parse_dotenv(std::string((1U << 20) + 1, 'x'));

  CHECK(found.variables.empty());
  CHECK(found.problems.size() == 1);
}

TEST_CASE("bytes of any kind are read to their end") {
  const std::string bytes("\0=\xff\"'\n\\ \"\nA='\0'\n", 16);

  CHECK(parse_dotenv(bytes).variables.empty());
}
