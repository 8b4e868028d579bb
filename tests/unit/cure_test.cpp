#include "connector/cure.hpp"

#include "pooler/trouble.hpp"

#include <doctest/doctest.h>

using namespace pgtool;

namespace {

std::string cure(const std::string& state, const std::string& message,
                 ConnectFailure::Kind kind = ConnectFailure::Kind::refused) {
  ConnectFailure failure;
  failure.kind = kind;
  failure.refusal.sqlstate = state;
  failure.refusal.message = message;
  return cure_for(failure, "alias 'default'");
}

bool says(const std::string& text, const char* words) {
  return text.find(words) != std::string::npos;
}

} // namespace

TEST_CASE("a full server is no matter of host and port") {
  CHECK(says(cure("53300", "sorry, too many clients already"), "sessions"));
  CHECK(says(cure("08P01", "no more connections allowed (max_client_conn)"), "max_client_conn"));
}

TEST_CASE("a server that starts or stops is tried again") {
  CHECK(says(cure("57P03", "the database system is starting up"), "again"));
}

TEST_CASE("a certificate that does not fit is a matter of TLS") {
  const auto kind = ConnectFailure::Kind::unreachable;
  CHECK(says(cure("", "SSL error: certificate verify failed", kind), "sslrootcert"));
  CHECK(says(cure("", "root certificate file \"/x\" does not exist", kind), "sslrootcert"));
}

TEST_CASE("a refused password and a silent host name whose parameters they are") {
  CHECK(says(cure("28P01", "password authentication failed for user \"app\""), "alias 'default'"));
  CHECK(says(cure("", "no answer", ConnectFailure::Kind::timed_out), "alias 'default'"));
}

TEST_CASE("a pooler's own words are understood, too") {
  CHECK(says(cure("08P01", "SASL authentication failed"), "user and password of alias 'default'"));
  CHECK(says(cure("08P01", "no such user: ann"), "user and password"));
  CHECK(says(cure("08P01", "no such database: shop"), "database name"));
  CHECK(says(cure("08P01", "database \"shop\" does not exist"), "database name"));
  CHECK_FALSE(says(cure("", "root certificate file \"/x\" does not exist"), "database name"));
}

TEST_CASE("the server's refusal of the pooler is not the client's wrong password") {
  CHECK(says(cure("08P01", "password authentication failed for user \"app\""), "userlist.txt"));
  CHECK(says(cure("08P01", "password authentication failed"), "user and password of alias"));
  CHECK(says(cure("08P01", "server login failed: wrong password type"), "userlist.txt"));
}

TEST_CASE("a login that was begun and not finished is no matter of host and port") {
  ConnectFailure failure;
  failure.kind = ConnectFailure::Kind::timed_out;
  failure.login_begun = true;

  CHECK(says(cure_for(failure, "alias 'default'"), "failing logins on the server"));
}

TEST_CASE("a console's pool is short of sessions when none is free") {
  ConsoleAnswer console;
  console.database = ConsoleDatabase{};
  console.database->pool_size = 2;
  CHECK_FALSE(shortage_in(console)); // no pool yet

  console.sessions = PoolSessions{2, 0, 0};
  CHECK(shortage_in(console)->name == "pool-used-up");
  console.sessions = PoolSessions{1, 0, 1};
  CHECK(shortage_in(console)->name == "pool-used-up");
  console.sessions = PoolSessions{1, 1, 0};
  CHECK_FALSE(shortage_in(console));
  console.sessions = PoolSessions{1, 0, 0};
  CHECK_FALSE(shortage_in(console)); // it may still open one
  console.sessions = PoolSessions{0, 0, 1};
  CHECK(shortage_in(console)->name == "no-server-session");
}
