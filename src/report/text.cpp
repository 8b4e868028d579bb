#include "report/text.hpp"

#include "base/json.hpp"
#include "base/text.hpp"
#include "report/machine_style.hpp"
#include "report/page.hpp"
#include "report/severity.hpp"

#include <algorithm>
#include <cstdio>
#include <set>

namespace pgtool {
namespace {

using Rows = std::vector<Page::Row>;

std::string seconds_text(double seconds) {
  char buffer[32];
  std::snprintf(buffer, sizeof buffer, seconds < 10 ? "%.2f s" : "%.0f s", seconds);
  return buffer;
}

/// A machine's key as words: server_version_num → server version num.
std::string words_of(std::string key) {
  std::replace(key.begin(), key.end(), '_', ' ');
  return key;
}

std::string text_of(const Value& value) {
  if (value.is_null()) {
    return "unknown";
  }
  if (const auto* truth = std::get_if<bool>(&value.data())) {
    return *truth ? "yes" : "no";
  }
  if (const auto* real = std::get_if<double>(&value.data())) {
    char buffer[32];
    std::snprintf(buffer, sizeof buffer, "%g", *real);
    return buffer;
  }
  if (value.is_string()) {
    return value.text();
  }
  if (!value.is_array()) {
    return dump_json(value);
  }
  std::vector<std::string> pieces;
  for (const auto& element : value.elements()) {
    pieces.push_back(text_of(element));
  }
  return pieces.empty() ? "none" : join(pieces, ", ");
}

Ink verdict_ink(int status) {
  if (status == 0) {
    return Ink::good;
  }
  return status == 1 || status == 5 ? Ink::caution : Ink::bad;
}

Ink severity_ink(Severity severity) {
  switch (severity) {
  case Severity::error:
    return Ink::bad;
  case Severity::warning:
    return Ink::caution;
  case Severity::info:
    break;
  }
  return Ink::faint;
}

std::string pooler_line(const PoolerReport& pooler) {
  std::vector<std::string> parts = {pooler.kind +
                                    (pooler.version.empty() ? "" : " " + pooler.version)};
  if (!pooler.confidence.empty() && pooler.confidence != "unknown") {
    parts.push_back(pooler.confidence);
  }
  return join(parts, ", ");
}

std::string mode_line(const PoolerReport& pooler) {
  if (pooler.mode.empty() || pooler.kind == "none") {
    return "";
  }
  std::string line = pooler.mode;
  if (pooler.mode_confidence != "unknown") {
    line += ", " + pooler.mode_confidence;
  }
  return pooler.mode_source.empty() ? line : line + " (" + pooler.mode_source + ")";
}

void add_row(Rows& rows, std::string label, const std::string& text) {
  if (!text.empty()) {
    rows.push_back({std::move(label), text, Ink::faint});
  }
}

void put_facts(Page& page, const Report& report) {
  Rows rows;
  if (report.pooler) {
    add_row(rows, "pooler", pooler_line(*report.pooler));
    add_row(rows, "pool mode", mode_line(*report.pooler));
  }
  if (report.route) {
    add_row(rows, "pooled", report.route->pooled);
    add_row(rows, "direct", report.route->direct);
    if (!report.route->direct.empty()) {
      add_row(rows, "known from", report.route->origin);
    }
  }
  for (const auto& [key, value] : report.facts.members()) {
    add_row(rows, words_of(key), text_of(value));
  }
  page.gap();
  page.table(rows);
}

void put_evidence(Page& page, const Report& report) {
  page.heading("What the pooler shows");
  for (const auto& line : report.pooler ? report.pooler->evidence : std::vector<std::string>{}) {
    page.table({{"-", line, Ink::faint}});
  }
}

Page::Row row_of(const Proof& proof) {
  const std::string text = proof.observed.empty() ? proof.name : proof.name + ": " + proof.observed;
  if (!proof.holds) {
    return {"?", text, Ink::caution};
  }
  return *proof.holds ? Page::Row{"yes", text, Ink::good} : Page::Row{"no", text, Ink::bad};
}

void put_proofs(Page& page, const Report& report, bool only_doubts) {
  Rows rows;
  for (const auto& proof : report.route ? report.route->proofs : std::vector<Proof>{}) {
    if (!only_doubts || proof.holds != true) {
      rows.push_back(row_of(proof));
    }
  }
  page.heading("Proofs of the direct endpoint");
  page.table(rows);
}

/// True when the verdict has said it already.
bool is_said(const Report& report, const Unknown& unknown) {
  return !unknown.why.empty() && report.verdict.find(unknown.why) != std::string::npos &&
         report.verdict.find(unknown.what) != std::string::npos;
}

void put_unknown(Page& page, const Report& report) {
  page.heading("Could not be examined");
  for (const auto& unknown : report.unknown) {
    if (is_said(report, unknown)) {
      continue;
    }
    page.paragraph(unknown.why.empty() ? unknown.what : unknown.what + ": " + unknown.why, 2);
    if (!unknown.cure.empty()) {
      page.paragraph(unknown.cure, 4, Ink::faint);
    }
  }
}

/// Words are wrapped; several lines are something to copy and stay as they are.
void put_words(Page& page, const std::string& text) {
  const auto lines = split(text, '\n');
  for (const auto& line : lines) {
    if (!line.empty()) {
      page.paragraph(lines.size() > 1 ? " " + line : line, 4);
    }
  }
}

/// A statement may be found fault with twice, and what takes its place is one text of many lines.
void put_remedy(Page& page, const std::string& remedy, std::string& last) {
  const bool is_told = remedy == last && remedy.find('\n') != std::string::npos;
  put_words(page, is_told ? "what takes its place stands above" : remedy);
  last = remedy;
}

/// How many are told in full before those that are alike share an entry.
constexpr std::size_t most_in_full = 12;

bool are_alike(const Finding& one, const Finding& other) {
  return one.rule == other.rule && one.severity == other.severity &&
         one.where.file == other.where.file && !one.where.file.empty();
}

/// "and 17 like it, on lines 14, 20, 33 and more: shop_order, shop_line and more"
std::string more_like_it(const std::vector<const Finding*>& others) {
  static constexpr std::size_t most = 8;
  const auto listed = [](std::vector<std::string> words) {
    const bool is_cut = words.size() > most;
    words.resize(std::min(words.size(), most));
    return join(words, ", ") + (is_cut ? " and more" : "");
  };
  std::vector<std::string> lines;
  std::vector<std::string> objects;
  for (const auto* other : others) {
    const auto line = std::to_string(other->where.line);
    if (other->where.line > 0 && std::find(lines.begin(), lines.end(), line) == lines.end()) {
      lines.push_back(line);
    }
    const auto& object = other->where.object;
    if (!object.empty() && std::find(objects.begin(), objects.end(), object) == objects.end()) {
      objects.push_back(object);
    }
  }
  std::string words = "and " + std::to_string(others.size()) + " like it";
  words += lines.empty() ? "" : (lines.size() == 1 ? ", on line " : ", on lines ") + listed(lines);
  return words + (objects.empty() ? "" : ": " + listed(objects));
}

void put_findings(Page& page, const Report& report) {
  page.heading("Findings");
  std::string last_remedy;
  const auto& findings = report.findings;
  const bool is_long = findings.size() > most_in_full;
  bool has_more = false;
  std::set<std::string> rules;
  std::vector<bool> is_told(findings.size(), false);
  for (std::size_t at = 0; at < findings.size(); ++at) {
    if (is_told[at]) {
      continue;
    }
    const auto& finding = findings[at];
    std::vector<const Finding*> others;
    for (auto next = at + 1; is_long && next < findings.size(); ++next) {
      if (!is_told[next] && are_alike(finding, findings[next])) {
        is_told[next] = true;
        others.push_back(&findings[next]);
      }
    }
    const std::string place = place_text(finding.where);
    page.table({{std::string(severity_name(finding.severity)),
                 finding.message + (finding.rule.empty() ? "" : " [" + finding.rule + "]"),
                 severity_ink(finding.severity)}});
    put_words(page, place);
    put_words(page, finding.detail);
    const bool is_first = rules.insert(finding.rule).second;
    if (is_first || !is_long || finding.remedy.find('\n') == std::string::npos) {
      put_remedy(page, finding.remedy, last_remedy);
    } else {
      has_more = true;
    }
    if (!others.empty()) {
      put_words(page, more_like_it(others));
    }
  }
  if (has_more) {
    page.gap();
    page.paragraph("What can be pasted is printed once for each rule; --format json has all of it, "
                   "and so has the text of fewer findings.");
  }
}

/// "2 findings are silenced: 1 by configuration, 1 by the baseline"
std::string silenced_line(const std::vector<SilencedFinding>& silenced) {
  std::vector<std::string> shares;
  for (const auto by : {SilencedFinding::By::configuration, SilencedFinding::By::source,
                        SilencedFinding::By::baseline}) {
    const auto share = std::count_if(silenced.begin(), silenced.end(),
                                     [&](const SilencedFinding& one) { return one.by == by; });
    if (static_cast<std::size_t>(share) == silenced.size()) {
      shares = {"by " + std::string(silencer_name(by))};
    } else if (share > 0) {
      shares.push_back(std::to_string(share) + " by " + std::string(silencer_name(by)));
    }
  }
  return (silenced.size() == 1 ? "1 finding is silenced"
                               : std::to_string(silenced.size()) + " findings are silenced") +
         (shares.size() == 1 ? " " : ": ") + join(shares, ", ");
}

void put_silenced(Page& page, const Report& report, const TextStyle& style) {
  if (report.silenced.empty() || style.quiet) {
    return;
  }
  page.gap();
  page.paragraph(silenced_line(report.silenced), 2, Ink::faint);
  for (const auto& [finding, by, reason] : report.silenced) {
    if (style.silenced) {
      const auto place = place_text(finding.where);
      page.paragraph(
          "- " + finding.message + (finding.rule.empty() ? "" : " [" + finding.rule + "]"), 4);
      put_words(page, place.empty() ? "" : "  " + place);
      put_words(page,
                "  by " + std::string(silencer_name(by)) + (reason.empty() ? "" : ": " + reason));
    }
  }
}

void put_steps(Page& page, const Report& report, bool brief) {
  Rows rows;
  for (const auto& step : report.steps) {
    if (brief && step.state == "done") {
      continue;
    }
    const bool ran = step.state == "done" || step.state == "failed";
    const std::string time = ran ? "  (" + seconds_text(step.seconds) + ")" : "";
    const Ink ink = step.state == "done"     ? Ink::good
                    : step.state == "failed" ? Ink::bad
                                             : Ink::faint;
    rows.push_back({step.state, step.name + time, ink});
  }
  page.gap();
  page.table(rows);
}

void put_account(Page& page, const Report& report) {
  page.gap();
  for (const auto& line : report.account) {
    page.paragraph(line, 2);
  }
}

void put_advice(Page& page, const Report& report) {
  page.gap();
  for (const auto& line : report.advice) {
    page.paragraph(line);
  }
  page.gap();
  if (!report.hint.empty()) {
    page.paragraph("Next: " + report.hint, 0, Ink::bold);
  }
}

/// One of several: what it came to, without the evidence.
void put_part(Page& page, const Report& part, const TextStyle& style) {
  page.heading(part.title);
  page.paragraph(part.verdict, 2, verdict_ink(part.status));
  if (!style.quiet) {
    put_facts(page, part);
  }
  put_unknown(page, part);
  put_findings(page, part);
  put_silenced(page, part, style);
}

} // namespace

std::string render_text(const Report& report, const TextStyle& style) {
  Page page(style.width, style.color);
  page.paragraph(report.verdict, 0, verdict_ink(report.status));
  const bool brief = style.brief || style.quiet;
  if (!style.quiet) {
    put_account(page, report);
  }
  if (!brief) {
    put_facts(page, report);
  }
  if (!brief && style.evidence) {
    put_evidence(page, report);
  }
  if (!style.quiet || report.status != 0) {
    put_proofs(page, report, brief || !style.evidence);
  }
  put_unknown(page, report);
  put_findings(page, report);
  put_silenced(page, report, style);
  for (const auto& part : report.parts) {
    put_part(page, part, style);
  }
  if (!style.quiet) {
    put_steps(page, report, brief);
    put_advice(page, report);
  } else if (report.status != 0 && !report.hint.empty()) {
    page.gap();
    page.paragraph("Next: " + report.hint);
  }
  if (!report.closing.empty()) {
    page.gap();
    page.unbroken(report.closing, verdict_ink(report.status));
  }
  return page.text();
}

} // namespace pgtool
