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

/// Where a comment begins that stands behind a value without quotes: at white space and a #.
std::size_t comment_start(std::string_view line) {
  for (std::size_t at = 1; at < line.size(); ++at) {
    const bool is_space = line[at - 1] == ' ' || line[at - 1] == '\t';
    if (line[at] == '#' && is_space) {
      return line.find_last_not_of(" \t", at - 1) + 1;
    }
  }
  return std::string_view::npos;
}

/// What stands behind the value: in a dotenv a comment, and the line end of Windows. Nothing where
/// the value goes on in the next line.
std::optional<std::string> tail_of(std::string_view line, FileForm form) {
  const std::string line_end = line.ends_with('\r') ? "\r" : "";
  if (form != FileForm::dotenv) {
    return line_end;
  }
  const bool is_quoted = line.starts_with('"') || line.starts_with('\'');
  const auto closing = is_quoted ? line.find(line.front(), 1) : std::string_view::npos;
  if (is_quoted && closing == std::string_view::npos) {
    return std::nullopt;
  }
  const auto end = is_quoted ? closing + 1 : comment_start(line);
  return end == std::string_view::npos ? line_end : std::string(line.substr(end));
}

enum class Change { made, not_needed, not_possible };

Change change_line(std::string& line, const Edit& edit) {
  const auto start = value_start(line, edit);
  const auto tail =
      start ? tail_of(std::string_view(line).substr(*start), edit.form) : std::nullopt;
  if (!tail) {
    return Change::not_possible;
  }
  auto changed = line.substr(0, *start) + edit.value + *tail;
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

/// The lines of the section's entries, counted from 0; the last one is where it ends.
std::vector<std::size_t> entries_of(const Lines& lines, const std::string& section) {
  std::vector<std::size_t> entries;
  bool inside = false;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (trim(lines[i]).starts_with('[')) {
      inside = is_header_of(lines[i], section);
    }
    if (inside && is_entry(lines[i])) {
      entries.push_back(i);
    }
  }
  return entries;
}

Change add_line(Lines& lines, const Edit& edit) {
  if (edit.form == FileForm::dotenv) {
    const auto end = !lines.empty() && lines.back().empty() ? lines.size() - 1 : lines.size();
    lines.insert(lines.begin() + static_cast<std::ptrdiff_t>(end), edit.key + "=" + edit.value);
    return Change::made;
  }
  const auto entries = entries_of(lines, edit.section);
  if (entries.empty()) {
    return Change::not_possible;
  }
  for (const auto at : entries) { // somebody has added it meanwhile, or an edit before this one did
    if (value_start(lines[at], edit)) {
      return change_line(lines[at], edit);
    }
  }
  const bool of_windows = lines[entries.back()].ends_with('\r');
  lines.insert(lines.begin() + static_cast<std::ptrdiff_t>(entries.back() + 1),
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
