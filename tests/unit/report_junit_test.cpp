#include "report/junit.hpp"
#include "report/xml.hpp"
#include "told_report.hpp"
#include "xml_reading.hpp"

#include <doctest/doctest.h>

#include <set>

using namespace pgtool;

namespace {

XmlElement rendered(const Report& report, const MachineStyle& style = told::style()) {
  return XmlReader::read(render_junit(report, style));
}

/// "pgtool.django conn-age: default, system-out"
std::vector<std::string> outcomes(const XmlElement& suite) {
  std::vector<std::string> lines;
  for (const auto& test : suite.children) {
    lines.push_back(test.attributes.at("classname") + " " + test.attributes.at("name") + ", " +
                    (test.children.empty() ? "passed" : test.children.at(0).name));
  }
  return lines;
}

} // namespace

TEST_CASE("rules, findings, what is unknown and the verdict are tests") {
  const auto suites = rendered(told::checked());
  REQUIRE(suites.children.size() == 1);
  const auto& suite = suites.children[0];

  CHECK(suites.name == "testsuites");
  CHECK(suite.attributes == std::map<std::string, std::string>{{"name", "pgtool.check"},
                                                               {"tests", "6"},
                                                               {"failures", "1"},
                                                               {"errors", "1"},
                                                               {"skipped", "1"},
                                                               {"time", "0.000"}});
  CHECK(outcomes(suite) == std::vector<std::string>{
                               "pgtool.django server-side-cursors: settings.py default, failure",
                               "pgtool.django conn-age: default, system-out",
                               "pgtool.check remark: /etc/pgbouncer.ini, system-out",
                               "pgtool.django quiet-one, skipped",
                               "pgtool.check could be examined: the console, error",
                               "pgtool.check verdict, system-out",
                           });
}

TEST_CASE("a failure has the severity, the message and the whole text") {
  const auto suites = rendered(told::checked());
  const auto& tests = suites.children.at(0).children;
  const auto& failure = tests.at(0).children.at(0);

  CHECK(failure.attributes.at("type") == "error");
  CHECK(failure.attributes.at("message") == "cursors break");
  CHECK(failure.text == "cursors break\nin transaction mode\nset DISABLE_SERVER_SIDE_CURSORS\n"
                        "at settings.py:12 default");
  CHECK(tests.at(1).children.at(0).text == "info: ages\nat default");
  CHECK(tests.at(3).children.at(0).attributes.at("message") == "known");
  CHECK(tests.at(4).children.at(0).attributes.at("message") == "refused");
}

TEST_CASE("a rule that nothing was found against passes") {
  Report report = told::checked();
  report.findings.clear();
  report.silenced.clear();

  CHECK(outcomes(rendered(report).children.at(0)) ==
        std::vector<std::string>{
            "pgtool.django server-side-cursors, passed", "pgtool.django conn-age, passed",
            "pgtool.django quiet-one, passed", "pgtool.check could be examined: the console, error",
            "pgtool.check verdict, failure"});
}

TEST_CASE("the fail level decides what fails") {
  auto style = told::style();
  style.fail_level = Severity::info;
  CHECK(rendered(told::checked(), style).attributes.at("failures") == "3");
  style.fail_level = Severity::warning;
  CHECK(rendered(told::checked(), style).attributes.at("failures") == "2");
}

TEST_CASE("a run that failed is an error, whatever its status") {
  for (const int status : {2, 3, 4, 5, 70, 143}) {
    Report report;
    report.status = status;
    report.verdict = "v";
    report.hint = "h";
    const auto suites = rendered(report);
    CHECK(suites.attributes.at("errors") == "1");
    const auto& error = suites.children.at(0).children.at(0).children.at(0);
    CHECK(error.attributes.at("type") == "status " + std::to_string(status));
    CHECK(error.text == "v\nh");
  }
}

TEST_CASE("times are of the steps, in seconds") {
  Report report;
  report.verdict = "v";
  report.steps = {{"a", "done", 0.12345}, {"b", "done", 72}};
  const auto suites = rendered(report);

  CHECK(suites.attributes.at("time") == "72.123");
  CHECK(suites.children.at(0).attributes.at("time") == "72.123");
  CHECK(suites.children.at(0).children.at(0).attributes.at("time") == "72.123");
}

TEST_CASE("each part is a suite, and the sums are of all") {
  Report report = told::checked();
  report.parts = {told::checked()};
  report.parts[0].title = "Alias replica";
  const auto suites = rendered(report);

  REQUIRE(suites.children.size() == 2);
  CHECK(suites.children[1].attributes.at("name") == "pgtool.check: Alias replica");
  CHECK(suites.attributes.at("tests") == "12");
  CHECK(suites.attributes.at("failures") == "2");
  CHECK(suites.attributes.at("errors") == "2");
}

TEST_CASE("no two tests have the same name") {
  Report report = told::checked();
  report.findings.push_back(report.findings[0]);
  report.findings.push_back(report.findings[0]);
  std::set<std::string> names;
  const auto suites = rendered(report);
  for (const auto& test : suites.children.at(0).children) {
    names.insert(test.attributes.at("classname") + test.attributes.at("name"));
  }
  CHECK(names.size() == 8);
}

TEST_CASE("hostile bytes leave a document that can be read") {
  const auto suites = rendered(told::poisoned());

  CHECK(suites.attributes.at("tests") == "10");
  CHECK(suites.attributes.at("errors") == "4");
}

TEST_CASE("XML holds printable text only, and line ends survive in attributes") {
  CHECK(xml_text("a<b>&\"c\"") == "a&lt;b&gt;&amp;&quot;c&quot;");
  CHECK(xml_text("]]>") == "]]&gt;");
  CHECK(xml_text("a\nb\tc\r") == "a\nb c\\x0d");
  CHECK(xml_attribute("a\n\nb\"") == "a&#10;&#10;b&quot;");
  CHECK(xml_text({"\0\x0b\x7f", 3}) == "\\x00\\x0b\\x7f");
  CHECK(xml_text("\xff \xed\xa0\x80") == "\xEF\xBF\xBD \xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD");
  CHECK(xml_text("\xef\xbf\xbe\xef\xbf\xbf") == "\xEF\xBF\xBD\xEF\xBF\xBD");
  CHECK(xml_text("\xf0\x9f\x90\x98 \xe2\x82\xac") == "\xf0\x9f\x90\x98 \xe2\x82\xac");
}
