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
  sighting.console_version = "1.18.0/bouncer";

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
