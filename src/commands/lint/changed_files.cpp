#include "commands/lint/changed_files.hpp"

#include "base/capture.hpp"
#include "base/error.hpp"
#include "base/file.hpp"
#include "base/text.hpp"

#include <algorithm>

namespace pgtool {
namespace {

constexpr double patience = 30; // seconds for one call of git

/// Names end with NUL bytes: they may hold anything else.
void add_names(const std::string& text, const std::string& folder,
               std::vector<std::string>& files) {
  for (const auto& name : split(text, '\0')) {
    const auto path = folder.empty() || folder == "." ? name : folder + "/" + name;
    if (!name.empty() && is_file(path)) {
      files.push_back(path);
    }
  }
}

} // namespace

std::vector<std::string> changed_files(const std::string& folder, const std::string& revision) {
  const auto place = folder.empty() ? std::string(".") : folder;
  if (revision.empty() || revision.starts_with('-')) {
    throw Error(Failure::usage, "--since: '" + revision + "' is no revision",
                "expected what git takes, as in origin/main");
  }
  const auto changed = captured_output(
      {"git", "diff", "--name-only", "-z", "--relative", "--diff-filter=d", revision, "--", "."},
      place, patience);
  if (!changed) {
    throw Error(Failure::usage, "--since: git does not know what changed since " + revision,
                "is it a revision of this work tree? in CI it may have to be fetched first");
  }
  const auto added = captured_output(
      {"git", "ls-files", "--others", "--exclude-standard", "-z", "--", "."}, place, patience);
  std::vector<std::string> files;
  add_names(*changed, place, files);
  add_names(added.value_or(""), place, files);
  std::sort(files.begin(), files.end());
  files.erase(std::unique(files.begin(), files.end()), files.end());
  return files;
}

} // namespace pgtool
