#include "plan/file_edits.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <optional>

namespace pgtool {
namespace {

using Lines = std::vector<std::string>;

/// Where the value of a `key = value` line begins; nothing when the line sets another key.
std::optional<std::size_t> value_start(const std::string& line, const Edit& edit) {
  const auto equals = line.find('=');
  if (equals == std::string::npos) {
    return std::nullopt;
  }
  auto name = trim(std::string_view(line).substr(0, equals));
  constexpr std::string_view exported = "export ";
  if (edit.form == FileForm::dotenv && name.starts_with(exported)) {
    name = trim(name.substr(exported.size()));
  }
  if (name != edit.key) {
    return std::nullopt;
  }
  const auto value = line.find_first_not_of(" \t", equals + 1);
  return value == std::string::npos ? equals + 1 : value;
}

/// What stands behind the value of a dotenv line: a comment, and the line end of Windows.
std::string tail_of(std::string_view line, FileForm form) {
  const std::string line_end = line.ends_with('\r') ? "\r" : "";
  if (form != FileForm::dotenv) {
    return line_end;
  }
  const auto hash = line.find(" #");
  const bool is_quoted = line.find_first_of("\"'") < hash;
  return hash == std::string_view::npos || is_quoted ? line_end : std::string(line.substr(hash));
}

enum class Change { made, not_needed, not_possible };

Change change_line(std::string& line, const Edit& edit) {
  const auto start = value_start(line, edit);
  if (!start) {
    return Change::not_possible;
  }
  auto changed = line.substr(0, *start) + edit.value +
                 tail_of(std::string_view(line).substr(*start), edit.form);
  if (changed == line) {
    return Change::not_needed;
  }
  line = std::move(changed);
  return Change::made;
}

bool is_header_of(const std::string& line, const std::string& section) {
  return trim(line).starts_with("[" + section + "]");
}

bool is_entry(const std::string& line) {
  const auto start = trim(line);
  return !start.empty() && start.front() != ';' && start.front() != '#';
}

/// The line behind the last entry of the section; nothing when there is no such section.
std::optional<std::size_t> end_of_section(const Lines& lines, const std::string& section) {
  std::optional<std::size_t> end;
  bool inside = false;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const auto start = trim(lines[i]);
    if (start.starts_with('[')) {
      inside = is_header_of(lines[i], section);
    }
    if (inside && is_entry(lines[i])) {
      end = i + 1;
    }
  }
  return end;
}

Change add_line(Lines& lines, const Edit& edit) {
  if (edit.form == FileForm::dotenv) {
    const auto end = !lines.empty() && lines.back().empty() ? lines.size() - 1 : lines.size();
    lines.insert(lines.begin() + static_cast<std::ptrdiff_t>(end), edit.key + "=" + edit.value);
    return Change::made;
  }
  for (auto& line : lines) { // somebody has added it meanwhile, or an edit before this one did
    if (is_entry(line) && value_start(line, edit)) {
      return change_line(line, edit);
    }
  }
  const auto end = end_of_section(lines, edit.section);
  if (!end) {
    return Change::not_possible;
  }
  const bool of_windows = lines[*end - 1].ends_with('\r');
  lines.insert(lines.begin() + static_cast<std::ptrdiff_t>(*end),
               edit.key + " = " + edit.value + (of_windows ? "\r" : ""));
  return Change::made;
}

Change make(Lines& lines, const Edit& edit) {
  if (edit.form == FileForm::python || edit.value.find_first_of("\r\n") != std::string::npos) {
    return Change::not_possible;
  }
  if (edit.line == 0) {
    return add_line(lines, edit);
  }
  const auto at = static_cast<std::size_t>(edit.line - 1);
  return at < lines.size() ? change_line(lines[at], edit) : Change::not_possible;
}

} // namespace

EditedText edited(std::string_view text, std::vector<Edit> edits) {
  // What is added moves the lines below it: first what stands somewhere, then what is added.
  std::stable_partition(edits.begin(), edits.end(), [](const Edit& edit) { return edit.line > 0; });
  auto lines = split(text, '\n');
  EditedText result;
  for (auto& edit : edits) {
    const auto change = make(lines, edit);
    if (change != Change::not_needed) {
      (change == Change::made ? result.done : result.left).push_back(std::move(edit));
    }
  }
  result.text = join(lines, "\n");
  return result;
}

} // namespace pgtool
