#include "pooler/recycling.hpp"

#include <doctest/doctest.h>

using namespace pgtool;

TEST_CASE("a name is quoted as PgBouncer's console reads it") {
  CHECK(console_name("app") == "\"app\"");
  CHECK(console_name("My App") == "\"My App\"");
  CHECK(console_name("a\"b") == "\"a\"\"b\"");
  CHECK(console_name("x; RECONNECT") == "\"x; RECONNECT\"");
}

TEST_CASE("the console's limit of 64 bytes counts the quotes") {
  CHECK(console_name(std::string(61, '-')) == "\"" + std::string(61, '-') + "\"");
  CHECK_FALSE(console_name(std::string(62, '-')));
  CHECK_FALSE(console_name(std::string(31, '"')));
  CHECK(console_name(std::string(63, 'N')) == std::string(63, 'N'));
  CHECK_FALSE(console_name(std::string(64, 'n')));
}

TEST_CASE("no name is never taken for all of them") {
  CHECK_FALSE(console_name(""));
  CHECK(recycle_commands("pgbouncer", {})->commands.empty());
}

TEST_CASE("an entry whose name cannot be said is reached with all others") {
  const auto commands = recycle_commands("pgbouncer", {"app", std::string(62, '-')});

  REQUIRE(commands);
  CHECK(commands->commands == std::vector<std::string>{"RECONNECT"});
  CHECK(commands->others_too);
}

TEST_CASE("each pooler has its own command") {
  CHECK(recycle_commands("pgbouncer", {"app", "b"})->commands ==
        std::vector<std::string>{"RECONNECT \"app\"", "RECONNECT \"b\""});
  CHECK(recycle_commands("odyssey", {})->commands == std::vector<std::string>{"DROP SERVERS"});
  CHECK(recycle_commands("pgdog", {})->commands == std::vector<std::string>{"RECONNECT"});
  CHECK_FALSE(recycle_commands("pgcat", {}));
}

TEST_CASE("the life of a server session of Pgpool-II has a limit or has none") {
  CHECK(pgpool_session_life("0")->unlimited);
  CHECK(pgpool_session_life("0s")->unlimited);
  CHECK(pgpool_session_life("90s")->seconds == 90);
  CHECK(pgpool_session_life("2m")->seconds == 120);
  CHECK_FALSE(pgpool_session_life(""));
  CHECK_FALSE(pgpool_session_life("off"));
}
