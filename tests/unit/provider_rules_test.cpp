#include "connector/provider_rules.hpp"
#include "pg/conninfo.hpp"

#include <doctest/doctest.h>

using namespace pgtool;

namespace {

/// The places that the rules name for a URL: "user@host:port", in order.
std::string ruled(const char* url) {
  std::string all;
  for (const auto& found : ruled_endpoints(parse_conninfo(url, "test"))) {
    const auto user = found.endpoint.user();
    all += (all.empty() ? "" : " ") + (user.empty() ? "" : user + "@") + found.endpoint.host() +
           ":" + found.endpoint.port() + (found.same_domain ? "" : "?") +
           (found.keeps_sessions ? "!" : "");
  }
  return all;
}

} // namespace

// In the expectations ? marks a host of another domain and ! one that only keeps sessions.

TEST_CASE("Neon: the suffix of the first label goes") {
  CHECK(ruled("postgresql://u@ep-cool-sun-1-pooler.eu-central-1.aws.neon.tech/d") ==
        "ep-cool-sun-1.eu-central-1.aws.neon.tech:5432!");
  CHECK(ruled("postgresql://u@ep-cool-sun-1.eu-central-1.aws.neon.tech/d").empty());
  CHECK(ruled("postgresql://u@ep-x-pooler.aws.neon.tech.example.com/d").empty());
}

TEST_CASE("Supabase: the project stands in the user, and the session port is second best") {
  CHECK(ruled("postgresql://postgres.abcd@aws-0-eu-west-1.pooler.supabase.com:6543/postgres") ==
        "postgres@db.abcd.supabase.co:5432? aws-0-eu-west-1.pooler.supabase.com:5432!");
  CHECK(ruled("postgresql://postgres@aws-0-eu-west-1.pooler.supabase.com:5432/postgres").empty());
  CHECK(ruled("postgresql://postgres@db.abcd.supabase.co:6543/postgres") ==
        "db.abcd.supabase.co:5432");
  CHECK(ruled("postgresql://postgres@db.abcd.supabase.co:5432/postgres").empty());
}

TEST_CASE("DigitalOcean: one port lower, on its own hosts only") {
  CHECK(ruled("postgresql://u@shop-do-user-1.b.db.ondigitalocean.com:25061/pool") ==
        "shop-do-user-1.b.db.ondigitalocean.com:25060");
  CHECK(ruled("postgresql://u@shop-do-user-1.b.db.ondigitalocean.com:25060/d").empty());
  CHECK(ruled("postgresql://u@db.example.com:25061/d").empty());
}

TEST_CASE("Azure: the server's port on the same host") {
  CHECK(ruled("postgresql://u@shop.postgres.database.azure.com:6432/d")
            .starts_with("shop.postgres.database.azure.com:5432"));
  CHECK(ruled("postgresql://u@shop.postgres.database.azure.com:5432/d").empty());
}

TEST_CASE("Crunchy Bridge: the port behind the pooler's") {
  CHECK(ruled("postgresql://u@p.abc.db.postgresbridge.com:5431/d") ==
        "p.abc.db.postgresbridge.com:5432");
  CHECK(ruled("postgresql://u@p.abc.db.postgresbridge.com:5432/d").empty());
}

TEST_CASE("PlanetScale: the pooler's name leaves the user") {
  CHECK(ruled("postgresql://u.x%7Cwriters@eu-1.pg.psdb.cloud:6432/d")
            .starts_with("u.x@eu-1.pg.psdb.cloud:5432"));
  CHECK(ruled("postgresql://u@eu-1.pg.psdb.cloud:5432/d").empty());
}

TEST_CASE("Fly: the first label is another") {
  CHECK(ruled("postgresql://u@pgbouncer.abc123.flympg.net/d") == "direct.abc123.flympg.net:5432");
  CHECK(ruled("postgresql://u@direct.abc123.flympg.net/d").empty());
}

TEST_CASE("Heroku: one port lower on Amazon's hosts") {
  CHECK(ruled("postgresql://u@ec2-1-2-3-4.compute-1.amazonaws.com:5433/d") ==
        "ec2-1-2-3-4.compute-1.amazonaws.com:5432");
  CHECK(ruled("postgresql://u@ec2-1-2-3-4.compute-1.amazonaws.com:5432/d").empty());
}

TEST_CASE("Kubernetes: the service of the cluster, with and without its namespace") {
  CHECK(ruled("postgresql://u@shop-pooler/d") == "shop:5432?");
  CHECK(ruled("postgresql://u@shop-pooler.team.svc.cluster.local/d") ==
        "shop.team.svc.cluster.local:5432");
  CHECK(ruled("postgresql://u@shop-pooler.team/d") == "shop.team:5432?");
  CHECK(ruled("postgresql://u@shop-pooler-repl/d") == "shop-repl:5432?");
  CHECK(ruled("postgresql://u@shop-pooler-rw/d") == "shop-rw:5432?");
  CHECK(ruled("postgresql://u@shop-pgbouncer.team.svc/d") == "shop-primary.team.svc:5432");
  CHECK(ruled("postgresql://u@shop-pooler.example.com/d").empty());
  CHECK(ruled("postgresql://u@pgbouncer/d").empty());
}

TEST_CASE("PgBouncer's own port: PostgreSQL's on the same host, but not on a socket") {
  CHECK(ruled("postgresql://u@10.0.0.7:6432/d") == "10.0.0.7:5432");
  CHECK(ruled("postgresql://u@10.0.0.7:6433/d").empty());
  CHECK(ruled("host=/run/pgbouncer port=6432 dbname=d").empty());
}

TEST_CASE("only a host that a rule knows keeps sessions without being asked for it") {
  CHECK(is_known_to_keep_sessions(parse_conninfo("postgresql://ep-x.aws.neon.tech/d", "test")));
  CHECK_FALSE(
      is_known_to_keep_sessions(parse_conninfo("postgresql://ep-x-pooler.aws.neon.tech/d", "t")));
  CHECK_FALSE(is_known_to_keep_sessions(parse_conninfo("postgresql://db.example.com/d", "test")));
}
