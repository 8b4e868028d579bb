#include "pooler/identify.hpp"

#include <doctest/doctest.h>

using namespace pgtool;

namespace {

Refusal words(const char* message, const char* state, bool tells_source = false) {
  return {message, state, tells_source, false, false};
}

} // namespace

TEST_CASE("\"not allowed\" from database pgbouncer is PgBouncer's console") {
  Sighting sighting;
  sighting.console_refusal = words("not allowed", "08P01");

  const auto report = identify(sighting);

  CHECK(report.kind == "pgbouncer");
  CHECK(report.confidence == "certain");
}

TEST_CASE("PostgreSQL saying that there is no such database is not PgBouncer") {
  Sighting sighting;
  sighting.console_refusal = words("database \"pgbouncer\" does not exist", "3D000", true);

  CHECK(identify(sighting).kind == "unknown");
}

TEST_CASE("the same words from PostgreSQL's own source are not PgBouncer") {
  Sighting sighting;
  sighting.console_refusal = words("not allowed", "08P01", true);

  CHECK(identify(sighting).kind == "unknown");
}

TEST_CASE("the announced version and mode are taken as they are") {
  Sighting sighting;
  sighting.status_version = "1.26.1";
  sighting.status_mode = "transaction";

  const auto report = identify(sighting);

  CHECK(report.kind == "pgbouncer");
  CHECK(report.version == "1.26.1");
  CHECK(report.mode == "transaction");
}

TEST_CASE("the console's version is PgBouncer's") {
  Sighting sighting;
  sighting.console_kind = "pgbouncer";
  sighting.console_version = "1.18.0";

  CHECK(identify(sighting).version == "1.18.0");
}

TEST_CASE("a refused option tells which side of 1.20 a PgBouncer is") {
  Sighting sighting;
  sighting.option_refusal = words("unsupported startup parameter: options", "08P01");
  CHECK(identify(sighting).version == "before 1.20");
  CHECK(identify(sighting).confidence == "likely");

  sighting.option_refusal =
      words("unsupported startup parameter in options: pgtool.probe", "08P01");
  CHECK(identify(sighting).version == "1.20 or later");
}

TEST_CASE("a proxy with no mark of its own is an unknown pooler") {
  Sighting sighting;
  sighting.echo = OptionEcho::dropped;
  sighting.pid_matches = false;

  const auto report = identify(sighting);

  CHECK(report.kind == "unknown");
  CHECK(report.confidence == "likely");
  CHECK(report.evidence.size() == 2);
}

TEST_CASE("a proved backend is no pooler") {
  Sighting sighting;
  sighting.echo = OptionEcho::echoed;
  sighting.pid_matches = true;
  sighting.proved_direct = true;

  CHECK(identify(sighting).kind == "none");
}

TEST_CASE("an answer to SHOW pool_version is Pgpool-II even where all else looks direct") {
  Sighting sighting;
  sighting.echo = OptionEcho::echoed;
  sighting.pid_matches = true;
  sighting.pgpool_version = "4.3.5 (tamahomeboshi)";

  CHECK(identify(sighting).kind == "pgpool");
}

TEST_CASE("without anything seen nothing is claimed") {
  const auto report = identify({});

  CHECK(report.kind == "unknown");
  CHECK(report.confidence == "unknown");
}

TEST_CASE("a name that we did not send is PgDog's or Supavisor's") {
  Sighting sighting;
  sighting.echo = OptionEcho::echoed;
  sighting.foreign_name = "PgDog";
  CHECK(identify(sighting).kind == "pgdog");

  sighting.foreign_name = "Supavisor";
  CHECK(identify(sighting).kind == "supavisor");

  // PgBouncer with application_name_add_host
  sighting.foreign_name = "pgtool - 10.0.0.7:40322";
  CHECK(identify(sighting).kind == "unknown");
}

TEST_CASE("Odyssey signs its refusals with the client's number") {
  Sighting sighting;
  sighting.console_refusal =
      words("odyssey: c6e7fc77c065: route for 'pgbouncer.app' is not found", "3D000");
  CHECK(identify(sighting).kind == "odyssey");

  // A database of that name on PostgreSQL itself, and a name that only begins alike
  sighting.console_refusal = words("odyssey: c6e7fc77c065: gone", "P0001", true);
  CHECK(identify(sighting).kind == "unknown");
  sighting.console_refusal = words("odyssey: cannot connect", "08006");
  CHECK(identify(sighting).kind == "unknown");
}

TEST_CASE("a login that does not report in_hot_standby supports Odyssey and proves nothing") {
  Sighting sighting;
  sighting.standby_unsaid = true;

  CHECK(identify(sighting).kind == "unknown");
}

TEST_CASE("a console that refuses the good password is pgcat's, unless PostgreSQL wrote it") {
  Sighting sighting;
  sighting.echo = OptionEcho::dropped;
  sighting.console_refusal = words("password authentication failed for user \"app\"", "28P01");
  CHECK(identify(sighting).kind == "pgcat");
  CHECK(identify(sighting).confidence == "likely");

  // PostgreSQL's pg_hba.conf with another method for that database
  sighting.console_refusal =
      words("password authentication failed for user \"app\"", "28P01", true);
  CHECK(identify(sighting).kind == "unknown");

  // a password that is wrong everywhere
  sighting.console_refusal = words("password authentication failed for user \"app\"", "28P01");
  sighting.login_refusal = sighting.console_refusal;
  CHECK(identify(sighting).kind == "unknown");

  // PgBouncer with a rule of its own for that database has no such state
  sighting.login_refusal.reset();
  sighting.console_refusal = words("password authentication failed", "08P01");
  CHECK(identify(sighting).kind == "unknown");
}

TEST_CASE("RDS Proxy is known by its words, and less surely by its host") {
  Sighting sighting;
  sighting.option_refusal = words("Feature not supported: RDS Proxy currently doesn't support "
                                  "command-line options",
                                  "0A000");
  CHECK(identify(sighting).kind == "rds-proxy");
  CHECK(identify(sighting).confidence == "certain");

  Sighting by_host;
  by_host.host = "shop.proxy-c1a2b3.eu-west-1.rds.amazonaws.com";
  CHECK(identify(by_host).kind == "rds-proxy");
  CHECK(identify(by_host).confidence == "likely");

  by_host.host = "proxy-shop.c1a2b3.eu-west-1.rds.amazonaws.com"; // an instance of that name
  CHECK(identify(by_host).kind == "unknown");
}

TEST_CASE("Neon's pooler is known by its host, its direct host is not one") {
  Sighting sighting;
  sighting.host = "ep-cool-sun-123456-pooler.eu-central-1.aws.neon.tech";
  CHECK(identify(sighting).kind == "neon");
  CHECK(identify(sighting).mode == "transaction");

  sighting.host = "ep-cool-sun-123456.eu-central-1.aws.neon.tech";
  CHECK(identify(sighting).kind == "unknown");
  sighting.host = "shop-pooler.neon.tech.example.com";
  CHECK(identify(sighting).kind == "unknown");
}

TEST_CASE("Supavisor's ports tell its mode only on Supabase's own host") {
  Sighting sighting;
  sighting.foreign_name = "Supavisor";
  sighting.port = "6543";
  CHECK(identify(sighting).mode == "unknown");

  sighting.host = "aws-0-eu-central-1.pooler.supabase.com";
  CHECK(identify(sighting).mode == "transaction");
  sighting.port = "5432";
  CHECK(identify(sighting).mode == "session");
}

TEST_CASE("PgBouncer is known by its words for a client that it does not let in") {
  Sighting sighting;
  sighting.login_refusal = words("no more connections allowed (max_client_conn)", "08P01");
  CHECK(identify(sighting).kind == "pgbouncer");

  // PostgreSQL's own words for the same trouble
  sighting.login_refusal = words("sorry, too many clients already", "53300", true);
  CHECK(identify(sighting).kind == "unknown");
}

TEST_CASE("a proved backend is no pooler whatever its host is called") {
  Sighting sighting;
  sighting.host = "shop-pooler.aws.neon.tech";
  sighting.proved_direct = true;

  CHECK(identify(sighting).kind == "none");
}
