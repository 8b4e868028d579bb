#include "pooler/config/own_file.hpp"

#include <doctest/doctest.h>

using namespace pgtool;

TEST_CASE("a mounted file is known by its name") {
  const auto own = own_file_at("/etc/pgbouncer/pgbouncer.ini");

  REQUIRE(own);
  CHECK(own->kind == "pgbouncer");
  CHECK(own->name.empty());
  CHECK(own_file_at("/opt/pgbouncer/my.ini")->kind == "pgbouncer");
  CHECK(own_file_at("/etc/pgcat/pgcat.toml")->kind == "pgcat");
  CHECK(own_file_at("/pgdog/pgdog.toml")->kind == "pgdog");
  CHECK(own_file_at("/etc/odyssey/odyssey.conf")->kind == "odyssey");
}

TEST_CASE("a mounted folder holds the file") {
  CHECK(own_file_at("/etc/pgbouncer/")->name == "pgbouncer.ini");
  CHECK(own_file_at("/bitnami/pgbouncer/conf")->name == "pgbouncer.ini");
}

TEST_CASE("what else is mounted into a pooler is not its configuration") {
  for (const char* target : {"/etc/pgbouncer/userlist.txt", "/var/log/pgbouncer", "/etc/ssl/certs",
                             "/run/secrets/pgbouncer", "/etc/php/php.ini", "/", ""}) {
    CHECK_FALSE(own_file_at(target));
  }
}
