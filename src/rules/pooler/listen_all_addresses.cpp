#include "rules/pooler/all.hpp"

#include "base/text.hpp"
#include "rules/pooler/bouncers.hpp"

#include <algorithm>
#include <fmt/core.h>

namespace pgtool::rules {
namespace {

bool listens_anywhere(const std::string& listen_addr) {
  const auto addresses = listed(listen_addr);
  return std::any_of(addresses.begin(), addresses.end(), [](const std::string& word) {
    return word == "*" || word == "0.0.0.0" || word == "::";
  });
}

/// Whoever reaches the port meets host rules, or must have TLS.
bool is_guarded(const PoolerFacts& pooler) {
  const auto type = lower(pooler.value("auth_type"));
  const bool has_rules = type == "hba" && !pooler.value("auth_hba_file").empty();
  return has_rules || type == "cert" || pooler.demands_tls();
}

/// A container listens on all its addresses; what counts is who is led there.
std::vector<Remark> published(const PoolerFacts& pooler) {
  if (pooler.container_reach != Reach::anywhere || pooler.published.empty()) {
    return {};
  }
  auto where = pooler.where;
  where.object = "ports";
  return {
      {.message = fmt::format("{} is published on every address of its machine (ports: \"{}\"), "
                              "without TLS or host rules",
                              pooler.name, pooler.published),
       .where = std::move(where),
       .remedy = fmt::format("publish it where it is needed only, ports: "
                             "[\"127.0.0.1:{}\"], or demand TLS: {}",
                             pooler.published, pooler.line_for("client_tls_sslmode", "require"))}};
}

std::vector<Remark> by_addresses(const PoolerFacts& pooler) {
  if (pooler.container_reach || !listens_anywhere(pooler.value("listen_addr"))) {
    return {};
  }
  return {{.message = fmt::format("{} listens on every address ({}), without TLS or host rules",
                                  pooler.name, pooler.value("listen_addr")),
           .where = pooler.place_of("listen_addr"),
           .remedy = "name the private address: " + pooler.line_for("listen_addr", "10.0.0.5") +
                     ", or demand TLS: " + pooler.line_for("client_tls_sslmode", "require")}};
}

std::vector<Remark> look(const Deployment& deployment) {
  std::vector<Remark> remarks;
  for (const auto* pooler : bouncers(deployment)) {
    if (is_guarded(*pooler)) {
      continue;
    }
    for (auto found : {published(*pooler), by_addresses(*pooler)}) {
      remarks.insert(remarks.end(), found.begin(), found.end());
    }
  }
  return remarks;
}

} // namespace

const Rule listen_all_addresses{
    .slug = "listen-all-addresses",
    .area = Area::pooler,
    .grades = always(Severity::warning),
    .summary = "The pooler listens on every address, without TLS or host rules",
    .why = "Whoever reaches the port may try passwords, and reads what clients send. A pooler is "
           "the database: only trusted networks may reach it. A container has to listen on all of "
           "its addresses: there the published port counts, which docker opens past the machine's "
           "own firewall.",
    .remedy = "listen on the private address, use auth_type = hba with host rules, or demand TLS",
    .link = "https://www.pgbouncer.org/config.html#listen_addr",
    .look = look,
};

} // namespace pgtool::rules
