#pragma once

#include "commands/context.hpp"
#include "commands/options.hpp"
#include "model/report.hpp"

namespace pgtool {

/// Writes what the findings' edits say into pgbouncer.ini and .env files, after the difference was
/// shown and, without --yes, agreed to. Each file keeps its rights and owner; its text before stays
/// beside it. Findings that are mended leave the report; those of Python are left as a difference
/// to be applied by hand. Returns false when something was to be written and was not.
bool fix(const CheckOptions& options, Report& report, const Context& context);

} // namespace pgtool
