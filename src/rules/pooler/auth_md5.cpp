#include "rules/pooler/all.hpp"

#include "base/text.hpp"
#include "rules/pooler/bouncers.hpp"

#include <algorithm>
#include <fmt/core.h>

namespace pgtool::rules {
namespace {

/// There md5 is all that the roles have.
bool server_has_md5(const Deployment& deployment, const PoolerFacts& pooler) {
  const auto aliases = aliases_of(deployment, pooler);
  return std::any_of(aliases.begin(), aliases.end(), [&](const AliasFacts* alias) {
    const auto* server = deployment.server_of(*alias);
    return server != nullptr && server->password_encryption == "md5";
  });
}

/// Where it is known that somebody logs in by md5: PgBouncer speaks SCRAM with users whose secret
/// is one, whatever auth_type says, and what auth_query finds is what the server has. "" for not
/// known.
std::string who_uses_md5(const PoolerFacts& pooler) {
  if (const auto& list = pooler.auth_file; list && list->was_read) {
    const int weak = list->plain + list->md5;
    return weak == 0 ? ""
                     : fmt::format("{} of {} secrets in {} are no SCRAM ones", weak,
                                   weak + list->scram, list->path);
  }
  const bool is_of_image = pooler.form == PoolerFacts::Form::environment && !pooler.is_live &&
                           pooler.find("auth_type") != nullptr;
  return is_of_image ? "its image writes the users' md5 digests into its list" : "";
}

std::vector<Remark> look(const Deployment& deployment) {
  std::vector<Remark> remarks;
  for (const auto* pooler : bouncers(deployment)) {
    const auto users = who_uses_md5(*pooler);
    if (lower(pooler->value("auth_type")) != "md5" || pooler->reach() != Reach::anywhere ||
        users.empty() || server_has_md5(deployment, *pooler)) {
      continue;
    }
    const bool has_digests = pooler->auth_file && pooler->auth_file->md5 > 0;
    Remark remark{.message =
                      fmt::format("{} lets clients prove their passwords by md5{}", pooler->name,
                                  pooler->demands_tls() ? "" : ", and without TLS"),
                  .where = pooler->place_of("auth_type"),
                  .detail = users,
                  .remedy = pooler->line_for("auth_type", "scram-sha-256")};
    if (has_digests) {
      remark.remedy += ", once the md5 digests in its list are replaced by the roles' own secrets "
                       "(SELECT rolname, rolpassword FROM pg_authid)";
    } else {
      remark.edits = pooler->edit_for("auth_type", "scram-sha-256");
    }
    if (pooler->demands_tls()) {
      remark.severity = Severity::info;
    }
    remarks.push_back(std::move(remark));
  }
  return remarks;
}

} // namespace

const Rule auth_md5{
    .slug = "auth-md5",
    .area = Area::pooler,
    .grades = always(Severity::warning),
    .summary = "Clients prove their passwords to the pooler by md5",
    .why = "Whoever reads one login can try passwords against it at leisure, and a digest of the "
           "list is as good as the password. PgBouncer cannot log in with an md5 digest to a "
           "server that stores SCRAM secrets either: server login failed: wrong password type. "
           "Users with a SCRAM secret in the list are served by SCRAM whatever auth_type says.",
    .remedy = "set auth_type = scram-sha-256, with the SCRAM secrets that the server has",
    .link = "https://www.pgbouncer.org/config.html#auth_type",
    .look = look,
};

} // namespace pgtool::rules
