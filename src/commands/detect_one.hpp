#pragma once

#include "commands/context.hpp"
#include "connector/survey.hpp"
#include "model/report.hpp"

#include <string>

namespace pgtool {

/// One endpoint that detect has looked at.
struct Looked {
  Endpoint pooled;
  Survey survey;
  std::string alias{};             ///< "" for bare URLs
  bool server_side_cursors = true; ///< as far as is known
};

/// What was found, as the report of `detect`.
Report report_of(const Looked& looked, const Context& context);

} // namespace pgtool
