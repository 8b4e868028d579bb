#pragma once

#include "base/descriptor.hpp"
#include "base/environment.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pgtool {

/// A folder of files that only this user can read, below the user's folder for what may be lost.
/// Nothing here throws: where it does not work, it is as if nothing had been kept.
class KeptFiles {
public:
  /// $XDG_CACHE_HOME/pgtool/NAME, else ~/.cache/pgtool/NAME. Made when it is not there. What others
  /// own or may write to is not used.
  KeptFiles(const Environment& environment, const std::string& name);

  [[nodiscard]] const std::string& path() const noexcept { return path_; }
  /// Why it cannot be used; "" when it can.
  [[nodiscard]] const std::string& refusal() const noexcept { return refusal_; }

  /// The text of a file, which counts as used now; nothing when it is not there, or is not ours
  /// alone.
  [[nodiscard]] std::optional<std::string> read(const std::string& name) const;
  /// Replaces a file in one step: whoever reads meanwhile has the old or the new one. False when
  /// that fails.
  [[nodiscard]] bool write(const std::string& name, std::string_view text) const;
  /// Names of the files there.
  [[nodiscard]] std::vector<std::string> names() const;
  /// Removes those that were used longest ago until there are at most so many, of so many bytes
  /// together.
  void keep_at_most(std::size_t files, std::uintmax_t bytes) const;

private:
  [[nodiscard]] bool enter(const char* name, bool may_be_link);

  Descriptor folder_;
  std::string path_;
  std::string refusal_;
};

} // namespace pgtool
