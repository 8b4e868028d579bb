#pragma once

#include "model/report.hpp"

#include <string_view>

namespace pgtool {

constexpr std::string_view severity_name(Severity severity) {
  switch (severity) {
  case Severity::info:
    return "info";
  case Severity::warning:
    return "warning";
  case Severity::error:
    return "error";
  }
  return "unknown";
}

/// Who silenced a finding, in words.
constexpr std::string_view silencer_name(SilencedFinding::By by) {
  switch (by) {
  case SilencedFinding::By::configuration:
    return "configuration";
  case SilencedFinding::By::source:
    return "comments in the source";
  case SilencedFinding::By::baseline:
    return "the baseline";
  }
  return "somebody";
}

} // namespace pgtool
