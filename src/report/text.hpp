#pragma once

#include "model/report.hpp"

#include <cstddef>
#include <string>

namespace pgtool {

/// How a report is laid out for a person.
struct TextStyle {
  std::size_t width = 80; ///< columns; only words longer than this stick out
  bool color = false;
  bool brief = false;    ///< without facts, evidence and proofs that hold
  bool evidence = true;  ///< what the pooler shows, and the proofs
  bool silenced = false; ///< each finding that does not count, not only how many
  bool quiet = false;    ///< the verdict, and what objects to it
};

/// The report as text: the verdict first, then what supports it, then what to do next.
/// Control characters that came from outside are made visible.
std::string render_text(const Report& report, const TextStyle& style);

} // namespace pgtool
