#include "rules/pooler/all.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <fmt/core.h>

namespace pgtool::rules {
namespace {

bool listens_anywhere(const std::string& listen_addr) {
  const auto addresses = split(listen_addr, ',');
  return std::any_of(addresses.begin(), addresses.end(), [](const std::string& address) {
    const auto word = trim(address);
    return word == "*" || word == "0.0.0.0" || word == "::";
  });
}

/// Whoever reaches the port meets host rules, or must have a certificate.
bool is_guarded(const PoolerFacts& pooler) {
  const auto tls = pooler.value("client_tls_sslmode");
  const bool has_rules =
      pooler.value("auth_type") == "hba" && !pooler.value("auth_hba_file").empty();
  return has_rules || tls == "require" || tls == "verify-ca" || tls == "verify-full";
}

std::vector<Remark> look(const Deployment& deployment) {
  std::vector<Remark> remarks;
  for (const auto& pooler : deployment.poolers) {
    if (pooler.kind != "pgbouncer" || !listens_anywhere(pooler.value("listen_addr")) ||
        is_guarded(pooler)) {
      continue;
    }
    remarks.push_back(
        {.message = fmt::format("{} listens on every address ({}), without TLS or host rules",
                                pooler.name, pooler.value("listen_addr")),
         .where = pooler.place_of("listen_addr"),
         .remedy = "name the private address: " + pooler.line_for("listen_addr", "10.0.0.5") +
                   ", or demand TLS: " + pooler.line_for("client_tls_sslmode", "require")});
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
           "the database: only trusted networks may reach it.",
    .remedy = "listen on the private address, use auth_type = hba with host rules, or demand TLS",
    .link = "https://www.pgbouncer.org/config.html#listen_addr",
    .look = look,
};

} // namespace pgtool::rules
