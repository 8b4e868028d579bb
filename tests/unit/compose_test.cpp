#include "config_words.hpp"
#include "pooler/config/compose.hpp"

#include <doctest/doctest.h>

using namespace pgtool;

namespace {

constexpr const char* django_stack = R"(
x-restart: &restart
  restart: unless-stopped
x-database: &database
  POSTGRES_USER: app
  POSTGRES_PASSWORD: ${POSTGRES_PASSWORD:?}
  POSTGRES_DB: shop
services:
  web:
    <<: *restart
    build: .
    command: gunicorn shop.wsgi
    environment:
      <<: *database
      DB_HOST: pooler
      DB_PORT: 6432
      DATABASE_URL: postgres://app:${POSTGRES_PASSWORD}@pooler:6432/shop
    depends_on: [pooler]
  db:
    <<: *restart
    image: postgres:16-alpine
    environment: *database
    ports:
      - 127.0.0.1:5433:5432
  pooler:
    <<: *restart
    image: bitnami/pgbouncer:1.24
    container_name: shop_pooler
    env_file: ./.envs/pooler.env
    environment:
      - POSTGRESQL_HOST=db
      - POSTGRESQL_USERNAME=app
      - POSTGRESQL_PASSWORD=${POSTGRES_PASSWORD}
      - POSTGRESQL_DATABASE=shop
      - PGBOUNCER_DATABASE=shop
    ports:
      - "${POOLER_PORT:-6432}:6432"
    networks:
      back:
        aliases: [database]
networks: {back: {}}
)";

struct Folder {
  std::map<std::string, std::string> files;
  Environment environment;

  [[nodiscard]] ConfigReading read(const std::string& text,
                                   const std::string& file = "shop/compose.yaml") const {
    return parse_compose({{file, text}}, {environment, [this](const std::string& path) {
                                            const auto found = files.find(path);
                                            return found == files.end()
                                                       ? std::nullopt
                                                       : std::optional(found->second);
                                          }});
  }
};

} // namespace

TEST_CASE("a Django stack behind bitnami's image is read with everybody's names and ports") {
  const auto reading =
      Folder{.files = {{"shop/.envs/pooler.env", "PGBOUNCER_POOL_MODE=transaction\n"
                                                 "POSTGRESQL_PASSWORD=old\n"}},
             .environment = {{"POSTGRES_PASSWORD", "hunter2"}}}
          .read(django_stack);

  CHECK(words(reading.problems).empty());
  REQUIRE(reading.poolers.size() == 1);
  const auto& pooler = reading.poolers[0];
  CHECK(pooler.origin == "shop/compose.yaml, service pooler");
  CHECK(pooler.file == "shop/compose.yaml");
  CHECK(pooler.line == 25);
  CHECK(pooler.mode == "transaction");
  CHECK(places(pooler.listens) == "pooler:6432 shop_pooler:6432 database:6432 :6432");
  REQUIRE(pooler.databases.size() == 1);
  CHECK(pooler.databases[0].server.place() == "db:5432/shop");
  REQUIRE(pooler.databases[0].also_at.size() == 1);
  CHECK(pooler.databases[0].also_at[0].place() == "127.0.0.1:5433/shop");
  REQUIRE(pooler.databases[0].logins.size() == 2);
  CHECK(pooler.databases[0].logins[0].password.reveal() == "hunter2");
  CHECK(pooler.databases[0].logins[1].user == "app");
  CHECK(words(pooler.problems).empty());
}

TEST_CASE("a database's published port without an address is the machine's own") {
  const auto reading = Folder{}.read(R"(
services:
  postgres:
    image: postgis/postgis:15-3.4
    ports:
      - target: 5432
        published: "5433"
        protocol: tcp
        mode: host
  pgbouncer:
    image: edoburu/pgbouncer
    environment:
      DATABASE_URL: postgis://app:hunter2@postgres/shop
      POOL_MODE: session
    ports: ["127.0.0.1:6433:5432", "9127:9127"]
)");

  REQUIRE(reading.poolers.size() == 1);
  CHECK(places(reading.poolers[0].listens) == "pgbouncer:5432 127.0.0.1:6433");
  CHECK(places(reading.poolers[0].databases[0].also_at) == "localhost:5433");
}

TEST_CASE("a published port that the pooler does not listen on is told") {
  const auto reading = Folder{}.read(R"(
services:
  pgbouncer:
    image: edoburu/pgbouncer
    environment: [DB_HOST=db, POOL_MODE=transaction]
    ports: ["6432:6432"]
)");

  REQUIRE(reading.poolers.size() == 1);
  CHECK(places(reading.poolers[0].listens) == "pgbouncer:5432");
  CHECK(words(reading.poolers[0].problems) ==
        "it listens on port 5432, but publishes another port of its container\n");
}

TEST_CASE("a mounted pgbouncer.ini is read, or named where it cannot be") {
  const std::string text = R"(
services:
  pgbouncer:
    image: edoburu/pgbouncer:1.22.1
    environment: {DB_HOST: ignored}
    volumes:
      - ./pgbouncer/pgbouncer.ini:/etc/pgbouncer/pgbouncer.ini:ro
      - ./pgbouncer/userlist.txt:/etc/pgbouncer/userlist.txt:ro
    ports: ["6432:6432"]
)";

  const auto unread = Folder{}.read(text);

  REQUIRE(unread.poolers.size() == 1);
  REQUIRE(unread.poolers[0].own_file);
  CHECK(unread.poolers[0].own_file->path == "shop/pgbouncer/pgbouncer.ini");

  const Folder folder{.files = {{"shop/pgbouncer/pgbouncer.ini",
                                 "[databases]\n%include /etc/pgbouncer/userlist.txt\n"
                                 "[pgbouncer]\nlisten_addr = 0.0.0.0\nlisten_port = 6432\n"
                                 "pool_mode = transaction\n"},
                                {"shop/pgbouncer/userlist.txt", "shop = host=db\n"}},
                      .environment = {}};
  const auto read = folder.read(text);

  REQUIRE(read.poolers.size() == 1);
  CHECK_FALSE(read.poolers[0].own_file);
  CHECK(words(read.poolers[0].problems).empty());
  CHECK(read.poolers[0].origin == "shop/compose.yaml, service pgbouncer");
  CHECK(read.poolers[0].mode == "transaction");
  CHECK(read.poolers[0].databases[0].server.host() == "db");
  CHECK(places(read.poolers[0].listens) == "pgbouncer:6432 :6432");
}

TEST_CASE("a configuration that the compose file holds itself is handed on") {
  const auto reading = Folder{}.read(R"(
services:
  cat:
    image: ghcr.io/postgresml/pgcat:latest
    configs:
      - source: cat
        target: /etc/pgcat/pgcat.toml
    expose: ["6432"]
configs:
  cat:
    content: |
      [general]
      port = 6432
)");

  REQUIRE(reading.poolers.size() == 1);
  CHECK(reading.poolers[0].kind == "pgcat");
  REQUIRE(reading.poolers[0].own_file);
  CHECK(reading.poolers[0].own_file->text == "[general]\nport = 6432\n");
  CHECK(places(reading.poolers[0].listens) == "cat:6432");
}

TEST_CASE("an image's name alone makes a pooler, with all its ports") {
  const auto reading = Folder{}.read(R"(
services:
  supavisor:
    image: supabase/supavisor:2.5.1
    ports: ["5432:5432", "6543:6543"]
  exporter:
    image: prometheuscommunity/pgbouncer-exporter
  pgbouncer-init:
    image: shop/web
    environment: {DB_HOST: pgbouncer}
  db:
    image: postgres
)");

  REQUIRE(reading.poolers.size() == 1);
  CHECK(reading.poolers[0].kind == "supavisor");
  CHECK(places(reading.poolers[0].listens) == "supavisor:5432 :5432 supavisor:6543 :6543");
}

TEST_CASE("a pooler of the project's own making is known by what it is built from") {
  const auto reading = Folder{}.read(R"(
services:
  pool:
    build: {context: ./docker/pgbouncer}
    environment: {DB_HOST: db, DB_NAME: shop}
  pgbouncer-2:
    image: registry.example/ops/base
    environment: {DB_HOST: db}
)");

  REQUIRE(reading.poolers.size() == 2);
  CHECK(reading.poolers[0].databases[0].name == "shop");
}

TEST_CASE("a pooler on the machine's network is where the machine is") {
  const auto reading = Folder{}.read(R"(
services:
  pgbouncer:
    image: bitnami/pgbouncer
    network_mode: host
    environment: {POSTGRESQL_HOST: 127.0.0.1, POSTGRESQL_PORT: 5433, PGBOUNCER_PORT: 8432}
  other:
    image: bitnami/pgbouncer
    environment: {POSTGRESQL_HOST: host.docker.internal, POSTGRESQL_PORT: 5433}
)");

  REQUIRE(reading.poolers.size() == 2);
  CHECK(places(reading.poolers[0].listens) == ":8432");
  CHECK(reading.poolers[0].databases[0].also_at.empty());
  CHECK(places(reading.poolers[1].databases[0].also_at) == "localhost:5433");
}

TEST_CASE("a link is another name of a service") {
  const auto reading = Folder{}.read(R"(
services:
  pg: {image: postgres, ports: ["5555:5432"]}
  pgbouncer:
    image: edoburu/pgbouncer
    environment: {DB_HOST: database}
    links: ["pg:database"]
)");

  REQUIRE(reading.poolers.size() == 1);
  CHECK(places(reading.poolers[0].databases[0].also_at) == "localhost:5555");
}

TEST_CASE("extended and included services are read from their own folders") {
  const auto reading = Folder{
      .files = {{"shop/base/common.yml", "services:\n  pool:\n    image: bitnami/pgbouncer\n"
                                         "    env_file: pool.env\n"
                                         "    environment: {PGBOUNCER_POOL_MODE: session}\n"},
                {"shop/base/pool.env", "POSTGRESQL_HOST=db\n"},
                {"infra/db.yml", "services: {db: {image: postgres, ports: ['$P:5432']}}"},
                {"infra/.env", "P=5444"}},
      .environment = {}}.read(R"(
include:
  - path: ../infra/db.yml
    env_file: ../infra/.env
services:
  pool:
    extends: {file: base/common.yml, service: pool}
    environment: {PGBOUNCER_DATABASE: shop}
)");

  CHECK(words(reading.problems).empty());
  REQUIRE(reading.poolers.size() == 1);
  CHECK(reading.poolers[0].mode == "session");
  CHECK(reading.poolers[0].databases[0].server.place() == "db:5432/shop");
  CHECK(places(reading.poolers[0].databases[0].also_at) == "localhost:5444");
}

TEST_CASE("later files and later documents lie over earlier ones") {
  const auto reading = parse_compose(
      {{"compose.yaml", "services: {pool: {image: bitnami/pgbouncer, environment: {A: 1}}}\n---\n"
                        "services: {pool: {environment: {POSTGRESQL_HOST: one}}}"},
       {"compose.override.yaml", "services: {pool: {environment: {POSTGRESQL_HOST: two}}}"}},
      {{}, [](const std::string&) { return std::nullopt; }});

  REQUIRE(reading.poolers.size() == 1);
  CHECK(reading.poolers[0].databases[0].server.host() == "two");
}

TEST_CASE("what extends or includes itself ends") {
  const auto reading =
      Folder{.files = {{"shop/compose.yaml", "include: [compose.yaml, compose.yaml]"}},
             .environment = {}}
          .read("include: [compose.yaml]\nservices: {a: {extends: b}, b: {extends: a}}");

  CHECK_FALSE(reading.problems.empty());
}

TEST_CASE("files that are missing and variables that are not set are told without values") {
  const auto reading = Folder{}.read(R"(
include: [missing.yml]
services:
  pool:
    image: bitnami/pgbouncer
    env_file: [{path: missing.env, required: false}, needed.env]
    environment:
      POSTGRESQL_PASSWORD: pa$hunter2
)");

  CHECK(words(reading.problems) == "a file that is extended or included could not be read\n");
  REQUIRE(reading.poolers.size() == 1);
  CHECK(words(reading.poolers[0].problems) ==
        "an env_file could not be read\n"
        "POSTGRESQL_PASSWORD: a variable in the value is not set\n");
}

TEST_CASE("a variable without a value takes the one of the surroundings") {
  const auto reading = Folder{.files = {}, .environment = {{"POSTGRESQL_HOST", "db"}}}.read(
      "services: {p: {image: bitnami/pgbouncer, "
      "environment: [POSTGRESQL_HOST, PGBOUNCER_DATABASE]}}");

  REQUIRE(reading.poolers.size() == 1);
  CHECK(reading.poolers[0].databases[0].server.host() == "db");
  CHECK(reading.poolers[0].databases[0].name == "postgres");
}

TEST_CASE("what is no compose file has no pooler and, unless it is empty, a problem or nothing") {
  for (const char* text : {"", "[]", "services: []", "services: {a: 1, b: [x], c: }", "a: b",
                           "services: {p: {image: [x], ports: {a: b}, environment: 3}}"}) {
    CHECK(Folder{}.read(text).poolers.empty());
  }
  CHECK(Folder{}.read("services: {a: {image: {{ x }}}}").problems.size() == 1);
  CHECK(Folder{}.read("services:\n\t- x").problems.size() == 1);
}

TEST_CASE("a project that is made to be expensive is not") {
  std::string text = "services:\n  base:\n    environment: &all {";
  for (int name = 0; name < 10000; ++name) {
    text += "V" + std::to_string(name) + ": $BIG, ";
  }
  text += "}\n";
  for (int service = 0; service < 5000; ++service) {
    text += "  s" + std::to_string(service) + ": {image: pgbouncer, extends: base, env_file: e}\n";
  }
  const Folder folder{.files = {{"shop/e", "A=$BIG\n"}},
                      .environment = {{"BIG", std::string(100'000, 'x')}}};

  const auto reading = folder.read(text);

  CHECK(words(reading.problems) == "repeats so much that it was not read to its end\n");
}
