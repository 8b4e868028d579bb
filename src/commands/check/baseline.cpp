#include "commands/check/baseline.hpp"

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/json.hpp"
#include "model/fingerprint.hpp"

#include <algorithm>
#include <map>

namespace pgtool {
namespace {

constexpr int version = 1;

std::string place_of(const Place& where, const std::string& root) {
  const auto file = seen_from(root, where.file);
  return file.empty() || where.object.empty() ? file + where.object : file + " " + where.object;
}

[[noreturn]] void refuse(const std::string& path, const std::string& why) {
  throw Error(Failure::usage, "the baseline " + path + " " + why,
              "write it with --update-baseline");
}

Value document_of(const std::string& path) {
  try {
    return parse_json(read_file(path), path);
  } catch (const Error& error) {
    if (!is_file(path)) {
      refuse(path, "is not there");
    }
    refuse(path, std::string("cannot be read: ") + error.what());
  }
}

} // namespace

Baseline read_baseline(const std::string& path) {
  const auto document = document_of(path);
  if (!document.is_object() || document["version"].number() != version ||
      !document["findings"].is_array()) {
    refuse(path, "is none: expected {\"version\": 1, \"findings\": […]}");
  }
  Baseline baseline;
  for (const auto& one : document["findings"].elements()) {
    const auto fingerprint = one["fingerprint"].text();
    if (fingerprint.empty()) {
      refuse(path, "has an entry without a fingerprint");
    }
    baseline.entries.push_back({fingerprint, one["rule"].text(), one["place"].text()});
  }
  return baseline;
}

Baseline baseline_of(const std::vector<Finding>& findings, const std::string& root) {
  Baseline baseline;
  for (const auto& finding : findings) {
    baseline.entries.push_back({finding.fingerprint, finding.rule, place_of(finding.where, root)});
  }
  return baseline;
}

std::string baseline_text(Baseline baseline) {
  std::sort(baseline.entries.begin(), baseline.entries.end(),
            [](const auto& one, const auto& other) {
              return std::tie(one.rule, one.place, one.fingerprint) <
                     std::tie(other.rule, other.place, other.fingerprint);
            });
  Value findings = Value::array();
  for (const auto& entry : baseline.entries) {
    findings.add(Value::object(
        {{"rule", entry.rule}, {"place", entry.place}, {"fingerprint", entry.fingerprint}}));
  }
  return dump_json(Value::object({{"version", version}, {"findings", findings}}), 2) + "\n";
}

std::size_t apply_baseline(const Baseline& baseline, Report& report) {
  std::map<std::string, bool> listed; // whether it was found
  for (const auto& entry : baseline.entries) {
    listed.emplace(entry.fingerprint, false);
  }
  std::vector<Finding> kept;
  for (auto& finding : report.findings) {
    if (const auto entry = listed.find(finding.fingerprint); entry != listed.end()) {
      entry->second = true;
      report.silenced.push_back({std::move(finding), SilencedFinding::By::baseline, ""});
    } else {
      kept.push_back(std::move(finding));
    }
  }
  report.findings = std::move(kept);
  return static_cast<std::size_t>(
      std::count_if(listed.begin(), listed.end(), [](const auto& entry) { return !entry.second; }));
}

} // namespace pgtool
