#include "rules/pooler/all.hpp"

#include "rules/pooler/misread.hpp"

namespace pgtool::rules {
namespace {

std::vector<Remark> look(const Deployment& deployment) {
  return misread_as(deployment, Misread::Kind::inline_comment,
                    "put the comment on a line of its own, above");
}

} // namespace

const Rule config_inline_comment{
    .slug = "config-inline-comment",
    .area = Area::pooler,
    .grades = always(Severity::error),
    .summary = "A comment stands behind a value",
    .why = "PgBouncer takes everything up to the end of the line for the value: ERROR invalid "
           "value, FATAL cannot load config file, or a host that nobody can find.",
    .remedy = "put the comment on a line of its own",
    .link = "https://www.pgbouncer.org/config.html#generic-settings",
    .look = look,
};

} // namespace pgtool::rules
