#pragma once

#include <string>
#include <string_view>
#include <sys/types.h>

namespace pgtool {

/// Where the result goes: standard output, or a file that appears only when it is complete.
class ResultSink {
public:
  /// An empty path is standard output. A new file that holds a secret is its owner's alone. Throws
  /// Error(Failure::usage) when the file cannot be written, before anything has begun.
  explicit ResultSink(const std::string& path, bool holds_secret = false);
  ResultSink(const ResultSink&) = delete;
  ResultSink& operator=(const ResultSink&) = delete;
  ~ResultSink();

  /// Writes the whole result, once. Throws Error(Failure::unknown) when it cannot.
  void write(std::string_view result);

private:
  std::string target_;
  mode_t new_rights_;
  std::string unfinished_; ///< the temporary file beside the target; empty: written in place
  int descriptor_ = -1;
};

} // namespace pgtool
