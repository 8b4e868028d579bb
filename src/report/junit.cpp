#include "report/junit.hpp"

#include "report/outline.hpp"
#include "report/severity.hpp"
#include "report/xml.hpp"

#include <algorithm>
#include <cstdio>
#include <set>
#include <utility>
#include <vector>

namespace pgtool {
namespace {

enum class Outcome { passed, failed, broken, skipped };

struct Test {
  std::string area;
  std::string name;
  Outcome outcome = Outcome::passed;
  std::string type{};
  std::string message{};
  std::string text{};
  double seconds = 0;
};

std::string time_of(double seconds) {
  char buffer[64];
  std::snprintf(buffer, sizeof buffer, "%.3f", std::max(0.0, seconds));
  return buffer;
}

std::string attribute(std::string_view name, std::string_view value) {
  return std::string(" ").append(name).append("=\"").append(xml_attribute(value)).append("\"");
}

/// The tests that one report, or one part of it, comes to.
class Suite {
public:
  Suite(const Report& report, const Report& part, const MachineStyle& style)
      : report_(report), part_(part), style_(style), name_(name_of(report, part)) {
    add_rules();
    add_findings();
    for (const auto& unknown : part.unknown) {
      add({name_, "could be examined: " + unknown.what, Outcome::broken, "unknown",
           unknown.why.empty() ? unknown.what : unknown.why, words_of(unknown)});
    }
    add_verdict();
  }

  [[nodiscard]] std::size_t count(Outcome outcome) const {
    return static_cast<std::size_t>(std::count_if(
        tests_.begin(), tests_.end(), [&](const Test& test) { return test.outcome == outcome; }));
  }
  [[nodiscard]] std::size_t size() const { return tests_.size(); }
  [[nodiscard]] double seconds() const {
    double sum = 0;
    for (const auto& test : tests_) {
      sum += test.seconds;
    }
    return sum;
  }
  [[nodiscard]] std::string xml() const;

private:
  /// Readers show but one test of several with the same name.
  void add(Test test) {
    const auto wanted = test.name;
    for (int number = 2; !names_.insert(test.area + "\n" + test.name).second; ++number) {
      test.name = wanted + " #" + std::to_string(number);
    }
    tests_.push_back(std::move(test));
  }

  [[nodiscard]] bool is_found(const RuleText& rule) const {
    const auto names_it = [&](const Finding& finding) {
      return rule_id(finding.rule) == rule_id(rule.slug);
    };
    const auto holds = [&](const SilencedFinding& one) { return names_it(one.finding); };
    return std::any_of(part_.findings.begin(), part_.findings.end(), names_it) ||
           std::any_of(part_.silenced.begin(), part_.silenced.end(), holds);
  }

  void add_rules() {
    for (const auto& rule : part_.rules) {
      if (!is_found(rule)) {
        add({"pgtool." + rule.area, rule.slug});
      }
    }
  }

  [[nodiscard]] Test test_of(const Finding& finding) const {
    const auto* rule = rule_of(part_, finding);
    rule = rule != nullptr ? rule : rule_of(report_, finding);
    // Lines move; a test that keeps its name keeps its history.
    const auto place = place_text({finding.where.file, 0, finding.where.object});
    const auto where = place_text(finding.where);
    const auto slug = rule_id(finding.rule).substr(std::string_view("pgtool.").size());
    return {rule != nullptr ? "pgtool." + rule->area : name_,
            place.empty() ? slug : slug + ": " + place,
            Outcome::passed,
            std::string(severity_name(finding.severity)),
            finding.message,
            words_of(finding) + (where.empty() ? "" : "\nat " + where)};
  }

  void add_findings() {
    for (const auto& finding : part_.findings) {
      Test test = test_of(finding);
      test.outcome = finding.severity >= style_.fail_level ? Outcome::failed : Outcome::passed;
      test.text = (test.outcome == Outcome::passed ? test.type + ": " : "") + test.text;
      add(std::move(test));
    }
    for (const auto& silenced : part_.silenced) {
      Test test = test_of(silenced.finding);
      test.outcome = Outcome::skipped;
      test.message = silenced.reason.empty() ? "silenced" : silenced.reason;
      add(std::move(test));
    }
  }

  void add_verdict() {
    Test test{name_, "verdict"};
    test.outcome = is_broken(part_)                            ? Outcome::broken
                   : is_bare_refusal(part_, style_.fail_level) ? Outcome::failed
                                                               : Outcome::passed;
    test.type = "status " + std::to_string(part_.status);
    test.message = part_.verdict;
    test.text = words_of_verdict(part_);
    for (const auto& step : part_.steps) {
      test.seconds += step.seconds;
    }
    add(std::move(test));
  }

  const Report& report_;
  const Report& part_;
  const MachineStyle& style_;
  std::string name_;
  std::set<std::string> names_{};
  std::vector<Test> tests_{};
};

std::string xml_of(const Test& test) {
  const auto details =
      attribute("type", test.type) + attribute("message", test.message) + ">" + xml_text(test.text);
  std::string xml = "    <testcase" + attribute("classname", test.area) +
                    attribute("name", test.name) + attribute("time", time_of(test.seconds));
  switch (test.outcome) {
  case Outcome::failed:
    return xml + ">\n      <failure" + details + "</failure>\n    </testcase>\n";
  case Outcome::broken:
    return xml + ">\n      <error" + details + "</error>\n    </testcase>\n";
  case Outcome::skipped:
    return xml + ">\n      <skipped" + details + "</skipped>\n    </testcase>\n";
  case Outcome::passed:
    break;
  }
  return test.text.empty() ? xml + "/>\n"
                           : xml + ">\n      <system-out>" + xml_text(test.text) +
                                 "</system-out>\n    </testcase>\n";
}

std::string Suite::xml() const {
  std::string xml = "  <testsuite" + attribute("name", name_) +
                    attribute("tests", std::to_string(size())) +
                    attribute("failures", std::to_string(count(Outcome::failed))) +
                    attribute("errors", std::to_string(count(Outcome::broken))) +
                    attribute("skipped", std::to_string(count(Outcome::skipped))) +
                    attribute("time", time_of(seconds())) + ">\n";
  for (const auto& test : tests_) {
    xml += xml_of(test);
  }
  return xml + "  </testsuite>\n";
}

} // namespace

std::string render_junit(const Report& report, const MachineStyle& style) {
  std::string suites;
  std::size_t tests = 0;
  std::size_t failures = 0;
  std::size_t errors = 0;
  double seconds = 0;
  for (const auto* part : with_parts(report)) {
    const Suite suite(report, *part, style);
    tests += suite.size();
    failures += suite.count(Outcome::failed);
    errors += suite.count(Outcome::broken);
    seconds += suite.seconds();
    suites += suite.xml();
  }
  return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites" + attribute("name", "pgtool") +
         attribute("tests", std::to_string(tests)) +
         attribute("failures", std::to_string(failures)) +
         attribute("errors", std::to_string(errors)) + attribute("time", time_of(seconds)) + ">\n" +
         suites + "</testsuites>\n";
}

} // namespace pgtool
