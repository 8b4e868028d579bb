#include "commands/preflight.hpp"

#include "commands/check.hpp"

namespace pgtool {

Report run(const PreflightOptions& options, const Context& context) {
  auto report = run(options.check, context);
  report.command = "preflight";
  return report;
}

} // namespace pgtool
