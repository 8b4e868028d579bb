#pragma once

#include "rules/rule.hpp"

namespace pgtool::rules {

/// What the readers of all PgBouncers' configurations said of that kind.
std::vector<Remark> misread_as(const Deployment& deployment, Misread::Kind kind,
                               const std::string& remedy);

} // namespace pgtool::rules
