#include "model/endpoint.hpp"

#include <doctest/doctest.h>

using namespace pgtool;

namespace {

Endpoint at(const char* host, const char* port = "", const char* database = "shop") {
  Endpoint endpoint;
  endpoint.set("host", host);
  endpoint.set("port", port);
  endpoint.set("dbname", database);
  return endpoint;
}

} // namespace

TEST_CASE("an empty value removes a keyword") {
  auto endpoint = at("db.internal");

  endpoint.set("host", "");

  CHECK(endpoint.parameters.count("host") == 0);
}

TEST_CASE("a missing port is 5432") {
  CHECK(at("db").port() == "5432");
  CHECK(at("db", "6432").port() == "6432");
}

TEST_CASE("no host, a path and an abstract name are sockets") {
  CHECK(at("").is_socket());
  CHECK(at("/run/postgresql").is_socket());
  CHECK(at("@abstract").is_socket());
  CHECK_FALSE(at("localhost").is_socket());
}

TEST_CASE("an address beside a path means TCP") {
  auto endpoint = at("/run/postgresql");
  endpoint.set("hostaddr", "10.0.0.7");

  CHECK_FALSE(endpoint.is_socket());
  CHECK_FALSE(endpoint.is_local());
}

TEST_CASE("loopback is local under each of its names, and a list only when all of it is") {
  CHECK(at("localhost").is_local());
  CHECK(at("127.0.0.2").is_local());
  CHECK(at("::1").is_local());
  CHECK(at("127.0.0.1,localhost").is_local());
  CHECK_FALSE(at("127.0.0.1,db.internal").is_local());
  CHECK_FALSE(at("127.example.com.evil").host().empty());
}

TEST_CASE("the same place is the same host, port and database") {
  CHECK(same_place(at("localhost"), at("127.0.0.1", "5432")));
  CHECK_FALSE(same_place(at("localhost"), at("localhost", "6432")));
  CHECK_FALSE(same_place(at("localhost"), at("localhost", "", "other")));
  CHECK_FALSE(same_place(at("db1"), at("db2")));
}

TEST_CASE("two sockets are the same place only in the same folder") {
  CHECK(same_place(at("/run/a"), at("/run/a")));
  CHECK_FALSE(same_place(at("/run/a"), at("/run/b")));
  CHECK_FALSE(same_place(at("/run/a"), at("localhost")));
}

TEST_CASE("a URL holds no password and escapes what a URL cannot hold") {
  auto endpoint = at("db", "5432", "my shop");
  endpoint.set("user", "a@b");
  endpoint.password = Secret("hush");

  CHECK(endpoint.url() == "postgresql://a%40b@db:5432/my%20shop");
}

TEST_CASE("a URL puts IPv6 addresses into brackets and escapes socket folders") {
  CHECK(at("::1").url() == "postgresql://[::1]:5432/shop");
  CHECK(at("fe80::1%eth0").url() == "postgresql://[fe80::1%25eth0]:5432/shop");
  CHECK(at("/run/pg").url() == "postgresql://%2Frun%2Fpg:5432/shop");
}
