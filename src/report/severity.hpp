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

} // namespace pgtool
