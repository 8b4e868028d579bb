#include "commands/check/ignore_comments.hpp"
#include "fuzz_target.hpp"
#include "plan/file_edits.hpp"
#include "plan/line_diff.hpp"
#include "pooler/config/ini.hpp"
#include "sql/startup_options.hpp"

#include <algorithm>

namespace pgtool::fuzz {
namespace {

std::size_t lines_of(std::string_view text) {
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

/// Any file, with the edits that a rule would make where the reader of an ini saw its keys.
void check_edits(std::string_view bytes) {
  const auto config = parse_bouncer_ini(
      bytes, "pgbouncer.ini", [](const std::string&) { return std::optional<std::string>(); });
  std::vector<Edit> edits = {
      {FileForm::ini, "pgbouncer.ini", 0, "pgbouncer", "max_prepared_statements", "200"}};
  for (const auto& [key, place] : config.places) {
    edits.push_back({FileForm::ini, "pgbouncer.ini", place.line, "pgbouncer", key, "1"});
  }
  const auto once = edited(bytes, edits);
  require(lines_of(once.text) <= lines_of(bytes) + 1, "at most one line is added");
  const auto twice = edited(once.text, edits);
  const bool has_moved = once.text.size() != bytes.size() && lines_of(once.text) != lines_of(bytes);
  require(has_moved || twice.text == once.text, "the second time nothing is left to do");
  if (bytes.size() < 4096) {
    const auto diff = line_diff("x", bytes, once.text);
    require(diff.empty() == (once.text == bytes), "a difference is told, and only that");
  }
}

void check_all(std::string_view bytes) {
  check_edits(bytes);
  for (const int line : {0, 1, 2, 1000000}) {
    ignore_reason(bytes, line, "auth-md5");
  }
  for (const auto& [name, value] : startup_settings(bytes)) {
    require(name.size() + value.size() <= bytes.size(), "nothing is made up");
  }
}

const Target target("edits", check_all);

} // namespace
} // namespace pgtool::fuzz
