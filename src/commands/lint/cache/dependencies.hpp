#pragma once

#include "base/value.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pgtool {

/// One thing in the world that an answer rests on, and how it was then.
struct Dependency {
  enum class Kind : char {
    contents = 'c',   ///< of a file
    package = 'p',    ///< a file of an installed package: the same size and time will do
    names = 'n',      ///< all that lies in a folder
    modules = 'm',    ///< what lies in a folder and can be imported, or tells of a package
    looked_for = 'l', ///< whether there is such a file or folder
    link = 'k',       ///< the same of the name itself, which may be a link
    real_path = 'r',  ///< where the links of a path lead to
    hostname = 'h',
  };
  Kind kind = Kind::contents;
  std::string path;
  std::string state;
};

using Dependencies = std::vector<Dependency>;

/// How it is now.
std::string state_now(Dependency::Kind kind, const std::string& path);

/// What the bridge noticed (its answer to `dependencies`), looked at again. `doubt` says why the
/// answers must not be kept: something changed meanwhile, or cannot be seen from here.
struct NoticedDependencies {
  Dependencies all;
  std::string doubt;
};
NoticedDependencies noticed_dependencies(const Value& answer);

/// What is not any more as it was, in words; nothing when all is. Looks at one after the other.
std::optional<std::string> what_changed(const Dependencies& dependencies);

/// As a text, and back: nothing for what is no such text.
std::string text_of(const Dependencies& dependencies);
std::optional<Dependencies> dependencies_of(std::string_view text);

} // namespace pgtool
