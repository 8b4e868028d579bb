#include "rules/pooler/all.hpp"

#include "base/text.hpp"
#include "rules/pooler/bouncers.hpp"
#include "rules/pooler/hosts.hpp"

#include <fmt/core.h>
#include <map>

namespace pgtool::rules {
namespace {

Severity severity_at(Distance distance) {
  return distance == Distance::public_net ? Severity::warning : Severity::info;
}

const char* network(Distance distance) {
  return distance == Distance::public_net ? "" : " through a private network";
}

/// True only where neither end leaves a choice: with `prefer` the other end decides.
bool is_plain(const AliasFacts& alias, const PoolerFacts& pooler) {
  const auto asked = alias.alias.endpoint.get("sslmode");
  const auto offered = lower(pooler.value("client_tls_sslmode"));
  const bool may_be_plain =
      asked.empty() || asked == "disable" || asked == "allow" || asked == "prefer";
  return may_be_plain && (offered == "disable" || (asked == "disable" && !pooler.demands_tls()));
}

void add_clients(const Deployment& deployment, const PoolerFacts& pooler,
                 std::vector<Remark>& remarks) {
  for (const auto* alias : aliases_of(deployment, pooler)) {
    const auto& endpoint = alias->alias.endpoint;
    const auto address = endpoint.get("hostaddr");
    const auto host = address.empty() ? endpoint.host() : address;
    const auto distance = distance_to(host);
    if (distance <= Distance::neighbour || !is_plain(*alias, pooler)) {
      continue;
    }
    const bool is_ours = endpoint.get("sslmode") == "disable" &&
                         lower(pooler.value("client_tls_sslmode")) != "disable";
    remarks.push_back(
        {.message = fmt::format("alias '{}' reaches {} at {}{} without TLS", alias->alias.name,
                                pooler.name, host, network(distance)),
         .where =
             is_ours ? alias->place_of("OPTIONS.sslmode") : pooler.place_of("client_tls_sslmode"),
         .remedy = is_ours ? fmt::format("DATABASES['{}']['OPTIONS']['sslmode'] = 'verify-full'",
                                         alias->alias.name)
                           : pooler.line_for("client_tls_sslmode", "require") +
                                 ", with client_tls_key_file and client_tls_cert_file; and "
                                 "sslmode = 'verify-full' in the alias's OPTIONS",
         .severity = severity_at(distance)});
  }
}

/// What the server was seen to have decides where the pooler asks for TLS without insisting.
bool server_has_none(const Deployment& deployment, const PoolerFacts& pooler,
                     const OfferedDatabase& database) {
  for (const auto* alias : aliases_of(deployment, pooler)) {
    const auto* server = deployment.server_of(*alias);
    if (pooler.database_of(alias->alias.endpoint.database()) == &database && server != nullptr &&
        server->speaks_tls == false) {
      return true;
    }
  }
  return false;
}

void add_servers(const Deployment& deployment, const PoolerFacts& pooler,
                 std::vector<Remark>& remarks) {
  const auto mode = lower(pooler.value("server_tls_sslmode"));
  std::map<std::string, Distance> plain;
  for (const auto& database : pooler.databases) {
    const bool is_asked = mode == "prefer" || mode == "allow";
    const auto distance = distance_to(database.host);
    if (distance > Distance::neighbour &&
        (mode == "disable" || (is_asked && server_has_none(deployment, pooler, database)))) {
      plain.emplace(database.host, distance);
    }
  }
  for (const auto& [host, distance] : plain) {
    remarks.push_back(
        {.message = fmt::format("{} reaches the server {}{} without TLS (server_tls_sslmode = {})",
                                pooler.name, host, network(distance), mode),
         .where = pooler.place_of("server_tls_sslmode"),
         .remedy = pooler.line_for("server_tls_sslmode", "verify-full") +
                   ", with server_tls_ca_file; or at least " +
                   pooler.line_for("server_tls_sslmode", "require"),
         .severity = severity_at(distance)});
  }
}

std::vector<Remark> look(const Deployment& deployment) {
  std::vector<Remark> remarks;
  for (const auto* pooler : bouncers(deployment)) {
    add_clients(deployment, *pooler, remarks);
    add_servers(deployment, *pooler, remarks);
  }
  return remarks;
}

} // namespace

const Rule tls_off{
    .slug = "tls-off",
    .area = Area::pooler,
    .grades = always(Severity::warning),
    .summary = "A link between application, pooler and server leaves the machine without TLS",
    .why = "Every query and every row can be read and changed on the way. PgBouncer offers its "
           "clients no TLS unless client_tls_sslmode is set, and before 1.20 asks no server for it "
           "unless server_tls_sslmode is. Links on one machine, between containers and to names of "
           "a private network are left alone; for a private address this is information.",
    .remedy = "set client_tls_sslmode and server_tls_sslmode, and sslmode in the alias's OPTIONS",
    .link = "https://www.pgbouncer.org/config.html#tls-settings",
    .look = look,
};

} // namespace pgtool::rules
