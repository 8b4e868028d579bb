#include "config_words.hpp"
#include "pooler/config/kubernetes.hpp"

#include <doctest/doctest.h>

using namespace pgtool;

namespace {

std::vector<PoolerConfig> read(const std::string& text) {
  const auto reading = parse_kubernetes({{"k8s/db.yaml", text}});
  CHECK(reading.problems.empty());
  return reading.poolers;
}

} // namespace

TEST_CASE("a Pooler of CloudNativePG leads to its cluster's own service") {
  const auto poolers = read(R"(
apiVersion: postgresql.cnpg.io/v1
kind: Cluster
metadata: {name: shop, namespace: data}
spec: {instances: 3}
---
apiVersion: postgresql.cnpg.io/v1
kind: Pooler
metadata:
  name: shop-pooler
  namespace: data
spec:
  cluster: {name: shop}
  instances: 3
  type: rw
  pgbouncer:
    poolMode: transaction
    parameters:
      max_client_conn: "1000"
      default_pool_size: 25
      ignore_startup_parameters: search_path
)");

  REQUIRE(poolers.size() == 1);
  CHECK(poolers[0].origin == "k8s/db.yaml, Pooler shop-pooler");
  CHECK(poolers[0].mode == "transaction");
  CHECK(poolers[0].settings.at("max_client_conn") == "1000");
  CHECK(poolers[0].settings.at("default_pool_size") == "25");
  CHECK(poolers[0].settings.at("ignore_startup_parameters") ==
        "extra_float_digits,options,search_path");
  CHECK(places(poolers[0].listens) ==
        "shop-pooler:5432 shop-pooler.data:5432 shop-pooler.data.svc:5432 "
        "shop-pooler.data.svc.cluster.local:5432");
  REQUIRE(poolers[0].databases.size() == 1);
  CHECK(poolers[0].databases[0].name == "*");
  CHECK(poolers[0].databases[0].server.host() == "shop-rw");
  CHECK(places(poolers[0].databases[0].also_at) ==
        "shop-rw.data:5432 shop-rw.data.svc:5432 shop-rw.data.svc.cluster.local:5432");
  CHECK_FALSE(poolers[0].databases[0].is_replica);
}

TEST_CASE("a read-only Pooler leads to a replica, in session mode unless it is said") {
  const auto poolers =
      read("{apiVersion: postgresql.cnpg.io/v1, kind: Pooler, metadata: {name: p}, "
           "spec: {type: ro, cluster: {name: shop}}}");

  REQUIRE(poolers.size() == 1);
  CHECK(poolers[0].mode == "session");
  CHECK(places(poolers[0].listens) == "p:5432");
  CHECK(poolers[0].databases[0].server.host() == "shop-ro");
  CHECK(poolers[0].databases[0].also_at.empty());
  CHECK(poolers[0].databases[0].is_replica);
}

TEST_CASE("a Pooler of anybody else is none") {
  CHECK(read("{apiVersion: example.com/v1, kind: Pooler, metadata: {name: p}, "
             "spec: {cluster: {name: shop}}}")
            .empty());
}

TEST_CASE("a Pooler without a cluster is one without a database") {
  const auto poolers =
      read("{apiVersion: postgresql.cnpg.io/v1, kind: Pooler, metadata: {name: p}, spec: }");

  REQUIRE(poolers.size() == 1);
  CHECK(poolers[0].databases.empty());
  CHECK(poolers[0].problems.size() == 1);
}

TEST_CASE("Zalando's cluster has a pooler for itself and one for its replicas") {
  const auto poolers = read(R"(
apiVersion: acid.zalan.do/v1
kind: postgresql
metadata: {name: acid-shop, namespace: data}
spec:
  teamId: acid
  enableConnectionPooler: true
  enableReplicaConnectionPooler: true
  connectionPooler: {mode: session, maxDBConnections: 60, user: bouncer}
)");

  REQUIRE(poolers.size() == 2);
  CHECK(poolers[0].mode == "session");
  CHECK(poolers[0].settings.at("max_db_connections") == "60");
  CHECK(poolers[0].settings.at("auth_user") == "bouncer");
  CHECK(poolers[0].listens[0].host() == "acid-shop-pooler");
  CHECK(poolers[0].databases[0].server.host() == "acid-shop");
  CHECK(poolers[1].listens[0].host() == "acid-shop-pooler-repl");
  CHECK(poolers[1].databases[0].server.host() == "acid-shop-repl");
  CHECK(poolers[1].databases[0].is_replica);
}

TEST_CASE("Zalando's section on the pooler enables it, a false word does not") {
  const std::string head = "apiVersion: acid.zalan.do/v1\nkind: postgresql\nmetadata: {name: a}\n";

  CHECK(read(head + "spec: {connectionPooler: {numberOfInstances: 2}}").size() == 1);
  CHECK(read(head + "spec: {enableConnectionPooler: false, connectionPooler: {}}").empty());
  CHECK(read(head + "spec: {numberOfInstances: 2}").empty());
}

TEST_CASE("Crunchy's cluster has a pooler where its proxy says so") {
  const auto poolers = read(R"(
apiVersion: postgres-operator.crunchydata.com/v1beta1
kind: PostgresCluster
metadata: {name: hippo, namespace: data}
spec:
  port: 5433
  proxy:
    pgBouncer:
      port: 6432
      replicas: 2
      config:
        global: {pool_mode: transaction, max_client_conn: "500"}
        users: {reports: pool_mode=session max_user_connections=5}
)");

  REQUIRE(poolers.size() == 1);
  CHECK(poolers[0].mode == "transaction");
  CHECK(poolers[0].settings.at("max_client_conn") == "500");
  CHECK(poolers[0].mode_for("shop", "reports") == "session");
  CHECK(poolers[0].listens[0].host() == "hippo-pgbouncer");
  CHECK(poolers[0].listens[0].port() == "6432");
  CHECK(poolers[0].databases[0].server.place() == "hippo-primary:5433/");
}

TEST_CASE("Crunchy's own entries replace the one for any name") {
  const auto poolers = read(R"(
apiVersion: postgres-operator.crunchydata.com/v1beta1
kind: PostgresCluster
metadata: {name: hippo}
spec:
  proxy:
    pgBouncer:
      config:
        databases:
          shop: host=hippo-primary port=5432 dbname=shop_live
          broken: password=hunter2 hunter2
)");

  REQUIRE(poolers.size() == 1);
  REQUIRE(poolers[0].databases.size() == 2);
  CHECK(poolers[0].databases[0].server.password.empty());
  CHECK(poolers[0].databases[1].server.place() == "hippo-primary:5432/shop_live");
  REQUIRE_FALSE(poolers[0].problems.empty());
  for (const auto& problem : poolers[0].problems) {
    CHECK(problem.message.find("hunter2") == std::string::npos);
  }
}

TEST_CASE("Crunchy's cluster without a proxy has no pooler") {
  CHECK(read("{apiVersion: postgres-operator.crunchydata.com/v1beta1, kind: PostgresCluster, "
             "metadata: {name: hippo}, spec: {postgresVersion: 16}}")
            .empty());
}
