#include "rules/judge.hpp"

#include "rules/all_rules.hpp"
#include "rules/reading/size_words.hpp"
#include "rules/rule_table.hpp"

#include <algorithm>

namespace pgtool {

namespace {

/// What is done with it in the blink of an eye: nobody waits for that.
bool is_tiny(const TableSize& size) {
  constexpr double most = 1024.0 * 1024;
  return size.bytes + size.index_bytes <= most;
}

/// Where the rule's hazard is the time it takes, the table's size says how much of one it is.
void weigh_size(const Rule& rule, Remark& remark, std::optional<Severity>& severity) {
  if (!rule.grows || !remark.size) {
    return;
  }
  remark.message += "; " + size_words(*remark.size);
  if (severity && is_tiny(*remark.size)) {
    severity = Severity::info;
  }
}

void add_findings(const Rule& rule, std::vector<Remark> remarks, std::vector<Finding>& findings) {
  for (auto& remark : remarks) {
    auto severity = remark.severity ? remark.severity : rule.grades.of(remark.mode);
    weigh_size(rule, remark, severity);
    if (severity) {
      findings.push_back(
          {std::string(rule.slug), *severity, std::move(remark.message), std::move(remark.where),
           std::move(remark.detail),
           remark.remedy.empty() ? std::string(rule.remedy) : std::move(remark.remedy), "",
           std::move(remark.edits)});
    }
  }
}

} // namespace

std::vector<Finding> judge(const Rule& rule, const Deployment& deployment) {
  std::vector<Finding> findings;
  if (rule.look != nullptr) {
    add_findings(rule, rule.look(deployment), findings);
  }
  return findings;
}

std::vector<Finding> judge(const Deployment& deployment) {
  std::vector<Finding> findings;
  for (const auto* rule : rule_table()) {
    if (rule->look != nullptr) {
      add_findings(*rule, rule->look(deployment), findings);
    }
  }
  std::stable_sort(findings.begin(), findings.end(), [](const Finding& one, const Finding& other) {
    return one.severity > other.severity;
  });
  return findings;
}

std::vector<Finding> judge(const Reading& reading) {
  std::vector<Finding> findings;
  // What a view or a task sends is no migration: only what it leaves in its session counts.
  const bool is_application = reading.sender == Sender::application;
  for (const auto* rule : is_application ? rules_of_sessions() : rule_table()) {
    if (rule->read != nullptr) {
      add_findings(*rule, rule->read(reading), findings);
    }
  }
  std::stable_sort(findings.begin(), findings.end(), [](const Finding& one, const Finding& other) {
    return one.where.line < other.where.line;
  });
  return findings;
}

} // namespace pgtool
