#include "base/file.hpp"
#include "base/json.hpp"
#include "base/text.hpp"
#include "pooler/console.hpp"
#include "pooler/identify.hpp"

#include <algorithm>
#include <doctest/doctest.h>
#include <filesystem>

using namespace pgtool;

// What real poolers and servers said to a client, recorded once: NAME-VERSION-MODE.json.
namespace {

struct Recording {
  std::string file;
  Value said;
};

std::vector<Recording> recordings() {
  std::vector<Recording> all;
  for (const auto& entry : std::filesystem::directory_iterator(PGTOOL_FINGERPRINTS)) {
    const auto path = entry.path().string();
    all.push_back({entry.path().stem().string(), parse_json(read_file(path), path)});
  }
  std::sort(all.begin(), all.end(),
            [](const auto& one, const auto& other) { return one.file < other.file; });
  return all;
}

std::optional<Refusal> refusal_of(const Value& value) {
  if (value.is_null()) {
    return std::nullopt;
  }
  return Refusal{value["message"].text(), value["sqlstate"].text(), value["tells_source"].truth(),
                 false, false};
}

/// What an ordinary user sees, without any console.
Sighting sighting_of(const Value& said) {
  Sighting sighting;
  const auto& login = said["login"];
  const auto name = login["application_name"].text();
  sighting.foreign_name = name == "pgtool" ? "" : name;
  if (const auto& version = login["pgbouncer.version"]; !version.is_null()) {
    sighting.status_version = version.text();
    sighting.status_mode = login["pgbouncer.pool_mode"].text();
  }
  sighting.standby_unsaid = login["in_hot_standby"].is_null();
  sighting.console_refusal = refusal_of(said["database_pgbouncer"]["refused"]);
  sighting.option_refusal = refusal_of(said["option"]["refused"]);
  sighting.echo = sighting.option_refusal               ? OptionEcho::refused
                  : said["option"]["came_back"].truth() ? OptionEcho::echoed
                                                        : OptionEcho::dropped;
  sighting.pid_matches = said["key_pid"].number() == said["server_pid"].number();
  sighting.pgpool_version = said["pool_version"].text();
  sighting.answers_shard = said["answers_shard"].truth();
  return sighting;
}

/// "pgbouncer", "1.18.0" of "pgbouncer-1.18.0-session"; a server itself has no pooler's kind.
std::string kind_in(const std::string& file) {
  const auto name = file.substr(0, file.find('-'));
  return name == "pg15" || name == "pg18" ? "unknown" : name;
}

std::string version_in(const std::string& file) { return split(file, '-')[1]; }

} // namespace

TEST_CASE("every recorded pooler is known by what an ordinary user sees, and no other is") {
  const auto all = recordings();
  REQUIRE(all.size() > 15);
  for (const auto& [file, said] : all) {
    // pgagroal 1.6 tells its name only on sessions that it opened ahead.
    const bool shy =
        file.starts_with("pgagroal-1.6") && said["login"]["application_name"].text() != "pgagroal";
    CAPTURE(file);
    CHECK(identify(sighting_of(said)).kind == (shy ? "unknown" : kind_in(file)));
  }
}

TEST_CASE("every recorded console is known for the one it is, with its version") {
  for (const auto& [file, said] : recordings()) {
    const auto& console = said["console"];
    if (console.is_null()) {
      continue;
    }
    CAPTURE(file);
    const auto identity =
        console_identity(console["server_version"].text(), console["words"].text());
    REQUIRE(identity);
    CHECK(identity->kind == kind_in(file));
    CHECK(identity->version == version_in(file));
  }
}

TEST_CASE("a recorded refusal of a wrong password never makes a pooler of another kind") {
  for (const auto& [file, said] : recordings()) {
    Sighting sighting;
    sighting.login_refusal = refusal_of(said["wrong_password"]);
    CAPTURE(file);
    const auto kind = identify(sighting).kind;
    CHECK((kind == "unknown" || kind == kind_in(file)));
  }
}

TEST_CASE("no recorded server itself shows a pooler") {
  for (const auto& [file, said] : recordings()) {
    if (kind_in(file) == "unknown") {
      CAPTURE(file);
      CHECK(identify(sighting_of(said)).confidence == "unknown");
    }
  }
}
