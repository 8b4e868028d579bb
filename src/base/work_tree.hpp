#pragma once

#include <string>

namespace pgtool {

/// True for the root of a version control's tree or of the file system: no project reaches above.
bool is_top_folder(const std::string& folder);

/// The top of the work tree that holds the folder; the folder itself where there is no work tree.
std::string top_of_tree(const std::string& folder);

} // namespace pgtool
