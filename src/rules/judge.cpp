#include "rules/judge.hpp"

#include "rules/rule_table.hpp"

#include <algorithm>
#include <iterator>

namespace pgtool {

std::vector<Finding> judge(const Rule& rule, const Deployment& deployment) {
  std::vector<Finding> findings;
  if (rule.look == nullptr) {
    return findings;
  }
  for (auto& remark : rule.look(deployment)) {
    const auto severity = remark.severity ? remark.severity : rule.grades.of(remark.mode);
    if (severity) {
      findings.push_back(
          {std::string(rule.slug), *severity, std::move(remark.message), std::move(remark.where),
           std::move(remark.detail),
           remark.remedy.empty() ? std::string(rule.remedy) : std::move(remark.remedy), "",
           std::move(remark.edits)});
    }
  }
  return findings;
}

std::vector<Finding> judge(const Deployment& deployment) {
  std::vector<Finding> findings;
  for (const auto* rule : rule_table()) {
    auto more = judge(*rule, deployment);
    std::move(more.begin(), more.end(), std::back_inserter(findings));
  }
  std::stable_sort(findings.begin(), findings.end(), [](const Finding& one, const Finding& other) {
    return one.severity > other.severity;
  });
  return findings;
}

} // namespace pgtool
