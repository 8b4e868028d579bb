#pragma once

#include "model/finding.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace pgtool {

/// A file's text with some of its settings changed, comments and order kept.
struct EditedText {
  std::string text;
  std::vector<Edit> done; ///< those that changed something
  std::vector<Edit> left; ///< those for which the text was not what they expect
};

/// Makes the edits of one file. A key that is written is changed where it stands; one that is to be
/// added goes behind the last one of its section (ini), or to the end (dotenv). An edit of a line
/// that holds another key, and every edit of Python, is left. What has the value already is neither
/// done nor left.
EditedText edited(std::string_view text, std::vector<Edit> edits);

} // namespace pgtool
