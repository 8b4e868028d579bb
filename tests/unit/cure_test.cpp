#include "connector/cure.hpp"

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
