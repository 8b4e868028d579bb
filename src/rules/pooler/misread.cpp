#include "rules/pooler/misread.hpp"

#include "rules/pooler/bouncers.hpp"

namespace pgtool::rules {

std::vector<Remark> misread_as(const Deployment& deployment, Misread::Kind kind,
                               const std::string& remedy) {
  std::vector<Remark> remarks;
  for (const auto* pooler : bouncers(deployment)) {
    for (const auto& misread : pooler->misread) {
      if (misread.kind == kind) {
        auto where = misread.where;
        where.object = where.object.empty() ? pooler->name : where.object;
        remarks.push_back(
            {.message = misread.message, .where = std::move(where), .remedy = remedy});
      }
    }
  }
  return remarks;
}

} // namespace pgtool::rules
