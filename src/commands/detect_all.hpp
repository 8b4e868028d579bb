#pragma once

#include "commands/context.hpp"
#include "commands/options.hpp"
#include "model/report.hpp"

namespace pgtool {

/// `detect --all`: every alias on PostgreSQL, one after another, and every configuration of a
/// pooler that was found, each as a part of the report. The status is the worst of them.
Report detect_all(const DetectOptions& options, const Context& context);

} // namespace pgtool
