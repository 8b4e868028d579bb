#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace pgtool {

/// A committed file that is made from the option tree.
struct Artifact {
  std::string name;                  ///< as in `pgtool generate NAME`
  std::string path;                  ///< in the source tree
  std::function<std::string()> make; ///< its text
};

/// All of them: completions, then man pages.
std::vector<Artifact> artifacts();

/// The word that `pgtool generate` takes for all of them.
constexpr std::string_view all_artifacts = "all";

} // namespace pgtool
