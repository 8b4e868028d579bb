#include "report/github.hpp"

#include "base/text.hpp"
#include "base/utf8.hpp"
#include "report/outline.hpp"

#include <utility>
#include <vector>

namespace pgtool {
namespace {

using Properties = std::vector<std::pair<std::string_view, std::string>>;

/// As the toolkit's core package does it; the runner undoes it.
std::string escaped(std::string_view text, std::string_view special) {
  std::string safe;
  for (const char letter : printable(text)) {
    safe += special.find(letter) == std::string_view::npos ? std::string(1, letter)
                                                           : percent_encoded({&letter, 1}, "");
  }
  return safe;
}

std::string data(std::string_view text) { return escaped(text, "%\r\n"); }
std::string property(std::string_view text) { return escaped(text, "%\r\n:,"); }

std::string command(std::string_view name, const Properties& properties, std::string_view message) {
  std::string line = "::" + std::string(name);
  char separator = ' ';
  for (const auto& [key, value] : properties) {
    if (!value.empty()) {
      line.append(1, std::exchange(separator, ',')).append(key).append("=").append(property(value));
    }
  }
  return line + "::" + data(message) + "\n";
}

std::string_view level_of(Severity severity) {
  switch (severity) {
  case Severity::error:
    return "error";
  case Severity::warning:
    return "warning";
  case Severity::info:
    break;
  }
  return "notice";
}

std::string title_of(const std::string& name, const Report& part) {
  return part.title.empty() ? name : name + " (" + part.title + ")";
}

std::string annotation(const Finding& finding, const Report& part, const MachineStyle& style) {
  const auto file = path_in_tree(finding.where.file, style);
  const bool has_line = file && finding.where.line > 0;
  const auto place = file ? finding.where.object : place_text(finding.where);
  return command(level_of(finding.severity),
                 {{"file", file.value_or("")},
                  {"line", has_line ? std::to_string(finding.where.line) : ""},
                  {"title", title_of(rule_id(finding.rule), part)}},
                 words_of(finding) + (place.empty() ? "" : "\nat " + place));
}

void add_annotations(const Report& report, const Report& part, const MachineStyle& style,
                     std::string& lines) {
  for (const auto& finding : part.findings) {
    lines += annotation(finding, part, style);
  }
  for (const auto& unknown : part.unknown) {
    const auto words = words_of(unknown);
    lines += command("warning", {{"title", title_of("could not be examined", part)}},
                     words.empty() ? unknown.what : unknown.what + ": " + words);
  }
  if (is_broken(part) || is_bare_refusal(part, style.fail_level)) {
    lines += command("error", {{"title", name_of(report, part)}}, words_of_verdict(part));
  }
}

} // namespace

std::string without_commands(std::string_view text) {
  // The runner finds the older form, ##[name]data, anywhere in a line.
  std::string line = one_line(printable(text));
  for (auto at = line.find("##["); at != std::string::npos; at = line.find("##[", at)) {
    line.insert(at + 1, " ");
  }
  return line;
}

std::string render_github(const Report& report, const MachineStyle& style) {
  std::string lines;
  for (const auto* part : with_parts(report)) {
    add_annotations(report, *part, style, lines);
  }
  const auto name = report.command.empty() ? "pgtool" : "pgtool " + report.command;
  return lines + without_commands(name + ": " + report.verdict) + "\n";
}

} // namespace pgtool
