#include "ini_reading.hpp"

using namespace pgtool;
using namespace pgtool::ini_reading;

TEST_CASE("an included file goes on in the section, and the section of its end goes on") {
  const auto config = parse(main_section + "[databases]\n%include \t a b.ini \t\nd = host=after\n",
                            {{"conf/a b.ini", "a = host=x\n[users]\n[databases]\nb = host=y"}});

  CHECK(database(config, "a").server.origin == "conf/a b.ini");
  CHECK(database(config, "a").line == 1);
  CHECK(database(config, "b").server.host() == "y");
  CHECK(database(config, "d").line == 5);
}

TEST_CASE("the folder of the first file serves nested includes too") {
  const auto config =
      with_databases("%include sub/a.ini\n",
                     {{"conf/sub/a.ini", "%include b.ini\n"}, {"conf/b.ini", "b = host=first\n"}});

  CHECK(database(config, "b").server.host() == "first");
  CHECK(problems(config).empty());
}

TEST_CASE("the folder of the including file and the current one are tried next") {
  const auto config = with_databases("%include sub/a.ini\n%include up/c.ini\n",
                                     {{"conf/sub/a.ini", "%include b.ini\n"},
                                      {"conf/sub/b.ini", "b = host=sub\n"},
                                      {"up/c.ini", "c = host=current\n"}});

  CHECK(database(config, "b").server.host() == "sub");
  CHECK(database(config, "c").server.host() == "current");
}

TEST_CASE("two files that an include may name are a problem only where they differ") {
  const Files different{{"conf/a.ini", "a = host=x\n"}, {"a.ini", "a = host=y\n"}};
  const Files equal{{"conf/a.ini", "a = host=x\n"}, {"a.ini", "a = host=x\n"}};

  CHECK(complains(with_databases("%include a.ini\n", different), "conf/a.ini and a.ini differ"));
  CHECK(database(with_databases("%include a.ini\n", different), "a").server.host() == "x");
  CHECK(problems(with_databases("%include a.ini\n", equal)).empty());
}

TEST_CASE("an absolute include is looked for nowhere else") {
  const auto config = with_databases("%include /etc/a.ini\n", {{"/etc/a.ini", "a = host=x\n"}});

  CHECK(database(config, "a").server.host() == "x");
}

TEST_CASE("an include that cannot be read is a problem with its name") {
  const auto config = with_databases("%include 'a.ini'\nb = host=x\n", {{"conf/a.ini", ""}});

  CHECK(complains(config, ":4: the included file 'a.ini' cannot be read"));
  CHECK(database(config, "b").server.host() == "x");
}

TEST_CASE("a file that includes itself is a problem, and the rest is read") {
  const auto config =
      with_databases("%include pgbouncer.ini\nb = host=x\n", {{"conf/pgbouncer.ini", ""}});

  CHECK(complains(config, ":4: conf/pgbouncer.ini includes itself"));
  CHECK(database(config, "b").server.host() == "x");
}

TEST_CASE("includes may nest ten deep, as in PgBouncer") {
  Files files;
  for (int depth = 1; depth <= 10; ++depth) {
    files["conf/" + std::to_string(depth)] = "%include " + std::to_string(depth + 1) + "\n";
  }
  files["conf/11"] = "a = host=x\n";

  CHECK(complains(with_databases("%include 1\n", files), "conf/10:1: too many included files"));
  CHECK(with_databases("%include 2\n", files).problems.empty());
}

TEST_CASE("files that include each other often come to an end") {
  Files files;
  for (int depth = 1; depth <= 9; ++depth) {
    const auto line = "%include " + std::to_string(depth + 1) + "\n";
    files["conf/" + std::to_string(depth)] = line + line + line + line;
  }
  files["conf/10"] = "";

  CHECK(complains(with_databases("%include 1\n", files), "too many included files"));
}
