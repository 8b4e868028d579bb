#pragma once

#include <optional>
#include <string>
#include <vector>

namespace pgtool {

/// The Python that a script asks for in its first lines.
struct Shebang {
  std::string python;             ///< a path, or a name for PATH
  std::vector<std::string> flags; ///< that stand behind it
};

/// Reads `#!/path/python -I`, `#!/usr/bin/env [-S] python3`, and the form that installers write
/// where the path is too long for a first line: `#!/bin/sh` and `'''exec' "/path/python" …`.
/// Nothing when the script names no Python or cannot be read.
std::optional<Shebang> read_shebang(const std::string& script);

} // namespace pgtool
