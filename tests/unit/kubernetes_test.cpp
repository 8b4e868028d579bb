#include "config_words.hpp"
#include "pooler/config/kubernetes.hpp"

#include <doctest/doctest.h>

using namespace pgtool;

namespace {

constexpr const char* bitnami = R"(
apiVersion: apps/v1
kind: Deployment
metadata: {name: pooler, namespace: shop}
spec:
  replicas: 2
  selector: {matchLabels: {app: pooler}}
  template:
    metadata: {labels: {app: pooler, tier: db}}
    spec:
      containers:
        - name: pgbouncer
          image: docker.io/bitnami/pgbouncer:1.24.0
          ports: [{name: pg, containerPort: 6432}]
          envFrom:
            - configMapRef: {name: pooler}
            - secretRef: {name: unknown}
          env:
            - {name: POSTGRESQL_HOST, value: "$(CLUSTER)-primary.data.svc"}
            - name: POSTGRESQL_USERNAME
              valueFrom: {configMapKeyRef: {name: pooler, key: user}}
            - name: POSTGRESQL_PASSWORD
              valueFrom: {secretKeyRef: {name: shop-app, key: password}}
        - name: exporter
          image: prometheuscommunity/pgbouncer-exporter:v0.7.0
)";

constexpr const char* bitnami_beside = R"(
apiVersion: v1
kind: List
items:
  - apiVersion: v1
    kind: ConfigMap
    metadata: {name: pooler, namespace: shop}
    data: {user: app, CLUSTER: pg, PGBOUNCER_DATABASE: shop, PGBOUNCER_POOL_MODE: transaction}
  - apiVersion: v1
    kind: ConfigMap
    metadata: {name: pooler, namespace: other}
    data: {user: wrong}
  - apiVersion: v1
    kind: Service
    metadata: {name: database, namespace: shop}
    spec:
      selector: {app: pooler}
      ports: [{port: 5432, targetPort: pg}, {port: 9127, targetPort: 9127}]
  - apiVersion: v1
    kind: Service
    metadata: {name: web, namespace: shop}
    spec: {selector: {app: web}, ports: [{port: 6432}]}
)";

} // namespace

TEST_CASE("a Deployment is read with its ConfigMap and the Service before it") {
  const auto reading =
      parse_kubernetes({{"deploy.yaml", bitnami}, {"service.yaml", bitnami_beside}});

  CHECK(words(reading.problems).empty());
  REQUIRE(reading.poolers.size() == 1);
  const auto& pooler = reading.poolers[0];
  CHECK(pooler.origin == "deploy.yaml, Deployment pooler");
  CHECK(pooler.mode == "transaction");
  CHECK(places(pooler.listens) == "database:5432 database.shop:5432 database.shop.svc:5432 "
                                  "database.shop.svc.cluster.local:5432");
  REQUIRE(pooler.databases.size() == 1);
  CHECK(pooler.databases[0].server.place() == "pg-primary.data.svc:5432/shop");
  CHECK(pooler.databases[0].logins[0].user == "app");
  CHECK(
      words(pooler.problems) ==
      "POSTGRESQL_PASSWORD was not read: its value stands in the Secret shop-app, key password\n");
}

TEST_CASE("without a Service the pod listens where its container does") {
  const auto reading = parse_kubernetes({{"deploy.yaml", bitnami}});

  REQUIRE(reading.poolers.size() == 1);
  CHECK(places(reading.poolers[0].listens) == ":6432");
}

TEST_CASE("a URL is read even where its password stands in a Secret") {
  const auto reading = parse_kubernetes({{"pod.yaml", R"(
apiVersion: v1
kind: Pod
metadata: {name: pooler, labels: {app: pooler}}
spec:
  containers:
    - image: edoburu/pgbouncer
      env:
        - name: PASSWORD
          valueFrom: {secretKeyRef: {name: app, key: password}}
        - {name: DATABASE_URL, value: "postgres://app:$(PASSWORD)@db/shop"}
        - {name: POOL_MODE, value: transaction}
)"}});

  REQUIRE(reading.poolers.size() == 1);
  REQUIRE(reading.poolers[0].databases.size() == 1);
  CHECK(reading.poolers[0].databases[0].server.host() == "db");
  CHECK(reading.poolers[0].databases[0].logins[0].user == "app");
  CHECK(reading.poolers[0].databases[0].logins[0].password.empty());
  CHECK(words(reading.poolers[0].problems) ==
        "DATABASE_URL: the password stands elsewhere and was not read\n");
}

TEST_CASE("a host that stands in a Secret is not guessed") {
  const auto reading = parse_kubernetes({{"pod.yaml", R"(
kind: Pod
metadata: {name: pooler}
spec:
  containers:
    - image: edoburu/pgbouncer
      env:
        - {name: H, valueFrom: {secretKeyRef: {name: app, key: host}}}
        - {name: DATABASE_URL, value: "postgres://app:x@$(H)/shop"}
    - image: edoburu/pgbouncer
      env:
        - {name: DATABASE_URL, valueFrom: {secretKeyRef: {name: app, key: url}}}
)"}});

  REQUIRE(reading.poolers.size() == 2);
  CHECK(reading.poolers[0].databases.empty());
  CHECK(words(reading.poolers[0].problems) == "DATABASE_URL is a template\n");
  CHECK(reading.poolers[1].databases.empty());
  CHECK(words(reading.poolers[1].problems) ==
        "DATABASE_URL was not read: its value stands in the Secret app, key url\n");
}

TEST_CASE("a pgbouncer.ini in a ConfigMap is read") {
  const std::string text = R"(
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: pooler}
spec:
  template:
    metadata: {labels: {app: pooler}}
    spec:
      containers:
        - image: registry.example/ops/pool
          volumeMounts:
            - {name: config, mountPath: /etc/pgbouncer/pgbouncer.ini, subPath: pgbouncer.ini}
          ports: [{containerPort: 6432}]
      volumes:
        - {name: config, configMap: {name: pooler}}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: pooler}
data:
  pgbouncer.ini: |
    [databases]
    * = host=db
    [pgbouncer]
    listen_addr = *
    pool_mode = transaction
---
apiVersion: v1
kind: Service
metadata: {name: pool}
spec: {selector: {app: pooler}, ports: [{port: 6432}]}
)";

  const auto reading = parse_kubernetes({{"k.yaml", text}});

  REQUIRE(reading.poolers.size() == 1);
  CHECK_FALSE(reading.poolers[0].own_file);
  CHECK(reading.poolers[0].mode == "transaction");
  CHECK(reading.poolers[0].databases[0].server.host() == "db");
  CHECK(reading.poolers[0].origin == "k.yaml, StatefulSet pooler");
  CHECK(places(reading.poolers[0].listens) == "pool:6432");
}

TEST_CASE("another pooler's file is handed on, one that stands elsewhere is told of") {
  const auto reading = parse_kubernetes({{"k.yaml", R"(
kind: Pod
metadata: {name: cat}
spec:
  containers:
    - {image: ghcr.io/postgresml/pgcat, volumeMounts: [{name: v, mountPath: /etc/pgcat}]}
    - {image: edoburu/pgbouncer, volumeMounts: [{name: w, mountPath: /etc/pgbouncer}]}
  volumes: [{name: v, configMap: {name: cat}}, {name: w, secret: {secretName: ini}}]
---
kind: ConfigMap
metadata: {name: cat}
data: {pgcat.toml: "[general]"}
)"}});

  REQUIRE(reading.poolers.size() == 2);
  CHECK(reading.poolers[0].kind == "pgcat");
  CHECK(reading.poolers[0].own_file->text == "[general]");
  CHECK(reading.poolers[1].own_file->text.empty());
}

TEST_CASE("an app that is told of a pooler and a server is no pooler") {
  CHECK(parse_kubernetes({{"k.yaml", R"(
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  template:
    spec:
      containers:
        - image: shop/web
          env: [{name: DB_HOST, value: pooler}, {name: PGBOUNCER_HOST, value: pooler}]
        - image: postgres:16
          env: [{name: POSTGRES_PASSWORD, value: hunter2}]
)"}}).poolers.empty());
}

TEST_CASE("a Helm template is told as one and its neighbours are read") {
  const auto reading = parse_kubernetes({{"chart.yaml", R"(
{{- if .Values.pooler.enabled }}
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ include "shop.fullname" . }}
{{- end }}
---
{apiVersion: postgresql.cnpg.io/v1, kind: Pooler, metadata: {name: p}, spec: {cluster: {name: c}}}
)"}});

  REQUIRE(reading.problems.size() == 1);
  CHECK(reading.problems[0].message ==
        "is a template, not YAML: give what it renders to (helm template)");
  CHECK(reading.poolers.size() == 1);
}

TEST_CASE("what is no manifest has no pooler") {
  for (const char* text :
       {"", "[1, 2]", "kind: [Deployment]", "items: [1, {kind: Deployment}]",
        "kind: Deployment\nspec: {template: {spec: {containers: [1, {env: 2}]}}}",
        "kind: Service\nspec: {selector: {}, ports: {a: b}}"}) {
    CHECK(parse_kubernetes({{"k.yaml", text}}).poolers.empty());
  }
}

TEST_CASE("a thousand services before a thousand poolers are bounded") {
  std::string text = "kind: Pod\nmetadata: {labels: {a: b}}\nspec:\n  containers:\n";
  for (int container = 0; container < 2000; ++container) {
    text += "  - {image: bitnami/pgbouncer}\n";
  }
  for (int service = 0; service < 2000; ++service) {
    text += "---\n{kind: Service, metadata: {name: s, namespace: n}, "
            "spec: {selector: {a: b}, ports: [{port: 6432}]}}\n";
  }

  const auto reading = parse_kubernetes({{"k.yaml", text}});

  CHECK(reading.poolers.size() == 2000);
  CHECK(reading.poolers[0].listens.size() <= 68);
}
