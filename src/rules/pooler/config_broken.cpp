#include "rules/pooler/all.hpp"

#include "rules/pooler/misread.hpp"

namespace pgtool::rules {
namespace {

std::vector<Remark> look(const Deployment& deployment) {
  return misread_as(deployment, Misread::Kind::refused,
                    "write what PgBouncer reads there, and try it before the pooler does: a RELOAD "
                    "on the console tells errors in its log");
}

} // namespace

const Rule config_broken{
    .slug = "config-broken",
    .area = Area::pooler,
    .grades = always(Severity::error),
    .summary = "PgBouncer does not start with this file",
    .why = "FATAL cannot load config file. A pooler that runs keeps what it had when RELOAD meets "
           "the file, and does not come back when its machine is started again.",
    .remedy = "write what PgBouncer reads there",
    .link = "https://www.pgbouncer.org/config.html#generic-settings",
    .look = look,
};

} // namespace pgtool::rules
