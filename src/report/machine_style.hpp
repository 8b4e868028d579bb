#pragma once

#include "model/finding.hpp"

#include <optional>
#include <string>

namespace pgtool {

/// What the forms for programs need beside the report.
struct MachineStyle {
  std::string version = "0.0.0"; ///< pgtool's own, "1.2.3"
  Severity fail_level = Severity::error;
  std::string root;   ///< the top folder of the work tree: places are told as seen from there
  std::string folder; ///< where relative paths start
  /// The file, seen from the root, that is named where a form wants one and a finding is about
  /// none.
  std::string stand_in = "pgtool.yaml";
};

/// The file as seen from the root of the work tree; nothing when it lies outside, or there is none.
/// Names only are compared, no file is looked at.
std::optional<std::string> path_in_tree(const std::string& file, const MachineStyle& style);

/// "settings.py:12 default"; "" when nothing is known.
std::string place_text(const Place& where);

} // namespace pgtool
