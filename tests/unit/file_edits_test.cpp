#include "plan/file_edits.hpp"
#include "plan/line_diff.hpp"

#include <doctest/doctest.h>

using namespace pgtool;

namespace {

Edit ini(int line, std::string key, std::string value) {
  return {FileForm::ini, "pgbouncer.ini", line, "pgbouncer", std::move(key), std::move(value)};
}

constexpr const char* text = "; ours\n"
                             "[databases]\n"
                             "shop = host=db\n"
                             "\n"
                             "[pgbouncer]\n"
                             "; md5 is old\n"
                             "auth_type  =  md5\n"
                             "listen_addr = *\n"
                             "\n"
                             "; the end\n";

} // namespace

TEST_CASE("a key is changed where it stands, and comments, order and spacing stay") {
  const auto after = edited(text, {ini(7, "auth_type", "scram-sha-256")});

  CHECK(after.text == "; ours\n[databases]\nshop = host=db\n\n[pgbouncer]\n; md5 is old\n"
                      "auth_type  =  scram-sha-256\nlisten_addr = *\n\n; the end\n");
  CHECK(after.done.size() == 1);
  CHECK(after.left.empty());
}

TEST_CASE("a key that is added goes behind the last one of its section") {
  const auto after =
      edited(text, {ini(0, "max_prepared_statements", "200"), ini(8, "listen_addr", "10.0.0.5")});

  CHECK(after.text.find("listen_addr = 10.0.0.5\nmax_prepared_statements = 200\n\n; the end\n") !=
        std::string::npos);
  CHECK(after.done.size() == 2);
}

TEST_CASE("the second time there is nothing to do") {
  const std::vector<Edit> edits = {ini(0, "max_prepared_statements", "200"),
                                   ini(7, "auth_type", "scram-sha-256")};
  const auto once = edited(text, edits);
  const auto twice = edited(once.text, edits);

  CHECK(twice.text == once.text);
  CHECK(twice.done.empty());
  CHECK(twice.left.empty());
}

TEST_CASE("a line that holds another key is left as it is") {
  const auto after = edited(text, {ini(3, "auth_type", "scram-sha-256"), ini(99, "user", "x")});

  CHECK(after.text == text);
  CHECK(after.left.size() == 2);
}

TEST_CASE("a value with a line end in it is never written") {
  const auto after = edited(text, {ini(7, "auth_type", "md5\nadmin_users = eve")});

  CHECK(after.text == text);
  CHECK(after.left.size() == 1);
}

TEST_CASE("an .env keeps export, comments and line ends of Windows") {
  const Edit edit{FileForm::dotenv, ".env", 2, "", "PGBOUNCER_AUTH_TYPE", "scram-sha-256"};

  CHECK(edited("A=1\r\nexport PGBOUNCER_AUTH_TYPE=md5\r\nB=2\r\n", {edit}).text ==
        "A=1\r\nexport PGBOUNCER_AUTH_TYPE=scram-sha-256\r\nB=2\r\n");
  CHECK(edited("A=1\nPGBOUNCER_AUTH_TYPE=md5 # old\n", {edit}).text ==
        "A=1\nPGBOUNCER_AUTH_TYPE=scram-sha-256 # old\n");
  CHECK(edited("A=1\nPGBOUNCER_AUTH_TYPE=\"md5\"\t# it's old\n", {edit}).text ==
        "A=1\nPGBOUNCER_AUTH_TYPE=scram-sha-256\t# it's old\n");
}

TEST_CASE("a value of several lines is left as it is") {
  const Edit edit{FileForm::dotenv, ".env", 1, "", "A", "3600"};
  const auto after = edited("A='multi\nline'\n", {edit});

  CHECK(after.text == "A='multi\nline'\n");
  CHECK(after.left.size() == 1);
}

TEST_CASE("a database of the same name is no key of the pooler") {
  constexpr const char* odd = "[databases]\nquery_wait_timeout = host=h\n[pgbouncer]\nuser = x\n";

  CHECK(edited(odd, {ini(0, "query_wait_timeout", "10")}).text ==
        std::string(odd) + "query_wait_timeout = 10\n");
}

TEST_CASE("Python is never edited") {
  const Edit edit{FileForm::python, "settings.py", 1, "default", "X", "True"};
  const auto after = edited("X = False\n", {edit});

  CHECK(after.text == "X = False\n");
  CHECK(after.left.size() == 1);
}

TEST_CASE("a difference is told as diff -u tells it") {
  const auto after =
      edited(text, {ini(7, "auth_type", "scram-sha-256"), ini(0, "a", "1"), ini(0, "b", "2")});

  CHECK(line_diff("pgbouncer.ini", text, after.text) == "--- pgbouncer.ini\n"
                                                        "+++ pgbouncer.ini\n"
                                                        "@@ -5,6 +5,8 @@\n"
                                                        " [pgbouncer]\n"
                                                        " ; md5 is old\n"
                                                        "-auth_type  =  md5\n"
                                                        "+auth_type  =  scram-sha-256\n"
                                                        " listen_addr = *\n"
                                                        "+a = 1\n"
                                                        "+b = 2\n"
                                                        " \n"
                                                        " ; the end\n");
  CHECK(line_diff("x", text, text).empty());
}
