#pragma once

#include <string>
#include <vector>

namespace pgtool {

/// The Python files of a project that speak of something.
struct SourceFiles {
  std::vector<std::string> files; ///< absolute paths, those that hold one of the words
  std::string not_read;           ///< why not all were looked at; "" when they were
};

/// Looks through the folders, but for what is no source of the project's own (environments, hidden
/// folders, migrations, tests), for files with one of the words. Bounded in files, bytes and time.
SourceFiles find_source_files(const std::vector<std::string>& folders,
                              const std::vector<std::string>& words);

} // namespace pgtool
