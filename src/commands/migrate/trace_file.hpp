#pragma once

#include "base/descriptor.hpp"
#include "base/value.hpp"

#include <string>
#include <string_view>

namespace pgtool {

/// What happens in a run, one JSON object per line, each written at once: a run that is killed
/// leaves what it had.
class TraceFile {
public:
  /// Writes nowhere when there is no name. Throws Error(Failure::usage) when it cannot be opened.
  explicit TraceFile(const std::string& name);

  /// Adds the event with the time. A disk that is full ends the tracing, not the run.
  void add(std::string_view event, const Value& more = Value::object());

  [[nodiscard]] bool is_open() const { return file_.is_open(); }
  /// Why it stopped, "" when it did not.
  [[nodiscard]] const std::string& trouble() const { return trouble_; }

private:
  std::string name_;
  Descriptor file_;
  std::string trouble_;
};

} // namespace pgtool
