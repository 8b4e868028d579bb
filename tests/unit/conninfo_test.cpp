#include "base/error.hpp"
#include "pg/conninfo.hpp"

#include <cstdio>
#include <cstdlib>
#include <doctest/doctest.h>
#include <fstream>
#include <string>

using namespace pgtool;

namespace {

std::string refusal(const std::string& text) {
  try {
    parse_conninfo(text, "--direct-url");
  } catch (const Error& error) {
    CHECK(error.kind() == Failure::usage);
    return std::string(error.what()) + " / " + error.hint();
  }
  return "";
}

/// A service file that lives as long as the test.
class ServiceFile {
public:
  explicit ServiceFile(const std::string& text) {
    const int descriptor = mkstemp(path_.data());
    REQUIRE(descriptor >= 0);
    close_file(descriptor);
    std::ofstream(path_) << text;
  }
  ~ServiceFile() { std::remove(path_.c_str()); }
  ServiceFile(const ServiceFile&) = delete;
  ServiceFile& operator=(const ServiceFile&) = delete;
  [[nodiscard]] const std::string& path() const { return path_; }

private:
  static void close_file(int descriptor) { std::fclose(fdopen(descriptor, "w")); }
  std::string path_ = "/tmp/pgtool-service-XXXXXX";
};

} // namespace

TEST_CASE("a URL is read as libpq reads it") {
  const auto endpoint = parse_conninfo("postgresql://a%40b:p%2Fw@[::1]:6432/"
                                       "shop?sslmode=verify-full&target_session_attrs=read-write",
                                       "--direct-url");

  CHECK(endpoint.user() == "a@b");
  CHECK(endpoint.password.reveal() == "p/w");
  CHECK(endpoint.host() == "::1");
  CHECK(endpoint.port() == "6432");
  CHECK(endpoint.database() == "shop");
  CHECK(endpoint.get("sslmode") == "verify-full");
  CHECK(endpoint.get("target_session_attrs") == "read-write");
  CHECK(endpoint.origin == "--direct-url");
}

TEST_CASE("a keyword string and a host list are read as libpq reads them") {
  const auto endpoint = parse_conninfo("host=a,b port=1,2 dbname='my db' user=x", "t");

  CHECK(endpoint.host() == "a,b");
  CHECK(endpoint.get("port") == "1,2");
  CHECK(endpoint.database() == "my db");
}

TEST_CASE("a malformed text is refused without repeating it") {
  for (const char* text : {"postgres//app:hush@db/shop", "postgresql://app:hush@db:port/shop",
                           "host=db hush", "postgresql://app:hu sh@[db/shop", ""}) {
    const auto words = refusal(text);

    CHECK(words.find("--direct-url") != std::string::npos);
    CHECK(words.find("hush") == std::string::npos);
    CHECK(words.find("postgresql://user@host:port/database") != std::string::npos);
  }
}

TEST_CASE("a port that is none is refused before anything is sent") {
  CHECK(refusal("postgresql://db:0/shop").find("port") != std::string::npos);
  CHECK(refusal("postgresql://db:70000/shop").find("port") != std::string::npos);
}

TEST_CASE("what is missing comes from the given environment, not from ours") {
  setenv("PGHOST", "ours", 1);

  const auto endpoint = resolve({}, {{"PGHOST", "theirs"}, {"PGUSER", "u"}, {"PGPORT", "7"}});

  CHECK(endpoint.host() == "theirs");
  CHECK(endpoint.port() == "7");
  CHECK(endpoint.database() == "u");
  CHECK(std::string(getenv("PGHOST")) == "ours");
  unsetenv("PGHOST");
}

TEST_CASE("what was said wins over the environment") {
  const auto endpoint =
      resolve(parse_conninfo("host=said user=x password=p", "t"),
              {{"PGHOST", "env"}, {"PGPASSWORD", "other"}, {"PGSSLMODE", "require"}});

  CHECK(endpoint.host() == "said");
  CHECK(endpoint.password.reveal() == "p");
  CHECK(endpoint.get("sslmode") == "require");
}

TEST_CASE("settings that travel in the start-up packet are not taken from the environment") {
  const auto endpoint = resolve({}, {{"PGOPTIONS", "-c geqo=off"}, {"PGUSER", "u"}});

  CHECK(endpoint.get("options").empty());
}

TEST_CASE("a service fills what was not said") {
  const ServiceFile file("[shop]\nhost=service-host\nport=6000\ndbname=shop\nuser=app\n");

  const auto endpoint =
      resolve(parse_conninfo("service=shop port=7000", "t"), {{"PGSERVICEFILE", file.path()}});

  CHECK(endpoint.host() == "service-host");
  CHECK(endpoint.port() == "7000");
  CHECK(endpoint.user() == "app");
  CHECK(endpoint.get("service").empty());
}

TEST_CASE("a service that does not exist is named") {
  const ServiceFile file("[shop]\nhost=h\n");

  try {
    resolve(parse_conninfo("service=shpo", "alias 'default'"), {{"PGSERVICEFILE", file.path()}});
    FAIL("no error");
  } catch (const Error& error) {
    CHECK(std::string(error.what()).find("shpo") != std::string::npos);
    CHECK(std::string(error.what()).find("alias 'default'") != std::string::npos);
  }
}

TEST_CASE("a quotation mark inside a secret does not let the rest of it out") {
  for (const char* text : {"postgre://app:x\"hush@db/shop", "postgresql://app:x\"hush%zz\"@db/shop",
                           "user=app password=a b\"hush"}) {
    const auto words = refusal(text);
    CHECK_FALSE(words.empty());
    CHECK(words.find("hush") == std::string::npos);
  }
}

TEST_CASE("a password or URL that ended up in another field is refused without being repeated") {
  for (const char* text :
       {"postgresql://app:se@hush@db/shop", "host=postgresql://app:hush@db/shop dbname=shop",
        "host=db dbname=postgresql://app:hush@db/shop",
        "hostaddr=postgresql://app:hush@db/shop dbname=shop",
        "hostaddr=app:hush@127.0.0.1 dbname=shop"}) {
    const auto words = refusal(text);
    CHECK_FALSE(words.empty());
    CHECK(words.find("hush") == std::string::npos);
  }
  CHECK(refusal("host=@abstract dbname=shop").empty());
  CHECK(refusal("host=/run/a@b dbname=shop").empty());
}
