#include "cli/reference/manual.hpp"

#include "cli/reference/mdoc.hpp"
#include "rules/rule_table.hpp"

namespace pgtool {
namespace {

void add_rule(Mdoc& page, const RuleText& rule) {
  page.item("Sy " + mdoc_word(rule.slug));
  page.text(rule.summary + ".");
  page.paragraph(rule.why);
  page.paragraph("Severity: " + rule.grades + ".");
  page.paragraph("Remedy: " + rule.remedy + ".");
  if (!rule.since.empty()) {
    page.paragraph("Versions: " + rule.since + ".");
  }
  if (!rule.link.empty()) {
    page.paragraph("See " + rule.link);
  }
}

void add_rules(Mdoc& page, const char* heading, bool judged) {
  page.heading(heading);
  page.begin_list();
  for (const auto* rule : rule_table()) {
    if ((rule->look != nullptr) == judged) {
      add_rule(page, rule_text(*rule));
    }
  }
  page.end_list();
}

} // namespace

std::string rules_manual() {
  Mdoc page("pgtool-rules", 7, "what pgtool objects to, why, and the remedy");
  page.heading("DESCRIPTION");
  page.text(
      "A rule is a slug, shown as pgtool.slug. `pgtool explain RULE` prints what stands here. "
      "How a finding is silenced is told in");
  page.macro(".Xr pgtool-check 1 .");
  add_rules(page, "RULES THAT CHECK AND PREFLIGHT JUDGE BY", true);
  add_rules(page, "WHAT COMMANDS FIND WHILE THEY LOOK INTO THE DATABASES", false);
  page.heading("SEE ALSO");
  page.macro(
      ".Xr pgtool 1 ,\n.Xr pgtool-check 1 ,\n.Xr pgtool-explain 1 ,\n.Xr pgtool-preflight 1");
  return page.page();
}

} // namespace pgtool
