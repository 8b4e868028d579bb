#pragma once

#include "base/descriptor.hpp"

#include <string>

namespace pgtool {

/// Where the Python processes that a project starts by itself find pgtool: a folder of this user
/// alone with a listening socket and a sitecustomize.py that joins the run. Removed at the end.
class MeetingPoint {
public:
  MeetingPoint();
  MeetingPoint(MeetingPoint&& other) noexcept;
  MeetingPoint& operator=(MeetingPoint&&) = delete;
  MeetingPoint(const MeetingPoint&) = delete;
  MeetingPoint& operator=(const MeetingPoint&) = delete;
  ~MeetingPoint();

  /// Goes in front of PYTHONPATH.
  [[nodiscard]] const std::string& folder() const noexcept { return folder_; }
  /// The value of PGTOOL_BRIDGE.
  [[nodiscard]] std::string socket_path() const { return folder_ + "/socket"; }
  [[nodiscard]] int descriptor() const noexcept { return listener_.number(); }
  /// The next process that has come; closed when there is none.
  [[nodiscard]] Descriptor accept() const;

private:
  std::string folder_;
  Descriptor listener_;
};

} // namespace pgtool
