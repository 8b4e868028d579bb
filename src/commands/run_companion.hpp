#pragma once

#include "django/bridge.hpp"

#include <chrono>

namespace pgtool {

/// Someone beside a running command who knows messages that its watch does not.
class RunCompanion {
public:
  RunCompanion() = default;
  RunCompanion(const RunCompanion&) = delete;
  RunCompanion& operator=(const RunCompanion&) = delete;
  virtual ~RunCompanion() = default;

  /// Looks at each message. True when it was meant for the companion alone, who answers it, now or
  /// in a tick.
  virtual bool take(const BridgeMessage& message, Bridge& bridge) = 0;
  /// Does what has become due; returns after how long there may be more.
  virtual std::chrono::milliseconds tick(Bridge& bridge) = 0;
};

} // namespace pgtool
