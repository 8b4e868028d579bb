#include "rules/pooler/all.hpp"

#include "rules/pooler/misread.hpp"

namespace pgtool::rules {
namespace {

std::vector<Remark> look(const Deployment& deployment) {
  return misread_as(deployment, Misread::Kind::unknown_key,
                    "write the key as PgBouncer calls it, or take it out");
}

} // namespace

const Rule config_unknown_key{
    .slug = "config-unknown-key",
    .area = Area::pooler,
    .grades = always(Severity::error),
    .summary = "A key that PgBouncer does not know",
    .why = "ERROR unknown parameter, FATAL cannot load config file: PgBouncer does not start with "
           "a key that it does not know, and RELOAD leaves everything as it was. Keys are "
           "case-sensitive.",
    .remedy = "write the key as PgBouncer calls it, or take the line out",
    .link = "https://www.pgbouncer.org/config.html",
    .look = look,
};

} // namespace pgtool::rules
