#include "cli/exit_statuses.hpp"

#include <array>

namespace pgtool {

std::span<const ExitStatus> exit_statuses() {
  static constexpr std::array table = {
      ExitStatus{"0", "done, nothing to object to"},
      ExitStatus{"1", "done, and the answer is no: findings at or above `--fail-level`, refused "
                      "because not proved direct, drift"},
      ExitStatus{"2", "usage or configuration error"},
      ExitStatus{"3", "could not find out, nothing changed: unreachable server, project that does "
                      "not load, missing permission, Django failed before it applied anything"},
      ExitStatus{"4", "started changing and stopped: the message says what is done, what is not, "
                      "and the command that continues"},
      ExitStatus{"5", "busy, nothing changed: another run holds the deploy lock, or a lock could "
                      "not be had in time. Safe to run again"},
      ExitStatus{"70", "a bug in pgtool"},
      ExitStatus{"128+n", "ended by signal n, after cleaning up"},
  };
  return table;
}

} // namespace pgtool
