#include "connector/candidate.hpp"
#include "pg/conninfo.hpp"

#include <doctest/doctest.h>

using namespace pgtool;

namespace {

Known behind_pooler() {
  Known known;
  known.pooled = parse_conninfo(
      "host=pooler.internal port=6433 dbname=shop user=app password=hush sslmode=prefer",
      "alias 'default'");
  return known;
}

std::vector<Candidate> before(const Known& known) {
  std::vector<std::string> refused;
  return candidates(known, Moment::before_connecting, refused);
}

std::vector<Candidate> after(const Known& known) {
  std::vector<std::string> refused;
  return candidates(known, Moment::after_connecting, refused);
}

std::optional<std::string> obstacle(const Candidate& candidate, bool trust_origin = false) {
  return why_no_password(candidate, behind_pooler().pooled, trust_origin);
}

} // namespace

TEST_CASE("what the user names is the only candidate, completed from the alias") {
  auto known = behind_pooler();
  known.named = parse_conninfo("postgresql://db.internal", "--direct-url");
  known.environment = {{"POSTGRES_HOST", "elsewhere"}};

  const auto found = before(known);

  REQUIRE(found.size() == 1);
  CHECK(found[0].by_user);
  CHECK(found[0].endpoint.host() == "db.internal");
  CHECK(found[0].endpoint.port() == "5432");
  CHECK(found[0].endpoint.user() == "app");
  CHECK(found[0].endpoint.password.reveal() == "hush");
  CHECK(found[0].endpoint.database() == "shop");
}

TEST_CASE("another user is not given the alias's password or certificates") {
  auto known = behind_pooler();
  known.pooled.set("sslkey", "/app.key");
  known.named = parse_conninfo("postgresql://owner@db.internal", "--direct-url");

  const auto found = before(known);

  CHECK(found[0].endpoint.password.empty());
  CHECK(found[0].endpoint.get("sslkey").empty());
}

TEST_CASE("an alias on the same database is a candidate, one on another is not") {
  auto known = behind_pooler();
  known.other_aliases = {parse_conninfo("host=db.internal dbname=shop user=app", "alias 'direct'"),
                         parse_conninfo("host=db.internal dbname=logs user=app", "alias 'logs'")};

  const auto found = before(known);

  REQUIRE(found.size() == 1);
  CHECK(found[0].endpoint.origin == "alias 'direct'");
}

TEST_CASE("a host variable that repeats the pooled endpoint is no candidate") {
  auto known = behind_pooler();
  known.environment = {{"DB_HOST", "pooler.internal"}, {"DB_PORT", "6433"}};

  CHECK(before(known).empty());
}

TEST_CASE("a direct URL of the environment that is no URL is reported, not used") {
  auto known = behind_pooler();
  known.environment = {{"DIRECT_URL", "postgres//app:hush@db"}};
  std::vector<std::string> refused;

  const auto found = candidates(known, Moment::before_connecting, refused);

  CHECK(found.empty());
  REQUIRE(refused.size() == 1);
  CHECK(refused[0].find("DIRECT_URL") != std::string::npos);
  CHECK(refused[0].find("hush") == std::string::npos);
}

TEST_CASE("a host variable without the same password beside it is not sent the password") {
  auto known = behind_pooler();
  known.environment = {{"POSTGRES_HOST", "db.internal"}};

  const auto found = before(known);

  REQUIRE(found.size() == 1);
  CHECK(obstacle(found[0]).has_value());
  CHECK_FALSE(obstacle(found[0], true).has_value());
}

TEST_CASE("a host variable with the same password beside it may have it") {
  auto known = behind_pooler();
  known.environment = {{"POSTGRES_HOST", "db.internal"}, {"POSTGRES_PASSWORD", "hush"}};

  CHECK_FALSE(obstacle(before(known)[0]).has_value());
}

TEST_CASE("a passfile is withheld from a guess, and from nobody else") {
  auto known = behind_pooler();
  known.pooled.password = Secret();
  known.pooled.set("passfile", "/home/app/.pgpass");
  known.environment = {{"POSTGRES_HOST", "db.internal"}, {"DB_HOST", "pooler.internal"}};
  auto found = before(known);
  REQUIRE(found.size() == 2);

  for (auto& candidate : found) {
    withhold_passfile(candidate, known.pooled, false);
  }

  CHECK(found[0].endpoint.get("passfile") != "/home/app/.pgpass");
  CHECK(found[1].endpoint.get("passfile") == "/home/app/.pgpass");
}

TEST_CASE("verified TLS with channel binding may have the password") {
  auto known = behind_pooler();
  known.environment = {{"POSTGRES_HOST", "db.internal"}};
  auto candidate = before(known)[0];
  candidate.endpoint.set("sslmode", "verify-full");
  CHECK(obstacle(candidate).has_value());

  candidate.endpoint.set("channel_binding", "require");

  CHECK_FALSE(obstacle(candidate).has_value());
}

TEST_CASE("weaker TLS than the alias's is refused to any host that is not local") {
  auto known = behind_pooler();
  known.named = parse_conninfo("postgresql://db.internal?sslmode=disable", "--direct-url");
  CHECK(obstacle(before(known)[0]).has_value());

  known.named = parse_conninfo("postgresql://127.0.0.1?sslmode=disable", "--direct-url");
  CHECK_FALSE(obstacle(before(known)[0]).has_value());
}

TEST_CASE("the server's own address is a guess") {
  auto known = behind_pooler();
  known.facts.emplace();
  known.facts->server_address = "10.0.0.7";
  known.facts->server_port = "5432";
  known.facts->database = "shop_prod";

  const auto found = after(known);

  REQUIRE(found.size() == 1);
  CHECK(found[0].endpoint.database() == "shop_prod");
  CHECK(obstacle(found[0]).has_value());
}

TEST_CASE("a server that the pooler reaches by a socket is on the pooler's machine") {
  auto known = behind_pooler();
  known.facts.emplace();
  known.facts->server_port = "5433";
  known.facts->database = "shop";

  const auto found = after(known);

  REQUIRE(found.size() == 1);
  CHECK(found[0].endpoint.host() == "pooler.internal");
  CHECK(found[0].endpoint.port() == "5433");
  CHECK_FALSE(obstacle(found[0]).has_value());
}

TEST_CASE("the pooler's console is trusted and comes first") {
  auto known = behind_pooler();
  known.facts.emplace();
  known.facts->server_address = "10.0.0.7";
  known.console = ConsoleDatabase{"shop", "db.internal", "5433", "shop_prod", "", ""};

  const auto found = after(known);

  REQUIRE(found.size() == 2);
  CHECK(found[0].endpoint.host() == "db.internal");
  CHECK(found[0].endpoint.database() == "shop_prod");
  CHECK_FALSE(obstacle(found[0]).has_value());
}

TEST_CASE("what a pooler elsewhere calls localhost is not this machine") {
  auto known = behind_pooler();
  for (const char* host : {"127.0.0.1", "localhost", "/run/postgresql", ""}) {
    known.console = ConsoleDatabase{"shop", host, "5433", "shop_prod", "", ""};
    known.facts.emplace();
    known.facts->server_address = host[0] == '1' ? host : "";

    for (const auto& candidate : after(known)) {
      CHECK(candidate.endpoint.host() == "pooler.internal");
    }
  }
}

TEST_CASE(
    "neither a loopback-like name nor a pooler's name beside another address gets the password") {
  auto known = behind_pooler();
  known.pooled.set("host", "127.0.0.1");
  known.environment = {{"POSTGRES_HOST", "127.0.0.1.example.com"}};
  CHECK(why_no_password(before(known)[0], known.pooled, false).has_value());

  known = behind_pooler();
  known.environment = {{"DIRECT_URL", "postgresql://pooler.internal:5432/shop?hostaddr=192.0.2.1"}};
  CHECK(why_no_password(before(known)[0], known.pooled, false).has_value());
}
