#include "commands/detect.hpp"

#include "commands/alias_survey.hpp"
#include "commands/detect_all.hpp"
#include "commands/detect_one.hpp"
#include "commands/project_link.hpp"
#include "commands/survey_report.hpp"

namespace pgtool {
namespace {

Report look_at_project(const DetectOptions& options, const Context& context) {
  const auto& connect = options.common.connect;
  auto link = open_project(options.common, context, {"check"}, true);
  auto report = detect_alias(options, link, chosen_alias(link.settings, connect.database), context);
  link.bridge.reply(link.question, Value::object({{"do", "stop"}, {"status", 0}}));
  auto misspelt = unknown_aliases(connect, link.settings);
  report.findings.insert(report.findings.begin(), misspelt.begin(), misspelt.end());
  return report;
}

} // namespace

Report run(const DetectOptions& options, const Context& context) {
  if (options.all) {
    return detect_all(options, context);
  }
  if (options.common.connect.pooled_url.empty()) {
    return look_at_project(options, context);
  }
  return detect_one(options, survey_request(options.common, context), {}, context);
}

} // namespace pgtool
