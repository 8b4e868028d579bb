#include "rules/pooler/all.hpp"

#include "rules/pooler/bouncers.hpp"

#include <fmt/core.h>

namespace pgtool::rules {
namespace {

constexpr unsigned others_read = 04;

std::vector<Remark> look(const Deployment& deployment) {
  std::vector<Remark> remarks;
  for (const auto* pooler : bouncers(deployment)) {
    const auto& list = pooler->auth_file;
    if (!list || !list->permissions || (*list->permissions & others_read) == 0) {
      continue;
    }
    const int secrets = list->plain + list->md5 + list->scram;
    if (secrets == 0) {
      continue; // Debian's package brings an empty one
    }
    remarks.push_back(
        {.message = fmt::format(
             "everybody on its machine may read {} (0{:o}), which has {} "
             "secret{}{}",
             list->path, *list->permissions, secrets, secrets == 1 ? "" : "s",
             list->plain > 0 ? fmt::format(", {} of them passwords as they are", list->plain) : ""),
         .where = pooler->place_of("auth_file"),
         .remedy = fmt::format("chmod 640 {}, with the group that PgBouncer runs as", list->path)});
  }
  return remarks;
}

} // namespace

const Rule auth_file_readable{
    .slug = "auth-file-readable",
    .area = Area::pooler,
    .grades = always(Severity::warning),
    .summary = "Everybody on the pooler's machine may read its list of secrets",
    .why = "PgBouncer does not look at the file's permissions as PostgreSQL does at .pgpass. "
           "Passwords and md5 digests in it open the database at once, SCRAM secrets let passwords "
           "be tried without anybody noticing.",
    .remedy = "chmod 640, owned by root and the group that PgBouncer runs as",
    .link = "https://www.pgbouncer.org/config.html#auth_file",
    .look = look,
};

} // namespace pgtool::rules
