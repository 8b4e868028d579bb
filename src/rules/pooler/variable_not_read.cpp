#include "rules/pooler/all.hpp"

#include "rules/pooler/misread.hpp"

namespace pgtool::rules {
namespace {

std::vector<Remark> look(const Deployment& deployment) {
  return misread_as(deployment, Misread::Kind::unread_variable,
                    "use the name that the image reads");
}

} // namespace

const Rule variable_not_read{
    .slug = "variable-not-read",
    .area = Area::pooler,
    .grades = always(Severity::warning),
    .summary = "A variable that the pooler's image does not read",
    .why = "Images call their variables differently. What the image does not know is silently left "
           "out, and the default holds: a pool mode of session, a pool of 20.",
    .remedy = "use the name that the image reads",
    .link = "https://hub.docker.com/r/bitnami/pgbouncer",
    .look = look,
};

} // namespace pgtool::rules
