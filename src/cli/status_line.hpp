#pragma once

#include "base/environment.hpp"

#include <string>

namespace pgtool {

/// A line at the bottom of the terminal behind stderr, below everything that anybody else prints:
/// the lines above it scroll on their own, so that what the project prints, with or without a line
/// end, stays what it is. Nothing anywhere else.
class StatusLine {
public:
  explicit StatusLine(const Environment& environment);
  StatusLine(const StatusLine&) = delete;
  StatusLine& operator=(const StatusLine&) = delete;
  ~StatusLine();

  [[nodiscard]] bool is_possible() const { return possible_; }
  /// Shows the text, cut to the terminal's width; "" gives the line back.
  void show(const std::string& text);

private:
  void take(int rows);
  void give_back();

  bool possible_;
  int rows_ = 0; ///< of the terminal when the line was taken; 0: it is not
  std::string shown_;
};

} // namespace pgtool
